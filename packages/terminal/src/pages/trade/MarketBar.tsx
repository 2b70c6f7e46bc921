/** The strip above the desk: which market, and its last 24 hours. */
import type { ReactNode } from 'react'
import { groupThousands, shorten, signOf, withSign } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { classes, directionClass } from '../../interface/classes.js'
import { useFlash } from '../../interface/use-flash.js'
import { usePhone } from '../../interface/use-size.js'
import { useMarket, useTicker, useUser } from '../../shell/terminal-context.js'
import type { Ticker } from '../../stores/wire.js'
import { AlertMenu } from './AlertMenu.js'
import { LayoutMenu } from './LayoutMenu.js'
import { MarketSelector } from './MarketSelector.js'
import './market-bar.css'

const NOTHING = '–'

export function MarketBar() {
  const text = useText()
  const phone = usePhone()
  const user = useUser()
  const { market } = useMarket()
  const ticker = useTicker(market.symbol)
  return (
    <section className="market-bar" aria-label={text('market.last24h')}>
      <MarketSelector />
      <LastPrice ticker={ticker} symbol={market.symbol} />
      <dl className="market-bar__numbers">
        <Change ticker={ticker} />
        <Figure label={text('market.high')} value={ticker?.high} />
        <Figure label={text('market.low')} value={ticker?.low} />
        <Figure label={text('market.volumeOf', { asset: market.base })} value={ticker && shorten(ticker.volume)} />
        <Figure label={text('market.volumeOf', { asset: market.quote })} value={ticker && shorten(ticker.quoteVolume)} />
      </dl>
      {market.state !== 'open' && <span className="market-bar__state" role="status">{text(`market.state.${market.state}`)}</span>}
      <div className="market-bar__menus">
        {user !== null && <AlertMenu />}
        {!phone && <LayoutMenu />}
      </div>
    </section>
  )
}

function LastPrice({ ticker, symbol }: { ticker: Ticker | undefined; symbol: string }) {
  const price = ticker?.lastPrice ?? null
  const flash = useFlash<HTMLDivElement>(price, symbol, (before, now) => (Number(now) >= Number(before) ? 'var(--color-buy)' : 'var(--color-sell)'))
  return (
    <div ref={flash} className={classes('market-bar__last number', directionClass(signOf(ticker?.change ?? null)))} data-testid="last-price">
      {price === null ? NOTHING : groupThousands(price)}
    </div>
  )
}

function Change({ ticker }: { ticker: Ticker | undefined }) {
  const text = useText()
  if (ticker === undefined || ticker.change === null || ticker.changePercent === null) return <Figure label={text('market.change')} value={null} />
  return (
    <Figure
      label={text('market.change')}
      value={
        <span className={directionClass(signOf(ticker.change))}>
          {withSign(groupThousands(ticker.change))} <b>{withSign(ticker.changePercent)}%</b>
        </span>
      }
    />
  )
}

function Figure({ label, value }: { label: string; value: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="number">{typeof value === 'string' ? groupThousands(value) : (value ?? NOTHING)}</dd>
    </div>
  )
}
