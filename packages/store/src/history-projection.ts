/** Keeps the history tables in step with the journal: rows and cursor commit in one transaction. */
import type { Catalog, Event } from '@bourse/core'
import type { Database, Projection } from '@bourse/plugin'
import type { Knex } from 'knex'
import { bulkRows } from './bulk-rows.js'
import { NewestCandles } from './history-candles.js'
import { foldHistory } from './history-fold.js'
import { lateSynced } from './late-sync.js'
import { CANDLES, CURSORS, FILLS, HISTORY_TABLES, LEDGER_ENTRIES, ORDER_CHANGES, ORDERS, TRADES } from './history-tables.js'

const NAME = 'history'

interface CursorRecord {
  projection: string
  sequence: bigint
}

export class HistoryProjection implements Projection {
  readonly name = NAME
  private readonly newestCandles = new NewestCandles()
  /** One writer at a time: what is under way, or the last that was. */
  private last: Promise<unknown> = Promise.resolve()

  constructor(private readonly database: Database) {}

  cursor(): Promise<number> {
    return readCursor(this.database.knex)
  }

  /** Events of commands at or below the cursor are left out: giving a batch again after a crash changes nothing. */
  apply(events: readonly Event[], throughSequence: number, catalog: Catalog): Promise<void> {
    return this.inTurn(() => this.commit(events, throughSequence, catalog))
  }

  reset(): Promise<void> {
    return this.inTurn(async () => {
      this.newestCandles.clear()
      await this.database.knex.transaction(async (trx) => {
        for (const { name } of HISTORY_TABLES) await (this.database.dialect === 'postgres' ? trx(name).truncate() : trx(name).delete())
        await trx<CursorRecord>(CURSORS.name).where({ projection: NAME }).delete()
      })
    })
  }

  private async commit(events: readonly Event[], throughSequence: number, catalog: Catalog): Promise<void> {
    try {
      await this.transaction(async (trx) => {
        const cursor = await readCursor(trx)
        if (throughSequence <= cursor) return
        await this.write(trx, cursor === 0 ? events : events.filter(({ sequence }) => sequence > cursor), catalog)
        await trx(CURSORS.name).insert({ projection: NAME, sequence: throughSequence }).onConflict('projection').merge()
      })
    } catch (error) {
      // What was remembered may be of rows that were rolled back.
      this.newestCandles.clear()
      throw error
    }
  }

  private transaction(work: (trx: Knex.Transaction) => Promise<void>): Promise<void> {
    const { knex, dialect } = this.database
    return dialect === 'sqlite' ? lateSynced(knex, work) : knex.transaction(work)
  }

  private async write(trx: Knex.Transaction, events: readonly Event[], catalog: Catalog): Promise<void> {
    const rows = await bulkRows(trx, this.database.dialect)
    const changes = foldHistory(events, catalog)
    await rows.insert(ORDERS, changes.newOrders)
    await rows.update(ORDERS, ORDER_CHANGES, changes.changedOrders)
    await rows.insert(TRADES, changes.trades)
    await rows.insert(FILLS, changes.fills)
    await rows.insert(LEDGER_ENTRIES, changes.ledgerEntries)
    for (const [market, candles] of changes.candles) await rows.upsert(CANDLES, await this.newestCandles.grow(trx, market, candles))
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.last.then(work, work)
    this.last = turn.catch(() => undefined)
    return turn
  }
}

async function readCursor(knex: Knex): Promise<number> {
  const record = await knex<CursorRecord>(CURSORS.name).where({ projection: NAME }).first()
  return record === undefined ? 0 : Number(record.sequence)
}
