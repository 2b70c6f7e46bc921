/** What must hold for the orders outside the books: their lists, the trigger book, their terms. */
import { LEVEL_HEAD, LEVEL_TAIL } from '../matching/level-layout.js'
import { MARKET_AUCTION_PRICE, MARKET_BASE_UNIT, MARKET_LAST_PRICE, MARKET_TRAILING, MARKET_TRAILING_HEAD, MARKET_WAITING } from '../matching/market-layout.js'
import { BRACKET, HAS_TERMS, ORDER_ENUMS, ORDER_FLAGS, ORDER_ID, ORDER_LEAVES, ORDER_LEVEL, ORDER_TERMS, TRIGGERED, WAITING } from '../matching/order-layout.js'
import { TERMS_LEVEL, TERMS_NEXT, TERMS_ORDER, TERMS_STOP, TERMS_TRAILING_NEXT } from '../matching/terms-layout.js'
import { DOWN, UP } from '../matching/trigger-book.js'
import type { Bracket } from './brackets.js'
import { InvariantViolation } from './invariant-violation.js'
import type { EngineState } from './state.js'
import { directionOf, isTrailing } from './waiting-orders.js'

/** Every waiting and every triggered order of every market. */
export function outsideBooks(state: EngineState): readonly number[] {
  return state.markets.rows.flatMap((market) => [...listed(state, state.waiting.first(market)), ...listed(state, state.waiting.firstTriggered(market))])
}

/** @throws InvariantViolation naming the market or the order where something does not hold. */
export function checkWaiting(state: EngineState): void {
  const { i32 } = state.memory
  for (const market of state.markets.rows) {
    const waiting = listed(state, state.waiting.first(market))
    const triggered = listed(state, state.waiting.firstTriggered(market))
    const watching = waiting.length + [...state.brackets.all.values()].filter((bracket) => bracket.market === market).length
    require(i32[market * 2 + MARKET_WAITING] === watching, () => `Market row ${market}: ${watching} orders and brackets wait for trades, but it counts ${i32[market * 2 + MARKET_WAITING]}.`)
    for (const order of waiting) checkFlags(state, order, WAITING)
    for (const order of triggered) checkFlags(state, order, TRIGGERED)
    const inLevels = checkTriggers(state, market, DOWN) + checkTriggers(state, market, UP)
    const inBook = waiting.filter((order) => i32[i32[order * 2 + ORDER_TERMS]! * 2 + TERMS_LEVEL] !== 0)
    require(inLevels === inBook.length, () => `Market row ${market}: ${inLevels} orders stand in the trigger book, but ${inBook.length} say that they do.`)
    checkTrailing(state, market, waiting.filter((order) => isTrailing(typeOf(state, order))).length)
  }
  for (const bracket of state.brackets.all.values()) checkBracket(state, bracket)
  for (const terms of state.terms.rows()) {
    const order = i32[terms * 2 + TERMS_ORDER]!
    require(state.terms.of(order) === terms, () => `Order ${idOf(state, order)} does not know its terms.`)
  }
}

/** A bracket whose entry lives knows a pair of exits of no more than what the entry traded, or none yet. */
function checkBracket(state: EngineState, bracket: Bracket): void {
  const { i32, i64 } = state.memory
  const entry = state.ids.find(bracket.entryId)
  const lives = entry !== 0 && (i32[entry * 2 + ORDER_FLAGS]! & BRACKET) !== 0
  require(lives === (bracket.gone === undefined), () => `The bracket of order ${bracket.entryId} does not know whether its entry lives.`)
  if (bracket.takeProfitId === 0) return
  const [takeProfit, stopLoss] = [state.ids.find(bracket.takeProfitId), state.ids.find(bracket.stopLossId)]
  require(takeProfit !== 0 && state.linked.siblingOf(takeProfit) === stopLoss, () => `The exits of order ${bracket.entryId} are no pair.`)
  const opened = bracket.gone?.opened ?? state.brackets.openedBy(entry)
  const exits = i64[takeProfit + ORDER_LEAVES]! * i64[bracket.market + MARKET_BASE_UNIT]!
  require(exits <= opened, () => `The exits of order ${bracket.entryId} trade ${exits} back, more than the ${opened} that it opened.`)
}

function listed(state: EngineState, first: number): number[] {
  const rows: number[] = []
  for (let order = first; order !== 0; order = state.waiting.next(order)) rows.push(order)
  return rows
}

function checkFlags(state: EngineState, order: number, place: number): void {
  const { i32 } = state.memory
  const flags = i32[order * 2 + ORDER_FLAGS]! & (WAITING | TRIGGERED | HAS_TERMS)
  require(flags === (place | HAS_TERMS) && i32[order * 2 + ORDER_LEVEL] === 0, () => `Order ${idOf(state, order)}: its flags ${flags} do not fit the list that it stands in.`)
  const level = i32[i32[order * 2 + ORDER_TERMS]! * 2 + TERMS_LEVEL]!
  require(place === WAITING || level === 0, () => `Order ${idOf(state, order)} was triggered and still stands in the trigger book.`)
  require(place !== WAITING || level !== 0 || isTrailing(typeOf(state, order)), () => `Order ${idOf(state, order)} waits, but no price can start it.`)
}

/** @returns how many orders stand in the levels of one direction. */
function checkTriggers(state: EngineState, market: number, direction: number): number {
  const { i32, i64, f64 } = state.memory
  const { triggers } = state.waiting
  const lastPrice = Number(i64[market + MARKET_LAST_PRICE]!)
  const best = triggers.best(market, direction)
  const isMet = best !== 0 && lastPrice !== 0 && (direction === UP ? triggers.price(best) <= lastPrice : triggers.price(best) >= lastPrice)
  // Until an auction has made its last trade, its price starts nothing.
  const isUncrossing = f64[market + MARKET_AUCTION_PRICE] !== 0
  require(!isMet || isUncrossing, () => `Market row ${market}: the last trade at ${lastPrice} met the stop price ${triggers.price(best)}, but it did not start.`)
  let count = 0
  let previousPrice = direction === UP ? 0 : Infinity
  for (let level = best; level !== 0; level = triggers.next(level)) {
    const price = triggers.price(level)
    require(direction === UP ? price > previousPrice : price < previousPrice, () => `Market row ${market}: the stop price ${price} stands behind ${previousPrice}.`)
    require(triggers.levelAt(market, direction, price) === level, () => `Market row ${market}: the index does not find the stop price ${price}.`)
    previousPrice = price
    let previousId = 0
    let last = 0
    for (let terms = i32[level * 2 + LEVEL_HEAD]!; terms !== 0; terms = i32[terms * 2 + TERMS_NEXT]!) {
      const order = i32[terms * 2 + TERMS_ORDER]!
      const id = idOf(state, order)
      const fits = i32[terms * 2 + TERMS_LEVEL] === level && Number(i64[terms + TERMS_STOP]!) === price && directionOf(i32[order * 2 + ORDER_ENUMS]! & 0xff, typeOf(state, order)) === direction
      require(fits && id > previousId, () => `Order ${id} stands in the wrong place of the trigger book.`)
      previousId = id
      last = terms
      count++
    }
    require(last !== 0 && i32[level * 2 + LEVEL_TAIL] === last, () => `Market row ${market}: the tail of the stop price ${price} is not its last order.`)
  }
  return count
}

function checkTrailing(state: EngineState, market: number, expected: number): void {
  const { i32 } = state.memory
  let count = 0
  for (let terms = i32[market * 2 + MARKET_TRAILING_HEAD]!; terms !== 0; terms = i32[terms * 2 + TERMS_TRAILING_NEXT]!) count++
  require(count === expected && i32[market * 2 + MARKET_TRAILING] === expected, () => `Market row ${market}: ${expected} trailing stops wait, but ${count} are listed.`)
}

function idOf(state: EngineState, order: number): number {
  return state.memory.f64[order + ORDER_ID]!
}

function typeOf(state: EngineState, order: number): number {
  return (state.memory.i32[order * 2 + ORDER_ENUMS]! >>> 8) & 0xff
}

function require(holds: boolean, what: () => string): void {
  if (!holds) throw new InvariantViolation(what())
}
