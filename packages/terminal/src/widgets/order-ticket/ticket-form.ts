/** What is typed into the order ticket, and how its fields follow each other. Amounts stay exact: text and integers only. */
import { floorTo, notionalOf, percentOf, quantityFor, readAmount, rescale, writeAmount, type MarketUnits } from '../../stores/market-units.js'
import type { OrderType, Side, TimeInForce } from '../../stores/wire.js'

export interface TicketForm {
  readonly side: Side
  readonly orderType: OrderType
  readonly price: string
  /** Stop orders: the last trade at this price or beyond sends the order into the market. */
  readonly stopPrice: string
  /** Whether a price was given; until then the market's own is offered. */
  readonly priced: boolean
  /** Base. */
  readonly quantity: string
  /** Quote: limit orders show price x quantity here, market orders an amount to spend or to receive. */
  readonly total: string
  /** Which of the two was given; the other follows (limit) or is left out (market). */
  readonly given: 'quantity' | 'total'
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
}

export const EMPTY_TICKET: TicketForm = { side: 'buy', orderType: 'limit', price: '', stopPrice: '', priced: false, quantity: '', total: '', given: 'quantity', timeInForce: 'gtc', postOnly: false }

export type TicketAction =
  | { type: 'side'; side: Side }
  | { type: 'order-type'; orderType: OrderType }
  | { type: 'price'; text: string }
  | { type: 'stop-price'; text: string }
  | { type: 'quantity'; text: string }
  | { type: 'total'; text: string }
  | { type: 'given'; given: TicketForm['given'] }
  | { type: 'step-price' | 'step-stop-price' | 'step-quantity' | 'step-total'; steps: number }
  | { type: 'percent'; percent: number; available: bigint }
  | { type: 'time-in-force'; timeInForce: TimeInForce }
  | { type: 'post-only'; postOnly: boolean }
  | { type: 'sent' }

/** The next state of the form. `available` is in the unit of what the side spends: quote to buy, base to sell. */
export function reduceTicket(form: TicketForm, action: TicketAction, units: MarketUnits): TicketForm {
  switch (action.type) {
    case 'side':
      return form.side === action.side ? form : { ...form, side: action.side }
    case 'order-type':
      return follow({ ...form, orderType: action.orderType, given: 'quantity', ...(action.orderType === 'stop' ? { postOnly: false, timeInForce: 'gtc' } : {}) }, units)
    case 'price':
      return follow({ ...form, price: action.text, priced: true }, units)
    case 'stop-price':
      return { ...form, stopPrice: action.text }
    case 'step-stop-price':
      return { ...form, stopPrice: stepped(form.stopPrice === '' ? form.price : form.stopPrice, action.steps, units.tick, units.priceScale) }
    case 'quantity':
      return follow({ ...form, quantity: action.text, given: 'quantity' }, units)
    case 'total':
      return follow({ ...form, total: action.text, given: 'total' }, units)
    case 'given':
      return { ...form, given: action.given, quantity: '', total: '' }
    case 'step-price':
      return follow({ ...form, priced: true, price: stepped(form.price, action.steps, units.tick, units.priceScale) }, units)
    case 'step-quantity':
      return follow({ ...form, quantity: stepped(form.quantity, action.steps, units.lot, units.quantityScale), given: 'quantity' }, units)
    case 'step-total':
      return follow({ ...form, total: stepped(form.total, action.steps, totalStep(units), units.quoteScale), given: 'total' }, units)
    case 'percent':
      return withPercent(form, action.percent, action.available, units)
    case 'time-in-force':
      return { ...form, timeInForce: action.timeInForce, postOnly: action.timeInForce === 'gtc' && form.postOnly }
    case 'post-only':
      return { ...form, postOnly: action.postOnly, timeInForce: action.postOnly ? 'gtc' : form.timeInForce }
    case 'sent':
      return { ...form, quantity: '', total: '', stopPrice: '', given: form.orderType === 'market' ? form.given : 'quantity' }
  }
}

/** Totals are stepped by one whole unit of the quote asset, or by the price's tick where that is coarser. */
function totalStep(units: MarketUnits): bigint {
  const tick = rescale(units.tick, units.priceScale, units.quoteScale)
  const whole = 10n ** BigInt(units.quoteScale)
  return tick * 1000n > whole ? whole : tick * 1000n
}

function stepped(text: string, steps: number, step: bigint, scale: number): string {
  const amount = readAmount(text, scale) ?? 0n
  const onGrid = floorTo(amount, step)
  // From between two steps the first step down only reaches the grid.
  const next = steps < 0 && onGrid !== amount ? onGrid + step * BigInt(steps + 1) : onGrid + step * BigInt(steps)
  return writeAmount(next < 0n ? 0n : next, scale)
}

/** Brings the field that was not given in line with the one that was. */
function follow(form: TicketForm, units: MarketUnits): TicketForm {
  if (form.orderType === 'market') return form.given === 'quantity' ? { ...form, total: '' } : { ...form, quantity: '' }
  const price = readAmount(form.price, units.priceScale)
  if (form.given === 'total') {
    const total = readAmount(form.total, units.quoteScale)
    if (total === null || price === null || price === 0n) return { ...form, quantity: '' }
    return { ...form, quantity: writeAmount(quantityFor(total, price, units), units.quantityScale) }
  }
  const quantity = readAmount(form.quantity, units.quantityScale)
  if (quantity === null || price === null || price === 0n) return { ...form, total: '' }
  return { ...form, total: writeAmount(notionalOf(price, quantity, units), units.quoteScale) }
}

/** Uses a share of what is available, rounded down to lots (or, for amounts, to the decimals of a price). */
function withPercent(form: TicketForm, percent: number, available: bigint, units: MarketUnits): TicketForm {
  const share = percentOf(available, percent)
  if (form.side === 'sell') {
    const quantity = floorTo(rescale(share, units.baseScale, units.quantityScale), units.lot)
    return follow({ ...form, given: 'quantity', quantity: writeAmount(quantity, units.quantityScale) }, units)
  }
  if (form.orderType === 'market') {
    const decimals = Math.min(units.quoteScale, Math.max(2, units.priceScale))
    return follow({ ...form, given: 'total', total: writeAmount(rescale(share, units.quoteScale, decimals), decimals) }, units)
  }
  const price = readAmount(form.price, units.priceScale)
  if (price === null || price === 0n) return form
  return follow({ ...form, given: 'quantity', quantity: writeAmount(quantityFor(share, price, units), units.quantityScale) }, units)
}
