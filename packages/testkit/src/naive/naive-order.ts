/** One order of the naive engine: what it is, and what events tell of it. */
import type { OrderState, OrderTerms, OrderType, SelfTradePrevention, Side, TimeInForce } from '@bourse/core'

/** The terms of a special order; 0 where it has none of the kind. */
export interface NaiveTerms {
  stopPrice: bigint
  displayQuantity: bigint
  expiresAtUs: number
  readonly trailingOffset: bigint
  readonly trailingBps: number
  readonly activationPrice: bigint
  extreme: bigint
  siblingOrderId: number
  /** Whether a trailing stop follows the trades already. */
  follows: boolean
}

/** What an order has beside its rates, since it was accepted. */
export interface NaiveOrderFees {
  readonly feeAsset: number | undefined
  readonly referrer: number | undefined
  readonly referralPpm: number
  /** There where a buy is charged in the quote asset, out of what it has set aside for it. */
  quoteDiscountPpm: number | undefined
  /** Charged so far in the chosen asset. */
  assetFee: bigint
  /** Set aside for fees, in the quote asset. */
  held: bigint
  /** Fees paid out of it so far, exact, in 10^-12 units. */
  exactPaid: bigint
}

export interface NaiveOrder {
  readonly orderId: number
  /** Empty where the client gave none: the order id stands for it. */
  readonly givenName: string
  readonly account: number
  readonly market: number
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTradePrevention: SelfTradePrevention
  /** A level of a ladder. */
  readonly quote: boolean
  /** In force since the order was accepted. */
  readonly makerFeePpm: number
  readonly takerFeePpm: number
  readonly fees: NaiveOrderFees
  /** What it has beyond a plain order; undefined for a plain one. */
  readonly terms: NaiveTerms | undefined
  price: bigint
  /** 0 for an order by quote amount. */
  quantity: bigint
  /** 0 unless by quote amount. */
  quoteQuantity: bigint
  filledQuantity: bigint
  leavesQuantity: bigint
  /** Of a resting iceberg: the part of the leaves that others see. */
  displayed: bigint | undefined
  filledQuote: bigint
  /** Sum of received amount x rate of all fills, in millionths of a unit. */
  exactFee: bigint
  /** Still set aside: quote for a buy, base for a sell. */
  held: bigint
  readonly createdUs: number
  updatedUs: number
}

export function clientOrderIdOf(order: NaiveOrder): string {
  return order.givenName === '' ? String(order.orderId) : order.givenName
}

export function feeOf(order: NaiveOrder): bigint {
  return ceilDivide(order.exactFee, 1_000_000n)
}

export function ceilDivide(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor
}

/** The order as events tell it. */
export function orderStateOf(order: NaiveOrder): OrderState {
  return {
    orderId: order.orderId,
    clientOrderId: clientOrderIdOf(order),
    account: order.account,
    market: order.market,
    side: order.side,
    orderType: order.orderType,
    timeInForce: order.timeInForce,
    postOnly: order.postOnly,
    selfTradePrevention: order.selfTradePrevention,
    quote: order.quote,
    price: order.price,
    quantity: order.quantity,
    quoteQuantity: order.quoteQuantity,
    filledQuantity: order.filledQuantity,
    leavesQuantity: order.leavesQuantity,
    filledQuote: order.filledQuote,
    fee: feeOf(order),
  }
}

/** The terms as events tell them, in those events that do. */
export function termsOf({ terms }: NaiveOrder): { terms?: OrderTerms } {
  if (terms === undefined) return {}
  const { stopPrice, displayQuantity, expiresAtUs, trailingOffset, trailingBps, activationPrice, extreme, siblingOrderId } = terms
  return { terms: { stopPrice, displayQuantity, expiresAtUs, trailingOffset, trailingBps, activationPrice, extreme, siblingOrderId } }
}

/** Whether the fees of its trades are told in full: a rebate, a chosen asset or a referrer. */
export function hasSpecialFees(order: NaiveOrder): boolean {
  return order.makerFeePpm < 0 || order.fees.feeAsset !== undefined || order.fees.referrer !== undefined
}

/** Whether what does not trade at once is to stay. */
export function rests(order: { timeInForce: TimeInForce }): boolean {
  return order.timeInForce !== 'ioc' && order.timeInForce !== 'fok'
}

/** Nothing left to trade: no leaves, or the whole quote amount used. */
export function isDone(order: NaiveOrder): boolean {
  return order.quoteQuantity > 0n ? order.filledQuote === order.quoteQuantity : order.leavesQuantity === 0n
}

/** Whether no term is given. */
export function hasNone({ stopPrice, displayQuantity, expiresAtUs, trailingOffset, trailingBps, activationPrice }: NaiveTerms): boolean {
  return [stopPrice, displayQuantity, BigInt(expiresAtUs), trailingOffset, BigInt(trailingBps), activationPrice].every((term) => term === 0n)
}
