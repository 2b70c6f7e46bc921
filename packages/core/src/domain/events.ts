/** Events as the engine reports them, decoded: integers and numbers of the catalog. `event-frames.ts` gives each its binary layout. */
import type { AccountSettings, AssetSpec, MarketSpec } from './catalog.js'
import type { AccountKind, AccountPurpose, CancelReason, FeeSource, MarketState, OrderType, ReplaceStep, SelfTradePrevention, Side, StateReason, TimeInForce } from './vocabulary.js'
import type { RejectCode } from './rejects.js'
import type { CommandType } from './commands.js'

/** What every event carries: its command's sequence and time, and its place among the events of that command, from 0. */
export interface EventBase {
  readonly sequence: number
  readonly index: number
  readonly timestampUs: number
}

export interface AssetDefined extends EventBase {
  readonly type: 'asset.defined'
  readonly asset: AssetSpec
}

export interface MarketDefined extends EventBase {
  readonly type: 'market.defined'
  readonly market: MarketSpec
}

export interface MarketUpdated extends EventBase {
  readonly type: 'market.updated'
  readonly market: MarketSpec
}

export interface AccountOpened extends EventBase {
  readonly type: 'account.opened'
  readonly account: number
  readonly name: string
  readonly kind: AccountKind
  readonly group: string
  readonly purpose: AccountPurpose
  /** Of a sub-account. */
  readonly parent: number | undefined
}

/** What a special order has beyond a plain one; 0 where it has none of the kind. */
export interface OrderTerms {
  /** Price units; of a trailing stop the present one, 0 until it follows. */
  readonly stopPrice: bigint
  /** Quantity units. */
  readonly displayQuantity: bigint
  readonly expiresAtUs: number
  /** Price units. */
  readonly trailingOffset: bigint
  readonly trailingBps: number
  /** Price units. */
  readonly activationPrice: bigint
  /** The best price that a trailing stop has seen since it follows, price units. */
  readonly extreme: bigint
  /** The order that this one cancels when it trades or triggers. */
  readonly siblingOrderId: number
}

/** The price from which the band is measured until the next trade. */
export interface MarketReferenceSet extends EventBase {
  readonly type: 'market.reference-set'
  readonly market: number
  /** Price units. */
  readonly referencePrice: bigint
}

/** The market takes other orders from now on than before; see `MARKET_STATES`. */
export interface MarketStateChanged extends EventBase {
  readonly type: 'market.state-changed'
  readonly market: number
  readonly state: MarketState
  readonly reason: StateReason
  /** When the call of an auction ends, or at the earliest begins after a halt of the breaker; undefined where the state has no end of its own. */
  readonly untilUs: number | undefined
}

/** The call of an auction has ended and its price is found: the trades at it follow, in this command and its continuations. */
export interface AuctionUncrossed extends EventBase {
  readonly type: 'auction.uncrossed'
  readonly market: number
  /** Price units. */
  readonly price: bigint
  /** What trades, quantity units. */
  readonly quantity: bigint
  /** What is left at the price on one side, quantity units: positive of buyers, negative of sellers. */
  readonly surplus: bigint
}

/** The order as it stands right after the event; money so far in exact integers. */
export interface OrderState {
  readonly orderId: number
  readonly clientOrderId: string
  readonly account: number
  readonly market: number
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTradePrevention: SelfTradePrevention
  /** Whether it is a level of a ladder that `quote.place` placed; the history does not keep this. */
  readonly quote?: boolean
  /** Price units; for a market order the protection price in force, 0 when there was none. */
  readonly price: bigint
  /** Total in quantity units; 0 for a market order by quote amount. */
  readonly quantity: bigint
  /** Quote units, for a market order by quote amount; else 0. */
  readonly quoteQuantity: bigint
  readonly filledQuantity: bigint
  readonly leavesQuantity: bigint
  /** Sum of price x quantity of the fills, quote units. */
  readonly filledQuote: bigint
  /** Fee so far, in the asset that the order receives. */
  readonly fee: bigint
  /** Only in `order.accepted`, `order.triggered` and `order.amended` of a special order, and in views of one. */
  readonly terms?: OrderTerms
}

export interface OrderAccepted extends EventBase, OrderState {
  readonly type: 'order.accepted'
  /** What was set aside for it: quote units for a buy, base units for a sell. */
  readonly held: bigint
}

/** The order entered the book with its leaves quantity, at the tail of its level. */
export interface OrderRested extends EventBase, OrderState {
  readonly type: 'order.rested'
  /** Of an iceberg: what its level grew by; absent where that is all that is left. */
  readonly displayedQuantity?: bigint
}

/** The displayed part of an iceberg was filled; the next part of what was hidden stands at the tail of its level. */
export interface OrderRefreshed extends EventBase, OrderState {
  readonly type: 'order.refreshed'
  /** What its level grew by, quantity units. */
  readonly displayedQuantity: bigint
}

export interface TradeExecuted extends EventBase {
  readonly type: 'trade.executed'
  readonly market: number
  /** Consecutive within the market, from 1. */
  readonly tradeId: number
  /** Price units: the maker's price. */
  readonly price: bigint
  readonly quantity: bigint
  /** Quote units: price x quantity, exact. */
  readonly quoteAmount: bigint
  /** In an auction always `buy`: then the buyer stands as the taker and the seller as the maker. */
  readonly takerSide: Side
  /** Of an auction: the limits of the two orders, both of which rested, so that both their levels shrank. Price units. */
  readonly auction?: { readonly bidPrice: bigint; readonly askPrice: bigint }
  /** Both orders as they stand after the trade. */
  readonly maker: TradeParty
  readonly taker: TradeParty
}

export interface TradeParty {
  readonly orderId: number
  readonly account: number
  /** Fee of this trade, in the asset that the party receives (buyer: base, seller: quote). */
  readonly fee: bigint
  readonly filledQuantity: bigint
  readonly leavesQuantity: bigint
  readonly filledQuote: bigint
  readonly totalFee: bigint
  /** Held money that this fill did not need and that is available again (a buy below its limit); quote units for a buy, base units for a sell. */
  readonly released: bigint
  /** Nothing more will happen to the order: it was filled in full, or a market order spent its whole quote amount. */
  readonly done: boolean
  /** There where the fee was not simply kept back from what the party received; see `docs/fees.md`. */
  readonly special?: SpecialFee
}

/** How a party of a trade was charged, or paid, by other than the plain fee. */
export interface SpecialFee {
  /** Asset of the party's fee and of the referral. */
  readonly feeAsset: number
  readonly source: FeeSource
  /** Charged so far for the order in the asset that the account chose; `totalFee` is what it paid out of what it received. */
  readonly assetFee: bigint
  /** Given back of what the order held for fees, in the quote asset. */
  readonly feeReleased: bigint
  /** Who got a share of the party's fee, and how much of it. */
  readonly referrer: number | undefined
  readonly referral: bigint
  /** What the maker got out of the taker's fee, in the asset of that fee; 0 for the taker. */
  readonly rebate: bigint
}

/** The order is gone without being filled in full; what was still held has been released. */
export interface OrderCancelled extends EventBase, OrderState {
  readonly type: 'order.cancelled'
  readonly reason: CancelReason
  /** Whether it stood in the book (its level shrank by cancelledQuantity) or was still on its way in. */
  readonly rested: boolean
  /** Of an iceberg that rested: what its level shrank by in place of cancelledQuantity. */
  readonly displayedQuantity?: bigint
  readonly cancelledQuantity: bigint
  /** Given back to the available balance: quote units for a buy, base units for a sell. */
  readonly released: bigint
}

/** The deadline of a good-till-date order passed before it was filled in full; what was still held has been released. */
export interface OrderExpired extends EventBase, OrderState {
  readonly type: 'order.expired'
  /** Whether it stood in the book (its level shrank by cancelledQuantity) or waited outside for its stop price. */
  readonly rested: boolean
  /** Of an iceberg that rested: what its level shrank by in place of cancelledQuantity. */
  readonly displayedQuantity?: bigint
  readonly cancelledQuantity: bigint
  /** Given back to the available balance: quote units for a buy, base units for a sell. */
  readonly released: bigint
}

/** An order shrank: a resting one in place, keeping its priority, or one on its way in by self-trade prevention. */
export interface OrderReduced extends EventBase, OrderState {
  readonly type: 'order.reduced'
  /** Whether it stood in the book (its level shrank by reducedQuantity) or was still on its way in. */
  readonly rested: boolean
  /** Of an iceberg that rested: what its level shrank by in place of reducedQuantity. */
  readonly displayedQuantity?: bigint
  readonly reducedQuantity: bigint
  readonly released: bigint
  /** `requested`, or `self_trade_prevention` when decrement took it. */
  readonly reason: CancelReason
}

/** A resting order left its place with the old price and leaves; it matches and rests anew, events of which follow. One that waits for its stop price goes on waiting. */
export interface OrderAmended extends EventBase, OrderState {
  readonly type: 'order.amended'
  /** Whether it stood in the book (its level shrank by oldLeavesQuantity) or waits outside of it. */
  readonly rested: boolean
  readonly oldPrice: bigint
  /** What its level shrank by: the old leaves, or of an iceberg the displayed part of them. */
  readonly oldLeavesQuantity: bigint
  /** Change of what is held: positive holds more; quote units for a buy, base units for a sell. */
  readonly heldChange: bigint
}

/** The account's dead-man switch for a market, or for all, was set, set again or disabled. */
export interface DeadManSwitchSet extends EventBase {
  readonly type: 'dead-man-switch.set'
  readonly account: number
  /** Undefined: all markets. */
  readonly market: number | undefined
  /** When it fires, microseconds; undefined: disabled. */
  readonly firesAtUs: number | undefined
}

/** The switch was not set again in time and is gone; the account's orders are cancelled, here and in the commands that follow. */
export interface DeadManSwitchFired extends EventBase {
  readonly type: 'dead-man-switch.fired'
  readonly account: number
  /** Undefined: all markets. */
  readonly market: number | undefined
  /** Microseconds: when it was due, which may be before the command that says so. */
  readonly dueAtUs: number
}

/** A trade met the stop price of a waiting order; it starts when those before it in the queue have started, events of which follow. */
export interface OrderTriggered extends EventBase, OrderState {
  readonly type: 'order.triggered'
}

export interface TransferPosted extends EventBase {
  readonly type: 'transfer.posted'
  readonly requestId: string
  readonly from: number
  readonly to: number
  readonly asset: number
  readonly amount: bigint
}

export interface HoldPlaced extends EventBase {
  readonly type: 'hold.placed'
  readonly holdId: string
  readonly account: number
  readonly asset: number
  readonly amount: bigint
}

export interface HoldSettled extends EventBase {
  readonly type: 'hold.settled'
  readonly holdId: string
  readonly account: number
  readonly to: number
  readonly asset: number
  readonly amount: bigint
}

export interface HoldReleased extends EventBase {
  readonly type: 'hold.released'
  readonly holdId: string
  readonly account: number
  readonly asset: number
  readonly amount: bigint
}

/** The market-maker protection of an account's quotes in a market was set, or with a window of 0 ended. */
export interface QuotesProtected extends EventBase {
  readonly type: 'quotes.protected'
  readonly account: number
  readonly market: number
  /** Quantity units; 0: no limit, and so of the fills. */
  readonly quantity: bigint
  readonly fills: number
  readonly windowMs: number
  /** 0: until reset. */
  readonly frozenMs: number
}

/** Fills of the account's quotes reached a limit: its quotes in the market are withdrawn, events of which follow, and new ones are refused. */
export interface QuotesFrozen extends EventBase {
  readonly type: 'quotes.frozen'
  readonly account: number
  readonly market: number
  /** What was filled within the window: quantity units and number of fills. */
  readonly quantity: bigint
  readonly fills: number
  /** Microseconds; undefined: until reset. */
  readonly untilUs: number | undefined
}

/** The account may quote in the market again; its fills are counted anew. */
export interface QuotesUnfrozen extends EventBase {
  readonly type: 'quotes.unfrozen'
  readonly account: number
  readonly market: number
}

/** The command changed nothing. */
export interface CommandRejected extends EventBase {
  readonly type: 'command.rejected'
  readonly code: RejectCode
  readonly command: CommandType | 'none'
  /** Undefined where the command named none that exists. */
  readonly account: number | undefined
  readonly market: number | undefined
  readonly clientOrderId: string
}

/** One step of an `order.cancel-replace` was refused and changed nothing; the other one took place, as the events beside this one tell. */
export interface StepRejected extends EventBase {
  readonly type: 'step.rejected'
  readonly step: ReplaceStep
  readonly code: RejectCode
  readonly account: number
  readonly market: number
  /** Of the order that was not placed, or that there was not to cancel; empty where the command named it by number or not at all. */
  readonly clientOrderId: string
}

/** The same idempotent command again: nothing changed, the first result stands. */
export interface CommandRepeated extends EventBase {
  readonly type: 'command.repeated'
  readonly command: CommandType
  readonly account: number | undefined
  /** Sequence of the command whose result this is, and the order that it made (0 where it made none). */
  readonly firstSequence: number
  readonly orderId: number
}

/** A fee tier has these rates from now on; orders that were accepted before keep theirs. */
export interface FeeTierDefined extends EventBase {
  readonly type: 'fee-tier.defined'
  readonly tier: number
  /** Undefined: all markets that have no rates of their own for the tier. */
  readonly market: number | undefined
  readonly makerFeePpm: number
  readonly takerFeePpm: number
}

/** All settings of the account as they are now. */
export interface AccountUpdated extends EventBase, AccountSettings {
  readonly type: 'account.updated'
  readonly account: number
}

/** From now on a fill's fee in `asset` may be paid in `feeAsset`, so much for so much and less the discount; an amount of 0: no more. */
export interface FeeRateSet extends EventBase {
  readonly type: 'fee-rate.set'
  readonly feeAsset: number
  readonly asset: number
  readonly feeAssetAmount: bigint
  readonly assetAmount: bigint
  readonly discountPpm: number
}

/**
 * What a buy sets aside for fees in the quote asset has changed, beside what it holds for its price. Comes before the event
 * of the order that it belongs to, and after that of its end.
 */
export interface OrderFeeHeld extends EventBase {
  readonly type: 'order.fee-held'
  readonly orderId: number
  readonly account: number
  readonly market: number
  /** The quote asset. */
  readonly asset: number
  /** Positive: more is held. */
  readonly change: bigint
  /** All that is held for fees of the order now. */
  readonly held: bigint
}

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
