/** A second, plain reader of journal files, to say independently of the first what a disk still holds. */
import { crc32 } from 'node:zlib'
import type { SimulatedDisk } from '@bourse/journal-file/testing'

export interface WalkedBlock {
  readonly path: string
  readonly offset: number
  /** Header and commands. */
  readonly length: number
  readonly firstSequence: number
  /** One less than the first in a seal. */
  readonly lastSequence: number
}

const HEADER = 48

/** The whole blocks from the beginning of the oldest segment to the first one that is not whole. */
export async function walkBlocks(disk: SimulatedDisk, directory: string): Promise<WalkedBlock[]> {
  const all = await disk.list(directory)
  const beginning = all.includes('beginning.json') ? Buffer.from(disk.content(`${directory}/beginning.json`)).toString() : ''
  // What stands before the beginning was to be put away.
  const first = Number(/"segment":([0-9]+)/.exec(beginning)?.[1] ?? 1)
  const names = all.filter((name) => /^[0-9]{8}\.journal$/.test(name) && Number.parseInt(name, 10) >= first).sort()
  const blocks: WalkedBlock[] = []
  for (const name of names) {
    const path = `${directory}/${name}`
    const content = disk.content(path)
    const view = new DataView(content.buffer, content.byteOffset, content.length)
    for (let offset = 0; offset + HEADER <= content.length; ) {
      if (view.getUint32(offset, true) !== 0x0142_f5b1 || view.getUint32(offset + 44, true) !== crc32(content.subarray(offset, offset + 44))) break
      const bytes = view.getUint32(offset + 8, true)
      const firstSequence = view.getFloat64(offset + 16, true)
      const lastSequence = view.getFloat64(offset + 24, true)
      const expected = blocks.at(-1)?.lastSequence
      if (view.getUint32(offset + 12, true) !== crc32(content.subarray(offset + HEADER, offset + HEADER + bytes))) break
      if (offset + HEADER + bytes > content.length || (expected !== undefined && firstSequence !== expected + 1)) break
      blocks.push({ path, offset, length: HEADER + bytes, firstSequence, lastSequence })
      offset += HEADER + Math.ceil(bytes / 8) * 8
    }
  }
  return blocks
}
