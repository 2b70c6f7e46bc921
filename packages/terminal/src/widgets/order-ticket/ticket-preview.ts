/** What an order would cost and bring, and whether the exchange would take it, before it is sent. */
import { feeOn, notionalOf, readAmount, rescale, takeQuantity, takeTotal, type MarketUnits } from '../../stores/market-units.js'
import type { BookLevel } from '../../stores/wire.js'
import type { TicketForm } from './ticket-form.js'

export interface TicketContext {
  readonly units: MarketUnits
  /** Best first, as far as it is known. */
  readonly bids: readonly BookLevel[]
  readonly asks: readonly BookLevel[]
  /** Undefined before the first trade. */
  readonly lastPrice: string | undefined
  /** Quote asset's unit to buy, base asset's unit to sell; null when nobody is logged in. */
  readonly available: bigint | null
}

export interface TicketPreview {
  /** In the quote asset's unit; null while it cannot be told. */
  readonly total: bigint | null
  /** In units of the quantity. */
  readonly quantity: bigint | null
  readonly liquidity: 'maker' | 'taker'
  /** In the unit of what is received: base when buying, quote when selling. */
  readonly fee: bigint | null
  readonly receive: bigint | null
  /** Share of the available balance that the order uses, 0 to 100. */
  readonly percent: number
  /** A market order for more than the book is known to hold. */
  readonly thinBook: boolean
  /** A limit far on the wrong side of the market: probably mistyped. */
  readonly farPrice: boolean
}

/** Tells whether a limit price would trade at once. */
export function crosses(form: TicketForm, price: bigint, context: TicketContext): boolean {
  const best = form.side === 'buy' ? context.asks[0] : context.bids[0]
  if (best === undefined) return false
  const opposite = readAmount(best[0], context.units.priceScale)!
  return form.side === 'buy' ? price >= opposite : price <= opposite
}

/** A buy more than this above the best ask, or a sale more than this below the best bid, deserves a word. */
const FAR_PERCENT = 5n

function isFar(form: TicketForm, price: bigint, { units, bids, asks }: TicketContext): boolean {
  const best = form.side === 'buy' ? asks[0] : bids[0]
  if (best === undefined) return false
  const opposite = readAmount(best[0], units.priceScale)!
  return form.side === 'buy' ? price * 100n > opposite * (100n + FAR_PERCENT) : price * 100n < opposite * (100n - FAR_PERCENT)
}

export function previewTicket(form: TicketForm, context: TicketContext): TicketPreview {
  const { units } = context
  const { quantity, total, thinBook } = form.orderType === 'market' ? marketAmounts(form, context) : limitAmounts(form, units)
  const price = readAmount(form.price, units.priceScale)
  // A stop order meets a market that has moved: it is reckoned as a taker.
  const takes = form.orderType !== 'limit' || form.timeInForce !== 'gtc' || (!form.postOnly && price !== null && crosses(form, price, context))
  const rate = takes ? units.takerPpm : units.makerPpm
  const gross = form.side === 'buy' ? (quantity === null ? null : rescale(quantity, units.quantityScale, units.baseScale)) : total
  // A rebate is paid in the asset of whoever takes the order; it is not promised here.
  const fee = gross === null ? null : feeOn(gross, rate > 0n ? rate : 0n)
  const spent = form.side === 'buy' ? total : quantity === null ? null : rescale(quantity, units.quantityScale, units.baseScale)
  return {
    total,
    quantity,
    liquidity: takes ? 'taker' : 'maker',
    fee,
    receive: gross === null || fee === null ? null : gross - fee,
    percent: sharePercent(spent, context.available),
    thinBook,
    farPrice: form.orderType === 'limit' && price !== null && isFar(form, price, context),
  }
}

function sharePercent(spent: bigint | null, available: bigint | null): number {
  if (spent === null || available === null || available === 0n) return 0
  const percent = Number((spent * 1000n) / available) / 10
  return Math.min(100, Math.round(percent))
}

interface Amounts {
  quantity: bigint | null
  total: bigint | null
  thinBook: boolean
}

function limitAmounts(form: TicketForm, units: MarketUnits): Amounts {
  const price = readAmount(form.price, units.priceScale)
  const quantity = readAmount(form.quantity, units.quantityScale)
  const total = price === null || quantity === null ? null : notionalOf(price, quantity, units)
  return { quantity, total, thinBook: false }
}

function marketAmounts(form: TicketForm, context: TicketContext): Amounts {
  const { units } = context
  const levels = form.side === 'buy' ? context.asks : context.bids
  if (form.given === 'quantity') {
    const quantity = readAmount(form.quantity, units.quantityScale)
    if (quantity === null) return { quantity: null, total: null, thinBook: false }
    const estimate = takeQuantity(levels, quantity, units)
    return { quantity, total: estimate.total, thinBook: quantity > 0n && !estimate.complete }
  }
  const amount = readAmount(form.total, units.quoteScale)
  if (amount === null) return { quantity: null, total: null, thinBook: false }
  const estimate = takeTotal(levels, amount, units)
  return { quantity: estimate.quantity, total: form.side === 'buy' ? amount : estimate.total, thinBook: amount > 0n && !estimate.complete }
}
