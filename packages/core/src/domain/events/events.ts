/**
 * The union of all events and the list of their types. The engine reports them, decoded, in integers and numbers of
 * the catalog; `event-frames.ts` gives each its binary layout.
 */
import type { AccountOpened, AccountUpdated, FeeRateSet, FeeTierDefined } from './account-events.js'
import type { HoldPlaced, HoldReleased, HoldSettled, TransferPosted } from './ledger-events.js'
import type { AssetDefined, AuctionUncrossed, MarketDefined, MarketReferenceSet, MarketStateChanged, MarketUpdated } from './market-events.js'
import type { DeadManSwitchFired, DeadManSwitchSet, OrderAccepted, OrderAmended, OrderCancelled, OrderExpired, OrderFeeHeld, OrderReduced, OrderRefreshed, OrderRested, OrderTriggered } from './order-events.js'
import type { QuotesFrozen, QuotesProtected, QuotesUnfrozen } from './quote-events.js'
import type { CommandRejected, CommandRepeated, StepRejected } from './result-events.js'
import type { TradeExecuted } from './trade-events.js'

export type * from './account-events.js'
export type * from './event-base.js'
export type * from './ledger-events.js'
export type * from './market-events.js'
export type * from './order-events.js'
export type * from './quote-events.js'
export type * from './result-events.js'
export type * from './trade-events.js'

export type Event =
  | AssetDefined
  | MarketDefined
  | MarketUpdated
  | AccountOpened
  | OrderAccepted
  | OrderRested
  | OrderRefreshed
  | TradeExecuted
  | OrderCancelled
  | OrderExpired
  | OrderReduced
  | OrderAmended
  | DeadManSwitchSet
  | DeadManSwitchFired
  | QuotesProtected
  | QuotesFrozen
  | QuotesUnfrozen
  | OrderTriggered
  | TransferPosted
  | HoldPlaced
  | HoldSettled
  | HoldReleased
  | CommandRejected
  | CommandRepeated
  | StepRejected
  | FeeTierDefined
  | AccountUpdated
  | MarketReferenceSet
  | MarketStateChanged
  | AuctionUncrossed
  | FeeRateSet
  | OrderFeeHeld
export type EventType = Event['type']

/** The place in the list is the type byte of the frame, for ever. */
export const EVENT_TYPES = [
  'none',
  'asset.defined',
  'market.defined',
  'market.updated',
  'account.opened',
  'order.accepted',
  'order.rested',
  'trade.executed',
  'order.cancelled',
  'order.reduced',
  'order.amended',
  'transfer.posted',
  'hold.placed',
  'hold.settled',
  'hold.released',
  'command.rejected',
  'command.repeated',
  'fee-tier.defined',
  'account.updated',
  'dead-man-switch.set',
  'dead-man-switch.fired',
  'market.reference-set',
  'order.expired',
  'quotes.protected',
  'quotes.frozen',
  'quotes.unfrozen',
  'order.triggered',
  'step.rejected',
  'market.state-changed',
  'auction.uncrossed',
  'fee-rate.set',
  'order.fee-held',
  'order.refreshed',
] as const satisfies readonly (EventType | 'none')[]
