/** Checks of the whole state, for tests and for the start of a restored engine. */
import { FEE_HELD } from '../ledger/fee-layout.js'
import { LEVEL_COUNT, LEVEL_HEAD, LEVEL_QUANTITY, LEVEL_TAIL } from '../matching/level-layout.js'
import { MARKET_BASE_UNIT, MARKET_NOTIONAL_UNIT, MARKET_STATE, STATE_POST_ONLY } from '../matching/market-layout.js'
import {
  BUY,
  LINKED,
  OFF_BOOK,
  ICEBERG,
  ORDER_ENUMS,
  ORDER_FILLED,
  ORDER_FLAGS,
  ORDER_HELD,
  ORDER_ID,
  ORDER_LEAVES,
  ORDER_LEVEL,
  ORDER_NEXT,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_SCHEDULE,
  ORDER_SEAT,
  ORDER_SEAT_NEXT,
  SPECIAL_FEES,
} from '../matching/order-layout.js'
import { SEAT_ACCOUNT, SEAT_COUNT, SEAT_HEAD, SEAT_MARKET, SEAT_MARKET_ID, SEAT_QUOTE } from '../matching/seat-layout.js'
import { TERMS_DEADLINE, TERMS_EXPIRES } from '../matching/terms-layout.js'
import { DEADLINE_AT, DEADLINE_ORDER } from './deadline-layout.js'
import { TERMS_DISPLAY } from '../matching/terms-layout.js'
import { KIND_WORLD } from './accounts.js'
import { ordersWithFeeTerms } from './define-fees.js'
import { InvariantViolation } from './invariant-violation.js'
import { checkStates } from './invariants-of-states.js'
import { checkWaiting, outsideBooks } from './invariants-of-waiting.js'
import type { EngineState } from './state.js'

/** Sums by balance row. */
type HeldSums = Map<number, bigint>

/** @throws InvariantViolation naming the account, market or order where something does not hold. */
export function checkInvariants(state: EngineState): void {
  const held: HeldSums = new Map()
  let resting = 0
  for (const market of state.markets.rows) resting += checkBook(state, market, held)
  const outside = outsideBooks(state)
  for (const order of outside) {
    checkLiveOrder(state, order)
    addHeld(held, state.clearing.paysFrom(order), state.memory.i64[order + ORDER_HELD]!)
    addFeeHold(state, order, held)
  }
  const { live } = state.clearing.orders
  require(resting + outside.length === live, () => `${live} orders are live, but ${resting} rest in the books and ${outside.length} wait outside.`)
  checkSeats(state, live)
  checkWaiting(state)
  checkStates(state)
  for (const hold of state.holds.live()) addHeld(held, state.balances.find(state.holds.account(hold), state.holds.asset(hold)), state.holds.amount(hold))
  const { terms } = state.orderFees
  const charged = ordersWithFeeTerms(state).length
  require(charged === terms.live, () => `${charged} live orders have fee terms of their own, but there are ${terms.live}.`)
  checkBalances(state, held)
  checkDeadlines(state)
}

function checkDeadlines(state: EngineState): void {
  const fault = state.deadlines.fault()
  require(fault === undefined, () => fault!)
  const { i32, f64 } = state.memory
  for (const deadline of state.deadlines.inOrder()) {
    const order = i32[deadline * 2 + DEADLINE_ORDER]!
    if (order === 0) continue
    const terms = state.terms.of(order)
    const id = f64[order + ORDER_ID]!
    require(terms !== 0 && i32[terms * 2 + TERMS_DEADLINE] === deadline && state.ids.find(id) === order, () => `A deadline expects order ${id}, which does not expect it.`)
    require(f64[terms + TERMS_EXPIRES] === f64[deadline + DEADLINE_AT], () => `Order ${id} expires at ${f64[terms + TERMS_EXPIRES]}, but its deadline is at ${f64[deadline + DEADLINE_AT]}.`)
  }
}

function checkBalances(state: EngineState, heldSums: HeldSums): void {
  const totals = new Map<number, bigint>()
  for (const row of state.balances.rows()) {
    const account = state.balances.account(row)
    const asset = state.balances.asset(row)
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
  const bid = books.best(market, 0)
  const ask = books.best(market, 1)
  const mayCross = state.memory.i32[market * 2 + MARKET_STATE]! > STATE_POST_ONLY
  require(mayCross || bid === 0 || ask === 0 || books.price(bid) < books.price(ask), () => `Market row ${market}: bid ${books.price(bid)} meets ask ${books.price(ask)}.`)
  let resting = 0
  for (let side = 0; side < 2; side++) {
    let last = side === 0 ? Infinity : 0
    for (let level = books.best(market, side); level !== 0; level = books.worse(level)) {
      const price = books.price(level)
      require(side === 0 ? price < last : price > last, () => `Market row ${market}: level ${price} stands behind ${last}.`)
      require(books.levelAt(market, side, price) === level, () => `Market row ${market}: the price index does not find the level ${price}.`)
      last = price
      resting += checkLevel(state, level, held)
    }
  }
  return resting
}

function checkLevel(state: EngineState, level: number, held: HeldSums): number {
  const { i32, i64 } = state.memory
  const price = state.books.price(level)
  let count = 0
  let quantity = 0n
  let last = 0
  for (let order = i32[level * 2 + LEVEL_HEAD]!; order !== 0; order = i32[order * 2 + ORDER_NEXT]!) {
    checkOrder(state, order, level)
    addHeld(held, state.clearing.paysFrom(order), i64[order + ORDER_HELD]!)
    addFeeHold(state, order, held)
    quantity += i64[order + ORDER_LEAVES]!
    count++
    last = order
  }
  require(count > 0 && i32[level * 2 + LEVEL_COUNT] === count, () => `Level ${price}: ${count} orders, but it counts ${i32[level * 2 + LEVEL_COUNT]}.`)
  require(i32[level * 2 + LEVEL_TAIL] === last, () => `Level ${price}: its tail is not its last order.`)
  require(i64[level + LEVEL_QUANTITY] === quantity, () => `Level ${price}: ${quantity} rests, but it says ${i64[level + LEVEL_QUANTITY]}.`)
  return count
}

function checkOrder(state: EngineState, order: number, level: number): void {
  const { i32 } = state.memory
  require(i32[order * 2 + ORDER_LEVEL] === level && state.books.priceOf(order) === state.books.price(level), () => `Order ${orderIdOf(state, order)} stands in the wrong level.`)
  require((i32[order * 2 + ORDER_FLAGS]! & OFF_BOOK) === 0, () => `Order ${orderIdOf(state, order)} rests, but its flags say that it waits.`)
  checkLiveOrder(state, order)
}

/** What holds for every live order, wherever it stands. */
function checkLiveOrder(state: EngineState, order: number): void {
  const { i32, i64 } = state.memory
  const id = orderIdOf(state, order)
  const leaves = i64[order + ORDER_LEAVES]!
  const filled = i64[order + ORDER_FILLED]!
  const quantity = i64[order + ORDER_QUANTITY]!
  const market = i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_MARKET]!
  require(state.ids.find(id) === order, () => `Order ${id} is not found by its id.`)
  const open = quantity - filled
  const display = (i32[order * 2 + ORDER_FLAGS]! & ICEBERG) === 0 ? open : i64[state.terms.of(order) + TERMS_DISPLAY]!
  require(leaves > 0n && leaves <= open && (display >= open ? leaves <= open : leaves <= display), () => `Order ${id}: displays ${leaves} of ${open}, at most ${display}.`)
  require(leaves === open || (i32[order * 2 + ORDER_FLAGS]! & ICEBERG) !== 0, () => `Order ${id}: leaves ${leaves} of ${quantity}, filled ${filled}.`)
  const isBuy = (i32[order * 2 + ORDER_ENUMS]! & 0xff) === BUY
  if ((i32[order * 2 + ORDER_FLAGS]! & LINKED) !== 0) {
    checkPair(state, order)
    return
  }
  const needed = isBuy ? i64[order + ORDER_PRICE]! * open * i64[market + MARKET_NOTIONAL_UNIT]! : open * i64[market + MARKET_BASE_UNIT]!
  require(i64[order + ORDER_HELD] === needed, () => `Order ${id} holds ${i64[order + ORDER_HELD]}, but needs ${needed}.`)
}

/** Two exits know each other, are of one quantity and unfilled; the older one holds what the dearer needs. */
function checkPair(state: EngineState, order: number): void {
  const { i32, i64 } = state.memory
  const id = orderIdOf(state, order)
  const sibling = state.linked.siblingOf(order)
  const knowsIt = sibling !== 0 && (i32[sibling * 2 + ORDER_FLAGS]! & LINKED) !== 0 && state.linked.siblingOf(sibling) === order
  require(knowsIt && i32[sibling * 2 + ORDER_SEAT] === i32[order * 2 + ORDER_SEAT], () => `Order ${id} is linked with one that does not know it.`)
  require(i64[order + ORDER_LEAVES] === i64[sibling + ORDER_LEAVES] && i64[order + ORDER_FILLED] === 0n, () => `Order ${id} and its other exit differ in quantity, or it has traded.`)
  const needed = id < orderIdOf(state, sibling) ? state.linked.neededByPair(order, sibling) : 0n
  require(i64[order + ORDER_HELD] === needed, () => `Order ${id} of a pair holds ${i64[order + ORDER_HELD]}, but needs ${needed}.`)
}

function orderIdOf(state: EngineState, order: number): number {
  return state.memory.f64[order + ORDER_ID]!
}

function checkSeats(state: EngineState, live: number): void {
  const { i32, f64 } = state.memory
  let listed = 0
  for (const seat of state.seats.rows()) {
    let count = 0
    let lastId = 0
    const where = () => `Account ${state.accounts.name(i32[seat * 2 + SEAT_ACCOUNT]!)}, market ${i32[seat * 2 + SEAT_MARKET_ID]}`
    for (let order = i32[seat * 2 + SEAT_HEAD]!; order !== 0; order = i32[order * 2 + ORDER_SEAT_NEXT]!) {
      const id = f64[order + ORDER_ID]!
      require(i32[order * 2 + ORDER_SEAT] === seat && id > lastId, () => `${where()}: order ${id} is listed in the wrong place.`)
      lastId = id
      count++
    }
    require(i32[seat * 2 + SEAT_COUNT] === count, () => `${where()}: ${count} orders are listed, but ${i32[seat * 2 + SEAT_COUNT]} counted.`)
    listed += count
  }
  require(listed === live, () => `${live} orders are live, but ${listed} are listed by account.`)
}

/** What an order holds for fees, in the quote asset; it is enough for the fees that may come, and there is no more of it. */
function addFeeHold(state: EngineState, order: number, held: HeldSums): void {
  const { i32, i64, f64 } = state.memory
  if ((i32[order * 2 + ORDER_FLAGS]! & SPECIAL_FEES) === 0) return
  const feeHeld = i64[i32[order * 2 + ORDER_SCHEDULE]! + FEE_HELD]!
  const surplus = -state.orderFees.holdChange(order, i64[order + ORDER_HELD]!)
  require(feeHeld >= 0n && surplus <= 0n, () => `Order ${f64[order + ORDER_ID]} holds ${feeHeld} for fees, ${surplus} too much.`)
  addHeld(held, i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_QUOTE]!, feeHeld)
}

function addHeld(held: HeldSums, row: number, amount: bigint): void {
  held.set(row, (held.get(row) ?? 0n) + amount)
}

function require(holds: boolean, what: () => string): void {
  if (!holds) throw new InvariantViolation(what())
}
