/** Commits to SQLite what can be made again from the journal: the disk is waited for beside this thread, not on it. */
import { open } from 'node:fs/promises'
import type { Knex } from 'knex'
import { borrowConnection } from './sqlite.js'

/**
 * Resolves when the transaction is durable.
 *
 * A commit under `synchronous = FULL` holds this thread for as long as the disk takes. Here it only writes the log, which
 * a thread of the pool syncs; a power cut in between loses the whole transaction, never a part of it. Nobody else has
 * the connection meanwhile, so what others commit is synced as ever.
 */
export async function lateSynced(knex: Knex, work: (trx: Knex.Transaction) => Promise<void>, sync = syncFile): Promise<void> {
  const { connection, giveBack } = await borrowConnection(knex)
  connection.pragma('synchronous = NORMAL')
  try {
    await knex.transaction(work, { connection })
  } finally {
    // Where this fails nobody gets the connection again: without a sync no record may be written.
    connection.pragma('synchronous = FULL')
    await giveBack()
  }
  if (!connection.memory) await sync(`${connection.name}-wal`)
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}
