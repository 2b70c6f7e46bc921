/** `exchange replay --format binance`: lets a market of a running exchange follow a captured venue, and reports how well. */
import { ReplayError } from './replay-error.js'
import { readCapture, type CapturedMessage } from './binance-capture.js'
import { scanCapture, type CaptureSummary } from './capture-scan.js'
import type { FrameDoor } from './frame-door.js'
import { VenueAccounts } from './venue-accounts.js'
import type { VenueDifference } from './venue-check.js'
import { VenueSession, type ForeignDepth } from './venue-session.js'
import { VenueUnits } from './venue-units.js'

/** At full speed a batch ends with the message that brings it to so many commands. */
const BATCH_COMMANDS = 1_500
/** Messages due within this time travel together. */
const TOGETHER_MS = 4
/** How often the whole book is searched for orders of others, besides whenever they were noticed. */
const LOOK_EVERY_MS = 2_000
/** Share of depth updates after which the best prices must be the captured ones. */
export const REQUIRED_SHARE = 0.999

export interface ReplayClock {
  nowMs(): number
  sleep(ms: number): Promise<void>
}

export interface BinanceReplayOptions {
  readonly door: FrameDoor
  /** Symbol of the market that follows, for example `BTC-USDT`; nothing else should quote there. */
  readonly market: string
  readonly files: readonly string[]
  /** Times the recorded speed; null for as fast as possible. */
  readonly speed: number | null
  readonly clock: ReplayClock
  readonly onProgress?: (progress: BinanceProgress) => void
  /** Ends the replay early; what was done until then is reported. */
  readonly signal?: AbortSignal
  /** Leaves the last book standing instead of withdrawing it. */
  readonly keepBook?: boolean
}

export interface BinanceProgress {
  readonly stage: 'checking' | 'replaying'
  /** From 0 to 1. */
  readonly done: number
  readonly updates: number
  readonly equalUpdates: number
  readonly trades: number
  readonly commands: number
}

/** Also the form of the report file. */
export interface BinanceReplayReport {
  readonly format: 'binance'
  readonly market: string
  readonly files: readonly string[]
  readonly capture: CaptureSummary
  /** `max` or times the recorded speed. */
  readonly speed: number | 'max'
  readonly complete: boolean
  readonly seconds: number
  readonly commands: number
  readonly batches: number
  readonly commandsPerSecond: number
  /** At most this far behind the wanted speed, in milliseconds. */
  readonly greatestLagMs: number
  readonly liquidityAccounts: number
  /** Depth updates: those that came before the snapshot are in no book; after the others the exchange was compared. */
  readonly updates: {
    readonly received: number
    readonly olderThanSnapshot: number
    readonly neverJoined: number
    readonly checked: number
    readonly equal: number
    readonly equalShare: number
    readonly equalQuantities: number
    readonly requiredShare: number
    readonly differencesByReason: Readonly<Record<string, number>>
    readonly differences: readonly VenueDifference[]
  }
  readonly trades: {
    readonly captured: number
    readonly executed: number
    readonly differencesByReason: Readonly<Record<string, number>>
    readonly differences: readonly VenueDifference[]
  }
  /** The captured book itself against the venue's own best prices. */
  readonly captureCheck: { readonly compared: number; readonly equal: number }
  readonly gaps: readonly string[]
  /** Levels at which others had orders when the replay began and when it ended. */
  readonly othersAtStart: ForeignDepth
  readonly othersAtEnd: ForeignDepth
  /** Prices that the venue quoted beyond the market's bounds. */
  readonly unquotableLevels: number
  /** Level quantities of the capture that are no multiple of the market's lot size and were quoted in whole lots. */
  readonly roundedQuantities: number
  /** Enough updates were equal, no update was missing, and every trade was executed or is listed with its reason. */
  readonly passed: boolean
}

/**
 * Replays a capture into a market.
 *
 * The market's rules stay as they are: levels and trades below its minimum order are made by reducing and by filling
 * larger orders. The two kinds of accounts are funded from the world and emptied again.
 *
 * @throws ReplayError for files that are malformed or that the market cannot express; nothing has been changed then.
 */
export async function replayBinance(options: BinanceReplayOptions): Promise<BinanceReplayReport> {
  const { door, clock } = options
  const market = door.engine.catalog.marketBySymbol(options.market)
  if (market === undefined) throw new ReplayError(`There is no market ${options.market}. Markets: ${door.engine.catalog.markets().map(({ symbol }) => symbol).join(', ') || 'none'}.`)
  if (market.state !== 'open') throw new ReplayError(`The market ${options.market} is ${market.state}; a replay needs it open.`)
  const checking = (done: number): void => options.onProgress?.({ stage: 'checking', done, updates: 0, equalUpdates: 0, trades: 0, commands: 0 })
  const capture = await scanCapture(options.files, new VenueUnits(market), checking)
  const accounts = await VenueAccounts.open(door, market, `${Math.floor(clock.nowMs()).toString(36)}-${door.engine.sequence.toString(36)}`)
  const session = new VenueSession(door, market, accounts)
  await session.withdraw()
  const othersAtStart = session.lookForOthers()
  const run = new Run(options, session, capture, othersAtStart)
  const clear = async (): Promise<void> => {
    if (options.keepBook === true) return
    await session.withdraw()
    await accounts.empty()
  }
  try {
    await run.all()
  } catch (error) {
    // What failed first is what has to be told; clearing up after it may well fail too.
    await clear().catch(() => undefined)
    throw error
  }
  const report = run.report(accounts.liquidity.length)
  await clear()
  return report
}

class Run {
  private greatestLagMs = 0
  private complete = false
  private commands = 0
  private batches = 0
  private othersAtEnd: ForeignDepth
  private lastLookMs = 0
  private startedMs = 0
  private endedMs = 0

  constructor(
    private readonly options: BinanceReplayOptions,
    private readonly session: VenueSession,
    private readonly capture: CaptureSummary,
    private readonly othersAtStart: ForeignDepth,
  ) {
    this.othersAtEnd = othersAtStart
    session.commands = 0
    session.batches = 0
  }

  async all(): Promise<void> {
    const { session, options } = this
    this.startedMs = this.lastLookMs = options.clock.nowMs()
    let done = 0
    for await (const messages of readCapture(options.files, (share) => (done = share))) {
      for (const message of messages) {
        if (options.signal?.aborted === true) return this.end(done)
        if (this.isDueLater(message)) await this.flush(done)
        await this.waitFor(message)
        await session.take(message)
        if (session.pendingCommands >= BATCH_COMMANDS || session.needsCare) await this.flush(done)
      }
    }
    this.complete = true
    await this.end(1)
  }

  private async end(done: number): Promise<void> {
    await this.flush(done)
    this.endedMs = this.options.clock.nowMs()
    this.session.finish()
    this.othersAtEnd = this.session.lookForOthers()
    this.commands = this.session.commands
    this.batches = this.session.batches
  }

  private dueMs(message: CapturedMessage): number {
    const { speed } = this.options
    return speed === null ? 0 : this.startedMs + (message.receivedUs - this.capture.firstUs) / 1000 / speed
  }

  private isDueLater(message: CapturedMessage): boolean {
    return this.options.speed !== null && this.session.pendingCommands > 0 && this.dueMs(message) > this.options.clock.nowMs() + TOGETHER_MS
  }

  private async waitFor(message: CapturedMessage): Promise<void> {
    if (this.options.speed === null) return
    const waitMs = this.dueMs(message) - this.options.clock.nowMs()
    if (waitMs > TOGETHER_MS) await this.options.clock.sleep(waitMs)
    else this.greatestLagMs = Math.max(this.greatestLagMs, -waitMs)
  }

  private async flush(done: number): Promise<void> {
    const { session, options } = this
    await session.flush()
    options.onProgress?.({ stage: 'replaying', done, updates: session.updates.checked, equalUpdates: session.updates.equal, trades: session.trades.equal, commands: session.commands })
    if (options.clock.nowMs() - this.lastLookMs < LOOK_EVERY_MS) return
    this.lastLookMs = options.clock.nowMs()
    session.lookForOthers()
  }

  report(liquidityAccounts: number): BinanceReplayReport {
    const { session, capture, options } = this
    const seconds = (this.endedMs - this.startedMs) / 1000
    const { updates, trades, diffs } = session
    const equalShare = updates.checked === 0 ? 0 : updates.equal / updates.checked
    return {
      format: 'binance',
      market: options.market,
      files: options.files,
      capture,
      speed: options.speed ?? 'max',
      complete: this.complete,
      seconds,
      commands: this.commands,
      batches: this.batches,
      commandsPerSecond: Math.round(this.commands / Math.max(seconds, 1e-6)),
      greatestLagMs: Math.round(this.greatestLagMs),
      liquidityAccounts,
      updates: {
        received: diffs.received,
        olderThanSnapshot: diffs.stale,
        neverJoined: diffs.neverJoined,
        checked: updates.checked,
        equal: updates.equal,
        equalShare,
        equalQuantities: session.equalQuantities,
        requiredShare: REQUIRED_SHARE,
        differencesByReason: updates.byReason,
        differences: updates.listed,
      },
      trades: { captured: trades.checked, executed: trades.equal, differencesByReason: trades.byReason, differences: trades.listed },
      captureCheck: session.tickers,
      gaps: session.gaps,
      othersAtStart: this.othersAtStart,
      othersAtEnd: this.othersAtEnd,
      unquotableLevels: session.follower.unquotable.size,
      roundedQuantities: capture.roundedQuantities,
      passed: this.complete && equalShare >= REQUIRED_SHARE && session.gaps.length === 0,
    }
  }
}

/** The report in a few lines for a terminal. */
export function binanceReportLines(report: BinanceReplayReport): string[] {
  const { updates, trades, captureCheck } = report
  const reasons = (byReason: Readonly<Record<string, number>>): string[] => Object.entries(byReason).map(([reason, count]) => `    ${count} x ${reason.replaceAll('_', ' ')}`)
  return [
    `${report.capture.symbol} into ${report.market} at ${report.speed === 'max' ? 'full speed' : `${report.speed} x recorded speed`}${report.complete ? '' : ' (ended early)'}`,
    `  updates: ${updates.received} received, ${updates.olderThanSnapshot} older than the snapshot, ${updates.checked} followed`,
    `  best bid and ask equal after ${updates.equal} of ${updates.checked} (${(updates.equalShare * 100).toFixed(3)} %, required ${(updates.requiredShare * 100).toFixed(1)} %); quantities too after ${updates.equalQuantities}`,
    ...reasons(updates.differencesByReason),
    `  trades: ${trades.executed} of ${trades.captured} executed at their price and quantity`,
    ...reasons(trades.differencesByReason),
    `  captured book against the venue's best prices: ${captureCheck.equal} of ${captureCheck.compared}`,
    ...(report.roundedQuantities === 0 ? [] : [`  ${report.roundedQuantities} quantities of levels are no multiple of the lot size and were quoted in whole lots`]),
    ...report.gaps.map((gap) => `  gap: ${gap}`),
    `  orders of others: ${report.othersAtStart.bidLevels} bid and ${report.othersAtStart.askLevels} ask levels at the start`,
    `  ${report.commands} commands in ${report.seconds.toFixed(1)} s: ${report.commandsPerSecond} a second`,
  ]
}
