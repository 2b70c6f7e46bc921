/** A file of a few megabytes that is thrown overboard when the disk is full, so that an exchange can start on it. */
import { open, rename, rm, statfs } from 'node:fs/promises'
import path from 'node:path'

/** Room for what SQLite writes beside its database, and some more. */
export const BALLAST_BYTES = 8 << 20
const CHUNK = new Uint8Array(1 << 20)

export interface BallastOptions {
  /** Bytes that may still be written on the disk of a folder; the system's answer by default. */
  readonly freeBytes?: (dir: string) => Promise<number>
}

export function ballastPath(dir: string): string {
  return path.join(dir, 'ballast')
}

/**
 * Removes the ballast when the disk has less room than that; takes it in where there is room for it several times.
 *
 * @returns what happened, and `kept` when nothing did.
 */
export async function trimBallast(dir: string, { freeBytes = systemFreeBytes }: BallastOptions = {}): Promise<'dropped' | 'taken' | 'kept'> {
  const file = ballastPath(dir)
  const free = await freeBytes(dir)
  const handle = await open(file, 'r').catch(() => undefined)
  await handle?.close()
  if (handle !== undefined && free < BALLAST_BYTES) {
    await rm(file, { force: true })
    return 'dropped'
  }
  if (handle !== undefined || free < 4 * BALLAST_BYTES) return 'kept'
  await write(file)
  return 'taken'
}

/** Whether not even a small file can be counted on to be written. */
export async function isFull(dir: string): Promise<boolean> {
  return (await systemFreeBytes(dir)) < 1 << 20
}

/** Written zeros, not a hole: a hole takes no room. */
async function write(file: string): Promise<void> {
  const unfinished = `${file}.unfinished`
  try {
    const handle = await open(unfinished, 'w', 0o600)
    try {
      for (let written = 0; written < BALLAST_BYTES; written += CHUNK.length) await handle.writeFile(CHUNK)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

async function systemFreeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}
