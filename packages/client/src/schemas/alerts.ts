/** Prices at which somebody wants to be told. */
import { z } from 'zod'
import { Decimal, MarketSymbol, TimestampMs } from './common.js'

export const AlertDirection = z.enum(['above', 'below'])

/** GET /api/v1/alerts: newest first; an alert fires once and then stays in the list until it is removed. */
export const PriceAlert = z.object({
  alertId: z.string(),
  market: MarketSymbol,
  direction: AlertDirection.describe('`above`: fires with a trade at the price or higher; `below`: at the price or lower.'),
  price: Decimal,
  note: z.string(),
  createdMs: TimestampMs,
  firedMs: TimestampMs.nullable().describe('Null while it waits.'),
  firedPrice: Decimal.nullable().describe('Of the trade that fired it.'),
})
export type PriceAlert = z.infer<typeof PriceAlert>

/** POST /api/v1/alerts -> PriceAlert (201) */
export const NewPriceAlert = z.strictObject({
  market: MarketSymbol,
  direction: AlertDirection,
  price: Decimal,
  note: z.string().max(200).default(''),
})
export type NewPriceAlert = z.input<typeof NewPriceAlert>
