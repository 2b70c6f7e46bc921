/** Lets the exits of brackets follow what their entries bought. */
import { ORDER_TYPES } from '../domain/vocabulary.js'
import { MARKET_BASE_UNIT, MARKET_LOT } from '../matching/market-layout.js'
import * as layout from '../matching/order-layout.js'
import { TIMESTAMP } from '../matching/registers.js'
import type { Bracket } from './brackets.js'
import { enterExits } from './enter-exits.js'
import { isTriggerMet } from './examine-conditional.js'
import type { EngineState } from './state.js'

const LIMIT = ORDER_TYPES.indexOf('limit')
/** More words than the rows of two exits and their levels take. */
const WORDS_PER_BRACKET = 4_096

/** Fits the exits of the brackets whose entries traded, or of all in the market, and forgets those whose entries are gone. */
export function fitExits(state: EngineState, market: number, every = false): void {
  const { brackets } = state
  if (!every && !brackets.hasTouched) return
  for (const bracket of brackets.take(market, every)) {
    if (state.brackets.all.get(bracket.entryId) !== bracket) continue
    fit(state, bracket)
    if (bracket.gone !== undefined && brackets.all.has(bracket.entryId)) brackets.close(bracket)
  }
}

/** Starts the exits of a bracket, or makes them larger, by what its entry bought since: whole lots, as far as the account has them. */
export function fit(state: EngineState, bracket: Bracket): void {
  const { i64 } = state.memory
  const { market, gone } = bracket
  if (bracket.complete && gone?.inFull !== true) return
  const baseUnit = i64[market + MARKET_BASE_UNIT]!
  const received = gone === undefined ? state.brackets.receivedBy(state.ids.find(bracket.entryId)) : gone.received
  const { account } = bracket.takeProfit
  const available = state.balances.available(state.balances.find(account, state.catalog.market(state.brackets.marketId(bracket))!.base))
  const missing = received / baseUnit - bracket.covered
  const affordable = available / baseUnit
  const more = missing < affordable ? missing : affordable
  // What is bought besides whole lots waits for the next fill.
  const lots = more - (more % i64[market + MARKET_LOT]!)
  if (lots <= 0n) return
  bracket.covered += lots
  if (bracket.takeProfitId === 0) start(state, bracket, lots)
  else grow(state, bracket, lots)
}

function start(state: EngineState, bracket: Bracket, quantity: bigint): void {
  state.memory.reserve(WORDS_PER_BRACKET)
  const takeProfit = { ...bracket.takeProfit, quantity }
  const stopLoss = { ...bracket.stopLoss, quantity }
  const meetsStop = isTriggerMet(state, stopLoss)
  const meetsProfit = takeProfit.orderType === LIMIT ? crosses(state, bracket) : isTriggerMet(state, takeProfit)
  const hold = quantity * state.memory.i64[bracket.market + MARKET_BASE_UNIT]!
  const rows = enterExits(state, { order: takeProfit }, { order: stopLoss }, hold, meetsProfit && takeProfit.orderType === LIMIT)
  const { f64 } = state.memory
  state.brackets.link(bracket, f64[rows.takeProfit + layout.ORDER_ID]!, f64[rows.stopLoss + layout.ORDER_ID]!)
  if (meetsStop || meetsProfit) begin(state, meetsStop ? rows.stopLoss : rows.takeProfit)
}

/** Lets an exit whose price is met when it starts go on at once: nobody can be told that it would. */
function begin(state: EngineState, order: number): void {
  state.memory.f64[order + layout.ORDER_UPDATED] = state.memory.f64[TIMESTAMP]!
  state.waiting.trigger(order)
  state.out.triggered(order)
  state.clearing.exits.keepAlone(order)
}

function crosses(state: EngineState, { market, takeProfit }: Bracket): boolean {
  const bid = state.books.best(market, layout.BUY)
  return bid !== 0 && state.books.price(bid) >= Number(takeProfit.price)
}

/** Gives both exits more; a limit exit goes to the tail of its level, as an amended order does. */
function grow(state: EngineState, bracket: Bracket, quantity: bigint): void {
  const { i32, i64, f64 } = state.memory
  const heldChange = quantity * i64[bracket.market + MARKET_BASE_UNIT]!
  for (const id of [bracket.takeProfitId, bracket.stopLossId]) {
    const order = state.ids.find(id)
    const rested = (i32[order * 2 + layout.ORDER_FLAGS]! & layout.OFF_BOOK) === 0
    const oldLeaves = i64[order + layout.ORDER_LEAVES]!
    const holds = id === bracket.takeProfitId
    if (rested) state.books.remove(order)
    i64[order + layout.ORDER_QUANTITY] = i64[order + layout.ORDER_QUANTITY]! + quantity
    i64[order + layout.ORDER_LEAVES] = oldLeaves + quantity
    f64[order + layout.ORDER_UPDATED] = f64[TIMESTAMP]!
    if (holds) {
      i64[order + layout.ORDER_HELD] = i64[order + layout.ORDER_HELD]! + heldChange
      state.balances.hold(state.clearing.paysFrom(order), heldChange)
    }
    state.out.amended(order, { rested, oldPrice: i64[order + layout.ORDER_PRICE]!, oldLeaves, heldChange: holds ? heldChange : 0n })
    if (!rested) continue
    state.books.add(order, bracket.market, layout.SELL)
    state.out.rested(order)
  }
}
