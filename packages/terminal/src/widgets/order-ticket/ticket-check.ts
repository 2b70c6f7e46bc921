/** Checks the ticket against the market's rules and makes the order to send. */
import { formatDecimal } from '@bourse/core'
import { notionalOf, readAmount, rescale, writeAmount, type MarketUnits } from '../../stores/market-units.js'
import type { Market, PlaceOrder } from '../../stores/wire.js'
import type { TextKey } from '../../i18n/text-keys.js'
import type { TicketForm } from './ticket-form.js'
import { crosses, previewTicket, type TicketContext } from './ticket-preview.js'

export type TicketField = 'stopPrice' | 'price' | 'quantity' | 'total'

export interface TicketProblem {
  readonly field: TicketField
  readonly text: TextKey
  readonly values: Readonly<Record<string, string>>
}

export type TicketCheck = { readonly ok: true; readonly order: Omit<PlaceOrder, 'clientOrderId'> } | { readonly ok: false; readonly problem: TicketProblem }

const refuse = (field: TicketField, text: TextKey, values: Record<string, string> = {}): TicketCheck => ({ ok: false, problem: { field, text, values } })

/** The first thing that is wrong, in the order of the fields, or the order. */
export function checkTicket(form: TicketForm, market: Market, context: TicketContext): TicketCheck {
  if (form.orderType === 'market') return checkMarket(form, market, context)
  return form.orderType === 'stop' ? checkStop(form, market, context) : checkLimit(form, market, context)
}

function checkLimit(form: TicketForm, market: Market, context: TicketContext): TicketCheck {
  const { units } = context
  const price = readAmount(form.price, units.priceScale)
  if (form.price === '') return refuse('price', 'ticket.problem.priceMissing')
  if (price === null || price % units.tick !== 0n) return refuse('price', 'ticket.problem.priceTick', { step: market.tickSize })
  if (price === 0n) return refuse('price', 'ticket.problem.priceMissing')
  if (price > units.maxPrice) return refuse('price', 'ticket.problem.priceMaximum', { maximum: market.maxPrice })
  if (form.postOnly && crosses(form, price, context)) return refuse('price', 'ticket.problem.postOnlyCrosses')
  const quantity = readAmount(form.quantity, units.quantityScale)
  const wrong = checkQuantity(form, quantity, market, units)
  if (wrong) return wrong
  const notional = notionalOf(price, quantity!, units)
  if (notional < units.minNotional) return refuse('quantity', 'ticket.problem.totalMinimum', { minimum: writeAmount(units.minNotional, units.quoteScale), asset: market.quote })
  const short = checkBalance(form, market, context)
  if (short) return short
  return {
    ok: true,
    order: {
      market: market.symbol,
      side: form.side,
      orderType: 'limit',
      price: formatDecimal(price, units.priceScale),
      quantity: formatDecimal(quantity!, units.quantityScale),
      timeInForce: form.timeInForce,
      ...(form.postOnly ? { postOnly: true } : {}),
    },
  }
}

/** A stop beyond the market limits a loss, one before it takes a profit; the same price as the last trade is neither. */
function checkStop(form: TicketForm, market: Market, context: TicketContext): TicketCheck {
  const { units, lastPrice } = context
  const stop = readAmount(form.stopPrice, units.priceScale)
  if (form.stopPrice === '' || stop === 0n) return refuse('stopPrice', 'ticket.problem.stopMissing')
  if (stop === null || stop % units.tick !== 0n) return refuse('stopPrice', 'ticket.problem.priceTick', { step: market.tickSize })
  if (stop > units.maxPrice) return refuse('stopPrice', 'ticket.problem.priceMaximum', { maximum: market.maxPrice })
  const last = lastPrice === undefined ? null : readAmount(lastPrice, units.priceScale)
  if (stop === last) return refuse('stopPrice', 'ticket.problem.stopAtMarket')
  const limit = checkLimit(form, market, context)
  if (!limit.ok) return limit
  const { timeInForce: _gtc, ...order } = limit.order
  const isBeyond = last === null || (form.side === 'buy' ? stop > last : stop < last)
  return { ok: true, order: { ...order, orderType: isBeyond ? 'stop-limit' : 'take-profit-limit', stopPrice: formatDecimal(stop, units.priceScale) } }
}

function checkMarket(form: TicketForm, market: Market, context: TicketContext): TicketCheck {
  const { units } = context
  const order = { market: market.symbol, side: form.side, orderType: 'market' } as const
  if (form.given === 'quantity') {
    const quantity = readAmount(form.quantity, units.quantityScale)
    const wrong = checkQuantity(form, quantity, market, units) ?? checkBalance(form, market, context)
    if (wrong) return wrong
    return { ok: true, order: { ...order, quantity: formatDecimal(quantity!, units.quantityScale) } }
  }
  const amount = readAmount(form.total, units.quoteScale)
  if (form.total === '' || amount === 0n) return refuse('total', 'ticket.problem.amountMissing')
  if (amount === null) return refuse('total', 'ticket.problem.amountDigits', { digits: String(units.quoteScale) })
  if (amount < units.minNotional) return refuse('total', 'ticket.problem.totalMinimum', { minimum: writeAmount(units.minNotional, units.quoteScale), asset: market.quote })
  const short = checkBalance(form, market, context)
  if (short) return short
  return { ok: true, order: { ...order, quoteQuantity: formatDecimal(amount, units.quoteScale) } }
}

function checkQuantity(form: TicketForm, quantity: bigint | null, market: Market, units: MarketUnits): TicketCheck | null {
  if (form.quantity === '' || quantity === 0n) return refuse('quantity', 'ticket.problem.quantityMissing')
  if (quantity === null || quantity % units.lot !== 0n) return refuse('quantity', 'ticket.problem.quantityLot', { step: market.lotSize })
  if (quantity < units.minQuantity) return refuse('quantity', 'ticket.problem.quantityMinimum', { minimum: market.minQuantity, asset: market.base })
  if (quantity > units.maxQuantity) return refuse('quantity', 'ticket.problem.quantityMaximum', { maximum: market.maxQuantity, asset: market.base })
  return null
}

function checkBalance(form: TicketForm, market: Market, context: TicketContext): TicketCheck | null {
  const { units, available } = context
  if (available === null) return null
  const preview = previewTicket(form, context)
  const needed = form.side === 'buy' ? preview.total : preview.quantity === null ? null : rescale(preview.quantity, units.quantityScale, units.baseScale)
  if (needed === null || needed <= available) return null
  const scale = form.side === 'buy' ? units.quoteScale : units.baseScale
  const asset = form.side === 'buy' ? market.quote : market.base
  return refuse(form.given, 'ticket.problem.balance', { available: writeAmount(available, scale), asset })
}
