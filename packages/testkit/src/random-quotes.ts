/** Random ladders of market makers: what stands goes on, shrinks, grows or goes, and something new joins; some are senseless. */
import { MAX_AMOUNT, MAX_QUOTE_ENTRIES, QUOTE_ASKS, QUOTE_BIDS, QUOTE_FLAGS, QUOTE_SELF_TRADE_PREVENTION, writeQuotePlace, writeQuoteProtect, writeQuoteResetProtection, type FrameBuffer, type MarketSpec, type QuoteEntryFields, type QuotePlaceFields } from '@bourse/core'
import type { CommandScene } from './command-scene.js'
import { randomPrice } from './random-definitions.js'
import type { SeededRandom } from './seeded-random.js'

const NO_PREVENTION = 4
const BUY = 0
const SELL = 1

interface Side {
  readonly side: number
  entries: QuoteEntryFields[]
}

/** Appends a `quote.place` of the account in the market. */
export function writeRandomQuotes(frames: FrameBuffer, scene: CommandScene, random: SeededRandom, seat: { account: number; market: MarketSpec }): void {
  const { account, market } = seat
  const bids: Side = { side: BUY, entries: randomEntries(scene, random, { ...seat, side: BUY }) }
  const asks: Side = { side: SELL, entries: randomEntries(scene, random, { ...seat, side: SELL }) }
  uncross(bids, asks, random)
  if (random.onceIn(12)) spoilEntries(bids, asks, market, random)
  const ladder: QuotePlaceFields = {
    account,
    market: random.onceIn(40) ? 77 : market.id,
    selfTradePrevention: random.pick([0, 0, 1, 2, 3, market.allowSelfTrade || random.onceIn(10) ? NO_PREVENTION : 0]),
    postOnly: random.onceIn(2),
    bids: bids.entries,
    asks: asks.entries,
  }
  const offset = writeQuotePlace(frames, ladder)
  if (!random.onceIn(40)) return
  const spoil = random.pick<() => unknown>([
    () => (frames.u16[(offset + QUOTE_BIDS) >> 1]! += 1),
    () => (frames.u16[(offset + QUOTE_ASKS) >> 1] = 0xffff),
    () => (frames.u8[offset + QUOTE_FLAGS] = random.pick([2, 255])),
    () => (frames.u8[offset + QUOTE_SELF_TRADE_PREVENTION] = 5),
  ])
  spoil()
}

/** Entries of a side, sorted, each price once. */
function randomEntries(scene: CommandScene, random: SeededRandom, wanted: { account: number; market: MarketSpec; side: number }): QuoteEntryFields[] {
  const { account, market, side } = wanted
  const byPrice = new Map<bigint, bigint>()
  const standing = scene.orders.filter((order) => order.quote && order.account === account && order.market === market.id && order.side === side)
  if (!random.onceIn(6)) {
    for (const { price, leaves } of standing) {
      const quantity = random.pick([leaves, leaves, leaves, leaves - market.lotSize, leaves + market.lotSize, 0n, undefined])
      if (quantity !== undefined) byPrice.set(price, quantity)
    }
  }
  for (let count = random.pick([0, 1, 1, 2, 4, random.onceIn(10) ? 20 : 3]); count > 0; count--) {
    byPrice.set(randomPrice(market, side, random), market.lotSize * BigInt(random.between(random.onceIn(8) ? 0 : 1, 20)))
  }
  const entries = [...byPrice].map(([price, quantity]) => ({ price, quantity }))
  entries.sort((a, b) => (a.price === b.price ? 0 : a.price < b.price === (side === SELL) ? -1 : 1))
  return entries.slice(0, MAX_QUOTE_ENTRIES / 2)
}

/** Drops bids until they are below the asks, mostly. */
function uncross(bids: Side, asks: Side, random: SeededRandom): void {
  if (random.onceIn(20)) return
  const lowest = asks.entries.find(({ quantity }) => quantity > 0n)?.price
  if (lowest !== undefined) bids.entries = bids.entries.filter(({ price }) => price < lowest)
}

function spoilEntries(bids: Side, asks: Side, market: MarketSpec, random: SeededRandom): void {
  const { entries } = random.pick([bids, asks])
  if (entries.length === 0) return
  const at = random.below(entries.length)
  const { price, quantity } = entries[at]!
  entries[at] = random.pick([
    { price, quantity: quantity + 1n },
    { price, quantity: -market.lotSize },
    { price, quantity: random.pick([market.maxQuantity, market.maxQuantity + market.lotSize, MAX_AMOUNT]) },
    { price, quantity: market.minQuantity - market.lotSize },
    { price: price + 1n, quantity },
    { price: random.pick([0n, -market.tickSize, market.maxPrice, market.maxPrice + market.tickSize, MAX_AMOUNT]), quantity },
  ])
  if (random.onceIn(3)) entries.reverse()
  if (random.onceIn(3)) entries.push(entries[0]!)
}

/** Appends a protection with limits that are soon reached, or the end of a freeze. */
export function writeRandomProtection(frames: FrameBuffer, random: SeededRandom, { account, market }: { account: number; market: MarketSpec }): void {
  const marketId = random.onceIn(40) ? 77 : market.id
  if (random.onceIn(2)) {
    writeQuoteResetProtection(frames, account, marketId)
    return
  }
  writeQuoteProtect(frames, {
    account,
    market: marketId,
    quantity: random.pick([0n, market.lotSize * 10n, market.lotSize * 40n, random.pick([-1n, MAX_AMOUNT, MAX_AMOUNT + 1n])]),
    fills: random.pick([0, 1, 2, 5]),
    windowMs: random.pick([1, 500, 3_600_000, 3_600_000, random.pick([0, 3_600_001])]),
    frozenMs: random.pick([0, 0, 1, 2_000, random.pick([86_400_000, 86_400_001])]),
  })
}
