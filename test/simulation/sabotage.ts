/** Faults of our own making, one for each promise: what the simulation is worth shows in whether it finds them. */
import { createEngine, restoreEngine } from '@bourse/core'
import type { FileSystem, OpenFile } from '@bourse/journal-file'
import type { SimulatedDisk } from '@bourse/journal-file/testing'
import type { Journal } from '@bourse/plugin'
import { TWIN_LIMITS } from '@bourse/testkit'
import type { Sabotage } from './run.js'

/** Which part of an engine's snapshot holds them. */
const LEDGER_REQUESTS = 8

/** Every method of a journal, to be replaced in part. */
function around(journal: Journal, replaced: Partial<Journal>): Journal {
  return {
    get lastSequence() {
      return journal.lastSequence
    },
    get firstSequence() {
      return journal.firstSequence ?? 1
    },
    ...(journal.archiveBelow !== undefined && { archiveBelow: (belowSequence: number) => journal.archiveBelow!(belowSequence) }),
    append: (frames, firstSequence, lastSequence) => journal.append(frames, firstSequence, lastSequence),
    read: (fromSequence) => journal.read(fromSequence),
    close: () => journal.close(),
    ...replaced,
  }
}

/** A disk on which the content of some files is not made durable when it is said to be. */
function withoutSync(disk: SimulatedDisk, lies: (path: string) => boolean): FileSystem {
  return {
    makeDirectory: (path) => disk.makeDirectory(path),
    list: (path) => disk.list(path),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    syncDirectory: (path) => disk.syncDirectory(path),
    freeBytes: () => disk.freeBytes(),
    open: async (path, mode) => {
      const file: OpenFile = await disk.open(path, mode)
      if (!lies(path)) return file
      return {
        size: () => file.size(),
        read: (target, position) => file.read(target, position),
        write: (source, position) => file.write(source, position),
        writeSynced: (source, position) => file.write(source, position),
        truncate: (length) => file.truncate(length),
        close: () => file.close(),
        sync: async () => undefined,
      }
    },
  }
}

export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  'a journal that acknowledges before its sync': {
    journal: (journal) => {
      return around(journal, {
        append: (frames, firstSequence, lastSequence) => {
          journal.append(frames.slice(), firstSequence, lastSequence).catch(() => undefined)
          return Promise.resolve()
        },
      })
    },
  },
  'a journal that calls a failed write a success': {
    journal: (journal) => around(journal, { append: (frames, firstSequence, lastSequence) => journal.append(frames, firstSequence, lastSequence).catch(() => undefined) }),
  },
  'journal files that are never synced': { files: (disk) => withoutSync(disk, (path) => path.endsWith('.journal')) },
  'directories that are never synced': {
    files: (disk) => ({ ...withoutSync(disk, () => false), syncDirectory: async () => undefined }),
  },
  'a recovery that drops the last command': {
    journal: (journal) =>
      around(journal, {
        read: async function* (fromSequence) {
          for await (const batch of journal.read(fromSequence)) {
            if (batch.lastSequence < journal.lastSequence || batch.firstSequence === batch.lastSequence) yield batch
            else {
              const size = lastFrameSize(batch.frames)
              yield { ...batch, lastSequence: batch.lastSequence - 1, frames: batch.frames.subarray(0, batch.frames.length - size) }
            }
          }
        },
      }),
  },
  'a journal that changes a byte': {
    journal: (journal) =>
      around(journal, {
        append: (frames, firstSequence, lastSequence) => {
          const changed = frames.slice()
          // The limit price of an order, or what stands there in other commands.
          if (lastSequence % 97 === 0) changed[changed.length - 1]! ^= 1
          return journal.append(changed, firstSequence, lastSequence)
        },
      }),
  },
  'an engine that forgets remembered requests in its snapshots': {
    engines: { create: () => createEngine(TWIN_LIMITS), restore: (parts) => restoreEngine(restoreEngine(parts).snapshot().with(LEDGER_REQUESTS, new Uint8Array())) },
  },
}

function lastFrameSize(frames: Uint8Array): number {
  const view = new DataView(frames.buffer, frames.byteOffset)
  let size = 0
  for (let offset = 0; offset < frames.length; offset += size) size = view.getUint16(offset, true)
  return size
}
