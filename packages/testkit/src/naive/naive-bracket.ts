/** `order.place-bracket` of the naive engine: an order, and two exits that trade back what it bought or sold. */
import { BRACKET_MODE, BRACKET_MODES, BRACKET_STOP_LOSS, BRACKET_TAKE_PROFIT, type RejectCode } from '@bourse/core'
import type { WantedExits } from './naive-exits.js'
import { areSound, readLeg } from './naive-linked.js'
import { faultOfPrices } from './naive-order-faults.js'
import { placeOrder } from './naive-place.js'
import { liveOrders, type NaiveRun, type WantedOrder } from './naive-state.js'

export function placeBracket(run: NaiveRun): RejectCode | undefined {
  const { frame, state } = run
  let exits: WantedExits | undefined
  return placeOrder(run, {
    fault: (entry) => {
      const mode = frame.word(BRACKET_MODES, BRACKET_MODE)
      const common = { account: entry.account, market: entry.market, side: entry.side === 'buy' ? ('sell' as const) : ('buy' as const), selfTradePrevention: entry.selfTradePrevention, quantity: 0n, idempotent: false }
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
  if (takeProfit.name !== '' || stopLoss.name !== '' || !areSound(exits)) return 'invalid_combination'
  const profit = takeProfit.orderType === 'limit' ? takeProfit.price! : takeProfit.terms!.stopPrice
  const [lower, upper] = entry.side === 'buy' ? [stopLoss.terms!.stopPrice, profit] : [profit, stopLoss.terms!.stopPrice]
  if (entry.orderType === 'limit' && !(lower < entry.price! && entry.price! < upper)) return 'invalid_combination'
  const fault = faultOfPrices(takeProfit) ?? faultOfPrices(stopLoss)
  if (fault !== undefined) return fault
  const { spec } = entry.market
  const here = liveOrders(state).filter(({ account, market }) => account === entry.account && market === spec.id)
  return here.length + 3 > spec.maxOpenOrders ? 'too_many_open_orders' : undefined
}
