/** The exchange as it presents itself: brand, assets, markets. */
import { z } from 'zod'
import { MarketState } from './status.js'
import { AssetCode, Decimal, MarketSymbol, SignedDecimal, TimestampMs } from './common.js'

/** CSS colours by token name (see `brand/theme.json` of a project) for both appearances. */
export const Theme = z.object({
  light: z.record(z.string(), z.string()),
  dark: z.record(z.string(), z.string()),
})
export type Theme = z.infer<typeof Theme>

export const Brand = z.object({
  name: z.string(),
  tagline: z.string(),
  logoUrl: z.string().describe('Path on this server.'),
  theme: Theme,
  defaultAppearance: z.enum(['light', 'dark', 'system']),
  defaultLanguage: z.string(),
  texts: z.record(z.string(), z.record(z.string(), z.string())).describe("Language -> translation key -> text: what overrides or adds to the terminal's own texts."),
})
export type Brand = z.infer<typeof Brand>

export const Asset = z.object({
  code: AssetCode,
  name: z.string(),
  scale: z.number().int(),
  /** Absent where nothing can be deposited or withdrawn. */
  network: z
    .object({
      name: z.string(),
      requiredConfirmations: z.number().int(),
      minimumDeposit: Decimal,
      minimumWithdrawal: Decimal,
      withdrawalFee: Decimal,
      deposit: z.boolean(),
      withdraw: z.boolean(),
      faucet: z.boolean().describe('Test money can be sent from outside (simulated chain).'),
    })
    .optional(),
})
export type Asset = z.infer<typeof Asset>

export const Market = z.object({
  symbol: MarketSymbol,
  base: AssetCode,
  quote: AssetCode,
  state: MarketState,
  tickSize: Decimal,
  lotSize: Decimal,
  minQuantity: Decimal,
  maxQuantity: Decimal,
  minNotional: Decimal,
  maxPrice: Decimal,
  priceScale: z.number().int().describe('Decimals in which prices and quantities of this market are written.'),
  quantityScale: z.number().int(),
  makerFee: SignedDecimal.describe('A fraction: `0.001` is 0.1 %. Negative: a rebate.'),
  takerFee: Decimal.describe('A fraction.'),
})
export type Market = z.infer<typeof Market>

/** GET /api/v1/exchange */
export const Exchange = z.object({
  brand: Brand,
  assets: z.array(Asset),
  markets: z.array(Market),
  time: TimestampMs,
  simulated: z.boolean().describe('Whether the built-in market simulator trades here: the terminal then says so.'),
  outbox: z.boolean().optional().describe('Whether mails are shown at /outbox instead of being sent: in development.'),
})
export type Exchange = z.infer<typeof Exchange>
