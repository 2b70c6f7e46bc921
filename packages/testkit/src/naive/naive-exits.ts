/** Pairs of exits in the naive engine: how they enter, and how those of a bracket follow what its entry bought. */
import type { TradeExecuted } from '@bourse/core'
import { oppositeOf, rest, unrest } from './naive-book.js'
import { keepAlone } from './naive-cancel.js'
import { available, holdFor, setAside } from './naive-ledger.js'
import { orderOf } from './naive-new-order.js'
import { feeOf, orderStateOf, termsOf, type NaiveOrder } from './naive-order.js'
import { faultOfStop } from './naive-order-faults.js'
import { attachFees } from './naive-order-fees.js'
import { heldAssetOf, liveOrders, placeOf, type NaiveBracket, type NaiveMarket, type NaiveRun, type NaiveState, type WantedOrder } from './naive-state.js'
import { wait } from './naive-triggers.js'

/** The two exits as they are wanted. */
export interface WantedExits {
  readonly takeProfit: WantedOrder
  readonly stopLoss: WantedOrder
}

/** Makes both exits; the first one holds for both. A limit exit that would trade at once does not rest first. */
export function enterExits(run: NaiveRun, wanted: WantedExits, crosses = false): readonly [NaiveOrder, NaiveOrder] {
  const { state } = run
  // A limit exit has terms too: they name the other one.
  const first: NaiveOrder = { ...orderOf(run, wanted.takeProfit), terms: wanted.takeProfit.terms }
  state.lastOrderId = first.orderId
  const second = orderOf(run, wanted.stopLoss)
  state.lastOrderId = second.orderId
  first.held = holdOf(state, wanted)
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

/** Lets the exits follow what their entries bought: those of the entries that traded in these events, or all of the market. */
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

/** Starts the exits, or gives them more: whole lots, as far as the account has them. */
export function fit(run: NaiveRun, bracket: NaiveBracket, isGone: boolean): void {
  const { state } = run
  const { entry } = bracket
  const market = state.markets[entry.market]!
  const { spec } = market
  const inFull = entry.quoteQuantity > 0n ? entry.filledQuote === entry.quoteQuantity : entry.filledQuantity === entry.quantity
  if (bracket.complete && !(isGone && inFull)) return
  const feeInBase = entry.fees.feeAsset === spec.base ? entry.fees.assetFee : 0n
  const received = entry.filledQuantity * spec.baseUnit - feeOf(entry) - feeInBase
  const missing = received / spec.baseUnit - bracket.covered
  const affordable = available(state, entry.account, spec.base) / spec.baseUnit
  const more = missing < affordable ? missing : affordable
  const lots = more - (more % spec.lotSize)
  if (lots <= 0n) return
  bracket.covered += lots
  if (bracket.exits === undefined) start(run, bracket, lots)
  else for (const exit of bracket.exits) grow(run, exit, { by: lots, holds: exit === bracket.exits[0] })
}

function start(run: NaiveRun, bracket: NaiveBracket, quantity: bigint): void {
  const market = run.state.markets[bracket.entry.market]!
  const wanted: WantedExits = {
    takeProfit: { ...bracket.takeProfit, quantity, terms: { ...bracket.takeProfit.terms! } },
    stopLoss: { ...bracket.stopLoss, quantity, terms: { ...bracket.stopLoss.terms! } },
  }
  const { orderType, price } = wanted.takeProfit
  const bid = oppositeOf(market, 'sell')[0]
  const meetsStop = faultOfStop(wanted.stopLoss) !== undefined
  const crosses = orderType === 'limit' && bid !== undefined && bid.price >= price!
  const meetsProfit = orderType === 'limit' ? crosses : faultOfStop(wanted.takeProfit) !== undefined
  const exits = enterExits(run, wanted, crosses)
  bracket.exits = exits
  if (!meetsStop && !meetsProfit) return
  const exit = meetsStop ? exits[1] : exits[0]
  unrest(run.state, exit)
  market.triggered.push(exit)
  run.emit({ type: 'order.triggered', ...orderStateOf(exit), ...termsOf(exit) })
  keepAlone(run, exit)
}

function grow(run: NaiveRun, exit: NaiveOrder, { by, holds }: { by: bigint; holds: boolean }): void {
  const { state, frame } = run
  const { spec } = state.markets[exit.market]!
  const rested = placeOf(state, exit)?.rests === true
  const oldLeavesQuantity = exit.leavesQuantity
  const heldChange = holds ? holdFor(state, exit, by) : 0n
  if (rested) unrest(state, exit)
  exit.quantity += by
  exit.leavesQuantity += by
  exit.updatedUs = frame.timestampUs
  exit.held += heldChange
  setAside(state, { account: exit.account, asset: spec.base, amount: heldChange })
  run.emit({ type: 'order.amended', ...orderStateOf(exit), ...termsOf(exit), rested, oldPrice: exit.price, oldLeavesQuantity, heldChange })
  if (rested) rest(run, exit)
}
