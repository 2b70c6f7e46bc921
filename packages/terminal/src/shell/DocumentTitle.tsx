/** The title of the window: on the trading page the price comes first. */
import { useEffect } from 'react'
import { groupThousands } from '../format/amounts.js'
import { useText } from '../i18n/texts.js'
import { useSelect, useTerminal } from './terminal-context.js'
import type { Route } from './routes.js'
import { marketToShow } from '../pages/trade/market-to-show.js'

export function DocumentTitle({ route }: { route: Route }) {
  const text = useText()
  const terminal = useTerminal()
  const lastMarket = useSelect(terminal.preferences, (state) => state.lastMarket)
  const market = route.page === 'trade' ? marketToShow(terminal.exchange.markets, route.market, lastMarket) : undefined
  const lastPrice = useSelect(terminal.tickers.store, (state) => (market === undefined ? null : (state.byMarket.get(market.symbol)?.lastPrice ?? null)))
  const name = terminal.exchange.brand.name
  const page = { 'trade': undefined, 'wallet': text('header.wallet'), 'log-in': text('header.logIn'), 'sign-up': text('header.signUp') }[route.page]
  const pair = market === undefined ? undefined : `${market.base}/${market.quote}`
  const title = pair === undefined ? [page, name] : [lastPrice === null ? pair : `${groupThousands(lastPrice)} ${pair}`, name]
  const joined = title.filter((part) => part !== undefined).join(' | ')
  useEffect(() => {
    document.title = joined
  }, [joined])
  return null
}
