/** The title of the window: on the trading page the price comes first. */
import { useEffect } from 'react'
import { groupThousands } from '../format/amounts.js'
import type { TextKey } from '../i18n/text-keys.js'
import { useText } from '../i18n/texts.js'
import { useSelect, useTerminal } from './terminal-context.js'
import type { Route } from './routes.js'
import { marketToShow } from '../pages/trade/market-to-show.js'

const TITLES: Readonly<Partial<Record<Route['page'], TextKey>>> = {
  'wallet': 'header.wallet',
  'security': 'security.title',
  'outbox': 'outbox.title',
  'log-in': 'header.logIn',
  'sign-up': 'header.signUp',
  'forgot-password': 'forgot.title',
  'verify-email': 'link.verify-email.title',
  'reset-password': 'link.reset-password.title',
  'freeze-account': 'link.freeze-account.title',
}

export function DocumentTitle({ route }: { route: Route }) {
  const text = useText()
  const terminal = useTerminal()
  const lastMarket = useSelect(terminal.preferences, (state) => state.lastMarket)
  const market = route.page === 'trade' ? marketToShow(terminal.exchange.markets, route.market, lastMarket) : undefined
  const lastPrice = useSelect(terminal.tickers.store, (state) => (market === undefined ? null : (state.byMarket.get(market.symbol)?.lastPrice ?? null)))
  const name = terminal.exchange.brand.name
  const title = TITLES[route.page]
  const page = title === undefined ? undefined : text(title)
  const pair = market === undefined ? undefined : `${market.base}/${market.quote}`
  const parts = pair === undefined ? [page, name] : [lastPrice === null ? pair : `${groupThousands(lastPrice)} ${pair}`, name]
  const joined = parts.filter((part) => part !== undefined).join(' | ')
  useEffect(() => {
    document.title = joined
  }, [joined])
  return null
}
