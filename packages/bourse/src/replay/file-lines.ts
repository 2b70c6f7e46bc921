/** Text files and gzip files of any size, block by block, with line numbers and progress. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ReplayError } from './replay-error.js'

export interface LineBlock {
  /** Number of the first line of the block, from 1. */
  readonly firstLine: number
  readonly lines: readonly string[]
}

export interface FileBytes {
  readonly chunk: Uint8Array
  /** Bytes of the file on disk that have been read, of how many. */
  readonly readBytes: number
  readonly totalBytes: number
}

/** Reads a file, decompressed when its name ends in `.gz`. Throws {@link ReplayError} naming the file. */
export async function* readBytes(file: string): AsyncGenerator<FileBytes> {
  const totalBytes = await sizeOf(file)
  const source = createReadStream(file, { highWaterMark: 1 << 18 })
  // The callback form forwards a failure of either stream to whoever reads the last one.
  const stream = file.endsWith('.gz') ? pipeline(source, createGunzip({ chunkSize: 1 << 18 }), () => undefined) : source
  try {
    for await (const chunk of stream) yield { chunk: chunk as Uint8Array, readBytes: source.bytesRead, totalBytes }
  } catch (error) {
    throw new ReplayError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}. Is it complete, and is it ${file.endsWith('.gz') ? 'gzip' : 'text'}?`)
  } finally {
    source.destroy()
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new ReplayError(missing ? `There is no file ${file}.` : `Cannot read ${file}: ${String(error)}`)
  }
}

/** The lines of a file without their ends; a last line without an end counts, an empty one does not. */
export async function* readLines(file: string, onProgress?: (readBytes: number, totalBytes: number) => void): AsyncGenerator<LineBlock> {
  const decoder = new TextDecoder()
  let rest = ''
  let firstLine = 1
  for await (const { chunk, readBytes: read, totalBytes } of readBytes(file)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    if (lines.length > 0) yield { firstLine, lines: lines.map(withoutReturn) }
    firstLine += lines.length
    onProgress?.(read, totalBytes)
  }
  rest += decoder.decode()
  if (rest !== '') yield { firstLine, lines: [withoutReturn(rest)] }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
