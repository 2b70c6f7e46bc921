/** The prices at which people want to be told, and when they were. */
import type { Knex } from 'knex'
import { PRICE_ALERTS } from './record-tables.js'

export interface PriceAlertRow {
  readonly alertId: string
  readonly userId: string
  readonly market: string
  /** Fires with a trade at the price or beyond it. */
  readonly direction: 'above' | 'below'
  /** Decimal. */
  readonly price: string
  readonly note: string
  readonly createdMs: number
  /** Null while it waits. */
  readonly firedMs: number | null
  readonly firedPrice: string | null
}

export interface PriceAlerts {
  create(row: PriceAlertRow): Promise<void>
  /** Newest first. */
  list(userId: string): Promise<readonly PriceAlertRow[]>
  /** All that have not fired. */
  waiting(): Promise<readonly PriceAlertRow[]>
  /** Those that fired at an instant or later, oldest first. */
  firedSince(ms: number): Promise<readonly PriceAlertRow[]>
  /** False where there is none of this person. */
  remove(userId: string, alertId: string): Promise<boolean>
  /** False where it has fired before or is gone: an alert fires once, whoever looks. */
  fire(alertId: string, fired: { readonly firedMs: number; readonly firedPrice: string }): Promise<boolean>
}

interface AlertRecord {
  alert_id: string
  user_id: string
  market: string
  direction: 'above' | 'below'
  price: string
  note: string
  created_ms: bigint | number
  fired_ms: bigint | number | null
  fired_price: string | null
}

export function createPriceAlerts(knex: Knex): PriceAlerts {
  const rows = (): Knex.QueryBuilder<AlertRecord> => knex<AlertRecord>(PRICE_ALERTS)
  return {
    async create({ alertId, userId, market, direction, price, note, createdMs, firedMs, firedPrice }) {
      await rows().insert({ alert_id: alertId, user_id: userId, market, direction, price, note, created_ms: createdMs, fired_ms: firedMs, fired_price: firedPrice })
    },
    async list(userId) {
      const records: AlertRecord[] = await rows().where({ user_id: userId }).orderBy([
        { column: 'created_ms', order: 'desc' },
        { column: 'alert_id', order: 'desc' },
      ])
      return records.map(rowOf)
    },
    async waiting() {
      const records: AlertRecord[] = await rows().whereNull('fired_ms')
      return records.map(rowOf)
    },
    async firedSince(ms) {
      const records: AlertRecord[] = await rows().where('fired_ms', '>=', ms).orderBy('fired_ms')
      return records.map(rowOf)
    },
    async remove(userId, alertId) {
      const removed: number = await rows().where({ user_id: userId, alert_id: alertId }).delete()
      return removed === 1
    },
    async fire(alertId, { firedMs, firedPrice }) {
      const fired: number = await rows().where({ alert_id: alertId }).whereNull('fired_ms').update({ fired_ms: firedMs, fired_price: firedPrice })
      return fired === 1
    },
  }
}

function rowOf(record: AlertRecord): PriceAlertRow {
  const { alert_id, user_id, market, direction, price, note, created_ms, fired_ms, fired_price } = record
  return { alertId: alert_id, userId: user_id, market, direction, price, note, createdMs: Number(created_ms), firedMs: fired_ms === null ? null : Number(fired_ms), firedPrice: fired_price }
}
