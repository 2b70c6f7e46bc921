/**
 * The naive engine's state in the canonical form of a snapshot, for comparison byte by byte and by hash.
 *
 * The layout is the one that `engine/state-layout.ts` of core describes; it is written here from that
 * description, out of the naive state alone.
 */
import {
  ACCOUNT_KINDS,
  ACCOUNT_PURPOSES,
  ASSET_DEFINED,
  CANCEL_REASONS,
  DEFINED_BASE_UNIT,
  DEFINED_CODE,
  DEFINED_NOTIONAL_UNIT,
  DEFINED_PRICE_SCALE,
  DEFINED_QUANTITY_SCALE,
  DEFINED_QUOTE,
  DEFINED_RULES,
  DEFINED_SCALE,
  DEFINED_SYMBOL,
  EVENT_BYTES,
  EVENT_INDEX,
  FrameBuffer,
  FREEZES,
  MARKET_DEFINED,
  MARKET_STATES,
  NONE_16,
  NONE_32,
  ORDER_TYPES,
  PLACE_HAS_PRICE,
  SELF_TRADE_PREVENTIONS,
  SIDES,
  TEXT_BYTES,
  TIMES_IN_FORCE,
  writeRules,
  type AccountSettings,
} from '@bourse/core'
import { deadlinesInOrder } from './naive-deadlines.js'
import { priceBefore } from './naive-guards.js'
import { openedBy } from './naive-exits.js'
import { feeOf, hasSpecialFees, type NaiveOrder } from './naive-order.js'
import { liveOrders, placeOf, type NaiveBracket, type NaiveMarket, type NaiveRequest, type NaiveState, type NaiveTier } from './naive-state.js'

const FORMAT = 0x626f7572_0002
/** Codes by place. */
const WORK_KINDS = ['none', 'cancel-all', 'rule-change', 'uncross']
const DEADLINE_KINDS = ['none', 'dead-man-switch', 'order', 'auction-end']

export function naiveParts(state: NaiveState): Uint8Array[] {
  return [
    header(state),
    definitions(state),
    rows(state.markets, writeMarket),
    rows(groupsOf(state), (group, row) => row.text(group).u32(0)),
    rows(state.accounts, ({ name, kind, purpose, group, parent }, row) =>
      row.text(name).u32(ACCOUNT_KINDS.indexOf(kind) + 256 * ACCOUNT_PURPOSES.indexOf(purpose)).u32(groupsOf(state).indexOf(group) + 1).u32((parent ?? -1) + 1),
    ),
    balances(state),
    rows(state.markets.flatMap(({ bids, asks }) => [...bids, ...asks]), writeOrder),
    rows(state.holds, ({ sequence, amount, account, asset, holdId }, row) => row.f64(sequence).i64(amount).u32(account).u32(asset).text(holdId).u32(0)),
    requests(state.ledgerRequests),
    requests(state.orderRequests),
    rows(sortedTiers(state), ({ market, tier, makerFeePpm, takerFeePpm }, row) => row.u32(market ?? NONE_16).u32(tier).u32(makerFeePpm).u32(takerFeePpm)),
    rows(
      state.accounts.flatMap(({ settings }, account) => (hasSettings(settings) ? [{ account, ...settings }] : [])),
      ({ account, feeTier, feeAsset, referrer, referralPpm, frozen }, row) =>
        row.u32(account).u32(feeTier).u32((feeAsset ?? -1) + 1).u32((referrer ?? -1) + 1).u32(referralPpm).u32(FREEZES.indexOf(frozen)),
    ),
    orderTerms(state),
    rows(state.backlog, ({ kind, account, market, reason }, row) =>
      row.u32(WORK_KINDS.indexOf(kind)).u32(account).u32(market ?? NONE_16).u32(CANCEL_REASONS.indexOf(reason)),
    ),
    rows(deadlinesInOrder(state), ({ kind, atUs, ticket, account, market, orderId }, row) =>
      row.f64(atUs).f64(ticket).f64(orderId).u32(DEADLINE_KINDS.indexOf(kind)).u32(account).u32(market ?? NONE_16).u32(0),
    ),
    rows(liveOrders(state).filter(hasSpecialFees).sort((a, b) => a.orderId - b.orderId), writeOrderFees),
    rows([...state.protections].sort((a, b) => a.market - b.market || a.account - b.account), ({ account, market, quantity, fills, windowMs, frozenMs, window, frozenUntilUs }, row) =>
      row.u32(account).u32(market).i64(quantity).u32(fills).u32(windowMs).u32(frozenMs).u32(window?.fills ?? 0).i64(window?.quantity ?? 0n).f64(window?.startUs ?? 0).f64(frozenUntilUs),
    ),
    rows(state.markets.flatMap(({ waiting }) => waiting), writeOrder),
    rows(state.markets.flatMap(({ triggered }) => triggered), writeOrder),
    rows([...state.rates].sort((a, b) => a.feeAsset - b.feeAsset || a.asset - b.asset), ({ feeAsset, asset, discountPpm, feeAssetAmount, assetAmount }, row) =>
      row.u32(feeAsset).u32(asset).u32(discountPpm).u32(0).i64(feeAssetAmount).i64(assetAmount),
    ),
    rows(state.brackets, (bracket, row) => writeBracket(state, bracket, row)),
  ]
}

/** Grows by one field after another, little-endian. */
class Row {
  readonly bytes: number[] = []

  u32(value: number): this {
    this.bytes.push(...new Uint8Array(Uint32Array.of(value).buffer))
    return this
  }

  i64(value: bigint): this {
    this.bytes.push(...new Uint8Array(BigInt64Array.of(value).buffer))
    return this
  }

  f64(value: number): this {
    this.bytes.push(...new Uint8Array(Float64Array.of(value).buffer))
    return this
  }

  text(text: string): this {
    for (let i = 0; i < TEXT_BYTES; i++) this.bytes.push(i < text.length ? text.charCodeAt(i) : 0)
    return this
  }
}

function rows<Item>(items: readonly Item[], write: (item: Item, row: Row) => void): Uint8Array {
  const row = new Row()
  for (const item of items) write(item, row)
  return Uint8Array.from(row.bytes)
}

/** The breaker's window as lowest and highest price of its last five quarters. */
function writeMarket(market: NaiveMarket, row: Row): void {
  const { lastTradeId, lastPrice, givenReference, auctionPrice, window, haltedAtUs } = market
  row.f64(lastTradeId).i64(lastPrice).i64(givenReference).f64(Number(auctionPrice))
  const newest = window?.trades[window.trades.length - 1]?.quarter ?? 0
  const quarters = newest === 0 ? [] : [4, 3, 2, 1, 0].map((back) => newest - back).filter((quarter) => quarter > 0)
  const pricesOf = (quarter: number): number[] =>
    [priceBefore(market, quarter), ...window!.trades.filter((trade) => trade.quarter === quarter).map(({ price }) => price)].map(Number).filter((price) => price > 0)
  for (const pick of [Math.min, Math.max]) {
    const values = [0, 0, 0, 0, 0]
    for (const quarter of quarters) values[quarter % 5] = pricesOf(quarter).length === 0 ? 0 : pick(...pricesOf(quarter))
    for (const value of values) row.f64(value)
  }
  row.f64(newest).f64(haltedAtUs)
}

function header(state: NaiveState): Uint8Array {
  const { sequence, timestampUs, lastOrderId, limits, lastTicket } = state
  const fields = [FORMAT, sequence, timestampUs, lastOrderId, limits.cancelsPerCommand, limits.ledgerRequests, limits.orderRequests, lastTicket, limits.activationsPerCommand, limits.trailingStopsPerMarket]
  return rows(fields, (value, row) => row.f64(value))
}

function definitions(state: NaiveState): Uint8Array {
  const frames = new FrameBuffer()
  let index = 0
  const append = (type: number, header: { market: number; asset: number }): number => {
    const offset = frames.append(EVENT_BYTES[type]!, type)
    frames.u32[(offset + 4) >> 2] = NONE_32
    frames.u16[(offset + 24) >> 1] = header.market
    frames.u16[(offset + 26) >> 1] = header.asset
    frames.u32[(offset + EVENT_INDEX) >> 2] = index++
    return offset
  }
  for (const { id, code, scale } of state.assets) {
    const offset = append(ASSET_DEFINED, { market: NONE_16, asset: id })
    frames.u8[offset + DEFINED_SCALE] = scale
    frames.setText(offset + DEFINED_CODE, code)
  }
  for (const { spec } of state.markets) {
    const offset = append(MARKET_DEFINED, { market: spec.id, asset: spec.base })
    frames.u16[(offset + DEFINED_QUOTE) >> 1] = spec.quote
    frames.u8[offset + DEFINED_PRICE_SCALE] = spec.priceScale
    frames.u8[offset + DEFINED_QUANTITY_SCALE] = spec.quantityScale
    writeRules(frames, offset + DEFINED_RULES, { ...spec, state: MARKET_STATES.indexOf(spec.state) })
    frames.setText(offset + DEFINED_SYMBOL, spec.symbol)
    frames.i64[(offset + DEFINED_BASE_UNIT) >> 3] = spec.baseUnit
    frames.i64[(offset + DEFINED_NOTIONAL_UNIT) >> 3] = spec.notionalUnit
  }
  return Uint8Array.from(frames.used())
}

function hasSettings({ feeTier, feeAsset, referrer, frozen }: AccountSettings): boolean {
  return feeTier !== 0 || feeAsset !== undefined || referrer !== undefined || frozen !== 'none'
}

function writeOrderFees({ orderId, fees }: NaiveOrder, row: Row): void {
  row.f64(orderId).i64(fees.assetFee).i64(fees.held).i64(fees.exactPaid % 10n ** 12n)
  row.u32((fees.feeAsset ?? -1) + 1).u32((fees.referrer ?? -1) + 1).u32(fees.referralPpm)
  row.u32(fees.quoteDiscountPpm === undefined ? 0 : 1).u32(fees.quoteDiscountPpm ?? 0).u32(0)
}

/** By market, those for all markets last, then by tier. */
function sortedTiers(state: NaiveState): NaiveTier[] {
  return [...state.tiers].sort((a, b) => (a.market ?? NONE_16) - (b.market ?? NONE_16) || a.tier - b.tier)
}

/** Every group once, in the order of first use. */
function groupsOf(state: NaiveState): string[] {
  return [...new Set(state.accounts.map(({ group }) => group))]
}

function balances(state: NaiveState): Uint8Array {
  const entries = [...state.balances].flatMap(([key, { available, held }]) => {
    const [account, asset] = key.split('/').map(Number)
    return available === 0n && held === 0n ? [] : [{ account: account!, asset: asset!, available, held }]
  })
  entries.sort((a, b) => a.account - b.account || a.asset - b.asset)
  return rows(entries, ({ account, asset, available, held }, row) => row.u32(account).u32(asset).i64(available).i64(held))
}

function writeOrder(order: NaiveOrder, row: Row): void {
  row.f64(order.orderId).i64(order.price).i64(order.quantity).i64(order.displayed ?? order.leavesQuantity).i64(order.filledQuantity)
  row.i64(order.filledQuote).i64(feeOf(order)).i64(order.held).i64(order.exactFee % 1_000_000n)
  row.f64(order.createdUs).f64(order.updatedUs).u32(order.account).u32(order.market)
  const words = [SIDES.indexOf(order.side), ORDER_TYPES.indexOf(order.orderType), TIMES_IN_FORCE.indexOf(order.timeInForce), SELF_TRADE_PREVENTIONS.indexOf(order.selfTradePrevention)]
  row.bytes.push(...words)
  const flags = (order.postOnly ? 1 : 0) | (order.terms === undefined ? 0 : 4) | (hasSpecialFees(order) ? 256 : 0) | (order.quote ? 2 ** 24 : 0) | (order.displayed === undefined ? 0 : 2 ** 25) | (order.givenName === '' ? 0 : 2 ** 30)
  row.u32(flags).u32(order.makerFeePpm).u32(order.takerFeePpm).text(order.givenName).u32(0)
}

function orderTerms(state: NaiveState): Uint8Array {
  const special = liveOrders(state).filter(({ terms }) => terms !== undefined)
  special.sort((a, b) => a.market - b.market || a.orderId - b.orderId)
  return rows(special, ({ orderId, market, terms }, row) => {
    row.f64(orderId).i64(terms!.stopPrice).i64(terms!.displayQuantity).f64(terms!.expiresAtUs).i64(terms!.trailingOffset)
    row.i64(terms!.activationPrice).i64(terms!.extreme).f64(terms!.siblingOrderId)
    row.u32(market).u32(terms!.trailingBps).u32(terms!.follows ? 1 : 0).u32(0)
  })
}

function requests(remembered: readonly NaiveRequest[]): Uint8Array {
  return rows(remembered, ({ sequence, orderId, inputHash, scope, text }, row) =>
    row.f64(sequence).f64(orderId).u32(inputHash[0]).u32(inputHash[1]).u32(scope).text(text),
  )
}

function writeBracket(state: NaiveState, { entry, complete, takeProfit, stopLoss, exits, covered }: NaiveBracket, row: Row): void {
  const isGone = placeOf(state, entry) === undefined
  const inFull = entry.quoteQuantity > 0n ? entry.filledQuote === entry.quoteQuantity : entry.filledQuantity === entry.quantity
  row.f64(entry.orderId).f64(exits?.[0].orderId ?? 0).f64(exits?.[1].orderId ?? 0).i64(isGone ? openedBy(state, entry) : 0n).i64(covered)
  for (const { price, terms } of [takeProfit, stopLoss]) row.i64(price ?? 0n).i64(terms!.stopPrice)
  row.u32(entry.account).u32(entry.market).u32((complete ? 1 : 0) | (isGone ? 2 : 0) | (isGone && inFull ? 4 : 0) | (takeProfit.side === 'buy' ? 8 : 0)).u32(SELF_TRADE_PREVENTIONS.indexOf(takeProfit.selfTradePrevention))
  for (const { orderType, timeInForce, price } of [takeProfit, stopLoss]) {
    row.u32(ORDER_TYPES.indexOf(orderType) | (TIMES_IN_FORCE.indexOf(timeInForce) << 8) | ((price === undefined ? 0 : PLACE_HAS_PRICE) << 16))
  }
}
