/** `order.place` of the naive engine: the ladder of rejects, then hold, match, rest or cancel. */
import {
  PLACE_2_SLIDE,
  PLACE_ACTIVATION_PRICE,
  PLACE_DISPLAY_QUANTITY,
  PLACE_EXPIRES_AT,
  PLACE_FLAGS_2,
  PLACE_SPARE,
  PLACE_STOP_PRICE,
  PLACE_TRAILING_BPS,
  PLACE_TRAILING_OFFSET,
  ORDER_TYPES,
  PLACE_BY_QUOTE,
  PLACE_CLIENT_ORDER_ID,
  PLACE_FLAGS,
  PLACE_HAS_PRICE,
  PLACE_IDEMPOTENT,
  PLACE_ORDER_TYPE,
  PLACE_POST_ONLY,
  PLACE_PRICE,
  PLACE_QUANTITY,
  PLACE_SELF_TRADE_PREVENTION,
  PLACE_SIDE,
  PLACE_TIME_IN_FORCE,
  SELF_TRADE_PREVENTIONS,
  SIDES,
  TIMES_IN_FORCE,
  type CancelReason,
  type MarketSpec,
  type OrderType,
  type RejectCode,
  type SelfTradePrevention,
  type Side,
  type TimeInForce,
} from '@bourse/core'
import type { FrameReader } from './frame-reader.js'
import { awaitExpiry } from './naive-deadlines.js'
import { available, holdFor, setAside } from './naive-ledger.js'
import { ratesOf } from './naive-fees.js'
import { faultOfResting, highestNotional } from './naive-guards.js'
import { cancel, isBeyond, isDone, match, oppositeOf, probe, rest, rests, type MatchEnd } from './naive-matching.js'
import { attachFees, feesOf, neededFeeHold } from './naive-order-fees.js'
import { afterTrades, isConditional, isMet, startsAsLimit, wait } from './naive-waiting.js'
import { recall, remember, type RequestKey } from './naive-requests.js'
import { clientOrderIdOf, faultOfTrader, heldAssetOf, liveOrders, orderStateOf, termsOf, type NaiveMarket, type NaiveOrder, type NaiveRun, type NaiveState, type NaiveTerms } from './naive-state.js'

/** The fields of the frame, once their bytes make sense. */
export interface WantedOrder {
  readonly account: number
  readonly market: NaiveMarket
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly selfTradePrevention: SelfTradePrevention
  readonly postOnly: boolean
  readonly idempotent: boolean
  /** A level of a ladder. */
  readonly quote: boolean
  readonly byQuote: boolean
  /** Undefined where the client gave none. */
  readonly price: bigint | undefined
  /** The price before it slid. */
  readonly askedPrice: bigint | undefined
  /** Post-only that goes a tick away from the other side where it would trade. */
  readonly slides: boolean
  /** In quote for an order by quote amount. */
  readonly quantity: bigint
  readonly name: string
  /** Of an `order.place-special`. */
  readonly terms: NaiveTerms | undefined
}

/** What a bracket adds to the order that is its entry. */
export interface EntryOf {
  fault(entry: WantedOrder): RejectCode | undefined
  accepted(entry: NaiveOrder): void
}

export function placeOrder(run: NaiveRun, bracket?: EntryOf): RejectCode | undefined {
  const asked = readOrder(run)
  if (typeof asked === 'string') return asked
  const wanted = slide(asked)
  const { state } = run
  const key: RequestKey = { requests: state.orderRequests, scope: wanted.account, text: wanted.name }
  if (wanted.idempotent) {
    const recalled = recall(run, key)
    if (recalled !== 'new') return recalled === 'repeated' ? undefined : 'duplicate_request'
  }
  const waits = isConditional(wanted.orderType)
  const fault = faultOfTerms(state, wanted) ?? faultOfStanding(state, wanted) ?? (waits ? faultOfTrigger(state, wanted) : faultOfLiquidity(wanted))
  if (fault !== undefined) return fault
  const order = orderOf(run, wanted)
  const found = waits ? { quantity: 0n, quote: 0n } : probe(state, order)
  order.held = neededHold(state, order, found)
  if (order.held + neededFeeHold(order, order.held) > available(state, order.account, heldAssetOf(state, order))) return 'insufficient_balance'
  const faultOfBracket = bracket?.fault(wanted)
  if (faultOfBracket !== undefined) return faultOfBracket

  if (wanted.idempotent) remember(run, key, { limit: state.limits.orderRequests, orderId: order.orderId })
  bracket?.accepted(order)
  accept(run, order)
  if (waits) {
    wait(run, order)
    return undefined
  }
  if (order.timeInForce === 'fok' && found.quantity < order.quantity) cancel(run, order, 'fok_not_filled', false)
  else trade(run, order)
  afterTrades(run, wanted.market)
  return undefined
}

/** Takes in an order whose hold is known and covered. */
export function accept(run: NaiveRun, order: NaiveOrder): void {
  const { state } = run
  state.lastOrderId = order.orderId
  setAside(state, { account: order.account, asset: heldAssetOf(state, order), amount: order.held })
  attachFees(run, order)
  awaitExpiry(state, order)
  run.emit({ type: 'order.accepted', ...orderStateOf(order), ...termsOf(order), held: order.held })
}

/** Trades an accepted order, and rests or cancels what is left of it. */
export function trade(run: NaiveRun, order: NaiveOrder): void {
  const end = match(run, order)
  if (isDone(order)) return
  if (rests(order) && end !== 'own_order' && end !== 'out_of_band') rest(run, order)
  else cancel(run, order, reasonOf(order, end), false)
}

function readOrder({ state, frame }: NaiveRun): WantedOrder | RejectCode {
  if (state.accounts[frame.account] === undefined) return 'unknown_account'
  const market = state.markets[frame.market]
  if (market === undefined) return 'unknown_market'
  const side = frame.word(SIDES, PLACE_SIDE)
  const orderType = frame.word(ORDER_TYPES, PLACE_ORDER_TYPE)
  const timeInForce = frame.word(TIMES_IN_FORCE, PLACE_TIME_IN_FORCE)
  const selfTradePrevention = frame.word(SELF_TRADE_PREVENTIONS, PLACE_SELF_TRADE_PREVENTION)
  const flags = frame.u8(PLACE_FLAGS)
  const known = PLACE_POST_ONLY | PLACE_IDEMPOTENT | PLACE_BY_QUOTE | PLACE_HAS_PRICE
  if (side === undefined || orderType === undefined || timeInForce === undefined || selfTradePrevention === undefined || (flags & ~known) !== 0) return 'malformed_frame'
  const isSpecial = frame.carriesTerms
  // The compact frame knows no more than this.
  if (!isSpecial && (orderType !== 'limit' && orderType !== 'market' || timeInForce === 'gtd')) return 'malformed_frame'
  const terms = isSpecial ? readTerms(frame) : undefined
  if (terms === 'malformed') return 'malformed_frame'
  const name = frame.text(PLACE_CLIENT_ORDER_ID)
  const idempotent = (flags & PLACE_IDEMPOTENT) !== 0
  if (name === undefined || (name === '' && idempotent)) return 'malformed_text'
  return {
    account: frame.account,
    market,
    side,
    orderType,
    timeInForce,
    selfTradePrevention,
    postOnly: (flags & PLACE_POST_ONLY) !== 0,
    idempotent,
    quote: false,
    byQuote: (flags & PLACE_BY_QUOTE) !== 0,
    price: (flags & PLACE_HAS_PRICE) !== 0 ? frame.i64(PLACE_PRICE) : undefined,
    askedPrice: (flags & PLACE_HAS_PRICE) !== 0 ? frame.i64(PLACE_PRICE) : undefined,
    slides: isSpecial && (frame.u32(PLACE_FLAGS_2) & PLACE_2_SLIDE) !== 0,
    quantity: frame.i64(PLACE_QUANTITY),
    name,
    terms,
  }
}

/** The order with the price that it has after sliding. */
function slide(order: WantedOrder): WantedOrder {
  const best = oppositeOf(order.market, order.side)[0]?.price
  if (!order.slides || order.price === undefined || best === undefined || isBeyond(best, { side: order.side, price: order.price })) return order
  const { tickSize } = order.market.spec
  return { ...order, price: order.side === 'buy' ? best - tickSize : best + tickSize }
}

function readTerms(frame: FrameReader): NaiveTerms | 'malformed' {
  const expiresAtUs = frame.f64(PLACE_EXPIRES_AT)
  const isTime = Number.isInteger(expiresAtUs) && expiresAtUs >= 0 && expiresAtUs <= Number.MAX_SAFE_INTEGER
  if (!isTime || (frame.u32(PLACE_FLAGS_2) & ~PLACE_2_SLIDE) !== 0 || frame.i64(PLACE_SPARE) !== 0n || frame.i64(PLACE_SPARE + 8) !== 0n) return 'malformed'
  return {
    stopPrice: frame.i64(PLACE_STOP_PRICE),
    displayQuantity: frame.i64(PLACE_DISPLAY_QUANTITY),
    expiresAtUs,
    trailingOffset: frame.i64(PLACE_TRAILING_OFFSET),
    trailingBps: frame.u32(PLACE_TRAILING_BPS),
    activationPrice: frame.i64(PLACE_ACTIVATION_PRICE),
    extreme: 0n,
    siblingOrderId: 0,
    follows: false,
  }
}

/** What is wrong with the order as it is written. */
function faultOfTerms(state: NaiveState, order: WantedOrder): RejectCode | undefined {
  const { timestampUs } = state
  const { spec } = order.market
  const standing = faultOfTrader(state.accounts[order.account]!)
  if (standing !== undefined) return standing
  const isCollected = spec.state === 'pre-open' && order.orderType === 'limit' && rests(order) && !order.postOnly
  if (spec.state !== 'open' && spec.state !== 'post-only' && !isCollected) return 'market_not_open'
  if (order.slides && !(order.orderType === 'limit' && rests(order) && order.postOnly)) return 'invalid_combination'
  if (order.terms !== undefined && isConditional(order.orderType)) return faultOfConditional(order, order.terms, timestampUs)
  if (order.terms !== undefined) {
    const { stopPrice, trailingOffset, trailingBps, activationPrice, expiresAtUs } = order.terms
    if (order.orderType !== 'limit' || !rests(order) || (order.timeInForce === 'gtd') !== (expiresAtUs !== 0)) return 'invalid_combination'
    if (hasNone(order.terms) && !order.slides) return 'invalid_combination'
    if (stopPrice !== 0n || trailingOffset !== 0n || trailingBps !== 0 || activationPrice !== 0n) return 'invalid_combination'
  }
  if (order.orderType === 'limit' && (order.byQuote || order.price === undefined)) return 'invalid_combination'
  if (order.orderType === 'market' && order.timeInForce === 'gtc') return 'invalid_combination'
  if (order.postOnly && !(order.orderType === 'limit' && rests(order))) return 'invalid_combination'
  if (order.byQuote && (order.timeInForce === 'fok' || order.selfTradePrevention === 'decrement')) return 'invalid_combination'
  if (spec.state === 'post-only' && !rests(order)) return 'market_not_open'
  if (order.selfTradePrevention === 'none' && !spec.allowSelfTrade) return 'self_trade_prevention_required'
  if (order.timeInForce === 'gtd' && order.terms!.expiresAtUs <= timestampUs) return 'expiry_not_in_future'
  const fault = order.price === undefined || order.askedPrice === undefined ? undefined : (faultOfPrice(spec, order.askedPrice) ?? faultOfPrice(spec, order.price))
  if (fault !== undefined) return fault
  return isDisplayable(spec, order) ? faultOfAmount(spec, order) : 'display_quantity_out_of_bounds'
}

/** Whether no term is given. */
function hasNone({ stopPrice, displayQuantity, expiresAtUs, trailingOffset, trailingBps, activationPrice }: NaiveTerms): boolean {
  return [stopPrice, displayQuantity, BigInt(expiresAtUs), trailingOffset, BigInt(trailingBps), activationPrice].every((term) => term === 0n)
}

/** An iceberg displays whole lots, less than all, in at most a hundred parts. */
function isDisplayable(spec: MarketSpec, { terms, quantity }: WantedOrder): boolean {
  const display = terms?.displayQuantity ?? 0n
  if (display === 0n) return true
  if (display < 0n || display % spec.lotSize !== 0n) return false
  return quantity <= 0n || (display < quantity && display * 100n >= quantity)
}

/** As above for an order that waits for a price. */
function faultOfConditional(order: WantedOrder, terms: NaiveTerms, timestampUs: number): RejectCode | undefined {
  if (!isSoundConditional(order)) return 'invalid_combination'
  if (order.selfTradePrevention === 'none' && !order.market.spec.allowSelfTrade) return 'self_trade_prevention_required'
  if (order.timeInForce === 'gtd' && terms.expiresAtUs <= timestampUs) return 'expiry_not_in_future'
  return faultOfPrices(order) ?? faultOfConditionalAmount(order)
}

/** Each type of order with the terms that it needs and no others. */
export function isSoundConditional(order: WantedOrder): boolean {
  const { stopPrice, trailingOffset, trailingBps, activationPrice, displayQuantity, expiresAtUs } = order.terms!
  if (displayQuantity !== 0n || (expiresAtUs !== 0) !== (order.timeInForce === 'gtd')) return false
  if (order.postOnly || order.byQuote) return false
  const trails = (trailingOffset !== 0n ? 1 : 0) + (trailingBps !== 0 ? 1 : 0)
  if (order.orderType === 'trailing-stop' ? stopPrice !== 0n || trails !== 1 : stopPrice === 0n || trails !== 0 || activationPrice !== 0n) return false
  if (startsAsLimit(order.orderType)) return order.price !== undefined
  return !rests(order) && (order.side === 'sell' || order.price !== undefined)
}

/** What is wrong with the prices of an order with terms. */
export function faultOfPrices(order: WantedOrder): RejectCode | undefined {
  const { spec } = order.market
  const { stopPrice, activationPrice, trailingOffset, trailingBps } = order.terms!
  for (const price of [order.price, stopPrice || undefined, activationPrice || undefined]) {
    const fault = price === undefined ? undefined : faultOfPrice(spec, price)
    if (fault !== undefined) return fault
  }
  if (trailingOffset < 0n) return 'price_not_positive'
  return trailingOffset > spec.maxPrice || trailingBps > 9_999 ? 'price_out_of_bounds' : undefined
}

export function faultOfConditionalAmount(order: WantedOrder): RejectCode | undefined {
  const { spec } = order.market
  const fault = faultOfQuantity(spec, order.quantity)
  if (fault !== undefined) return fault
  const measured = order.price ?? order.terms!.stopPrice
  const notional = measured * order.quantity * spec.notionalUnit
  if (measured !== 0n && notional < spec.minNotional) return 'notional_below_minimum'
  return notional > highestNotional(spec) ? 'notional_above_maximum' : undefined
}

/** What is wrong with a conditional order beside the last trade and the trailing stops of others. */
function faultOfTrigger(state: NaiveState, order: WantedOrder): RejectCode | undefined {
  const { waiting } = order.market
  if (order.orderType === 'trailing-stop') {
    const trailing = waiting.filter(({ orderType }) => orderType === 'trailing-stop')
    return trailing.length >= state.limits.trailingStopsPerMarket ? 'too_many_trailing_stops' : undefined
  }
  return faultOfStop(order)
}

/** A stop price that the last trade meets already. */
export function faultOfStop(order: WantedOrder): RejectCode | undefined {
  const { lastPrice } = order.market
  return isConditional(order.orderType) && lastPrice !== 0n && isMet(order, order.terms!.stopPrice, lastPrice) ? 'stop_would_trigger' : undefined
}

export function faultOfPrice(spec: MarketSpec, price: bigint): RejectCode | undefined {
  if (price <= 0n) return 'price_not_positive'
  if (price > spec.maxPrice) return 'price_out_of_bounds'
  if (price % spec.tickSize !== 0n) return 'price_not_multiple_of_tick_size'
  return undefined
}

export function faultOfQuantity(spec: MarketSpec, quantity: bigint): RejectCode | undefined {
  if (quantity <= 0n) return 'quantity_not_positive'
  if (quantity > spec.maxQuantity) return 'quantity_above_maximum'
  if (quantity % spec.lotSize !== 0n) return 'quantity_not_multiple_of_lot_size'
  if (quantity < spec.minQuantity) return 'quantity_below_minimum'
  return undefined
}

function faultOfAmount(spec: MarketSpec, order: WantedOrder): RejectCode | undefined {
  if (order.byQuote) {
    if (order.quantity <= 0n) return 'quantity_not_positive'
    if (order.quantity < spec.minNotional) return 'notional_below_minimum'
    return order.quantity > highestNotional(spec) ? 'notional_above_maximum' : undefined
  }
  const fault = faultOfQuantity(spec, order.quantity)
  if (fault !== undefined || order.orderType === 'market') return fault
  return order.price! * order.quantity * spec.notionalUnit < spec.minNotional ? 'notional_below_minimum' : undefined
}

/** What is wrong with it beside the account's other orders. */
function faultOfStanding(state: NaiveState, order: WantedOrder): RejectCode | undefined {
  const own = liveOrders(state).filter(({ account }) => account === order.account)
  if (order.name !== '' && own.some((live) => clientOrderIdOf(live) === order.name)) return 'duplicate_client_order_id'
  const here = own.filter(({ market }) => market === order.market.spec.id)
  if ((rests(order) || isConditional(order.orderType)) && here.length >= order.market.spec.maxOpenOrders) return 'too_many_open_orders'
  return undefined
}

/** What is wrong with it in front of the other side of the book. */
function faultOfLiquidity(order: WantedOrder): RejectCode | undefined {
  const { market } = order
  const best = oppositeOf(market, order.side)[0]?.price
  if (order.orderType === 'market') {
    if (best === undefined) return 'no_liquidity'
    if (order.byQuote) return undefined
    const notional = best * order.quantity * market.spec.notionalUnit
    if (notional < market.spec.minNotional) return 'notional_below_minimum'
    return notional > highestNotional(market.spec) ? 'notional_above_maximum' : undefined
  }
  if (order.price! * order.quantity * market.spec.notionalUnit > highestNotional(market.spec)) return 'notional_above_maximum'
  const fault = rests(order) ? faultOfResting(market, { side: order.side, price: order.price! }) : undefined
  if (fault !== undefined) return fault
  const mustRest = order.postOnly || market.spec.state === 'post-only'
  return mustRest && best !== undefined && !isBeyond(best, { side: order.side, price: order.price! }) ? 'would_take_liquidity' : undefined
}

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

/** With a limit or a cap: the whole quantity at its price. Market: what it would spend; a sell by quantity all of it. */
function neededHold(state: NaiveState, order: NaiveOrder, found: { quantity: bigint; quote: bigint }): bigint {
  if (order.orderType !== 'market') return holdFor(state, order, order.quantity)
  if (order.side === 'buy') return order.quoteQuantity > 0n ? order.quoteQuantity : found.quote
  return holdFor(state, order, order.quoteQuantity > 0n ? found.quantity : order.quantity)
}

export function reasonOf(order: NaiveOrder, end: MatchEnd): CancelReason {
  if (end === 'own_order') return 'self_trade_prevention'
  if (end === 'out_of_band') return 'price_band'
  if (end === 'halted') return 'circuit_breaker'
  if (order.orderType === 'limit') return 'ioc_remainder'
  return end === 'out_of_limit' ? 'protection_price' : 'market_remainder'
}

