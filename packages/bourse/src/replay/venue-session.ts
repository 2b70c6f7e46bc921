/** One run of a venue capture against a market: batches of commands, each checked against what the venue showed. */
import { FrameBuffer, type MarketSpec } from '@bourse/core'
import type { CapturedMessage, CapturedTicker, CapturedTrade } from './binance-capture.js'
import { CapturedBook, type JoinOutcome } from './captured-book.js'
import { eventOffsets, type FrameDoor } from './frame-door.js'
import { ReplayError } from './replay-error.js'
import type { VenueAccounts } from './venue-accounts.js'
import { OutcomeCount, QuotedBook, samePrices, sameQuantities, type BestLevels, type FoldedEvents } from './venue-check.js'
import { VenueFollower } from './venue-follower.js'
import { VenueQuotes } from './venue-quotes.js'
import { VenueUnits } from './venue-units.js'

/** Orders of others that rest in the market. */
export interface ForeignDepth {
  readonly bidLevels: number
  readonly askLevels: number
}

/** What is to be looked at when the commands up to here have been applied. */
type Mark =
  | { readonly kind: 'update'; readonly commands: number; readonly expected: BestLevels; readonly file: string; readonly line: number }
  | { readonly kind: 'trade'; readonly commands: number; readonly trade: CapturedTrade; readonly price: number; readonly quantity: number }

/** Levels that one message may need room for, beyond those that it names. */
const SPARE_ORDERS = 8

export class VenueSession {
  readonly updates = new OutcomeCount()
  readonly trades = new OutcomeCount()
  /** Updates after which the best quantities were the captured ones as well. */
  equalQuantities = 0
  /** The captured book against the venue's own best prices: says whether the capture was joined rightly. */
  readonly tickers = { compared: 0, equal: 0 }
  readonly diffs = { received: 0, applied: 0, stale: 0, neverJoined: 0 }
  readonly gaps: string[] = []
  commands = 0
  batches = 0
  readonly units: VenueUnits
  readonly book = new CapturedBook()
  readonly follower: VenueFollower
  private readonly quotes: VenueQuotes
  private readonly quoted: QuotedBook
  private readonly frames = new FrameBuffer(1 << 18)
  private marks: Mark[] = []
  private waitingTickers: CapturedTicker[] = []
  private waitingDiffs = 0
  /** Best prices at which others have orders, as of the last look. */
  private others: { bid: number | undefined; ask: number | undefined } = { bid: undefined, ask: undefined }
  /** The batch that is being written may meet orders of others. */
  private mayMeetOthers = false

  constructor(
    private readonly door: FrameDoor,
    private readonly market: MarketSpec,
    private readonly accounts: VenueAccounts,
  ) {
    this.units = new VenueUnits(market)
    this.quotes = new VenueQuotes(market, this.units, accounts.taker)
    for (const id of accounts.liquidity) this.quotes.addAccount(id)
    this.follower = new VenueFollower(this.book, this.quotes, this.units)
    this.quoted = new QuotedBook((account) => accounts.liquidity.includes(account))
  }

  /** Commands of the batch that is being written. */
  get pendingCommands(): number {
    return this.quotes.commands
  }

  /**
   * Whether the batch should end here although it is small: what comes of it depends on orders of others, so it has
   * to be seen before more is written.
   */
  get needsCare(): boolean {
    return this.mayMeetOthers
  }

  /** Whether an own order at that price would meet others, or stand behind them. */
  private isAmongOthers(price: number | undefined): boolean {
    const { bid, ask } = this.others
    return price !== undefined && ((bid !== undefined && price <= bid) || (ask !== undefined && price >= ask))
  }

  /** Writes what a message asks for into the present batch. */
  async take(message: CapturedMessage): Promise<void> {
    if (message.kind === 'trade') return this.takeTrade(message)
    if (message.kind === 'ticker') {
      this.waitingTickers.push(message)
      return
    }
    if (message.kind === 'other') return
    const levels = { bids: message.bids.map((level) => this.units.level(level)), asks: message.asks.map((level) => this.units.level(level)) }
    if (message.kind === 'diff') this.diffs.received += 1
    const outcome = message.kind === 'snapshot' ? this.book.snapshot({ ...message, ...levels }) : this.book.diff({ ...message, ...levels })
    this.countJoin(message, outcome)
    if (outcome.kind !== 'applied') return
    await this.makeRoom(outcome.bids.size + outcome.asks.size + this.follower.pending())
    this.follower.followBook(this.frames, outcome)
    if (message.kind === 'snapshot' && outcome.diffs === 0) return
    const expected = { bid: this.book.bids.best(), ask: this.book.asks.best() }
    this.compareTickers(expected)
    this.mayMeetOthers ||= this.isAmongOthers(expected.bid?.[0]) || this.isAmongOthers(expected.ask?.[0])
    this.marks.push({ kind: 'update', commands: this.quotes.commands, expected, file: message.file, line: message.line })
  }

  private countJoin(message: CapturedMessage, outcome: JoinOutcome): void {
    if (outcome.kind === 'applied') {
      this.diffs.applied += outcome.diffs
      if (message.kind === 'snapshot') this.diffs.stale += this.waitingDiffs - outcome.diffs
      this.waitingDiffs = 0
    } else if (outcome.kind === 'stale') {
      this.diffs.stale += 1
    } else if (outcome.kind === 'waiting') {
      this.waitingDiffs += 1
    } else if (outcome.kind === 'gap') {
      this.waitingDiffs += 1
      this.gaps.push(`${message.file}, line ${message.line}: updates are missing from ${outcome.expectedId} on; the book waits for the next snapshot`)
    }
  }

  /** The last best prices that the venue told up to the book's update, against the book. */
  private compareTickers(best: BestLevels): void {
    const updateId = this.book.updateId!
    let last: CapturedTicker | undefined
    let passed = 0
    for (const ticker of this.waitingTickers) {
      if (ticker.updateId > updateId) break
      last = ticker
      passed += 1
    }
    this.waitingTickers.splice(0, passed)
    if (last === undefined) return
    const told = { bid: this.units.level(last.bid), ask: this.units.level(last.ask) }
    this.tickers.compared += 1
    if (samePrices(told, best)) this.tickers.equal += 1
  }

  private async takeTrade(trade: CapturedTrade): Promise<void> {
    const { price, quantity } = this.units.trade(trade)
    if (quantity === 0 || !this.units.isQuotable(price, this.units.leastQuantity(price)) || !this.units.isQuotable(price, quantity)) {
      this.trades.fail(this.tradeDifference(trade, quantity === 0 ? 'no_quantity' : 'beyond_the_bounds_of_the_market'))
      return
    }
    await this.makeRoom(1)
    this.mayMeetOthers ||= this.isAmongOthers(price)
    this.follower.followTrade(this.frames, { takerSide: trade.takerSide, price, quantity })
    this.marks.push({ kind: 'trade', commands: this.quotes.commands, trade, price, quantity })
  }

  private async makeRoom(orders: number): Promise<void> {
    while (this.quotes.freeOrders() < orders + SPARE_ORDERS) this.quotes.addAccount(await this.accounts.add())
  }

  /** Submits the batch and looks at what came of it. */
  async flush(): Promise<void> {
    const commands = this.quotes.commands
    const marks = this.marks
    this.marks = []
    let surprising = false
    if (commands > 0) {
      await this.accounts.fund(this.quotes.needs)
      const answer = await this.door.submitFrames(this.frames)
      this.commands += commands
      this.batches += 1
      const offsets = eventOffsets(answer, commands)
      let done = 0
      for (const mark of marks) {
        const folded = this.quoted.fold(answer.events, offsets[done]!, offsets[mark.commands]!)
        done = mark.commands
        surprising = this.check(mark, folded, mark === marks.at(-1) && done === commands) || surprising
      }
      const rest = this.quoted.fold(answer.events, offsets[done]!, answer.events.length)
      surprising ||= rest.reject !== undefined || rest.fills.length > 0
    } else {
      for (const mark of marks) this.check(mark, { fills: [], reject: undefined }, mark === marks.at(-1))
    }
    this.frames.clear()
    this.quotes.begin()
    this.mayMeetOthers = false
    if (surprising) this.adopt()
    if (surprising || !samePrices(this.quoted.best(), this.engineBest())) this.lookForOthers()
  }

  /** Judges one mark; true when the engine did something that was not planned. */
  private check(mark: Mark, folded: FoldedEvents, isLast: boolean): boolean {
    if (mark.kind === 'trade') return this.checkTrade(mark, folded)
    const ours = this.quoted.best()
    const best = isLast ? this.engineBest() : ours
    if (samePrices(best, mark.expected)) {
      this.updates.pass()
      if (sameQuantities(best, mark.expected)) this.equalQuantities += 1
    } else {
      this.updates.fail({ file: mark.file, line: mark.line, what: this.describe(mark.expected, best), reason: this.bookReason(mark.expected, ours, folded) })
    }
    // Where only a quantity is off, somebody took a part of a quote or stands beside it.
    return folded.reject !== undefined || folded.fills.length > 0 || !samePrices(ours, mark.expected) || !sameQuantities(best, mark.expected)
  }

  private bookReason(expected: BestLevels, ours: BestLevels, folded: FoldedEvents): string {
    if (samePrices(ours, expected)) return 'an_order_of_others_is_at_the_top'
    if (folded.reject !== undefined) return `a_quote_was_refused: ${folded.reject}`
    if (folded.fills.length > 0) return 'a_quote_met_an_order_of_others'
    const isUnquotable = (level: BestLevels['bid']): boolean => level !== undefined && this.follower.unquotable.has(level[0])
    if (isUnquotable(expected.bid) || isUnquotable(expected.ask)) return 'beyond_the_bounds_of_the_market'
    return 'a_quote_was_taken_by_others'
  }

  private checkTrade(mark: Mark & { kind: 'trade' }, folded: FoldedEvents): boolean {
    const exact = folded.fills.some(({ price, quantity }) => price === mark.price && quantity === mark.quantity)
    if (exact) this.trades.pass()
    else this.trades.fail(this.tradeDifference(mark.trade, tradeReason(folded)))
    return !exact || folded.fills.length !== 1 || !folded.fills[0]!.ours || folded.reject !== undefined
  }

  private tradeDifference(trade: CapturedTrade, reason: string): { file: string; line: number; what: string; reason: string } {
    return { file: trade.file, line: trade.line, what: `trade ${trade.tradeId}: ${trade.takerSide} ${trade.quantity} at ${trade.price}`, reason }
  }

  private engineBest(): BestLevels {
    const { bids, asks } = this.door.engine.depth(this.market.id, 1)
    const level = (entry: [bigint, bigint] | undefined): BestLevels['bid'] => (entry === undefined ? undefined : [Number(entry[0]), Number(entry[1])])
    return { bid: level(bids[0]), ask: level(asks[0]) }
  }

  private describe(expected: BestLevels, found: BestLevels): string {
    const price = (level: BestLevels['bid']): string => (level === undefined ? 'none' : this.units.priceText(level[0]))
    return `captured ${price(expected.bid)} / ${price(expected.ask)}, exchange ${price(found.bid)} / ${price(found.ask)}`
  }

  /** Takes what the engine holds over what was believed, and has everything compared at the next update. */
  adopt(): void {
    const orders = this.accounts.liquidity.flatMap((account) => this.door.engine.openOrders(account, this.market.id))
    this.quotes.adopt(orders)
    this.quoted.adopt(orders)
    this.follower.compareAll()
  }

  /** Finds out where others have orders; only right between batches. */
  lookForOthers(): ForeignDepth {
    const { bids, asks } = this.door.engine.depth(this.market.id, Number.MAX_SAFE_INTEGER)
    const foreign = (side: 'buy' | 'sell') => ([price, quantity]: [bigint, bigint]) => Number(quantity) > this.quotes.leaves(side, Number(price))
    const foreignBids = bids.filter(foreign('buy'))
    const foreignAsks = asks.filter(foreign('sell'))
    const price = (level: [bigint, bigint] | undefined): number | undefined => (level === undefined ? undefined : Number(level[0]))
    this.others = { bid: price(foreignBids[0]), ask: price(foreignAsks[0]) }
    return { bidLevels: foreignBids.length, askLevels: foreignAsks.length }
  }

  /** Takes every quote out of the market. */
  async withdraw(): Promise<void> {
    this.adopt()
    for (const side of ['buy', 'sell'] as const) for (const price of this.quotes.prices(side)) this.quotes.lower(this.frames, side, price, 0)
    await this.flush()
    if (this.quotes.count() > 0) throw new ReplayError(`${this.quotes.count()} quotes of the replay could not be cancelled in ${this.market.symbol}.`)
  }

  /** Ends the count: what never found its snapshot is told. */
  finish(): void {
    this.diffs.neverJoined = this.waitingDiffs
  }
}

function tradeReason({ fills, reject }: FoldedEvents): string {
  if (reject !== undefined) return `an_order_was_refused: ${reject}`
  if (fills.length === 0) return 'not_filled'
  return fills.some(({ ours }) => !ours) ? 'met_an_order_of_others' : 'filled_differently'
}
