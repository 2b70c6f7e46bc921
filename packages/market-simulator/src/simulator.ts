/** The living market of a demonstration: agents in several markets, first through past days at speed, then in real time. */
import { FairPrices } from './fair-prices.js'
import { historySteps } from './history-steps.js'
import { MarketSession } from './market-session.js'
import { MarketTerms, type SimulatedMarket } from './market-terms.js'
import { Random } from './random.js'
import type { SimulatorClient, TradedMarket } from './simulator-client.js'
import { SIMULATOR_ROLES, Trader, type SimulatorRole, type TraderContext } from './trader.js'

const LIVE_STEP_MS = 250
const RECONCILE_EVERY_MS = 4_000
const LOOK_EVERY_MS = 1_000
const LONGEST_STEP_MS = 3_000
const FIRST_BACK_OFF_MS = 250
const LONGEST_BACK_OFF_MS = 15_000
/** Steps of at least this length are traded coarsely. */
const COARSE_STEP_MS = 5_000

/** Markets with fewer trades are traded once in a coarse step, however many rounds it has. */
const BUSY_TRADES_PER_MINUTE = 35

/** Where the simulator gets time from while it runs live; the outermost layer gives the real one. */
export interface SimulatorClock {
  /** Milliseconds since 1970. */
  nowMs(): number
  sleep(ms: number): Promise<void>
}

export interface MarketSimulatorOptions {
  readonly seed: number
  readonly markets: readonly SimulatedMarket[]
  /** One logged-in account for each role; `simulatorFunding` tells what to give them. */
  readonly clients: Readonly<Record<SimulatorRole, SimulatorClient>>
  readonly clock: SimulatorClock
  /** Says what a person should know; quiet by default. */
  readonly log?: (message: string) => void
}

export interface HistoryOptions {
  readonly fromMs: number
  readonly toMs: number
  /** Sets the exchange's clock; called before each step with rising times. */
  advanceTo(ms: number): Promise<void> | void
  /** From 0 to 1. */
  onProgress?(done: number): void
}

export interface MarketSimulator {
  /** Trades through past days; all actions of a step are under way together, so that they share their group commits. */
  runHistory(options: HistoryOptions): Promise<void>
  /** Begins to trade in real time, at the last prices and with the orders that are there. Resolves once the first quotes stand. */
  start(): Promise<void>
  /** Ends trading; the orders stay in the book for the next start. */
  stop(): Promise<void>
  /** Takes all simulated orders out of a market and leaves it alone until {@link resume}. */
  pause(market: string): Promise<void>
  resume(market: string): Promise<void>
  /** Rejects by code since the beginning: expected in small numbers, since agents act on what they last saw. */
  rejects(): ReadonlyMap<string, number>
}

/** Makes a simulator; nothing is asked of the exchange before the first call. */
export function createMarketSimulator(options: MarketSimulatorOptions): MarketSimulator {
  return new Simulator(options)
}

class Simulator implements MarketSimulator, TraderContext {
  private random: Random
  private readonly traders: Readonly<Record<SimulatorRole, Trader>>
  private sessions: MarketSession[] = []
  private fair: FairPrices | undefined
  private readonly rejected = new Map<string, number>()
  private readonly troubles = new Set<string>()
  private orderPrefix = ''
  private orderCount = 0
  private backOffMs = 0
  private overloaded = false
  private running: Promise<void> | undefined
  private stopping = false
  private readonly pausedMarkets = new Set<string>()
  private readonly resumedMarkets = new Set<string>()
  private lastReconcileMs = 0
  private lastLookMs = 0

  constructor(private readonly options: MarketSimulatorOptions) {
    this.random = new Random(options.seed, 'simulator')
    const traders = SIMULATOR_ROLES.map((role) => [role, new Trader(role, options.clients[role], this)] as const)
    this.traders = Object.fromEntries(traders) as Record<SimulatorRole, Trader>
  }

  nextOrderId(): string {
    this.orderCount += 1
    return `${this.orderPrefix}${this.orderCount.toString(36)}`
  }

  onReject(code: string): void {
    this.rejected.set(code, (this.rejected.get(code) ?? 0) + 1)
  }

  onOverload(): void {
    this.overloaded = true
  }

  onTrouble(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    if (this.troubles.has(text) || this.troubles.size > 100) return
    this.troubles.add(text)
    this.options.log?.(`The market simulator met an error and goes on: ${text}`)
  }

  rejects(): ReadonlyMap<string, number> {
    return this.rejected
  }

  async runHistory({ fromMs, toMs, advanceTo, onProgress }: HistoryOptions): Promise<void> {
    const steps = [...historySteps(fromMs, toMs)]
    if (steps.length === 0) return
    await advanceTo(fromMs)
    await this.prepare(fromMs)
    for (const [index, { atMs, spanMs, rounds }] of steps.entries()) {
      await advanceTo(atMs)
      this.step(atMs, spanMs, rounds)
      await this.settle()
      if (index % 20 === 19) await this.reconcile()
      await this.backOff()
      onProgress?.((index + 1) / steps.length)
    }
  }

  async start(): Promise<void> {
    if (this.running !== undefined) return
    const nowMs = this.options.clock.nowMs()
    // A market that is only continued must not repeat the moves of its last start.
    if (this.fair === undefined) this.random = new Random(this.options.seed, `simulator ${nowMs}`)
    await this.prepare(nowMs)
    for (let visit = 0; visit < 6; visit++) {
      for (const session of this.sessions) session.fineStep(0, true)
      await this.settle()
    }
    this.stopping = false
    this.running = this.trade(nowMs)
  }

  async stop(): Promise<void> {
    this.stopping = true
    await this.running
    this.running = undefined
  }

  async pause(market: string): Promise<void> {
    this.pausedMarkets.add(market)
    const session = this.sessions.find((candidate) => candidate.market.symbol === market)
    if (session === undefined) return
    session.paused = true
    await this.settle()
    session.withdraw()
    await this.settle()
  }

  async resume(market: string): Promise<void> {
    if (this.pausedMarkets.delete(market)) this.resumedMarkets.add(market)
    if (this.running === undefined) await this.resumePaused()
  }

  /** The resumed markets start from where others have brought the price. */
  private async resumePaused(): Promise<void> {
    if (this.resumedMarkets.size === 0) return
    const resumed = [...this.resumedMarkets]
    this.resumedMarkets.clear()
    await this.adoptLastPrices(resumed)
    for (const session of this.sessions) if (resumed.includes(session.market.symbol)) session.paused = false
  }

  /** Reads markets, balances, open orders and last prices; the agents' state is kept where there is one. */
  private async prepare(nowMs: number): Promise<void> {
    this.orderPrefix = `${nowMs.toString(36)}-`
    if (this.fair === undefined) {
      this.buildSessions(await this.options.clients.maker.exchange())
      await this.adoptLastPrices(this.sessions.map((session) => session.market.symbol))
    }
    await this.reconcile()
  }

  private buildSessions(exchange: { readonly markets: readonly TradedMarket[] }): void {
    const terms = this.options.markets.flatMap((simulated) => {
      const market = exchange.markets.find((candidate) => candidate.symbol === simulated.symbol)
      if (market === undefined) this.options.log?.(`The market simulator leaves ${simulated.symbol} out: the exchange has no such market.`)
      return market === undefined ? [] : [new MarketTerms(market, simulated)]
    })
    const fair = new FairPrices(terms, this.random.fork('fair'))
    this.fair = fair
    this.sessions = terms.map((market) => {
      const shares = {
        base: terms.filter((other) => other.base === market.base || other.quote === market.base).length,
        quote: terms.filter((other) => other.base === market.quote || other.quote === market.quote).length,
      }
      const session = new MarketSession({ market, fair, shares, random: this.random.fork(market.symbol), traders: this.traders })
      session.paused = this.pausedMarkets.has(market.symbol)
      return session
    })
  }

  /** Continues at the prices at which the markets last traded; a market that follows from others follows. */
  private async adoptLastPrices(symbols: readonly string[]): Promise<void> {
    const fair = this.fair
    if (fair === undefined) return
    try {
      const tickers = await this.options.clients.maker.tickers()
      for (const symbol of fair.anchorMarkets()) {
        const last = Number(tickers.find((ticker) => ticker.market === symbol)?.lastPrice ?? 0)
        if (symbols.includes(symbol) && last > 0) fair.recentre(symbol, last)
      }
    } catch (error) {
      this.onTrouble(error)
    }
    for (const session of this.sessions) session.recentre()
  }

  private step(nowMs: number, spanMs: number, rounds = 1): void {
    const fair = this.fair!
    if (spanMs < COARSE_STEP_MS) {
      fair.advance(spanMs, nowMs)
      for (const session of this.sessions) session.fineStep(spanMs, this.isVisitDue(session, spanMs))
      return
    }
    for (let round = 1; round <= rounds; round++) {
      fair.advance(spanMs / rounds, nowMs)
      for (const session of this.sessions) {
        if (session.market.tradesPerMinute >= BUSY_TRADES_PER_MINUTE) session.coarseRound(spanMs / rounds)
        else if (round === rounds) session.coarseRound(spanMs)
      }
    }
  }

  /** Busy markets are quoted anew more than once a second, quiet ones less often, swept ones at once. */
  private isVisitDue(session: MarketSession, spanMs: number): boolean {
    const perStep = session.isWide ? 0.8 : Math.min(0.5, 0.1 + (0.3 * session.market.tradesPerMinute) / 60)
    return this.random.chance(Math.min(1, (perStep * spanMs) / LIVE_STEP_MS))
  }

  private async trade(startMs: number): Promise<void> {
    let lastMs = startMs
    while (!this.stopping) {
      await this.options.clock.sleep(LIVE_STEP_MS)
      await this.backOff()
      if (this.stopping) break
      const nowMs = this.options.clock.nowMs()
      const spanMs = Math.min(LONGEST_STEP_MS, Math.max(1, nowMs - lastMs))
      lastMs = nowMs
      await this.resumePaused()
      if (nowMs - this.lastReconcileMs >= RECONCILE_EVERY_MS) {
        this.lastReconcileMs = nowMs
        await this.reconcile()
      }
      this.step(nowMs, spanMs)
      if (nowMs - this.lastLookMs >= LOOK_EVERY_MS) await this.look(nowMs)
      await this.settle()
    }
  }

  /** Waits, longer each time, while the exchange says that it is over its capacity. */
  private async backOff(): Promise<void> {
    if (!this.overloaded) {
      this.backOffMs = 0
      return
    }
    this.overloaded = false
    this.backOffMs = Math.min(LONGEST_BACK_OFF_MS, Math.max(FIRST_BACK_OFF_MS, this.backOffMs * 2))
    for (let waited = 0; waited < this.backOffMs && !this.stopping; waited += LIVE_STEP_MS) await this.options.clock.sleep(LIVE_STEP_MS)
  }

  /** Asks for balances and live orders; only right while nothing else is under way. */
  private async reconcile(): Promise<void> {
    this.refreshBalances()
    for (const session of this.sessions) session.reconcile()
    await this.settle()
  }

  /** Looks at the best prices of every market, strangers' orders included. */
  private async look(nowMs: number): Promise<void> {
    this.lastLookMs = nowMs
    try {
      const tickers = await this.options.clients.taker.tickers()
      for (const session of this.sessions) {
        const ticker = tickers.find((candidate) => candidate.market === session.market.symbol)
        if (ticker === undefined) continue
        session.takeMispriced({
          bid: session.market.ticksOf(ticker.bid),
          bidLots: session.market.lotsOf(ticker.bidQuantity ?? '0'),
          ask: session.market.ticksOf(ticker.ask),
          askLots: session.market.lotsOf(ticker.askQuantity ?? '0'),
        })
      }
    } catch (error) {
      this.onTrouble(error)
      this.onOverload()
    }
  }

  private refreshBalances(): void {
    for (const trader of Object.values(this.traders)) trader.refreshBalances()
  }

  private async settle(): Promise<void> {
    await Promise.all(Object.values(this.traders).map((trader) => trader.settled()))
  }
}
