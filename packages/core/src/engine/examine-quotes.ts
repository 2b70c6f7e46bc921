/**
 * Examines a whole ladder against every rule before anything is changed.
 *
 * The first rule that it breaks is the reject it gets, in this order: account, market, bytes of the frame,
 * kind of account, state of the market, self-trade prevention, market-maker protection; then the entries one
 * after another (price, place in the ladder, quantity); bids against asks; minima, highest notional and price
 * band of what is new; count of open orders, post-only, balances.
 */
import type { FrameBuffer } from '../values/frames.js'
import { MAX_QUOTE_ENTRIES, QUOTE_ENTRY_BYTES } from '../domain/frames/command-frames.js'
import * as quote from '../domain/frames/quote-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import * as market from '../matching/market-layout.js'
import { bandEdge } from '../matching/price-band.js'
import { ALLOW, BUY, ORDER_ENUMS, ORDER_FLAGS, ORDER_HELD, ORDER_LEAVES, ORDER_NEXT, ORDER_SEAT, QUOTE } from '../matching/order-layout.js'
import { SEAT_BASE, SEAT_COUNT, SEAT_QUOTE } from '../matching/seat-layout.js'
import type { EngineState } from './state.js'

const STATE_POST_ONLY = 1
const ENTRY_WORDS = QUOTE_ENTRY_BYTES >> 3

/** What the examination found out about the ladder in hand, beyond its frame. */
export const ladder = {
  /** Row of the market. */
  market: 0,
  /** Seat of the account in the market, 0 where it has none yet. */
  seat: 0,
  bids: 0,
  /** Bids and asks. */
  count: 0,
  /** Rows of the quotes that stand, oldest first. */
  standing: [] as number[],
  /** By place in `standing`: the entry that the quote goes on as, -1 where it goes. */
  entryOf: new Int32Array(MAX_QUOTE_ENTRIES),
  /** By entry: 1 where a standing quote goes on as it, so that it needs no new order. */
  kept: new Uint8Array(MAX_QUOTE_ENTRIES),
}

/** Price units. */
export function entryPrice(frames: FrameBuffer, offset: number, entry: number): bigint {
  return frames.i64[((offset + quote.QUOTE_ENTRIES) >> 3) + entry * ENTRY_WORDS]!
}

/** Quantity units. */
export function entryQuantity(frames: FrameBuffer, offset: number, entry: number): bigint {
  return frames.i64[((offset + quote.QUOTE_ENTRIES) >> 3) + entry * ENTRY_WORDS + 1]!
}

/** Finds the first rule that the ladder breaks; changes nothing but {@link ladder}. */
export function examineQuotes(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const account = frames.account(offset)
  const marketId = frames.market(offset)
  const bids = frames.u16[(offset + quote.QUOTE_BIDS) >> 1]!
  const count = bids + frames.u16[(offset + quote.QUOTE_ASKS) >> 1]!
  const prevention = frames.u8[offset + quote.QUOTE_SELF_TRADE_PREVENTION]!
  if (account >= state.accounts.count) return 'unknown_account'
  if (marketId >= state.markets.count) return 'unknown_market'
  if (frames.size(offset) !== quote.QUOTE_ENTRIES + count * QUOTE_ENTRY_BYTES) return 'malformed_frame'
  if (prevention > ALLOW || frames.u8[offset + quote.QUOTE_FLAGS]! > quote.QUOTE_POST_ONLY) return 'malformed_frame'
  const standing = state.accounts.tradingFault(account)
  if (standing === 'not_permitted') return standing
  const row = state.markets.rows[marketId]!
  ladder.market = row
  ladder.bids = bids
  ladder.count = count
  ladder.seat = state.seats.find(account, marketId)
  // A ladder without any quantity is no more than a cancel: it is taken in every state of the market.
  const offers = hasQuantity(frames, offset)
  if (offers && standing !== undefined) return standing
  const { i32 } = state.memory
  const marketState = i32[row * 2 + market.MARKET_STATE]!
  const isCollected = marketState === market.STATE_PRE_OPEN && frames.u8[offset + quote.QUOTE_FLAGS] === 0
  if (offers && marketState > STATE_POST_ONLY && !isCollected) return 'market_not_open'
  if (offers && prevention === ALLOW && i32[row * 2 + market.MARKET_ALLOW_SELF_TRADE] === 0) return 'self_trade_prevention_required'
  if (offers && state.protections.isFrozen(ladder.seat)) return 'quotes_frozen'
  for (let entry = 0; entry < count; entry++) {
    const fault = entryFault(state, frames, offset, entry)
    if (fault !== undefined) return fault
  }
  if (crossesItself(frames, offset)) return 'quote_crosses_itself'
  compareWithStanding(state, frames, offset)
  return freshFault(state, frames, offset) ?? (offers ? standingFault(state, frames, offset) : undefined)
}

function hasQuantity(frames: FrameBuffer, offset: number): boolean {
  for (let entry = 0; entry < ladder.count; entry++) if (entryQuantity(frames, offset, entry) !== 0n) return true
  return false
}

/** What is wrong with an entry whatever stands at its price. */
function entryFault(state: EngineState, frames: FrameBuffer, offset: number, entry: number): RejectCode | undefined {
  const { f64, i64 } = state.memory
  const row = ladder.market
  const price = entryPrice(frames, offset, entry)
  const quantity = entryQuantity(frames, offset, entry)
  if (price <= 0n) return 'price_not_positive'
  if (price > BigInt(f64[row + market.MARKET_MAX_PRICE]!)) return 'price_out_of_bounds'
  if (price % BigInt(f64[row + market.MARKET_TICK]!) !== 0n) return 'price_not_multiple_of_tick_size'
  if (entry !== 0 && entry !== ladder.bids) {
    const better = entryPrice(frames, offset, entry - 1)
    if (entry < ladder.bids ? price >= better : price <= better) return 'quote_prices_not_sorted'
  }
  if (quantity < 0n) return 'quantity_not_positive'
  if (quantity > i64[row + market.MARKET_MAX_QUANTITY]!) return 'quantity_above_maximum'
  return quantity % i64[row + market.MARKET_LOT]! !== 0n ? 'quantity_not_multiple_of_lot_size' : undefined
}

/** The best entry with a quantity from `from` on and before `to`; -1 where there is none. */
function bestEntry(frames: FrameBuffer, offset: number, from: number, to: number): number {
  for (let entry = from; entry < to; entry++) if (entryQuantity(frames, offset, entry) > 0n) return entry
  return -1
}

function crossesItself(frames: FrameBuffer, offset: number): boolean {
  const bid = bestEntry(frames, offset, 0, ladder.bids)
  const ask = bestEntry(frames, offset, ladder.bids, ladder.count)
  return bid >= 0 && ask >= 0 && entryPrice(frames, offset, bid) >= entryPrice(frames, offset, ask)
}

/** Decides which standing quotes go on: those whose price the ladder names with a quantity that is not larger. */
function compareWithStanding(state: EngineState, frames: FrameBuffer, offset: number): void {
  const { i32, i64 } = state.memory
  ladder.standing = state.quotes.standing(ladder.seat)
  ladder.kept.fill(0, 0, ladder.count)
  for (const [place, row] of ladder.standing.entries()) {
    const isBid = (i32[row * 2 + ORDER_ENUMS]! & 0xff) === BUY
    const entry = entryAt(frames, offset, isBid, BigInt(state.books.priceOf(row)))
    const wanted = entry < 0 ? 0n : entryQuantity(frames, offset, entry)
    // Of two quotes that amendments have brought to one price the older one goes on.
    const goesOn = wanted > 0n && wanted <= i64[row + ORDER_LEAVES]! && ladder.kept[entry] === 0
    ladder.entryOf[place] = goesOn ? entry : -1
    if (goesOn) ladder.kept[entry] = 1
  }
}

/** Finds the entry of a price by halving: the entries of a side are sorted. @returns -1 where there is none. */
function entryAt(frames: FrameBuffer, offset: number, isBid: boolean, price: bigint): number {
  let low = isBid ? 0 : ladder.bids
  let high = (isBid ? ladder.bids : ladder.count) - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = entryPrice(frames, offset, middle)
    if (found === price) return middle
    if (isBid ? found > price : found < price) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** Minima, highest notional and price band hold for new orders; what goes on may break them. */
function freshFault(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { i64 } = state.memory
  const row = ladder.market
  for (let entry = 0; entry < ladder.count; entry++) {
    const quantity = entryQuantity(frames, offset, entry)
    if (quantity === 0n || ladder.kept[entry] === 1) continue
    if (quantity < i64[row + market.MARKET_MIN_QUANTITY]!) return 'quantity_below_minimum'
    const price = entryPrice(frames, offset, entry)
    const notional = price * quantity * i64[row + market.MARKET_NOTIONAL_UNIT]!
    if (notional < i64[row + market.MARKET_MIN_NOTIONAL]!) return 'notional_below_minimum'
    if (notional > i64[row + market.MARKET_MAX_NOTIONAL]!) return 'notional_above_maximum'
    if (Number(price) < bandEdge(state.memory, row, false) || Number(price) > bandEdge(state.memory, row, true)) return 'price_outside_band'
  }
  return undefined
}

/** What is wrong with the ladder beside the account's other orders, the book and the balances. */
function standingFault(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const { i32 } = state.memory
  const row = ladder.market
  let open = i32[ladder.seat * 2 + SEAT_COUNT]! - ladder.standing.length
  for (let entry = 0; entry < ladder.count; entry++) if (entryQuantity(frames, offset, entry) > 0n) open++
  if (open > i32[row * 2 + market.MARKET_MAX_OPEN_ORDERS]!) return 'too_many_open_orders'
  const mustRest = frames.u8[offset + quote.QUOTE_FLAGS] === quote.QUOTE_POST_ONLY || i32[row * 2 + market.MARKET_STATE] === STATE_POST_ONLY
  if (mustRest && wouldTake(state, frames, offset)) return 'would_take_liquidity'
  return hasFunds(state, frames, offset) ? undefined : 'insufficient_balance'
}

/** Whether the best bid or ask meets an order that will still stand when the old ladder is gone. */
function wouldTake(state: EngineState, frames: FrameBuffer, offset: number): boolean {
  const bid = bestEntry(frames, offset, 0, ladder.bids)
  const ask = bestEntry(frames, offset, ladder.bids, ladder.count)
  const lowestAsk = bid < 0 ? 0 : bestOfOthers(state, 1)
  const highestBid = ask < 0 ? 0 : bestOfOthers(state, 0)
  if (lowestAsk !== 0 && BigInt(lowestAsk) <= entryPrice(frames, offset, bid)) return true
  return highestBid !== 0 && BigInt(highestBid) >= entryPrice(frames, offset, ask)
}

/** The best price of a side without the quotes of the account itself; 0 where nothing else rests. */
function bestOfOthers(state: EngineState, side: number): number {
  const { i32 } = state.memory
  for (let level = state.books.best(ladder.market, side); level !== 0; level = state.books.worse(level)) {
    for (let order = state.books.head(level); order !== 0; order = i32[order * 2 + ORDER_NEXT]!) {
      const isOwnQuote = i32[order * 2 + ORDER_SEAT] === ladder.seat && (i32[order * 2 + ORDER_FLAGS]! & QUOTE) !== 0
      if (!isOwnQuote) return state.books.price(level)
    }
  }
  return 0
}

/** Whether the balances, with what the old ladder gives back, cover the whole new one. */
function hasFunds(state: EngineState, frames: FrameBuffer, offset: number): boolean {
  const { i32 } = state.memory
  const { seat, market: row } = ladder
  const account = frames.account(offset)
  const quoteBalance = seat !== 0 ? i32[seat * 2 + SEAT_QUOTE]! : state.balances.find(account, i32[row * 2 + market.MARKET_QUOTE_ASSET]!)
  const baseBalance = seat !== 0 ? i32[seat * 2 + SEAT_BASE]! : state.balances.find(account, i32[row * 2 + market.MARKET_BASE]!)
  const bidsNeed = neededBy(state, frames, offset, { from: 0, to: ladder.bids, isBid: true }) + feesNeededBy(state, frames, offset)
  const asksNeed = neededBy(state, frames, offset, { from: ladder.bids, to: ladder.count, isBid: false })
  return (
    bidsNeed <= state.balances.available(quoteBalance) + heldNow(state, true) && asksNeed <= state.balances.available(baseBalance) + heldNow(state, false)
  )
}

/** What new bids set aside for fees beside their price. */
function feesNeededBy(state: EngineState, frames: FrameBuffer, offset: number): bigint {
  const { i64 } = state.memory
  const account = frames.account(offset)
  let sum = 0n
  if (!state.accounts.hasSettings(account)) return sum
  for (let entry = 0; entry < ladder.bids; entry++) {
    if (ladder.kept[entry] === 1) continue
    const held = entryPrice(frames, offset, entry) * entryQuantity(frames, offset, entry) * i64[ladder.market + market.MARKET_NOTIONAL_UNIT]!
    sum += state.orderFees.holdFor({ account, market: ladder.market, isBuy: true }, held)
  }
  return sum
}

/** What the entries of a side hold once they all stand; a sum that may be beyond 64 bits. */
function neededBy(state: EngineState, frames: FrameBuffer, offset: number, side: { from: number; to: number; isBid: boolean }): bigint {
  const { i64 } = state.memory
  let sum = 0n
  for (let entry = side.from; entry < side.to; entry++) {
    const quantity = entryQuantity(frames, offset, entry)
    sum += side.isBid ? entryPrice(frames, offset, entry) * quantity * i64[ladder.market + market.MARKET_NOTIONAL_UNIT]! : quantity * i64[ladder.market + market.MARKET_BASE_UNIT]!
  }
  return sum
}

/** What the standing quotes of a side hold, and those that go also for their fees. */
function heldNow(state: EngineState, bids: boolean): bigint {
  const { i32, i64 } = state.memory
  let sum = 0n
  for (const [place, row] of ladder.standing.entries()) {
    if (((i32[row * 2 + ORDER_ENUMS]! & 0xff) === BUY) !== bids) continue
    sum += i64[row + ORDER_HELD]!
    if (ladder.entryOf[place]! < 0) sum += state.orderFees.heldOf(row)
  }
  return sum
}
