/** Price alerts at a gateway: the engine's process alone watches the prices, and every gateway hears what has fired. */
import { firedDuring, type Alerts } from '@bourse/api'
import type { ReplicaExchange } from '@bourse/exchange'
import type { PriceAlertRow, PriceAlerts } from '@bourse/store'
import { ask } from './engine-services.js'
import type { Note } from './notes.js'

export interface EngineAlertsOptions {
  readonly link: Pick<ReplicaExchange, 'call' | 'onNote' | 'onPresence'>
  readonly rows: Pick<PriceAlerts, 'list' | 'firedSince'>
  /** Milliseconds since 1970. */
  now(): number
  readonly log: (message: string) => void
}

/** An alert bears the time of its trade, which may lie a little before the moment at which it fired. */
const FIRED_BEFORE_MS = 60_000
/** Alerts that have been told are remembered, so that none is told twice. */
const MAX_TOLD = 10_000

export class EngineAlerts implements Alerts {
  private readonly listeners = new Set<(alert: PriceAlertRow) => void>()
  private readonly told = new Set<string>()
  private readonly stops: readonly (() => void)[]
  private awayMs: number | undefined

  constructor(private readonly options: EngineAlertsOptions) {
    const { link } = options
    this.stops = [
      link.onNote((note) => {
        const { alert } = note as Note
        if (alert !== undefined) this.tell(alert)
      }),
      link.onPresence((present) => this.presence(present)),
    ]
  }

  list(userId: string): Promise<readonly PriceAlertRow[]> {
    return firedDuring(this, () => this.options.rows.list(userId))
  }

  create(row: PriceAlertRow): Promise<void> {
    return ask(this.options.link, 'createAlert', row)
  }

  remove(userId: string, alertId: string): Promise<boolean> {
    return ask(this.options.link, 'removeAlert', userId, alertId)
  }

  onFired(listener: (alert: PriceAlertRow) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  settled(): Promise<void> {
    return ask(this.options.link, 'alertsSettled')
  }

  close(): void {
    for (const stop of this.stops) stop()
    this.listeners.clear()
  }

  private tell(alert: PriceAlertRow): void {
    if (this.told.has(alert.alertId)) return
    if (this.told.size >= MAX_TOLD) this.told.delete(this.told.values().next().value!)
    this.told.add(alert.alertId)
    for (const listener of [...this.listeners]) listener(alert)
  }

  /** What fires while the engine comes back is told before its gateways hear it again. */
  private presence(present: boolean): void {
    const { rows, now, log } = this.options
    if (!present) {
      this.awayMs ??= now()
      return
    }
    if (this.awayMs === undefined) return
    const sinceMs = this.awayMs - FIRED_BEFORE_MS
    this.awayMs = undefined
    rows.firedSince(sinceMs).then(
      (fired) => fired.forEach((alert) => this.tell(alert)),
      (error: unknown) => log(`Price alerts that fired while the engine was away could not be read: ${error instanceof Error ? error.message : String(error)}`),
    )
  }
}
