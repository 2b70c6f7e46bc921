/** Pairs of exits in the naive engine: how they enter, and how those of a bracket follow what its entry traded. */
import type { TradeExecuted } from '@bourse/core'
import { isBeyond, oppositeOf, rest, unrest } from './naive-book.js'
import { cancel, keepAlone, reduce } from './naive-cancel.js'
import { available, holdFor, setAside } from './naive-ledger.js'
import { orderOf } from './naive-new-order.js'
import { feeOf, orderStateOf, termsOf, type NaiveOrder } from './naive-order.js'
import { faultOfStop } from './naive-order-faults.js'
import { attachFees, refitFeeHold } from './naive-order-fees.js'
import { heldAssetOf, liveOrders, placeOf, type NaiveBracket, type NaiveMarket, type NaiveRun, type NaiveState, type WantedOrder } from './naive-state.js'
import { wait } from './naive-triggers.js'

/** The two exits as they are wanted. */
export interface WantedExits {
  readonly takeProfit: WantedOrder
  readonly stopLoss: WantedOrder
}

/** Makes both exits; the first one holds for both. A limit exit that would trade at once does not rest first. */
export function enterExits(run: NaiveRun, wanted: WantedExits, { crosses = false, hold = holdOf(run.state, wanted) } = {}): readonly [NaiveOrder, NaiveOrder] {
  const { state } = run
  // A limit exit has terms too: they name the other one.
  const first: NaiveOrder = { ...orderOf(run, wanted.takeProfit), terms: wanted.takeProfit.terms }
  state.lastOrderId = first.orderId
  const second = orderOf(run, wanted.stopLoss)
  state.lastOrderId = second.orderId
  first.held = hold
  setAside(state, { account: first.account, asset: heldAssetOf(state, first), amount: first.held })
  attachFees(run, first)
  attachFees(run, second)
  first.terms!.siblingOrderId = second.orderId
  second.terms!.siblingOrderId = first.orderId
  for (const order of [first, second]) run.emit({ type: 'order.accepted', ...orderStateOf(order), ...termsOf(order), held: order.held })
  if (first.orderType === 'limit' && !crosses) rest(run, first)
  else wait(run, first)
  wait(run, second)
  return [first, second]
}

/** What the dearer exit needs. */
export function holdOf(state: NaiveState, { takeProfit, stopLoss }: WantedExits): bigint {
  const needs = [takeProfit, stopLoss].map(({ market, side, price, quantity }) => holdFor(state, { market: market.spec.id, side, price: price ?? 0n }, quantity))
  return needs[0]! > needs[1]! ? needs[0]! : needs[1]!
}

/** Lets the exits follow what their entries traded: those of the entries that traded in these events, or all of the market. */
export function fitExits(run: NaiveRun, market: NaiveMarket, trades: readonly TradeExecuted[] | 'all'): void {
  const { state } = run
  const live = new Set(liveOrders(state))
  const traded = trades === 'all' ? undefined : new Set(trades.flatMap(({ maker, taker }) => [maker.orderId, taker.orderId]))
  for (const bracket of [...state.brackets]) {
    if (bracket.entry.market !== market.spec.id || !state.brackets.includes(bracket)) continue
    const isGone = !live.has(bracket.entry)
    if (traded === undefined || traded.has(bracket.entry.orderId)) fit(run, bracket, isGone)
    // Its exits go on as a pair; it is over already where one of them was met at once.
    if (isGone && state.brackets.includes(bracket)) state.brackets.splice(state.brackets.indexOf(bracket), 1)
  }
}

/** What exits get in one step, and how much of it the account has no money for. */
interface Share {
  readonly quantity: bigint
  readonly short: bigint
}

/** Starts the exits, or gives them more: whole lots, less what the account cannot pay. */
export function fit(run: NaiveRun, bracket: NaiveBracket, isGone: boolean): void {
  const { state } = run
  const { entry, takeProfit, stopLoss } = bracket
  const { spec } = state.markets[entry.market]!
  const inFull = entry.quoteQuantity > 0n ? entry.filledQuote === entry.quoteQuantity : entry.filledQuantity === entry.quantity
  if (bracket.complete && !(isGone && inFull)) return
  const missing = openedBy(state, entry) / spec.baseUnit - bracket.covered
  const quantity = missing - (missing % spec.lotSize)
  if (quantity <= 0n) return
  const ofOneLot = holdOf(state, { takeProfit: { ...takeProfit, quantity: spec.lotSize }, stopLoss: { ...stopLoss, quantity: spec.lotSize } })
  const affordable = (available(state, entry.account, takeProfit.side === 'buy' ? spec.quote : spec.base) / ofOneLot) * spec.lotSize
  const share: Share = { quantity, short: affordable < quantity ? quantity - affordable : 0n }
  bracket.covered += quantity
  if (bracket.exits === undefined) start(run, bracket, share)
  else grow(run, bracket, bracket.exits, share)
}

/** What the exits have to trade back, in base: what was sold, or what was bought and is there after fees. */
export function openedBy(state: NaiveState, entry: NaiveOrder): bigint {
  const { spec } = state.markets[entry.market]!
  const filled = entry.filledQuantity * spec.baseUnit
  if (entry.side === 'sell') return filled
  return filled - feeOf(entry) - (entry.fees.feeAsset === spec.base ? entry.fees.assetFee : 0n)
}

function start(run: NaiveRun, bracket: NaiveBracket, { quantity, short }: Share): void {
  const { state } = run
  const market = state.markets[bracket.entry.market]!
  const wanted: WantedExits = {
    takeProfit: { ...bracket.takeProfit, quantity, terms: { ...bracket.takeProfit.terms! } },
    stopLoss: { ...bracket.stopLoss, quantity, terms: { ...bracket.stopLoss.terms! } },
  }
  const { orderType, side, price } = wanted.takeProfit
  const best = oppositeOf(market, side)[0]
  const meetsStop = faultOfStop(wanted.stopLoss) !== undefined
  const crosses = orderType === 'limit' && best !== undefined && !isBeyond(best.price, { side, price: price! })
  const meetsProfit = orderType === 'limit' ? crosses : faultOfStop(wanted.takeProfit) !== undefined
  const exits = enterExits(run, wanted, { crosses, hold: holdOf(state, withQuantity(wanted, quantity - short)) })
  bracket.exits = exits
  if (short === quantity) return cancel(run, exits[0], 'insufficient_balance', true)
  if (short > 0n) reduce(run, exits[0], { by: short, reason: 'insufficient_balance', rested: true })
  if (!meetsStop && !meetsProfit) return
  const exit = meetsStop ? exits[1] : exits[0]
  unrest(state, exit)
  market.triggered.push(exit)
  run.emit({ type: 'order.triggered', ...orderStateOf(exit), ...termsOf(exit) })
  keepAlone(run, exit)
}

function withQuantity({ takeProfit, stopLoss }: WantedExits, quantity: bigint): WantedExits {
  return { takeProfit: { ...takeProfit, quantity }, stopLoss: { ...stopLoss, quantity } }
}

function grow(run: NaiveRun, bracket: NaiveBracket, exits: readonly [NaiveOrder, NaiveOrder], { quantity, short }: Share): void {
  const held = holdOf(run.state, withQuantity(bracket, quantity - short))
  for (const exit of exits) enlarge(run, exit, { by: quantity, heldChange: exit === exits[0] ? held : 0n })
  if (short > 0n) reduce(run, exits[0], { by: short, reason: 'insufficient_balance', rested: true })
}

function enlarge(run: NaiveRun, exit: NaiveOrder, { by, heldChange }: { by: bigint; heldChange: bigint }): void {
  const { state, frame } = run
  const rested = placeOf(state, exit)?.rests === true
  const oldLeavesQuantity = exit.leavesQuantity
  if (rested) unrest(state, exit)
  exit.quantity += by
  exit.leavesQuantity += by
  exit.updatedUs = frame.timestampUs
  exit.held += heldChange
  setAside(state, { account: exit.account, asset: heldAssetOf(state, exit), amount: heldChange })
  refitFeeHold(run, exit)
  run.emit({ type: 'order.amended', ...orderStateOf(exit), ...termsOf(exit), rested, keepsPlace: false, oldPrice: exit.price, oldLeavesQuantity, heldChange })
  if (rested) rest(run, exit)
}
