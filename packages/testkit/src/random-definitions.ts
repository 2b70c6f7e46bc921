/** Random definitions of assets, markets and accounts: the stage on which random orders meet. */
import {
  MARKET_STATES,
  NONE_16,
  writeAccountOpen,
  writeAccountUpdate,
  writeAssetDefine,
  writeFeesDefineTier,
  writeFeesSetRate,
  writeLedgerTransfer,
  writeMarketDefine,
  writeMarketAuction,
  writeMarketSetReference,
  writeMarketUpdate,
  type FrameBuffer,
  type MarketSpec,
  type RulesFields,
} from '@bourse/core'
import type { CommandScene } from './command-scene.js'
import type { SeededRandom } from './seeded-random.js'

const WORLD = 0
/** Codes of the states that a market comes back from. */
const MOVABLE_STATES = MARKET_STATES.flatMap((state, code) => (state === 'delisted' ? [] : [code]))
const ACCOUNT_USER = 0
const OPEN = 0

/** Kinds of market that the stage has, each with its own arithmetic. */
interface MarketPlan {
  readonly symbol: string
  readonly base: number
  readonly quote: number
  readonly priceScale: number
  readonly quantityScale: number
  readonly rules: Partial<RulesFields>
  readonly referencePrice?: bigint
}

/** With what each account has of them at first: enough for a while, not for ever. */
const ASSETS = [
  { code: 'BTC', scale: 8, funds: 300n * 10n ** 8n },
  { code: 'ETH', scale: 6, funds: 400n * 10n ** 6n },
  { code: 'USDT', scale: 8, funds: 3n * 10n ** 8n },
  { code: 'YEN', scale: 0, funds: 300_000n },
  { code: 'WEI', scale: 18, funds: 2n * 10n ** 17n },
] as const
const [BTC, ETH, USDT, YEN, WEI] = [0, 1, 2, 3, 4] as const

const MARKETS: readonly MarketPlan[] = [
  { symbol: 'BTC-USDT', base: BTC, quote: USDT, priceScale: 2, quantityScale: 5, rules: { tickSize: 5n, lotSize: 10n, minQuantity: 30n, minNotional: 1_000_000n } },
  // A narrow band that moves with the trades.
  { symbol: 'ETH-USDT', base: ETH, quote: USDT, priceScale: 2, quantityScale: 6, rules: { allowSelfTrade: true, makerFeePpm: 0, takerFeePpm: 333, priceBandBps: 50 }, referencePrice: 1000n },
  // Whole units only: fees round up on every small fill.
  // A breaker that halts now and then.
  { symbol: 'BTC-YEN', base: BTC, quote: YEN, priceScale: 0, quantityScale: 0, rules: { makerFeePpm: 1, takerFeePpm: 500_000, maxOpenOrders: 4, breakerMoveBps: 60, breakerWindowMs: 4_000, haltMs: 1_000 } },
  // Close to the bounds of 64 bits: maxPrice x maxQuantity is just below 2^62.
  { symbol: 'ETH-WEI', base: ETH, quote: WEI, priceScale: 12, quantityScale: 6, rules: { tickSize: 1_000_000n, lotSize: 1_000_000n, maxPrice: 2_000_000_000n, maxQuantity: 2_000_000_000n, minNotional: 5n } },
  { symbol: 'YEN-WEI', base: YEN, quote: WEI, priceScale: 18, quantityScale: 0, rules: { maxPrice: 4_000_000_000_000_000n, maxQuantity: 1_000n } },
  // The last one is delisted some day.
  { symbol: 'ETH-BTC', base: ETH, quote: BTC, priceScale: 4, quantityScale: 4, rules: { maxOpenOrders: 10, priceBandBps: 60 } },
]

/** Prices around which a market of the stage trades, in ticks. */
export const MID_TICKS = 1000n

/** A price near the mid; in the market of the widest range, anywhere from 1 to 2^51 ticks, bids mostly low and asks mostly high. */
export function randomPrice(market: MarketSpec, side: number, random: SeededRandom): bigint {
  const away = BigInt(random.between(-4, 9))
  if (market.symbol !== 'YEN-WEI') return (side === 0 ? MID_TICKS - away : MID_TICKS + away) * market.tickSize
  const power = side === 0 ? random.pick([1, 5, 10, 29, 30, 31, 36]) : random.pick([30, 31, 35, 36, 45, 51])
  return (2n ** BigInt(power) + away * 16n ** BigInt(random.below(7))) * market.tickSize
}

export function defaultRules(): RulesFields {
  return {
    state: OPEN,
    allowSelfTrade: false,
    marketBandBps: 500,
    makerFeePpm: 800,
    takerFeePpm: 1000,
    maxOpenOrders: 40,
    tickSize: 1n,
    lotSize: 1n,
    minQuantity: 1n,
    maxQuantity: 1_000_000n,
    maxPrice: 1_000_000n,
    minNotional: 0n,
    maxNotional: 0n,
    priceBandBps: 0,
    breakerMoveBps: 0,
    breakerWindowMs: 0,
    haltMs: 0,
    auctionMs: 0,
    auctionRandomMs: 0,
  }
}

/** The frames that build the stage: assets, markets, accounts in groups, and money. */
export function writeStage(frames: FrameBuffer, accounts: number): void {
  for (const asset of ASSETS) writeAssetDefine(frames, asset)
  for (const { rules, ...market } of MARKETS) writeMarketDefine(frames, { ...market, rules: { ...defaultRules(), ...rules } })
  for (let i = 0; i < accounts; i++) {
    // Every third account shares the group of its neighbour.
    writeAccountOpen(frames, { name: `trader-${i}`, kind: ACCOUNT_USER, group: i % 3 === 0 ? '' : `owner-${Math.floor(i / 3)}` })
    for (const [asset, { funds }] of ASSETS.entries()) writeLedgerTransfer(frames, { requestId: `fund-${i}-${asset}`, from: WORLD, to: 2 + i, asset, amount: funds })
  }
  writeFeeStage(frames, accounts)
}

/** Half of the traders pay other than the plain fees: a rebate, fees in the quote asset or in a third one, a referrer. */
function writeFeeStage(frames: FrameBuffer, accounts: number): void {
  writeFeesDefineTier(frames, { tier: 1, market: NONE_16, makerFeePpm: -100, takerFeePpm: 900 })
  writeFeesSetRate(frames, { feeAsset: USDT, asset: USDT, feeAssetAmount: 1n, assetAmount: 1n, discountPpm: 250_000 })
  writeFeesSetRate(frames, { feeAsset: YEN, asset: YEN, feeAssetAmount: 1n, assetAmount: 1n, discountPpm: 0 })
  writeFeesSetRate(frames, { feeAsset: WEI, asset: WEI, feeAssetAmount: 1n, assetAmount: 1n, discountPpm: 0 })
  for (const asset of [BTC, ETH, USDT]) writeFeesSetRate(frames, { feeAsset: YEN, asset, feeAssetAmount: 7n, assetAmount: 3_000n, discountPpm: 100_000 })
  const settings = [{ feeAsset: USDT }, { feeTier: 1 }, { feeAsset: YEN, referrer: 2, referralPpm: 200_000 }, { feeAsset: WEI }]
  for (const [place, changes] of settings.entries()) if (1 + place < accounts) writeAccountUpdate(frames, 3 + place, changes)
}

/** A change of a market's rules: half of them back to what the stage has, the others harmless, cancelling what rests, or refused. */
export function writeRandomUpdate(frames: FrameBuffer, scene: CommandScene, random: SeededRandom): void {
  const shut = scene.markets.filter(({ state }) => state !== 'open' && state !== 'delisted')
  // Most of the time most markets trade.
  const reopens = shut.length > 0 && !random.onceIn(3)
  // An empty market would tell nobody that it is delisted.
  const last = scene.markets[MARKETS.length - 1]
  const delists = last !== undefined && scene.orders.some((order) => order.market === last.id) && random.onceIn(8)
  const market = delists ? last : random.pick(reopens ? shut : scene.markets)
  const changed: RulesFields = { ...defaultRules(), ...MARKETS[market.id]?.rules }
  if (delists) changed.state = MARKET_STATES.indexOf('delisted')
  if (delists || reopens || random.onceIn(2)) {
    writeMarketUpdate(frames, { market: market.id, rules: changed })
    return
  }
  if (random.onceIn(3)) changed.state = random.pick(MOVABLE_STATES)
  if (random.onceIn(3)) changed.tickSize *= random.pick([1n, 2n, 5n, 10n])
  if (random.onceIn(4)) changed.lotSize *= random.pick([1n, 2n, 10n])
  if (random.onceIn(6)) changed.maxPrice = random.pick([990n, 1005n]) * changed.tickSize
  if (random.onceIn(6)) changed.minNotional = random.pick([0n, 5n, 1_000_000n])
  if (random.onceIn(5)) changed.maxNotional = market.notionalUnit * changed.lotSize * changed.tickSize * random.pick([200n, 2_000n, 20_000n])
  if (random.onceIn(2)) Object.assign(changed, { breakerMoveBps: random.pick([10, 50, 100]), breakerWindowMs: random.pick([1, 1_000, 3_001, 60_000]), haltMs: random.pick([0, 500]) })
  if (random.onceIn(2)) changed.priceBandBps = random.pick([5, 30, 60, 200])
  if (random.onceIn(4)) changed.makerFeePpm = random.pick([0, 1, 800, 499_999, -1, -100, -300, -2000])
  if (random.onceIn(4)) changed.marketBandBps = random.pick([1, 50, 500, 9999])
  if (random.onceIn(8)) changed.maxOpenOrders = random.pick([1, 4, 40])
  if (random.onceIn(6)) changed.maxQuantity = changed.lotSize * 20n
  changed.minQuantity = changed.lotSize * random.pick([0n, 1n, 1n, 3n])
  spoil(changed, random)
  writeMarketUpdate(frames, { market: random.onceIn(30) ? 77 : market.id, rules: changed })
}

/** A reference price near the mid, or one that no market takes. */
export function writeRandomReference(frames: FrameBuffer, scene: CommandScene, random: SeededRandom): void {
  const market = random.pick(scene.markets)
  const price = random.onceIn(6) ? random.pick([0n, -1n, market.maxPrice, market.maxPrice + 1n]) : MID_TICKS * market.tickSize + BigInt(random.between(-3, 3))
  writeMarketSetReference(frames, random.onceIn(20) ? 77 : market.id, price)
}

/** An auction, mostly soon over. */
export function writeRandomAuction(frames: FrameBuffer, scene: CommandScene, random: SeededRandom): void {
  const endsAtUs = random.onceIn(15) ? random.pick([0, -1, 0.5, Number.NaN]) : scene.nowUs + random.pick([-5, 0, 1, 2_000_000, 10_000_000, 30_000_000, 30_000_000])
  writeMarketAuction(frames, random.onceIn(25) ? 77 : random.pick(scene.markets).id, endsAtUs)
}

/** A definition that is mostly refused: names that exist, bounds that are broken. */
export function writeRandomDefinition(frames: FrameBuffer, scene: CommandScene, random: SeededRandom): void {
  switch (random.below(3)) {
    case 0:
      writeAssetDefine(frames, { code: random.pick(['BTC', 'BTC', 'ETH', 'EUR', 'usd', 'ABCDEFGHIJKLMNOPQ', '']), scale: random.pick([0, 8, 8, 18, 19, 255]) })
      return
    case 1: {
      const name = random.pick(['world', 'fees', 'trader-1', `extra-${random.below(30)}`, ''])
      const account = { name, kind: random.pick([0, 0, 1, 1, 2, 9]), group: random.pick(['', '', 'owner-0', `extra-${random.below(9)}`]), purpose: random.pick([0, 0, 1, 3, 4, 9]) }
      writeAccountOpen(frames, random.onceIn(3) ? { ...account, purpose: 0, parent: random.pick([0, 1, 2, 3, 5000, random.below(scene.accounts.length)]) } : account)
      return
    }
    default: {
      if (random.onceIn(2)) {
        writeMarketDefine(frames, { ...random.pick(MARKETS), rules: defaultRules() })
        return
      }
      const base = random.pick([0, 1, 2, 3, 4, 50])
      const quote = random.pick([0, 1, 2, 3, 4, 50])
      const symbol = random.onceIn(3) ? random.pick(['BTC-USDT', 'WRONG', 'btc-usdt', '', 'BTC-ETH']) : `${scene.assets[base]?.code ?? 'X'}-${scene.assets[quote]?.code ?? 'X'}`
      const rules = defaultRules()
      spoil(rules, random)
      writeMarketDefine(frames, { symbol, base, quote, priceScale: random.pick([0, 2, 4, 9]), quantityScale: random.pick([0, 2, 6, 9, 19]), rules, referencePrice: random.pick([0n, 0n, 500n, -1n, 2_000_000n]) })
    }
  }
}

/** Breaks one rule, once in four times. */
function spoil(rules: RulesFields, random: SeededRandom): void {
  if (!random.onceIn(4)) return
  const breakIt = random.pick<(rules: RulesFields) => void>([
    (r) => (r.tickSize = random.pick([0n, -1n, 7n])),
    (r) => (r.lotSize = random.pick([0n, -5n, 7n])),
    (r) => (r.minQuantity = random.pick([0n, -1n, r.maxQuantity + r.lotSize, r.lotSize * 2n])),
    (r) => (r.maxQuantity = random.pick([0n, 2n ** 62n, -1n])),
    (r) => (r.maxPrice = random.pick([0n, 2n ** 53n, 2n ** 62n, -1n])),
    (r) => (r.minNotional = random.pick([-1n, 2n ** 62n, 1n])),
    (r) => (r.makerFeePpm = random.pick([500_000, 500_001, 1_000_000])),
    (r) => (r.takerFeePpm = random.pick([500_000, 500_001, 4_000_000_000])),
    (r) => (r.marketBandBps = random.pick([0, 9_999, 10_000])),
    (r) => (r.maxNotional = random.pick([-1n, 2n ** 62n])),
    (r) => (r.priceBandBps = random.pick([9_999, 10_000])),
    (r) => (r.breakerMoveBps = random.pick([0, 9_999, 10_000])),
    (r) => (r.breakerWindowMs = random.pick([0, 86_400_000, 86_400_001])),
    (r) => (r.auctionMs = random.pick([86_400_000, 86_400_001])),
    (r) => (r.maxOpenOrders = random.pick([0, 1, 4_000_000_000])),
    (r) => (r.state = random.pick([MARKET_STATES.length, 200])),
    (r) => (r.tickSize = r.maxPrice + 1n),
  ])
  breakIt(rules)
}
