/** The tables of the history projection. They are never changed in place: a new shape is a migration that drops and creates them all and so has the history rebuilt. */
import type { Migration } from '@bourse/plugin'
import { createTable, integer, nullable, text, type TableShape } from './table-shape.js'
import { dialectOf } from './dialect.js'

export const ORDERS: TableShape = {
  name: 'orders',
  columns: [
    integer('market'),
    integer('order_id'),
    integer('account'),
    text('client_order_id'),
    text('side'),
    text('order_type'),
    text('time_in_force'),
    integer('post_only'),
    text('self_trade_prevention'),
    integer('price'),
    integer('quantity'),
    integer('quote_quantity'),
    integer('filled_quantity'),
    integer('leaves_quantity'),
    integer('filled_quote'),
    integer('fee'),
    text('status'),
    nullable(text('reason')),
    integer('created_us'),
    integer('updated_us'),
    integer('created_sequence'),
    integer('sequence'),
    /** What a special order has beyond a plain one: JSON, in the order's last known shape. */
    nullable(text('terms')),
  ],
  key: ['market', 'order_id'],
  indexes: [
    ['account', 'created_sequence', 'order_id'],
    ['account', 'market', 'created_sequence', 'order_id'],
  ],
}

/** What an order's later events may change, and the key that finds it; the rest of its row is written once. */
export const ORDER_CHANGES = ['price', 'quantity', 'quote_quantity', 'filled_quantity', 'leaves_quantity', 'filled_quote', 'fee', 'status', 'reason', 'updated_us', 'sequence', 'terms', 'market', 'order_id'] as const

/** `ordinal` tells apart the fills of one command: two for each trade. */
export const FILLS: TableShape = {
  name: 'fills',
  columns: [
    integer('account'),
    integer('sequence'),
    integer('ordinal'),
    integer('market'),
    integer('trade_id'),
    integer('order_id'),
    text('side'),
    integer('price'),
    integer('quantity'),
    integer('quote_amount'),
    integer('fee'),
    nullable(integer('fee_asset')),
    text('liquidity'),
    integer('timestamp_us'),
  ],
  key: ['account', 'sequence', 'ordinal'],
  indexes: [
    ['account', 'market', 'sequence', 'ordinal'],
    ['market', 'order_id'],
  ],
}

export const TRADES: TableShape = {
  name: 'trades',
  columns: [
    integer('market'),
    integer('trade_id'),
    integer('price'),
    integer('quantity'),
    integer('quote_amount'),
    text('taker_side'),
    integer('timestamp_us'),
    integer('sequence'),
  ],
  key: ['market', 'trade_id'],
  indexes: [],
}

/** `ordinal` tells apart the entries of one command. */
export const LEDGER_ENTRIES: TableShape = {
  name: 'ledger_entries',
  columns: [
    integer('account'),
    integer('sequence'),
    integer('ordinal'),
    integer('asset'),
    text('kind'),
    integer('amount'),
    nullable(integer('market')),
    text('reference'),
    integer('timestamp_us'),
  ],
  key: ['account', 'sequence', 'ordinal'],
  indexes: [['account', 'asset', 'sequence', 'ordinal']],
}

/** Volumes are text: a month of large trades may exceed 64 bits. */
export const CANDLES: TableShape = {
  name: 'candles',
  columns: [
    integer('market'),
    text('interval'),
    integer('open_time_us'),
    integer('open'),
    integer('high'),
    integer('low'),
    integer('close'),
    text('volume'),
    text('quote_volume'),
    integer('trades'),
  ],
  key: ['market', 'interval', 'open_time_us'],
  indexes: [],
}

/** How far each projection has come. */
export const CURSORS: TableShape = {
  name: 'projection_cursors',
  columns: [text('projection'), integer('sequence')],
  key: ['projection'],
  indexes: [],
}

/** What a rebuild empties. */
export const HISTORY_TABLES: readonly TableShape[] = [ORDERS, FILLS, TRADES, LEDGER_ENTRIES, CANDLES]

export const historyMigration: Migration = {
  name: 'store_0002_history',
  async up(knex) {
    for (const shape of [...HISTORY_TABLES, CURSORS]) await createTable(knex, dialectOf(knex), shape)
  },
  async down(knex) {
    for (const { name } of [...HISTORY_TABLES, CURSORS]) await knex.schema.dropTable(name)
  },
}

/** Orders keep their terms, fills name the asset of their fee: the history is built anew. */
export const orderTermsMigration: Migration = {
  name: 'store_0003_order_terms_and_fee_assets',
  async up(knex) {
    for (const shape of [...HISTORY_TABLES, CURSORS]) {
      await knex.schema.dropTable(shape.name)
      await createTable(knex, dialectOf(knex), shape)
    }
  },
  /** The tables go with the history. */
  async down() {},
}
