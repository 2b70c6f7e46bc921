/** Watches trades for the prices at which people want to be told, and tells each once. */
import { parseDecimal, TRADE_EXECUTED, TRADE_PRICE, type FrameBuffer } from '@bourse/core'
import type { PriceAlertRow, PriceAlerts } from '@bourse/store'
import type { Log } from '../log.js'
import type { TradingService } from '../services.js'
import { firedDuring, type Alerts } from './alerts.js'
import { marketScale, milliseconds } from '../views/amounts.js'

/** One alert as it waits, its price in units of its market. */
interface Waiting {
  readonly row: PriceAlertRow
  readonly price: bigint
}

/** What the trades of one market reached. */
interface Reached {
  low: bigint
  high: bigint
  timestampUs: number
}

export interface AlertWatchOptions {
  readonly exchange: TradingService
  readonly alerts: PriceAlerts
  readonly log: Log
}

export class AlertWatch implements Alerts {
  /** By market, then by id. */
  private readonly waiting = new Map<number, Map<string, Waiting>>()
  private readonly listeners = new Set<(alert: PriceAlertRow) => void>()
  private readonly stop: () => void
  /** Everything that was asked of the database so far. */
  private work: Promise<unknown> = Promise.resolve()

  constructor(private readonly options: AlertWatchOptions) {
    this.stop = options.exchange.onCommitted(({ events }) => this.committed(events))
    this.work = this.load()
  }

  onFired(listener: (alert: PriceAlertRow) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  list(userId: string): Promise<readonly PriceAlertRow[]> {
    return firedDuring(this, () => this.options.alerts.list(userId))
  }

  async create(row: PriceAlertRow): Promise<void> {
    await this.options.alerts.create(row)
    this.watch(row)
  }

  async remove(userId: string, alertId: string): Promise<boolean> {
    for (const alerts of this.waiting.values()) if (alerts.get(alertId)?.row.userId === userId) alerts.delete(alertId)
    return this.options.alerts.remove(userId, alertId)
  }

  async settled(): Promise<void> {
    await this.work
  }

  close(): void {
    this.stop()
    this.listeners.clear()
  }

  /** What was reached while nobody looked fires now. */
  private async load(): Promise<void> {
    try {
      for (const row of await this.options.alerts.waiting()) {
        this.watch(row)
        const id = this.options.exchange.catalog.marketBySymbol(row.market)?.id
        const last = id === undefined ? undefined : this.options.exchange.marketData.recentTrades(id, 1)[0]
        if (id !== undefined && last !== undefined && milliseconds(last.timestampUs) >= row.createdMs) this.fire(id, { low: last.price, high: last.price, timestampUs: last.timestampUs })
      }
    } catch (error) {
      this.options.log.error('Price alerts could not be loaded', { error: error instanceof Error ? error.message : String(error) })
    }
  }

  private watch(row: PriceAlertRow): void {
    const { catalog } = this.options.exchange
    const market = catalog.marketBySymbol(row.market)
    const price = market === undefined ? undefined : parseDecimal(row.price, market.priceScale)
    if (market === undefined || typeof price !== 'bigint') return
    const alerts = this.waiting.get(market.id) ?? new Map<string, Waiting>()
    this.waiting.set(market.id, alerts)
    alerts.set(row.alertId, { row, price })
  }

  private committed(events: FrameBuffer): void {
    if (this.waiting.size === 0) return
    const reached = new Map<number, Reached>()
    for (let offset = 0; offset < events.length; offset += events.size(offset)) {
      if (events.type(offset) !== TRADE_EXECUTED) continue
      const market = events.market(offset)
      if (!this.waiting.has(market)) continue
      const price = events.i64[(offset + TRADE_PRICE) >> 3]!
      const before = reached.get(market)
      if (before === undefined) reached.set(market, { low: price, high: price, timestampUs: events.timestampUs(offset) })
      else if (price < before.low) before.low = price
      else if (price > before.high) before.high = price
    }
    for (const [market, range] of reached) this.fire(market, range)
  }

  private fire(market: number, { low, high, timestampUs }: Reached): void {
    const alerts = this.waiting.get(market)
    if (alerts === undefined) return
    for (const [alertId, { row, price }] of alerts) {
      const by = row.direction === 'above' ? (high >= price ? high : undefined) : low <= price ? low : undefined
      if (by === undefined) continue
      alerts.delete(alertId)
      const fired = { firedMs: milliseconds(timestampUs), firedPrice: marketScale(this.options.exchange.catalog, market).price(by) }
      this.work = Promise.all([this.work, this.keep(row, fired)])
    }
    if (alerts.size === 0) this.waiting.delete(market)
  }

  /** Told only when it is kept: a restart must not tell it again. */
  private async keep(row: PriceAlertRow, fired: { firedMs: number; firedPrice: string }): Promise<void> {
    try {
      if (!(await this.options.alerts.fire(row.alertId, fired))) return
      for (const listener of this.listeners) listener({ ...row, ...fired })
    } catch (error) {
      this.watch(row)
      this.options.log.error('A price alert could not be kept as fired; it waits for the next trade', { error: error instanceof Error ? error.message : String(error) })
    }
  }
}
