/** How long the disk alone lets a command wait: a loop that writes what has come, as bytes, and does nothing else. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeFileSystem, type OpenFile } from '@bourse/journal-file'
import { PACKET_MS } from './open-loop.js'

export interface BareDiskOptions {
  readonly directory: string
  readonly commands: number
  readonly bytesPerCommand: number
  readonly perSecond: number
  /** The first commands, which do not count. */
  readonly leadIn: number
}

const ZEROS = new Uint8Array(1 << 20)

/**
 * One synced write at a time into a file of written zeros, each of all the bytes that have come due meanwhile.
 *
 * @returns milliseconds from when each command that counts was due until it was durable, ascending.
 */
export async function bareDisk(options: BareDiskOptions): Promise<Float64Array> {
  const path = join(options.directory, 'bare-disk')
  const file = await nodeFileSystem.open(path, 'create')
  try {
    await fill(file, options.commands * options.bytesPerCommand)
    return await writeAsDue(file, options)
  } finally {
    await file.close()
    await nodeFileSystem.remove(path)
  }
}

async function fill(file: OpenFile, bytes: number): Promise<void> {
  for (let at = 0; at < bytes; at += ZEROS.length) {
    await file.write(ZEROS, at)
    await file.sync()
  }
}

async function writeAsDue(file: OpenFile, { commands, bytesPerCommand, perSecond, leadIn }: BareDiskOptions): Promise<Float64Array> {
  const latenciesMs = new Float64Array(commands)
  const block = new Uint8Array(commands * bytesPerCommand).fill(1)
  const startMs = performance.now()
  for (let done = 0; done < commands; ) {
    const due = Math.min(commands, Math.floor(((performance.now() - startMs) / 1000) * perSecond))
    if (due < commands && due - done < (perSecond * PACKET_MS) / 1000) {
      await sleep(PACKET_MS)
      continue
    }
    await file.writeSynced(block.subarray(done * bytesPerCommand, due * bytesPerCommand), done * bytesPerCommand)
    const sinceStartMs = performance.now() - startMs
    for (; done < due; done++) latenciesMs[done] = sinceStartMs - (done * 1000) / perSecond
  }
  return latenciesMs.subarray(leadIn).sort()
}
