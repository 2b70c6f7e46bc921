/** Public market data, over REST and as the payload of streams. */
import { z } from 'zod'
import { Decimal, MarketSymbol, Sequence, Side, SignedDecimal, TimestampMs } from './common.js'

/** [price, quantity]; quantity `0` in an update removes the level. */
export const Level = z.tuple([Decimal, Decimal])

/** GET /api/v1/markets/:market/depth?limit=  (1 to 5000, default 100); also the snapshot of the stream `depth`. */
export const Depth = z.object({
  market: MarketSymbol,
  sequence: Sequence,
  timestampMs: TimestampMs,
  bids: z.array(Level).describe('Best first.'),
  asks: z.array(Level),
})
export type Depth = z.infer<typeof Depth>

/** An update of the stream `depth`: applies to a book whose sequence equals previousSequence. */
export const DepthUpdate = z.object({
  market: MarketSymbol,
  previousSequence: Sequence,
  sequence: Sequence,
  timestampMs: TimestampMs,
  bids: z.array(Level),
  asks: z.array(Level),
})
export type DepthUpdate = z.infer<typeof DepthUpdate>

/** GET /api/v1/markets/:market/trades?limit=&beforeId=  newest first; in the stream `trades` oldest first. */
export const Trade = z.object({
  tradeId: z.number().int(),
  price: Decimal,
  quantity: Decimal,
  quoteAmount: Decimal,
  takerSide: Side,
  timestampMs: TimestampMs,
  sequence: Sequence,
})
export type Trade = z.infer<typeof Trade>

export const CANDLE_INTERVALS = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M'] as const
export const CandleInterval = z.enum(CANDLE_INTERVALS)
export type CandleInterval = z.infer<typeof CandleInterval>

/** GET /api/v1/markets/:market/candles?interval=&fromMs=&toMs=&limit=  oldest first; intervals without a trade are left out. UTC; weeks start on Monday. */
export const Candle = z.object({
  openTimeMs: TimestampMs.describe('Start of the interval.'),
  open: Decimal,
  high: Decimal,
  low: Decimal,
  close: Decimal,
  volume: Decimal.describe('Base.'),
  quoteVolume: Decimal,
  trades: z.number().int(),
})
export type Candle = z.infer<typeof Candle>

/** GET /api/v1/markets/:market/ticker, GET /api/v1/tickers. Nulls where there was no trade in the last 24 h or no level. */
export const Ticker = z.object({
  market: MarketSymbol,
  lastPrice: Decimal.nullable(),
  open: Decimal.nullable(),
  high: Decimal.nullable(),
  low: Decimal.nullable(),
  volume: Decimal,
  quoteVolume: Decimal,
  trades: z.number().int(),
  change: SignedDecimal.nullable(),
  changePercent: SignedDecimal.nullable().describe('Percent with two decimals.'),
  bid: Decimal.nullable(),
  bidQuantity: Decimal.nullable(),
  ask: Decimal.nullable(),
  askQuantity: Decimal.nullable(),
  timestampMs: TimestampMs,
  sequence: Sequence,
})
export type Ticker = z.infer<typeof Ticker>

/** The stream `best`: the best levels of both sides, nulls where a side is empty. */
export const BestPrices = z.object({
  market: MarketSymbol,
  bid: Decimal.nullable(),
  bidQuantity: Decimal.nullable(),
  ask: Decimal.nullable(),
  askQuantity: Decimal.nullable(),
  timestampMs: TimestampMs,
  sequence: Sequence,
})
export type BestPrices = z.infer<typeof BestPrices>

/** An order as everybody sees it in the book: of an iceberg the displayed part. */
export const BookOrder = z.object({ orderId: z.number().int(), side: Side, price: Decimal, quantity: Decimal })
export type BookOrder = z.infer<typeof BookOrder>

/** The snapshot of the stream `orders`: every resting order, those of one price in the order of their priority. */
export const OrderBook = z.object({ market: MarketSymbol, sequence: Sequence, orders: z.array(BookOrder) })
export type OrderBook = z.infer<typeof OrderBook>

/** An update of the stream `orders`: applies to a book whose sequence equals previousSequence. */
export const OrderBookUpdate = z.object({
  market: MarketSymbol,
  previousSequence: Sequence,
  sequence: Sequence,
  timestampMs: TimestampMs,
  changes: z.array(
    BookOrder.extend({
      change: z.enum(['added', 'changed', 'removed']).describe('`added`: at the end of its level. `changed`: keeps its place. `removed`: its quantity is 0.'),
      tradeId: z.number().int().nullable().describe('The trade that changed it.'),
    }),
  ),
})
export type OrderBookUpdate = z.infer<typeof OrderBookUpdate>
