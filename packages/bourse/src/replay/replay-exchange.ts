/** An exchange of its own for a replay of commands: in a temporary folder that goes away, or in one that is kept. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createExchange, type Exchange } from '@bourse/exchange'
import { openFileStorage } from '@bourse/journal-file'

export interface ReplayExchange {
  readonly exchange: Exchange
  /** Closes it, and removes its folder where that was temporary. */
  close(): Promise<void>
}

/**
 * Opens an empty exchange over a file journal.
 *
 * @param dataDir kept; has to be empty or new. A temporary folder when undefined.
 */
export async function openReplayExchange(dataDir?: string): Promise<ReplayExchange> {
  const folder = dataDir ?? (await mkdtemp(path.join(tmpdir(), 'bourse-replay-')))
  const discard = async (): Promise<void> => {
    if (dataDir === undefined) await rm(folder, { recursive: true, force: true })
  }
  try {
    const storage = await openFileStorage(folder)
    try {
      const exchange = await createExchange({ journal: storage.journal, snapshots: storage.snapshots })
      return {
        exchange,
        async close() {
          await exchange.close()
          await storage.close()
          await discard()
        },
      }
    } catch (error) {
      await storage.close()
      throw error
    }
  } catch (error) {
    await discard()
    throw error
  }
}
