/** Markets by the names that Binance's clients use: `BTCUSDT` for `BTC-USDT`. */
import { marketScale, type MarketScale, type TradingService } from '@bourse/api'
import { invalidSymbol } from './binance-error.js'

export class Symbols {
  private readonly byName = new Map<string, string>()
  private known = 0

  constructor(private readonly exchange: Pick<TradingService, 'catalog'>) {}

  /** The market of a symbol. @throws BinanceError -1121 */
  scale(symbol: string): MarketScale {
    const { catalog } = this.exchange
    this.learn()
    const market = catalog.marketBySymbol(this.byName.get(symbol) ?? '')
    if (market === undefined || market.state === 'delisted') throw invalidSymbol()
    return marketScale(catalog, market.id)
  }

  /** All that are listed, in the order of their definition. */
  all(): MarketScale[] {
    const { catalog } = this.exchange
    this.learn()
    const markets = catalog.markets().filter(({ symbol, state }) => state !== 'delisted' && this.byName.get(symbolOf(symbol)) === symbol)
    return markets.map(({ id }) => marketScale(catalog, id))
  }

  /** Where two markets differ in the place of their dash only, the older one keeps the name. */
  private learn(): void {
    const markets = this.exchange.catalog.markets()
    for (; this.known < markets.length; this.known++) {
      const { symbol } = markets[this.known]!
      if (!this.byName.has(symbolOf(symbol))) this.byName.set(symbolOf(symbol), symbol)
    }
  }
}

/** `BTC-USDT` as Binance writes it. */
export function symbolOf(market: string): string {
  return market.replace('-', '')
}
