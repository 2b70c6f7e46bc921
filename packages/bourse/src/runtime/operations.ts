/** What an operator needs of a serving exchange: its door, its metrics, its log, and an end in order. */
import { randomUUID } from 'node:crypto'
import { FrontDoor, type AnsweredRequest, type Gateway, type Log, type Readiness } from '@bourse/api'
import type { Exchange } from '@bourse/exchange'
import type { Store } from '@bourse/store'
import { isProduction, trustedProxies } from '../config/production-mode.js'
import type { ExchangeConfig } from '../config/schema.js'
import type { SettableClock } from './clock.js'
import type { Logger } from './log.js'
import { Metrics } from './metrics.js'
import { packageVersion } from './package-version.js'
import { readinessOf } from './readiness.js'

/** How long answers that are under way may take when the exchange ends. */
const DRAIN_MS = 10_000
/** `/ready` and `/metrics` may be asked often; the database is not. */
const READINESS_LASTS_MS = 500

/** What is looked at once it is there. */
export interface Followed {
  readonly exchange: Pick<Exchange, 'onCommitted' | 'status'>
  readonly clock: SettableClock
  readonly store: Pick<Store, 'knex'>
  /** Where people and programs are served by this process. */
  readonly gateway?: Pick<Gateway, 'share' | 'upgrades'>
  /** Gateways of other processes that are connected, where this process is their engine. */
  readonly gateways?: () => number
}

export class Operations {
  readonly door: FrontDoor
  readonly metrics: Metrics
  private followed: Followed | undefined
  private lastReadiness: { readonly at: number; readonly answer: Promise<Readiness> } | undefined

  constructor(
    config: ExchangeConfig,
    private readonly logger: Logger,
  ) {
    const production = isProduction(config)
    this.metrics = new Metrics({ version: packageVersion(), mode: production ? 'production' : 'development' })
    this.door = new FrontDoor({
      proxies: trustedProxies(config),
      refusePlainHttp: production,
      readiness: () => this.readiness(),
      metrics: this.metrics.page(process.env['BOURSE_METRICS_TOKEN']),
      newRequestId: randomUUID,
      now: () => performance.now(),
      onAnswered: (request) => this.answered(request),
    })
  }

  /** For what an operator should know, in a sentence. */
  readonly log = (message: string): void => {
    this.metrics.entered('warn')
    this.logger.warn(message)
  }

  /** For what happens in the ordinary course. */
  readonly note = (message: string): void => this.logger.info(message)

  readonly gatewayLog: Log = {
    info: (message, facts = {}) => this.logger.info(facts, message),
    error: (message, facts = {}) => {
      this.metrics.entered('error')
      this.logger.error(facts, message)
    },
  }

  /** Begins to measure and to tell readiness. */
  follow(followed: Followed): void {
    this.followed = followed
    const { exchange, clock, gateway, gateways } = followed
    gateway?.upgrades.guardBy((request) => this.door.refusal(request))
    this.metrics.follow({
      exchange,
      nowUs: clock.nowUs,
      sockets: () => gateway?.share.openConnections.count ?? 0,
      gateways,
      requestsInFlight: () => this.door.requestsInFlight,
      ready: async () => this.door.state === 'open' && (await this.readiness()).ready,
    })
  }

  /** Takes nothing new, finishes what has begun, and lets the sockets go with a reason. */
  async drain(gateway?: Pick<Gateway, 'drain'>): Promise<void> {
    const answered = this.door.drain(DRAIN_MS)
    await gateway?.drain(DRAIN_MS)
    if (!(await answered)) this.log(`${this.door.requestsInFlight} requests were not answered within ${DRAIN_MS / 1000} s; the exchange ends without.`)
  }

  close(): void {
    this.metrics.close()
  }

  private answered(request: AnsweredRequest): void {
    this.metrics.answered(request)
    const level = request.status >= 500 ? 'warn' : request.status >= 400 ? 'info' : 'debug'
    if (this.logger.isLevelEnabled(level)) this.logger[level]({ ...request, durationMs: Math.round(request.durationMs * 1000) / 1000 }, 'request')
  }

  private readiness(): Promise<Readiness> {
    const { followed } = this
    if (followed === undefined) return Promise.resolve({ ready: false, checks: {} })
    const at = performance.now()
    if (this.lastReadiness === undefined || at - this.lastReadiness.at > READINESS_LASTS_MS) {
      const answer = readinessOf({ status: () => followed.exchange.status(), askDatabase: async () => followed.store.knex.raw('select 1') })
      this.lastReadiness = { at, answer }
    }
    return this.lastReadiness.answer
  }
}
