/** Makes the order that a command wants, in the naive engine. */
import { oppositeOf } from './naive-book.js'
import { ratesOf } from './naive-fee-book.js'
import { clientOrderIdOf, hasNone, type NaiveOrder } from './naive-order.js'
import { feesOf } from './naive-order-fees.js'
import { liveOrders, type NaiveRun, type NaiveState, type WantedOrder } from './naive-state.js'
import { isConditional } from './naive-triggers.js'

/** The order with the next number and the rates of now, as yet without a hold. */
export function orderOf({ state, frame }: NaiveRun, wanted: Omit<WantedOrder, 'askedPrice' | 'slides'>): NaiveOrder {
  const { spec } = wanted.market
  return {
    orderId: nextOrderId(state, wanted),
    givenName: wanted.name,
    account: wanted.account,
    market: spec.id,
    side: wanted.side,
    orderType: wanted.orderType,
    timeInForce: wanted.timeInForce,
    postOnly: wanted.postOnly,
    terms: wanted.terms === undefined || hasNone(wanted.terms) ? undefined : wanted.terms,
    selfTradePrevention: wanted.selfTradePrevention,
    ...ratesOf(state.tiers, state.accounts[wanted.account]!.settings.feeTier, spec),
    fees: feesOf(state, { account: wanted.account, side: wanted.side, spec }),
    quote: wanted.quote,
    price: wanted.price ?? (isConditional(wanted.orderType) ? 0n : protectionPrice(wanted)),
    quantity: wanted.byQuote ? 0n : wanted.quantity,
    quoteQuantity: wanted.byQuote ? wanted.quantity : 0n,
    filledQuantity: 0n,
    leavesQuantity: wanted.byQuote ? 0n : wanted.quantity,
    displayed: undefined,
    filledQuote: 0n,
    exactFee: 0n,
    held: 0n,
    createdUs: frame.timestampUs,
    updatedUs: frame.timestampUs,
  }
}

/** The next number; an order without a name is named by it, so one that the client uses as a name is left out. */
function nextOrderId(state: NaiveState, wanted: Omit<WantedOrder, 'askedPrice' | 'slides'>): number {
  let orderId = state.lastOrderId + 1
  const names = new Set(liveOrders(state).flatMap((live) => (live.account === wanted.account ? [clientOrderIdOf(live)] : [])))
  if (wanted.name === '') while (names.has(String(orderId))) orderId++
  return orderId
}

/** The best opposite price, worse by the market's band, rounded towards the best. */
function protectionPrice({ market, side }: Pick<WantedOrder, 'market' | 'side'>): bigint {
  const best = oppositeOf(market, side)[0]!.price
  const width = (best * BigInt(market.spec.marketBandBps)) / 10_000n
  return side === 'buy' ? best + width : best - width
}
