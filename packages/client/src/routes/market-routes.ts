/** Routes that anyone may call: the exchange as it presents itself, and the data of its markets. */
import { z } from 'zod'
import { Candle, CandleInterval, Depth, Exchange, MarketSymbol, queryNumber, queryTime, ServerTime, SystemStatus, Ticker, Trade } from '../schemas/index.js'
import { route } from './route-contract.js'

export const MarketParams = z.strictObject({ market: MarketSymbol })

export const marketRoutes = {
  exchange: route({ name: 'exchange', method: 'GET', path: '/exchange', access: 'public', budget: 'read', tag: 'exchange', summary: 'The exchange as it presents itself: brand, assets, markets and their rules.', answer: Exchange }),
  time: route({ name: 'time', method: 'GET', path: '/time', access: 'public', budget: 'read', tag: 'exchange', summary: "The exchange's clock, by which requests are signed.", answer: ServerTime }),
  status: route({ name: 'status', method: 'GET', path: '/status', access: 'public', budget: 'read', tag: 'exchange', summary: 'Whether the exchange and its markets trade.', answer: SystemStatus }),
  tickers: route({ name: 'tickers', method: 'GET', path: '/tickers', access: 'public', budget: 'read', tag: 'market data', summary: 'The last 24 hours of every market.', answer: z.array(Ticker) }),
  ticker: route({ name: 'ticker', method: 'GET', path: '/markets/:market/ticker', access: 'public', budget: 'read', tag: 'market data', summary: 'The last 24 hours of one market.', params: MarketParams, answer: Ticker }),
  depth: route({
    name: 'depth',
    method: 'GET',
    path: '/markets/:market/depth',
    access: 'public',
    budget: 'read',
    tag: 'market data',
    summary: 'The best levels of a book.',
    params: MarketParams,
    query: z.strictObject({ limit: queryNumber(1, 5000).default(100).describe('Levels a side.') }),
    answer: Depth,
  }),
  trades: route({
    name: 'trades',
    method: 'GET',
    path: '/markets/:market/trades',
    access: 'public',
    budget: 'read',
    tag: 'market data',
    summary: 'Trades of a market, newest first.',
    params: MarketParams,
    query: z.strictObject({ limit: queryNumber(1, 1000).default(100), beforeId: queryNumber(1, Number.MAX_SAFE_INTEGER).optional().describe('Only trades with a lower tradeId.') }),
    answer: z.array(Trade),
  }),
  candles: route({
    name: 'candles',
    method: 'GET',
    path: '/markets/:market/candles',
    access: 'public',
    budget: 'read',
    tag: 'market data',
    summary: 'Candles of a market, oldest first; intervals without a trade are left out.',
    params: MarketParams,
    query: z.strictObject({
      interval: CandleInterval,
      fromMs: queryTime.optional().describe('With it the oldest candles from here on, without it the newest.'),
      toMs: queryTime.optional(),
      limit: queryNumber(1, 1000).default(500),
    }),
    answer: z.array(Candle),
  }),
} as const
