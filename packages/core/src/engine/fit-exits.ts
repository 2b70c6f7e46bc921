/** Lets the exits of brackets follow what their entries traded. */
import { CANCEL_REASONS, ORDER_TYPES } from '../domain/vocabulary.js'
import { MARKET_BASE_UNIT, MARKET_LOT, MARKET_NOTIONAL_UNIT } from '../matching/market-layout.js'
import * as layout from '../matching/order-layout.js'
import { TIMESTAMP } from '../matching/registers.js'
import type { Bracket } from './brackets.js'
import { enterExits } from './enter-exits.js'
import { isTriggerMet } from './examine-conditional.js'
import type { EngineState } from './state.js'

const LIMIT = ORDER_TYPES.indexOf('limit')
const INSUFFICIENT_BALANCE = CANCEL_REASONS.indexOf('insufficient_balance')
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

/** What the exits of a bracket get in one step. */
interface Share {
  /** Quantity units, whole lots. */
  readonly quantity: bigint
  /** What the account can set aside for it. */
  readonly hold: bigint
  /** Quantity units for which it has not enough. */
  readonly short: bigint
}

/** Starts the exits of a bracket, or makes them larger, by what its entry traded since, in whole lots; takes off them what the account cannot set aside. */
export function fit(state: EngineState, bracket: Bracket): void {
  const { market, gone } = bracket
  if (bracket.complete && gone?.inFull !== true) return
  const lot = state.memory.i64[market + MARKET_LOT]!
  const opened = gone === undefined ? state.brackets.openedBy(state.ids.find(bracket.entryId)) : gone.opened
  const missing = opened / state.memory.i64[market + MARKET_BASE_UNIT]! - bracket.covered
  // What is bought besides whole lots waits for the next fill.
  const quantity = missing - (missing % lot)
  if (quantity <= 0n) return
  const perUnit = holdPerUnit(state, bracket)
  const affordable = availableFor(state, bracket) / perUnit
  const lots = affordable - (affordable % lot)
  const covered = lots < quantity ? lots : quantity
  const share: Share = { quantity, hold: covered * perUnit, short: quantity - covered }
  bracket.covered += quantity
  if (bracket.takeProfitId === 0) start(state, bracket, share)
  else grow(state, bracket, share)
}

/** What the dearer exit needs for one quantity unit: base units of a sale, quote units of a purchase. */
function holdPerUnit(state: EngineState, { market, takeProfit, stopLoss }: Bracket): bigint {
  const { i64 } = state.memory
  if (takeProfit.side !== layout.BUY) return i64[market + MARKET_BASE_UNIT]!
  return (takeProfit.price > stopLoss.price ? takeProfit.price : stopLoss.price) * i64[market + MARKET_NOTIONAL_UNIT]!
}

/** What the account has of the asset that the exits pay with; what the entry has received is part of it. */
function availableFor(state: EngineState, bracket: Bracket): bigint {
  const { account, side } = bracket.takeProfit
  const { base, quote } = state.catalog.market(state.brackets.marketId(bracket))!
  return state.balances.available(state.balances.find(account, side === layout.BUY ? quote : base))
}

function start(state: EngineState, bracket: Bracket, { quantity, hold, short }: Share): void {
  state.memory.reserve(WORDS_PER_BRACKET)
  const takeProfit = { ...bracket.takeProfit, quantity }
  const stopLoss = { ...bracket.stopLoss, quantity }
  const meetsStop = isTriggerMet(state, stopLoss)
  const meetsProfit = takeProfit.orderType === LIMIT ? crosses(state, bracket) : isTriggerMet(state, takeProfit)
  const rows = enterExits(state, { order: takeProfit }, { order: stopLoss }, hold, meetsProfit && takeProfit.orderType === LIMIT)
  const { f64 } = state.memory
  state.brackets.link(bracket, f64[rows.takeProfit + layout.ORDER_ID]!, f64[rows.stopLoss + layout.ORDER_ID]!)
  if (short === quantity) {
    state.clearing.cancelResting(rows.takeProfit, INSUFFICIENT_BALANCE)
    return
  }
  if (short > 0n) state.clearing.exits.reducePair(rows.takeProfit, short, INSUFFICIENT_BALANCE)
  if (meetsStop || meetsProfit) begin(state, meetsStop ? rows.stopLoss : rows.takeProfit)
}

/** Lets an exit whose price is met when it starts go on at once: nobody can be told that it would. */
function begin(state: EngineState, order: number): void {
  state.memory.f64[order + layout.ORDER_UPDATED] = state.memory.f64[TIMESTAMP]!
  state.waiting.trigger(order)
  state.out.triggered(order)
  state.clearing.exits.keepAlone(order)
}

function crosses(state: EngineState, { market, takeProfit: { side, price } }: Bracket): boolean {
  const level = state.books.best(market, side ^ 1)
  if (level === 0) return false
  const best = state.books.price(level)
  return side === layout.BUY ? best <= Number(price) : best >= Number(price)
}

/** Gives both exits more; a limit exit goes to the tail of its level, as an amended order does. */
function grow(state: EngineState, bracket: Bracket, { quantity, hold, short }: Share): void {
  const takeProfit = state.ids.find(bracket.takeProfitId)
  enlarge(state, takeProfit, { market: bracket.market, quantity, hold })
  enlarge(state, state.ids.find(bracket.stopLossId), { market: bracket.market, quantity, hold: 0n })
  if (short > 0n) state.clearing.exits.reducePair(takeProfit, short, INSUFFICIENT_BALANCE)
}

function enlarge(state: EngineState, order: number, { market, quantity, hold }: { market: number; quantity: bigint; hold: bigint }): void {
  const { i32, i64, f64 } = state.memory
  const rested = (i32[order * 2 + layout.ORDER_FLAGS]! & layout.OFF_BOOK) === 0
  const oldLeaves = i64[order + layout.ORDER_LEAVES]!
  if (rested) state.books.remove(order)
  i64[order + layout.ORDER_QUANTITY] = i64[order + layout.ORDER_QUANTITY]! + quantity
  i64[order + layout.ORDER_LEAVES] = oldLeaves + quantity
  i64[order + layout.ORDER_HELD] = i64[order + layout.ORDER_HELD]! + hold
  f64[order + layout.ORDER_UPDATED] = f64[TIMESTAMP]!
  state.balances.hold(state.clearing.paysFrom(order), hold)
  if ((i32[order * 2 + layout.ORDER_FLAGS]! & layout.SPECIAL_FEES) !== 0) state.orderFees.refit(order)
  state.out.amended(order, { rested, oldPrice: i64[order + layout.ORDER_PRICE]!, oldLeaves, heldChange: hold })
  if (!rested) return
  state.books.add(order, market, i32[order * 2 + layout.ORDER_ENUMS]! & 0xff)
  state.out.rested(order)
}
