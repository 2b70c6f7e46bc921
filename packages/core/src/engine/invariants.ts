/** Checks of the whole state, for tests and for the start of a restored engine. */
import { KIND_WORLD } from './accounts.js'
import { InvariantViolation } from './invariant-violation.js'
import type { EngineState } from './state.js'
import * as orderLayout from '../matching/order-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import * as levelLayout from '../matching/level-layout.js'
import * as balanceLayout from '../ledger/balance-layout.js'
import * as seatLayout from './seat-layout.js'

const {
  ORDER_WORDS,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_LEAVES,
  ORDER_FILLED,
  ORDER_HELD,
  ORDER_NEXT,
  ORDER_LEVEL,
  ORDER_SEAT,
  ORDER_SEAT_NEXT,
  BUY,
} = orderLayout
const { MARKET_WORDS, MARKET_NOTIONAL_UNIT, MARKET_BASE_UNIT } = marketLayout
const { LEVEL_WORDS, LEVEL_QUANTITY, LEVEL_HEAD, LEVEL_TAIL, LEVEL_COUNT } = levelLayout
const { BALANCE_WORDS, BALANCE_ACCOUNT, BALANCE_ASSET } = balanceLayout
const { SEAT_ACCOUNT, SEAT_MARKET, SEAT_COUNT, SEAT_HEAD } = seatLayout

/** Sums by balance row. */
type HeldSums = Map<number, bigint>

/** @throws InvariantViolation naming the account, market or order where something does not hold. */
export function checkInvariants(state: EngineState): void {
  const held: HeldSums = new Map()
  let resting = 0
  for (let market = 0; market < state.markets.end; market++) resting += checkBook(state, market, held)
  require(resting === state.orders.live, () => `${state.orders.live} orders are live, but ${resting} rest in the books.`)
  checkSeats(state, resting)
  for (const hold of state.holds.live()) addHeld(held, state.balances.find(state.holds.account(hold), state.holds.asset(hold)), state.holds.amount(hold))
  checkBalances(state, held)
}

function checkBalances(state: EngineState, heldSums: HeldSums): void {
  const totals = new Map<number, bigint>()
  for (let row = 1; row < state.balances.end; row++) {
    const account = state.balances.i32[row * 2 * BALANCE_WORDS + BALANCE_ACCOUNT]!
    const asset = state.balances.i32[row * 2 * BALANCE_WORDS + BALANCE_ASSET]!
    const available = state.balances.available(row)
    const held = state.balances.held(row)
    const where = () => `Account ${state.accounts.name(account)}, asset ${state.catalog.asset(asset)?.code}`
    require(held >= 0n, () => `${where()}: ${held} is held.`)
    require(available >= 0n || state.accounts.kind(account) === KIND_WORLD, () => `${where()}: ${available} is available.`)
    const expected = heldSums.get(row) ?? 0n
    require(held === expected, () => `${where()}: ${held} is held, but its orders and holds need ${expected}.`)
    totals.set(asset, (totals.get(asset) ?? 0n) + available + held)
  }
  for (const [asset, total] of totals) {
    require(total === 0n, () => `Asset ${state.catalog.asset(asset)?.code}: all accounts together have ${total}, not 0.`)
  }
}

function checkBook(state: EngineState, market: number, held: HeldSums): number {
  const { books } = state
  const bid = books.best(market * 2)
  const ask = books.best(market * 2 + 1)
  require(bid === 0 || ask === 0 || books.price(bid) < books.price(ask), () => `Market ${market}: bid ${books.price(bid)} meets ask ${books.price(ask)}.`)
  let resting = 0
  for (let side = market * 2; side < market * 2 + 2; side++) {
    let last = side % 2 === 0 ? Infinity : 0
    for (let level = books.best(side); level !== 0; level = books.worse(level)) {
      const price = books.price(level)
      require(side % 2 === 0 ? price < last : price > last, () => `Market ${market}: level ${price} stands behind ${last}.`)
      require(books.levelAt(side, price) === level, () => `Market ${market}: the price index does not find the level ${price}.`)
      last = price
      resting += checkLevel(state, level, held)
    }
  }
  return resting
}

function checkLevel(state: EngineState, level: number, held: HeldSums): number {
  const { i32, i64 } = state.books.levels
  const price = state.books.price(level)
  let count = 0
  let quantity = 0n
  let last = 0
  for (let row = i32[level * 2 * LEVEL_WORDS + LEVEL_HEAD]!; row !== 0; row = state.orders.field(row, ORDER_NEXT)) {
    checkOrder(state, row, level)
    addHeld(held, state.clearing.paysFrom(row), state.orders.i64[row * ORDER_WORDS + ORDER_HELD]!)
    quantity += state.orders.i64[row * ORDER_WORDS + ORDER_LEAVES]!
    count++
    last = row
  }
  require(count > 0 && i32[level * 2 * LEVEL_WORDS + LEVEL_COUNT] === count, () => `Level ${price}: ${count} orders, but it counts ${i32[level * 2 * LEVEL_WORDS + LEVEL_COUNT]}.`)
  require(i32[level * 2 * LEVEL_WORDS + LEVEL_TAIL] === last, () => `Level ${price}: its tail is not its last order.`)
  require(i64[level * LEVEL_WORDS + LEVEL_QUANTITY] === quantity, () => `Level ${price}: ${quantity} rests, but it says ${i64[level * LEVEL_WORDS + LEVEL_QUANTITY]}.`)
  return count
}

function checkOrder(state: EngineState, row: number, level: number): void {
  const cells = state.orders.i64
  const at = row * ORDER_WORDS
  const id = state.orders.id(row)
  const leaves = cells[at + ORDER_LEAVES]!
  const market = (state.books.side(level) >> 1) * MARKET_WORDS
  require(state.orders.field(row, ORDER_LEVEL) === level && state.books.priceOf(row) === state.books.price(level), () => `Order ${id} stands in the wrong level.`)
  require(state.ids.find(id) === row, () => `Order ${id} is not found by its id.`)
  require(leaves > 0n && leaves === cells[at + ORDER_QUANTITY]! - cells[at + ORDER_FILLED]!, () => `Order ${id}: leaves ${leaves} of ${cells[at + ORDER_QUANTITY]}, filled ${cells[at + ORDER_FILLED]}.`)
  const needed =
    state.orders.side(row) === BUY
      ? cells[at + ORDER_PRICE]! * leaves * state.markets.i64[market + MARKET_NOTIONAL_UNIT]!
      : leaves * state.markets.i64[market + MARKET_BASE_UNIT]!
  require(cells[at + ORDER_HELD] === needed, () => `Order ${id} holds ${cells[at + ORDER_HELD]}, but needs ${needed}.`)
}

function checkSeats(state: EngineState, resting: number): void {
  let listed = 0
  for (let seat = 1; seat < state.seats.end; seat++) {
    let count = 0
    let lastId = 0
    const where = () => `Account ${state.accounts.name(state.seats.field(seat, SEAT_ACCOUNT))}, market ${state.seats.field(seat, SEAT_MARKET)}`
    for (let row = state.seats.field(seat, SEAT_HEAD); row !== 0; row = state.orders.field(row, ORDER_SEAT_NEXT)) {
      const id = state.orders.id(row)
      require(state.orders.field(row, ORDER_SEAT) === seat && id > lastId, () => `${where()}: order ${id} is listed in the wrong place.`)
      lastId = id
      count++
    }
    require(state.seats.field(seat, SEAT_COUNT) === count, () => `${where()}: ${count} orders are listed, but ${state.seats.field(seat, SEAT_COUNT)} counted.`)
    listed += count
  }
  require(listed === resting, () => `${resting} orders rest, but ${listed} are listed by account.`)
}

function addHeld(held: HeldSums, row: number, amount: bigint): void {
  held.set(row, (held.get(row) ?? 0n) + amount)
}

function require(holds: boolean, what: () => string): void {
  if (!holds) throw new InvariantViolation(what())
}
