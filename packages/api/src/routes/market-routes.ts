/** Public routes: the exchange as it presents itself, and the data of its markets. */
import { ROUTES, type Candle, type Trade } from '@bourse/client'
import { serveRoute, type Route } from '../http/route.js'
import type { MarketQueries } from '../market/market-queries.js'
import type { GatewayServices } from '../services.js'
import { marketScale, type MarketScale } from '../views/amounts.js'
import { statusView } from '../views/status-view.js'
import { marketNamed } from './names.js'
import { candleView, depthView, tickerView, tradeView } from '../views/market-view.js'

export function marketRoutes(services: GatewayServices, markets: MarketQueries): Route[] {
  const { exchange } = services
  const { marketData } = exchange
  const scaleOf = (symbol: string): MarketScale => marketScale(exchange.catalog, marketNamed(exchange.catalog, symbol).id)
  const ticker = (scale: MarketScale) => tickerView(marketData.ticker(scale.market.id, services.now() * 1_000), scale)

  return [
    serveRoute(ROUTES.exchange, () => services.presentation()),
    serveRoute(ROUTES.time, () => ({ timeMs: services.now() })),
    serveRoute(ROUTES.status, () => statusView(exchange, services.now())),
    serveRoute(ROUTES.tickers, () => exchange.catalog.markets().map(({ id }) => ticker(marketScale(exchange.catalog, id)))),
    serveRoute(ROUTES.ticker, ({ params }) => ticker(scaleOf(params.market))),
    serveRoute(ROUTES.depth, ({ params, query }) => {
        const scale = scaleOf(params.market)
        return depthView(markets.depth(scale.market.id, query.limit), scale)
      }),
    serveRoute(ROUTES.trades, async ({ params, query }): Promise<Trade[]> => {
      const scale = scaleOf(params.market)
      return (await markets.trades(scale.market.id, query)).map((trade) => tradeView(trade, scale))
    }),
    serveRoute(ROUTES.candles, async ({ params, query }): Promise<Candle[]> => {
      const scale = scaleOf(params.market)
      return (await markets.candles(scale.market.id, query)).map((candle) => candleView(candle, scale))
    }),
  ]
}
