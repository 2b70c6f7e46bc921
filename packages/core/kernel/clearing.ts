/** Pays plain trades, and ends plain orders, as `engine/clearing.ts` does. */
import {
  AVAILABLE,
  BASE_AMOUNT,
  BUYER_FEE,
  FREED,
  HELD,
  IDS,
  MAKER_RATE,
  MARKET_BASE_UNIT,
  MARKET_FEES_BASE,
  MARKET_FEES_QUOTE,
  MARKET_LAST_PRICE,
  MARKET_LAST_TRADE,
  MARKET_NOTIONAL_UNIT,
  NAMED,
  ORDER_FEE,
  ORDER_FEE_PREPAID,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FLAGS,
  ORDER_HELD,
  ORDER_ID,
  ORDER_ID_NEXT,
  ORDER_NEXT,
  ORDER_PRICE,
  ORDER_SCHEDULE,
  ORDER_SEAT,
  ORDER_SEAT_NEXT,
  ORDER_SEAT_PREVIOUS,
  ORDER_UPDATED,
  ORDERS,
  QUANTITY,
  QUOTE_AMOUNT,
  SEAT_BASE,
  SEAT_COUNT,
  SEAT_HEAD,
  SEAT_PAYS,
  SEAT_QUOTE,
  SEAT_TAIL,
  SELLER_FEE,
  TAKER_RATE,
  TIMESTAMP,
} from './layouts'
import { traded } from './events'
import { at, count, double, headOf, int, long, referenceOf, registersOf, releaseRow, setDouble, setInt, setLong } from './memory'
import { removeName } from './names'

const MILLION: i64 = 1_000_000
/** The highest id that a double counts up to. */
const MOST_ORDERS: f64 = 9007199254740991
/** Below 2^43 the product with a rate stays below 2^63. */
const LARGE: i64 = 1 << 43

/** Pays a trade of the quantity at the maker's price; the leaves of both orders already say so. */
export function trade(taker: usize, maker: usize, market: usize, side: i32, quantity: i64): void {
  const takerBuys = side == 0
  const buyer = takerBuys ? taker : maker
  const seller = takerBuys ? maker : taker
  const price = long(maker, ORDER_PRICE)
  const perTick = quantity * long(market, MARKET_NOTIONAL_UNIT)
  const quote = price * perTick
  const base = quantity * long(market, MARKET_BASE_UNIT)
  const freed = takerBuys ? (long(taker, ORDER_PRICE) - price) * perTick : 0
  setLong(taker, ORDER_FILLED, long(taker, ORDER_FILLED) + quantity)
  setLong(maker, ORDER_FILLED, long(maker, ORDER_FILLED) + quantity)
  setLong(0, QUANTITY, quantity)
  setLong(0, QUOTE_AMOUNT, quote)
  setLong(0, BASE_AMOUNT, base)
  setLong(0, FREED, freed)
  setDouble(maker, ORDER_UPDATED, double(0, TIMESTAMP))
  setDouble(market, MARKET_LAST_TRADE, double(market, MARKET_LAST_TRADE) + 1)
  setLong(market, MARKET_LAST_PRICE, price)
  const buyerFee = chargeFee(buyer, base, long(at(int(buyer, ORDER_SCHEDULE)), takerBuys ? TAKER_RATE : MAKER_RATE))
  const sellerFee = chargeFee(seller, quote, long(at(int(seller, ORDER_SCHEDULE)), takerBuys ? MAKER_RATE : TAKER_RATE))
  setLong(0, BUYER_FEE, buyerFee)
  setLong(0, SELLER_FEE, sellerFee)

  setLong(buyer, ORDER_FILLED_QUOTE, long(buyer, ORDER_FILLED_QUOTE) + quote)
  setLong(buyer, ORDER_FEE, long(buyer, ORDER_FEE) + buyerFee)
  setLong(buyer, ORDER_HELD, long(buyer, ORDER_HELD) - (quote + freed))
  setLong(seller, ORDER_FILLED_QUOTE, long(seller, ORDER_FILLED_QUOTE) + quote)
  setLong(seller, ORDER_FEE, long(seller, ORDER_FEE) + sellerFee)
  setLong(seller, ORDER_HELD, long(seller, ORDER_HELD) - base)

  const buyerSeat = at(int(buyer, ORDER_SEAT))
  const sellerSeat = at(int(seller, ORDER_SEAT))
  add(buyerSeat, SEAT_QUOTE, HELD, -(quote + freed))
  add(buyerSeat, SEAT_QUOTE, AVAILABLE, freed)
  add(sellerSeat, SEAT_BASE, HELD, -base)
  add(buyerSeat, SEAT_BASE, AVAILABLE, base - buyerFee)
  add(sellerSeat, SEAT_QUOTE, AVAILABLE, quote - sellerFee)
  add(market, MARKET_FEES_BASE, AVAILABLE, buyerFee)
  add(market, MARKET_FEES_QUOTE, AVAILABLE, sellerFee)
  traded(taker, maker, market, side)
}

/** Gives back what an order holds. */
@inline
export function releaseHold(order: usize, side: i32): void {
  const seat = at(int(order, ORDER_SEAT))
  const held = long(order, ORDER_HELD)
  add(seat, SEAT_PAYS + <usize>side, HELD, -held)
  add(seat, SEAT_PAYS + <usize>side, AVAILABLE, held)
  setLong(order, ORDER_HELD, 0)
}

/** Lists an order that rests now under its id and its account. */
export function list(order: usize): void {
  const table = registersOf(IDS)
  count(table, 1)
  const place = headOf(table, idBits(double(order, ORDER_ID)))
  setInt(order, ORDER_ID_NEXT, load<i32>(place))
  store<i32>(place, referenceOf(order))
  const seat = at(int(order, ORDER_SEAT))
  const tail = int(seat, SEAT_TAIL)
  setInt(order, ORDER_SEAT_PREVIOUS, tail)
  setInt(order, ORDER_SEAT_NEXT, 0)
  if (tail == 0) setInt(seat, SEAT_HEAD, referenceOf(order))
  else setInt(at(tail), ORDER_SEAT_NEXT, referenceOf(order))
  setInt(seat, SEAT_TAIL, referenceOf(order))
  setInt(seat, SEAT_COUNT, int(seat, SEAT_COUNT) + 1)
}

/** Takes an order off the lists of resting orders. */
export function unlist(order: usize): void {
  const table = registersOf(IDS)
  count(table, -1)
  const after = int(order, ORDER_ID_NEXT)
  let place = headOf(table, idBits(double(order, ORDER_ID)))
  while (load<i32>(place) != referenceOf(order)) place = at(load<i32>(place)) + (ORDER_ID_NEXT << 2)
  store<i32>(place, after)
  const seat = at(int(order, ORDER_SEAT))
  const next = int(order, ORDER_SEAT_NEXT)
  const previous = int(order, ORDER_SEAT_PREVIOUS)
  if (previous == 0) setInt(seat, SEAT_HEAD, next)
  else setInt(at(previous), ORDER_SEAT_NEXT, next)
  if (next == 0) setInt(seat, SEAT_TAIL, previous)
  else setInt(at(next), ORDER_SEAT_PREVIOUS, previous)
  setInt(seat, SEAT_COUNT, int(seat, SEAT_COUNT) - 1)
}

/** Frees the name and the row of an order that is gone. */
export function forget(order: usize): void {
  if ((int(order, ORDER_FLAGS) & NAMED) != 0) removeName(order)
  releaseRow(registersOf(ORDERS), order, ORDER_NEXT)
}

/** The order of an id, or 0. */
export function findOrder(orderId: f64): usize {
  let order = at(load<i32>(headOf(registersOf(IDS), idBits(orderId))))
  while (order != 0 && double(order, ORDER_ID) != orderId) order = at(int(order, ORDER_ID_NEXT))
  return order
}

/** Charges one fill so that the order has paid, in all, the exact sum of amount x rate rounded up; see `ledger/fees.ts`. */
@inline
function chargeFee(order: usize, amount: i64, rate: i64): i64 {
  if (amount >= LARGE) return chargeLargeFee(order, amount, rate)
  const due = amount * rate - long(order, ORDER_FEE_PREPAID)
  const charged = (due + (MILLION - 1)) / MILLION
  setLong(order, ORDER_FEE_PREPAID, charged * MILLION - due)
  return charged
}

/** The same where the plain product could overflow: the whole millions apart from the rest. */
function chargeLargeFee(order: usize, amount: i64, rate: i64): i64 {
  const millions = amount / MILLION
  const due = (amount - millions * MILLION) * rate - long(order, ORDER_FEE_PREPAID)
  const charged = (due + (MILLION - 1)) / MILLION
  setLong(order, ORDER_FEE_PREPAID, charged * MILLION - due)
  return millions * rate + charged
}

/** Adds to a field of the balance that a field of a row names. */
@inline
function add(row: usize, balance: usize, field: usize, amount: i64): void {
  const place = at(int(row, balance))
  setLong(place, field, long(place, field) + amount)
}

/** The low bits of an order's id; 0 of a number that is none. */
@inline
export function idBits(orderId: f64): i32 {
  return orderId >= 1 && orderId <= MOST_ORDERS ? <i32>(<i64>orderId) : 0
}
