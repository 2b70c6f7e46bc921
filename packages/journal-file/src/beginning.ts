/** Where a journal begins whose oldest segments have been put away: one small checked file beside the segments. */
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { JournalCorruptError } from '@bourse/plugin'
import { errorCode, readFully, writeFully, type FileSystem } from './file-system.js'

export interface Beginning {
  /** Number of the first segment that is still here. */
  readonly segment: number
  /** Sequence of the last command before it. */
  readonly sequence: number
  /** Header CRC of the last block before it. */
  readonly chain: number
}

/** Of a journal that is whole. */
export const BIRTH: Beginning = { segment: 1, sequence: 0, chain: 0 }

const NAME = 'beginning.json'
const MAX_BYTES = 1024

/** @throws JournalCorruptError when the file is there and damaged. */
export async function readBeginning(files: FileSystem, directory: string): Promise<Beginning> {
  const path = join(directory, NAME)
  const file = await files.open(path, 'read').catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error
    return undefined
  })
  if (file === undefined) return BIRTH
  try {
    const bytes = new Uint8Array(MAX_BYTES)
    const text = Buffer.from(bytes.subarray(0, await readFully(file, bytes, 0))).toString('latin1')
    const match = /^(\{"segment":([0-9]+),"sequence":([0-9]+),"chain":([0-9]+)\}) ([0-9]+)\n$/.exec(text)
    if (match === null || crc32(match[1]!) !== Number(match[5])) throw new JournalCorruptError(path, 0, 0, 'where the journal begins does not match its checksum')
    return { segment: Number(match[2]), sequence: Number(match[3]), chain: Number(match[4]) }
  } finally {
    await file.close()
  }
}

/** Makes a new beginning durable; until then the old one stands. */
export async function writeBeginning(files: FileSystem, directory: string, { segment, sequence, chain }: Beginning): Promise<void> {
  const path = join(directory, NAME)
  const text = JSON.stringify({ segment, sequence, chain })
  const file = await files.open(`${path}.unfinished`, 'create')
  try {
    await writeFully(file, Buffer.from(`${text} ${crc32(text)}\n`), 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await files.rename(`${path}.unfinished`, path)
  await files.syncDirectory(directory)
}
