/** Everything that the engine knows: the tables that the command handlers work on. */
import { FrameBuffer } from '../values/frames.js'
import { Balances } from '../ledger/balances.js'
import { FeeSchedules } from '../ledger/fees.js'
import { NamedHolds } from '../ledger/named-holds.js'
import { RequestWindow } from '../ledger/request-window.js'
import { MarketRows } from '../matching/market-rows.js'
import { OrderBooks } from '../matching/order-books.js'
import { OrderIds } from '../matching/order-ids.js'
import { OrderRows } from '../matching/order-rows.js'
import { TakerWalk } from '../matching/taker-walk.js'
import { Accounts } from './accounts.js'
import { Clearing } from './clearing.js'
import { EventWriter } from './event-writer.js'
import { ExchangeCatalog } from './exchange-catalog.js'
import type { EngineLimits } from './limits.js'
import { OrderNames } from './order-names.js'
import { Seats } from './seats.js'

/** What a command began and `continue` goes on with. */
export interface Backlog {
  readonly kind: 'cancel-all' | 'rule-change'
  readonly account: number
  /** `NONE_16`: all markets. */
  readonly market: number
}

export class EngineState {
  /** Sequence and timestamp of the last command: in an array, because a double in a field is allocated anew. */
  readonly clock = new Float64Array(2)
  /** Id of the last accepted order. */
  lastOrderId = 0
  backlog: Backlog | undefined = undefined
  /** Where the search for orders that break new rules goes on: an order row, or 0 for the start of the bids. */
  ruleCursor = 0

  readonly accounts = new Accounts()
  readonly catalog = new ExchangeCatalog(this.accounts)
  readonly balances = new Balances()
  readonly schedules = new FeeSchedules()
  readonly holds = new NamedHolds()
  readonly ledgerRequests: RequestWindow
  readonly orderRequests: RequestWindow

  readonly markets = new MarketRows()
  readonly orders = new OrderRows()
  readonly books = new OrderBooks(this.orders, this.markets)
  readonly ids = new OrderIds(this.orders)
  readonly seats = new Seats(this.accounts, this.balances, this.orders)
  readonly names = new OrderNames(this.orders, this.seats, this.ids)
  readonly out = new EventWriter(new FrameBuffer(64), this.clock, this.orders, this.seats, this.names)
  readonly clearing = new Clearing(this)
  readonly walk = new TakerWalk(this.orders, this.markets, this.books, this.clearing)

  constructor(readonly limits: EngineLimits) {
    this.ledgerRequests = new RequestWindow(limits.ledgerRequests)
    this.orderRequests = new RequestWindow(limits.orderRequests)
  }

  get sequence(): number {
    return this.clock[0]!
  }

  get timestampUs(): number {
    return this.clock[1]!
  }
}
