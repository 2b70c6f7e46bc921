/** The tables that clearing works on: what belongs to the engine's state and is handed to it. */
import type { RowMemory } from '../values/row-memory.js'
import type { Balances } from '../ledger/balances.js'
import type { OrderBooks } from '../matching/order-books.js'
import type { OrderIds } from '../matching/order-ids.js'
import type { Brackets } from './brackets.js'
import type { EventWriter } from './event-writer.js'
import type { LinkedOrders } from './linked-orders.js'
import type { OrderFees } from './order-fees.js'
import type { Icebergs } from './icebergs.js'
import type { OrderNames } from './order-names.js'
import type { OrderTermsRows } from './order-terms.js'
import type { QuoteProtections } from './quote-protections.js'
import type { Seats } from './seats.js'
import type { SpecialTrades } from './special-trades.js'
import type { WaitingOrders } from './waiting-orders.js'

export interface ClearingTables {
  readonly memory: RowMemory
  readonly books: OrderBooks
  readonly seats: Seats
  readonly ids: OrderIds
  readonly names: OrderNames
  readonly terms: OrderTermsRows
  readonly waiting: WaitingOrders
  readonly linked: LinkedOrders
  readonly brackets: Brackets
  readonly balances: Balances
  readonly out: EventWriter
  readonly orderFees: OrderFees
  readonly specialTrades: SpecialTrades
  readonly protections: QuoteProtections
  readonly icebergs: Icebergs
}
