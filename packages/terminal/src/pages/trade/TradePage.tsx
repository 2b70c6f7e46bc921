/** The trading page: opens the market's live data, then shows the desk or, on a phone, one part at a time. */
import { lazy, Suspense, useEffect, useState } from 'react'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { EmptyState } from '../../interface/EmptyState.js'
import { usePhone } from '../../interface/use-size.js'
import { navigate, useHash } from '../../shell/navigation.js'
import { MarketProvider, useSelect, useTerminal, type TradedMarket } from '../../shell/terminal-context.js'
import { openMarketFeed } from '../../stores/market-feed.js'
import { marketUnits } from '../../stores/market-units.js'
import type { Market } from '../../stores/wire.js'
import { createTicketStore } from '../../widgets/order-ticket/ticket-store.js'
import { MarketBar } from './MarketBar.js'
import { marketToShow } from './market-to-show.js'
import { PhoneDesk } from './PhoneDesk.js'
import './trade-page.css'

const Desk = lazy(() => import('./Desk.js'))

export function TradePage({ symbol }: { symbol: string | null }) {
  const text = useText()
  const { exchange, preferences } = useTerminal()
  const last = useSelect(preferences, (state) => state.lastMarket)
  const market = marketToShow(exchange.markets, symbol, last)
  const hash = useHash()
  const chosen = symbol === null ? market?.symbol : undefined
  // The address names the market that it shows, so that it can be passed on and the way back leads to it.
  useEffect(() => {
    if (chosen !== undefined) navigate({ page: 'trade', market: chosen }, { replace: true, ...(hash === '' ? {} : { hash }) })
  }, [chosen, hash])
  if (market === undefined) {
    return (
      <EmptyState icon="search" title={symbol === null ? text('market.none') : text('market.unknown', { market: symbol })}>
        <Button look="primary" onClick={() => navigate({ page: 'trade', market: null })}>{text('market.showAnother')}</Button>
      </EmptyState>
    )
  }
  return <TradeMarket market={market} />
}

function TradeMarket({ market }: { market: Market }) {
  const phone = usePhone()
  const traded = useTradedMarket(market)
  if (traded === null) return null
  return (
    <MarketProvider traded={traded}>
      <MarketBar />
      {phone ? <PhoneDesk /> : <Suspense fallback={<div className="desk" />}><Desk /></Suspense>}
    </MarketProvider>
  )
}

/** Live data and ticket of a market, from when it is shown until another one is. */
function useTradedMarket(market: Market): TradedMarket | null {
  const { client, exchange, frames, preferences } = useTerminal()
  const [traded, setTraded] = useState<TradedMarket | null>(null)
  useEffect(() => {
    const feed = openMarketFeed(client, market.symbol, frames)
    const units = marketUnits(market, exchange.assets)
    setTraded({ market, units, feed, ticket: createTicketStore(units) })
    preferences.setState({ lastMarket: market.symbol })
    return () => feed.stop()
  }, [client, exchange, frames, preferences, market])
  return traded?.market === market ? traded : null
}
