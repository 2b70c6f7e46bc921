/** Everything that the engine knows: the tables that the command handlers work on. */
import { FrameBuffer } from '../values/frames.js'
import { RowMemory } from '../values/row-memory.js'
import { Balances } from '../ledger/balances.js'
import { FeeSchedules } from '../ledger/fees.js'
import { FeeRates } from '../ledger/fee-rates.js'
import { FeeTiers } from '../ledger/fee-tiers.js'
import { NamedHolds } from '../ledger/named-holds.js'
import { RequestWindow } from '../ledger/request-window.js'
import { OrderBooks } from '../matching/order-books.js'
import { OrderIds } from '../matching/order-ids.js'
import { LAST_ORDER_ID, SEQUENCE, TIMESTAMP } from '../matching/registers.js'
import { TakerWalk } from '../matching/taker-walk.js'
import { Accounts } from './accounts.js'
import { Brackets } from './brackets.js'
import { Clearing } from './clearing.js'
import { Deadlines } from './deadlines.js'
import { DeadManSwitches } from './dead-man-switches.js'
import { EventWriter } from './event-writer.js'
import { ExchangeCatalog } from './exchange-catalog.js'
import type { EngineLimits } from './limits.js'
import { Icebergs } from './icebergs.js'
import { LinkedOrders } from './linked-orders.js'
import { MarketRows } from './market-rows.js'
import { OrderFees } from './order-fees.js'
import { OrderNames } from './order-names.js'
import { OrderTermsRows } from './order-terms.js'
import { QuoteLadders } from './quote-ladders.js'
import { QuoteProtections } from './quote-protections.js'
import { Seats } from './seats.js'
import { SpecialTrades } from './special-trades.js'
import { WaitingOrders } from './waiting-orders.js'
import type { WorkItem } from './work-item.js'

/** More orders than any command adds: a ladder has at most a hundred. */
const COMMAND_ORDERS = 128
/** More words of memory than any command takes: a page of rows of every kind, and a path of the price index for each of its orders. */
const COMMAND_WORDS = 1 << 16

export class EngineState {
  /** What commands and deadlines began and `continue` goes on with, oldest first. */
  readonly backlog: WorkItem[] = []
  /** How many more orders the command in hand may cancel or expire; only where it works on the backlog. */
  room = 0
  /** Where the oldest rule change goes on to search for orders that break the rules: an order, 0 for the start of the bids, -1 for those outside the book. */
  ruleCursor = 0
  /** Row of the market where triggered orders could start but have not, 0 where there is none. */
  activating = 0

  /** Not part of the logical state: how often a breaker has halted a market since this object was made. */
  breakerHalts = 0

  readonly memory = new RowMemory()
  readonly accounts = new Accounts(this.memory)
  readonly catalog = new ExchangeCatalog(this.accounts)
  readonly balances = new Balances(this.memory)
  readonly schedules = new FeeSchedules(this.memory)
  readonly tiers = new FeeTiers()
  readonly rates = new FeeRates()
  readonly holds = new NamedHolds()
  readonly ledgerRequests: RequestWindow
  readonly orderRequests: RequestWindow

  readonly deadlines = new Deadlines(this.memory)
  readonly switches = new DeadManSwitches(this.memory, this.deadlines)

  readonly markets = new MarketRows(this.memory, this.balances, this.schedules)
  readonly books = new OrderBooks(this.memory)
  readonly ids = new OrderIds(this.memory)
  readonly seats = new Seats(this.memory, this.accounts, this.balances)
  readonly names = new OrderNames(this.memory, this.ids)
  readonly terms = new OrderTermsRows(this.memory, this.deadlines)
  readonly out = new EventWriter(new FrameBuffer(64), this.memory, this.names, this.terms)
  readonly quotes = new QuoteLadders(this.ids)
  readonly orderFees = new OrderFees(this)
  readonly specialTrades = new SpecialTrades(this, this.orderFees)
  readonly protections = new QuoteProtections(this.memory)
  readonly waiting = new WaitingOrders(this.memory)
  readonly icebergs = new Icebergs(this.memory, this.books, this.out)
  readonly linked = new LinkedOrders(this.memory, this.ids)
  readonly brackets = new Brackets(this.memory)
  readonly clearing = new Clearing(this)
  readonly walk = new TakerWalk(this.memory, this.books, this.clearing)


  constructor(readonly limits: EngineLimits) {
    this.ledgerRequests = new RequestWindow(limits.ledgerRequests)
    this.orderRequests = new RequestWindow(limits.orderRequests)
  }

  /** Makes room for whatever a command may add, so that nothing moves while it is applied. */
  makeRoom(): void {
    this.accounts.makeRoom()
    this.markets.listed.makeRoom()
    this.books.makeRoom()
    this.ids.makeRoom(COMMAND_ORDERS)
    this.names.makeRoom(COMMAND_ORDERS)
    this.memory.reserve(COMMAND_WORDS)
  }

  /** Sequence of the last command, 0 at birth. */
  get sequence(): number {
    return this.memory.f64[SEQUENCE]!
  }

  /** Microseconds: the time of the last command. */
  get timestampUs(): number {
    return this.memory.f64[TIMESTAMP]!
  }

  /** Id of the last accepted order, 0 at birth. */
  get lastOrderId(): number {
    return this.memory.f64[LAST_ORDER_ID]!
  }
}
