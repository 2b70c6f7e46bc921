/** The file of the simulated chain: one JSON record a line, on the disk before anybody hears of it. */
import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isChainRecord, type ChainRecord } from './chain-state.js'

const FILE = 'simulated-chain.jsonl'

export class ChainLog {
  private constructor(
    private readonly file: string,
    private readonly descriptor: number,
    /** Bytes that hold whole lines. */
    private length: number,
  ) {}

  /**
   * Opens or creates the log and hands over its records. A last line without an end was never answered for and is cut off.
   *
   * @throws Error when a whole line cannot be read.
   */
  static open(dataDir: string): { readonly log: ChainLog; readonly records: readonly ChainRecord[] } {
    mkdirSync(dataDir, { recursive: true })
    const file = join(dataDir, FILE)
    const descriptor = openSync(file, 'a+', 0o600)
    syncDirectory(dataDir)
    try {
      const content = readFileSync(descriptor)
      const length = content.lastIndexOf(0x0a) + 1
      if (length < content.length) ftruncateSync(descriptor, length)
      const lines = content.subarray(0, length).toString('utf8').split('\n').slice(0, -1)
      return { log: new ChainLog(file, descriptor, length), records: lines.map((line, index) => parse(file, line, index + 1)) }
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
  }

  /** Returns when the record is durable; when it throws, the record is not in the log. */
  append(record: ChainRecord): void {
    const line = Buffer.from(`${JSON.stringify(record)}\n`)
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.descriptor, line, written)
      fdatasyncSync(this.descriptor)
      this.length += line.length
    } catch (error) {
      ftruncateSync(this.descriptor, this.length)
      throw new Error(`The simulated chain cannot write ${this.file}; nothing was done. Free space on that disk and try again.`, { cause: error })
    }
  }

  close(): void {
    closeSync(this.descriptor)
  }
}

function parse(file: string, line: string, number: number): ChainRecord {
  const fault = `Line ${number} of ${file} is damaged or of a newer version. Restore the file from a backup, or delete it to start the simulated chain anew.`
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch (cause) {
    throw new Error(fault, { cause })
  }
  if (!isChainRecord(record)) throw new Error(fault)
  return record
}

/** A new file is lost with a power cut unless its folder is synced too. */
function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
