/** The typed configuration of an exchange: what `exchange.config.ts` may say, its defaults and its checks. */
import { z } from 'zod'
import { isAddressRange } from '@bourse/identity'
import type { Plugin } from '@bourse/plugin'

const decimalText = z.string().regex(/^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/, 'must be a plain decimal string such as "0.01"')
const isFee = (text: string): boolean => Math.abs(Number(text)) <= 0.5
const hasFeeDecimals = (text: string): boolean => !/\.\d{7,}$/.test(text)
const feeText = decimalText.refine(isFee, 'must be a fraction of at most 0.5 (0.001 is 0.1 %)').refine(hasFeeDecimals, 'may have at most 6 decimals')
/** Negative: a rebate, paid out of the taker's fee. */
const makerFeeText = z
  .string()
  .regex(/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/, 'must be a plain decimal string such as "0.001", or "-0.0001" for a rebate')
  .refine(isFee, 'must be a fraction of at most 0.5 (0.001 is 0.1 %)')
  .refine(hasFeeDecimals, 'may have at most 6 decimals')
  .refine((text) => text !== '-0' && !/^-0\.0+$/.test(text), 'is zero without a sign')
const feePair = z
  .strictObject({ maker: makerFeeText, taker: feeText })
  .refine(({ maker, taker }) => -Number(maker) <= Number(taker), "the maker's rebate must not be more than the taker fee, out of which it is paid")
const breakerMs = z.number().int().min(0).max(86_400_000)
const relativeFile = z.string().min(1)

const brand = z.strictObject({
  name: z.string().trim().min(1).max(60),
  tagline: z.string().max(160).default(''),
  /** Files are relative to the configuration. */
  logo: relativeFile.default('./brand/logo.svg'),
  theme: relativeFile.default('./brand/theme.json'),
  texts: relativeFile.default('./brand/texts.json'),
  defaultAppearance: z.enum(['light', 'dark', 'system']).default('dark'),
  defaultLanguage: z.string().regex(/^[a-z]{2}$/, 'must be a two-letter language such as "en"').default('en'),
})

const asset = z.strictObject({
  code: z.string().regex(/^[A-Z0-9]{1,16}$/, 'must be 1 to 16 characters of A-Z and 0-9'),
  /** For people; the code when absent. */
  name: z.string().min(1).max(60).optional(),
  /** Decimals of the ledger; fixed once the exchange has started with it. */
  scale: z.number().int().min(0).max(18).default(8),
})

const market = z.strictObject({
  base: z.string(),
  quote: z.string(),
  tickSize: decimalText,
  lotSize: decimalText,
  minNotional: decimalText.default('0'),
  /** Absent: the most that maxPrice and maxQuantity allow. */
  maxNotional: decimalText.optional(),
  /** Both default to one lot and to the largest values that can never overflow. */
  minQuantity: decimalText.optional(),
  maxQuantity: decimalText.optional(),
  maxPrice: decimalText.optional(),
  /** Decimals for ever; by default those of tickSize and lotSize. Give more to be able to refine them later. */
  priceScale: z.number().int().min(0).max(18).optional(),
  quantityScale: z.number().int().min(0).max(18).optional(),
  /** This market's own fees; else those of the exchange. */
  fees: feePair.optional(),
  /** `pre-open` is for new markets: they collect orders until an auction opens them. */
  state: z.enum(['open', 'post-only', 'cancel-only', 'halted', 'delisted', 'pre-open']).default('open'),
  marketBandBps: z.number().int().min(1).max(9_999).default(500),
  /** How far from the last price an order may rest or trade, in basis points; absent: anywhere. */
  priceBandBps: z.number().int().min(1).max(9_999).optional(),
  /** What the price band of a new market is measured from until its first trade. */
  referencePrice: decimalText.optional(),
  /** Halts the market when its price moves too far within a window; an auction opens it again. Absent: never. */
  circuitBreaker: z
    .strictObject({
      /** A move of more than so many basis points. */
      moveBps: z.number().int().min(1).max(9_999),
      windowMs: breakerMs.min(1).default(300_000),
      /** From the halt to the call of the auction. */
      haltMs: breakerMs.default(60_000),
      /** How long the auction collects orders, and how much longer at most, by chance. */
      auctionMs: breakerMs.default(120_000),
      auctionRandomMs: breakerMs.default(30_000),
    })
    .optional(),
  allowSelfTrade: z.boolean().default(false),
  maxOpenOrders: z.number().int().min(1).max(100_000).default(1_000),
  /** What the market simulator starts from; markets without it are not simulated. */
  simulation: z
    .strictObject({
      startPrice: decimalText,
      /** Standard deviation of a day's return. */
      dailyVolatility: z.number().min(0.0001).max(1).default(0.03),
      /** Typical size of a trade in base. */
      typicalQuantity: decimalText,
      tradesPerMinute: z.number().min(0.1).max(600).default(30),
    })
    .optional(),
})

/** A plugin is a plain object with functions in it: its shape is checked by definePlugin, here only that it is one. */
const plugin = z.custom<Plugin>((value) => typeof value === 'object' && value !== null && 'name' in value && 'apiVersion' in value, 'must be a plugin made by definePlugin(...)')

export const ExchangeConfigSchema = z.strictObject({
  /** `production` refuses to start in an unsafe way; by default what NODE_ENV says. */
  mode: z.enum(['development', 'production']).optional(),
  brand,
  assets: z.array(asset).min(1),
  markets: z.array(market).min(1),
  fees: feePair.default({ maker: '0.001', taker: '0.001' }),
  plugins: z.array(plugin).default([]),
  /** PostgreSQL by URL; SQLite in the data directory when absent or empty. */
  database: z.string().optional(),
  /** The built-in market: agents that trade through the public API, for demonstrations. */
  simulator: z
    .strictObject({
      enabled: z.boolean().default(true),
      seed: z.number().int().min(0).max(2 ** 32 - 1).default(1),
      /** Days of trading that a new exchange begins with. */
      historyDays: z.number().int().min(0).max(30).default(3),
    })
    .default({ enabled: false, seed: 1, historyDays: 3 }),
  /** What stays of journal and snapshots, and when the disk is too full to trade. */
  storage: z
    .strictObject({
      /** Snapshots that stay; at least two, because the newest may be damaged. */
      snapshots: z.number().int().min(2).max(1000).default(2),
      /** Journal files that neither a snapshot nor the history needs: `keep`, `delete`, or the folder that they are moved to, relative to the configuration. */
      archive: z.string().min(1).default('keep'),
      /** Megabytes that are left on the disk: below the first the operator is warned, below the second no command is taken. */
      warnBelowMb: z.number().int().min(0).default(1_000),
      readOnlyBelowMb: z.number().int().min(0).default(128),
    })
    .default({ snapshots: 2, archive: 'keep', warnBelowMb: 1_000, readOnlyBelowMb: 128 }),
  /** How mails leave. In development without a server they are shown at `/outbox`. */
  mail: z
    .strictObject({
      /** `smtps://user:password@mail.example:465`, or `smtp://` for STARTTLS; keep it in `.env`. */
      smtpUrl: z.string().regex(/^smtps?:\/\/./, 'must begin with smtp:// or smtps://').optional(),
      /** `Acme Exchange <no-reply@acme.example>`; without it the brand's name and the user of the mail server. */
      from: z.string().regex(/^[^\r\n]*[^\s@]+@[^\s@]+$/, 'must be an address such as "Acme <no-reply@acme.example>"').optional(),
    })
    .default({}),
  /** How accounts are protected. */
  security: z
    .strictObject({
      /** Before the e-mail address is proved: `read`, `trade` (all but withdrawing and making API keys), or `everything`. */
      unverifiedMay: z.enum(['read', 'trade', 'everything']).default('trade'),
      /** For how long nothing can be withdrawn after a change of password or second factor; 0: at once. */
      withdrawalHoldHours: z.number().min(0).max(720).default(24),
      /** For how long a log-in, password or code counts as a proof for sensitive changes. */
      proofMinutes: z.number().min(1).max(60).default(10),
    })
    .default({ unverifiedMay: 'trade', withdrawalHoldHours: 24, proofMinutes: 10 }),
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(3000),
      /** Where `start --role engine` answers /health, /ready and /metrics, on this machine alone. */
      enginePort: z.number().int().min(0).max(65_535).default(3900),
      /** The `https://` address under which people reach the exchange, when a proxy stands in front. */
      publicUrl: z.url().optional(),
      /** Addresses and ranges of the proxies in front, whose word about a caller's address counts; with a publicUrl those on this machine by default. */
      trustedProxies: z.array(z.string().refine(isAddressRange, 'must be an address such as "10.0.0.5", or a range such as "10.0.0.0/8"')).optional(),
    })
    .default({ host: '127.0.0.1', port: 3000, enginePort: 3900 }),
  /** Binary order entry over TCP, for programs in a hurry; absent: there is none. */
  orderEntry: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535),
      /** Commands a second of one session, cancels apart; 0: any number. */
      commandsPerSecond: z.number().int().min(0).default(10_000),
    })
    .optional(),
})

type AnyInput = z.input<typeof ExchangeConfigSchema>
/** What an operator writes; `Code` are the codes of the assets, which alone may be traded. */
export type ExchangeConfigInput<Code extends string = string> = Omit<AnyInput, 'assets' | 'markets'> & {
  assets: (Omit<AnyInput['assets'][number], 'code'> & { code: Code })[]
  markets: (Omit<AnyInput['markets'][number], 'base' | 'quote'> & { base: NoInfer<Code>; quote: NoInfer<Code> })[]
}
/** What the program reads: every default filled in. */
export type ExchangeConfig = z.output<typeof ExchangeConfigSchema>
export type MarketConfig = ExchangeConfig['markets'][number]

/**
 * Types an exchange's configuration; `exchange start` validates it. A market of an asset that is not declared does not compile.
 *
 * @example
 * export default defineExchange({
 *   brand: { name: 'Acme Exchange' },
 *   assets: [{ code: 'BTC' }, { code: 'USDT' }],
 *   markets: [{ base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001', minNotional: '5' }],
 * })
 */
export function defineExchange<const Code extends string>(config: ExchangeConfigInput<Code>): ExchangeConfigInput {
  return config
}

/** Reads a variable of the environment or of the project's `.env`; undefined when it is unset or empty. */
export function env(name: string): string | undefined {
  const value = process.env[name]
  return value === undefined || value === '' ? undefined : value
}
