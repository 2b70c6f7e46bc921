/** `order.place-bracket` of the naive engine: an order that buys, and two exits that sell what it bought. */
import {
  BRACKET_MODE,
  BRACKET_MODES,
  BRACKET_STOP_LOSS,
  BRACKET_TAKE_PROFIT,
  type RejectCode,
  type TradeExecuted,
} from '@bourse/core'
import { available, holdFor, setAside } from './naive-ledger.js'
import { areSound, enterExits, readLeg, type WantedExits } from './naive-linked.js'
import { keepAlone, oppositeOf, rest, unrest } from './naive-matching.js'
import { faultOfPrices, faultOfStop, placeOrder, type WantedOrder } from './naive-place.js'
import { feeOf, liveOrders, orderStateOf, placeOf, termsOf, type NaiveBracket, type NaiveMarket, type NaiveOrder, type NaiveRun } from './naive-state.js'

export function placeBracket(run: NaiveRun): RejectCode | undefined {
  const { frame, state } = run
  let exits: WantedExits | undefined
  return placeOrder(run, {
    fault: (entry) => {
      const mode = frame.word(BRACKET_MODES, BRACKET_MODE)
      const common = { account: entry.account, market: entry.market, side: 'sell' as const, selfTradePrevention: entry.selfTradePrevention, quantity: 0n, idempotent: false }
      const [takeProfit, stopLoss] = [readLeg(frame, BRACKET_TAKE_PROFIT, common), readLeg(frame, BRACKET_STOP_LOSS, common)]
      if (mode === undefined || takeProfit === 'malformed_frame' || stopLoss === 'malformed_frame') return 'malformed_frame'
      if (typeof takeProfit === 'string' || typeof stopLoss === 'string') return 'invalid_combination'
      exits = { takeProfit, stopLoss }
      return faultOfExits(run, entry, exits)
    },
    accepted: (entry) => {
      state.brackets.push({ entry, complete: frame.word(BRACKET_MODES, BRACKET_MODE) === 'complete', ...exits!, exits: undefined, covered: 0n })
    },
  })
}

function faultOfExits({ state }: NaiveRun, entry: WantedOrder, exits: WantedExits): RejectCode | undefined {
  const { takeProfit, stopLoss } = exits
  if (takeProfit.name !== '' || stopLoss.name !== '' || entry.side !== 'buy' || !areSound(exits)) return 'invalid_combination'
  const profit = takeProfit.orderType === 'limit' ? takeProfit.price! : takeProfit.terms!.stopPrice
  if (entry.orderType === 'limit' && !(profit > entry.price! && entry.price! > stopLoss.terms!.stopPrice)) return 'invalid_combination'
  const fault = faultOfPrices(takeProfit) ?? faultOfPrices(stopLoss)
  if (fault !== undefined) return fault
  const { spec } = entry.market
  const here = liveOrders(state).filter(({ account, market }) => account === entry.account && market === spec.id)
  return here.length + 3 > spec.maxOpenOrders ? 'too_many_open_orders' : undefined
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
