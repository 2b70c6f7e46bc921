/** The exchange as it presents itself: brand, assets, markets. */
import { z } from 'zod'
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
  /** Path on this server. */
  logoUrl: z.string(),
  theme: Theme,
  defaultAppearance: z.enum(['light', 'dark', 'system']),
  defaultLanguage: z.string(),
  /** Language -> translation key -> text: what overrides or adds to the terminal's own texts. */
  texts: z.record(z.string(), z.record(z.string(), z.string())),
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
      /** Test money can be sent from outside (simulated chain). */
      faucet: z.boolean(),
    })
    .optional(),
})
export type Asset = z.infer<typeof Asset>

export const Market = z.object({
  symbol: MarketSymbol,
  base: AssetCode,
  quote: AssetCode,
  state: z.enum(['open', 'post-only', 'cancel-only', 'halted', 'delisted', 'pre-open']),
  tickSize: Decimal,
  lotSize: Decimal,
  minQuantity: Decimal,
  maxQuantity: Decimal,
  minNotional: Decimal,
  maxPrice: Decimal,
  /** Decimals in which prices and quantities of this market are written. */
  priceScale: z.number().int(),
  quantityScale: z.number().int(),
  /** Fractions: `0.001` is 0.1 %. */
  /** Negative: a rebate. */
  makerFee: SignedDecimal,
  takerFee: Decimal,
})
export type Market = z.infer<typeof Market>

/** GET /api/v1/exchange */
export const Exchange = z.object({
  brand: Brand,
  assets: z.array(Asset),
  markets: z.array(Market),
  time: TimestampMs,
  /** Whether the built-in market simulator trades here: the terminal then says so. */
  simulated: z.boolean(),
})
export type Exchange = z.infer<typeof Exchange>
