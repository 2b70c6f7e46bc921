/** What becomes of segments that a start does not need any more. */
import { basename, dirname, join } from 'node:path'
import { errorCode, readFully, writeFully, type FileSystem } from './file-system.js'

/** `keep` leaves them where they are, `delete` removes them; anything else is the folder that they are moved to. */
export type ArchivePolicy = 'keep' | 'delete' | (string & {})

const CHUNK_BYTES = 1 << 20

/** Removes a file or moves it, also to another disk; whatever happens in between, it is whole in one of the two places. */
export async function putAway(files: FileSystem, path: string, policy: ArchivePolicy): Promise<void> {
  if (policy === 'keep') return
  if (policy === 'delete') return files.remove(path)
  const target = join(policy, basename(path))
  await files.makeDirectory(policy)
  try {
    await files.rename(path, target)
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error
    await copy(files, path, target)
    await files.syncDirectory(policy)
    await files.remove(path)
  }
  await files.syncDirectory(policy)
  await files.syncDirectory(dirname(path))
}

async function copy(files: FileSystem, from: string, to: string): Promise<void> {
  const source = await files.open(from, 'read')
  try {
    const target = await files.open(to, 'create')
    try {
      const chunk = new Uint8Array(CHUNK_BYTES)
      for (let position = 0; ; ) {
        const length = await readFully(source, chunk, position)
        if (length === 0) break
        await writeFully(target, chunk.subarray(0, length), position)
        position += length
      }
      await target.sync()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
