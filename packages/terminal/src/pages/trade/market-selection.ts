/** Searches and sorts the list of markets. */
import type { Asset, Market, Ticker } from '../../stores/wire.js'

export interface MarketSorting {
  readonly by: 'symbol' | 'price' | 'change' | 'volume'
  readonly descending: boolean
}

export interface MarketSelection {
  readonly search: string
  readonly assets: readonly Asset[]
  readonly tickers: ReadonlyMap<string, Ticker>
  readonly sorting: MarketSorting
}

/** Finds by code, by pair in any spelling (`btcusdt`, `btc/usdt`) and by the asset's name. */
export function selectMarkets(markets: readonly Market[], { search, assets, tickers, sorting }: MarketSelection): Market[] {
  const wanted = search.toLowerCase().replace(/[\s/_-]/g, '')
  const found = markets.filter((market) => {
    const name = assets.find((asset) => asset.code === market.base)?.name ?? ''
    return `${market.base}${market.quote}`.toLowerCase().includes(wanted) || name.toLowerCase().replace(/\s/g, '').includes(wanted)
  })
  const direction = sorting.descending ? -1 : 1
  return found.sort((a, b) => direction * compare(a, b, sorting.by, tickers) || a.symbol.localeCompare(b.symbol))
}

function compare(a: Market, b: Market, by: MarketSorting['by'], tickers: ReadonlyMap<string, Ticker>): number {
  if (by === 'symbol') return a.symbol.localeCompare(b.symbol)
  return measure(tickers.get(a.symbol), by) - measure(tickers.get(b.symbol), by)
}

/** Only for the order of rows: markets without the figure come last when the largest come first. */
function measure(ticker: Ticker | undefined, by: 'price' | 'change' | 'volume'): number {
  const figure = by === 'price' ? ticker?.lastPrice : by === 'change' ? ticker?.changePercent : ticker?.quoteVolume
  return figure == null ? -1e30 : Number(figure)
}
