/** All markets with price, change and volume: searched, sorted, marked as favourites, chosen. */
import { useState, type KeyboardEvent } from 'react'
import { groupThousands, shorten, signOf, withSign } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { classes, directionClass } from '../../interface/classes.js'
import { IconButton } from '../../interface/Button.js'
import { Icon } from '../../interface/icons.js'
import { Tabs } from '../../interface/Tabs.js'
import { navigate, useHash } from '../../shell/navigation.js'
import { useMarket, useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { Market, Ticker } from '../../stores/wire.js'
import { selectMarkets, type MarketSorting } from './market-selection.js'
import './market-list.css'

const ALL = 'all'
const FAVOURITES = 'favourites'

export function MarketList({ onChoose }: { onChoose(): void }) {
  const text = useText()
  const hash = useHash()
  const { exchange, tickers, preferences } = useTerminal()
  const { market: current } = useMarket()
  const byMarket = useSelect(tickers.store, (state) => state.byMarket)
  const favourites = useSelect(preferences, (state) => state.favourites)
  const [search, setSearch] = useState('')
  const [group, setGroup] = useState(ALL)
  const [sorting, setSorting] = useState<MarketSorting>({ by: 'volume', descending: true })
  const [marked, setMarked] = useState(0)

  const inGroup = (market: Market): boolean => group === ALL || (group === FAVOURITES ? favourites.includes(market.symbol) : market.quote === group)
  const shown = selectMarkets(exchange.markets.filter(inGroup), { search, assets: exchange.assets, tickers: byMarket, sorting })
  const quotes = [...new Set(exchange.markets.map((market) => market.quote))]
  const index = Math.min(marked, shown.length - 1)

  const choose = (market: Market): void => {
    navigate({ page: 'trade', market: market.symbol }, hash === '' ? {} : { hash })
    onChoose()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setMarked(Math.max(0, Math.min(shown.length - 1, index + (event.key === 'ArrowDown' ? 1 : -1))))
    }
    const market = shown[index]
    if (event.key === 'Enter' && market !== undefined) choose(market)
  }
  const toggleFavourite = ({ symbol }: Market): void => preferences.setState({ favourites: favourites.includes(symbol) ? favourites.filter((known) => known !== symbol) : [...favourites, symbol] })

  return (
    <div className="market-list">
      <label className="market-list__search">
        <Icon name="search" />
        <input
          type="search"
          autoFocus
          placeholder={text('market.search')}
          aria-label={text('market.search')}
          data-testid="market-search"
          role="combobox"
          aria-expanded="true"
          aria-controls="market-list-rows"
          aria-activedescendant={shown[index] && `market-${shown[index].symbol}`}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value)
            setMarked(0)
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <Tabs look="pills" label={text('market.groups')} selected={group} onSelect={setGroup} tabs={[{ name: ALL, label: text('market.all') }, { name: FAVOURITES, label: text('market.favourites') }, ...quotes.map((quote) => ({ name: quote, label: quote }))]} />
      <div className="market-list__row market-list__row--head">
        <span />
        {(['symbol', 'price', 'change', 'volume'] as const).map((by) => (
          <button key={by} type="button" aria-pressed={sorting.by === by} onClick={() => setSorting({ by, descending: sorting.by === by ? !sorting.descending : by !== 'symbol' })}>
            {text(`market.column.${by}`)}
            {sorting.by === by && <Icon name={sorting.descending ? 'chevronDown' : 'chevronUp'} size={10} />}
          </button>
        ))}
      </div>
      <div className="market-list__rows" id="market-list-rows" role="listbox" aria-label={text('market.choose')}>
        {shown.length === 0 && <p className="market-list__none">{group === FAVOURITES && search === '' ? text('market.noFavourites') : text('market.noneFound')}</p>}
        {shown.map((market, row) => (
          <div key={market.symbol} id={`market-${market.symbol}`} role="option" aria-selected={market.symbol === current.symbol} className={classes('market-list__row', row === index && 'market-list__row--marked')} data-testid={`market-${market.symbol}`} onClick={() => choose(market)} onPointerMove={() => setMarked(row)}>
            <IconButton
              icon="star"
              label={text('market.favourite', { market: market.symbol })}
              filled={favourites.includes(market.symbol)}
              className={favourites.includes(market.symbol) ? 'warning' : ''}
              tabIndex={-1}
              aria-pressed={favourites.includes(market.symbol)}
              onClick={(event) => {
                event.stopPropagation()
                toggleFavourite(market)
              }}
            />
            <MarketCells market={market} ticker={byMarket.get(market.symbol)} />
          </div>
        ))}
      </div>
    </div>
  )
}

function MarketCells({ market, ticker }: { market: Market; ticker: Ticker | undefined }) {
  return (
    <>
      <span className="market-list__pair"><b>{market.base}</b><span className="muted">/{market.quote}</span></span>
      <span className="number">{ticker?.lastPrice ? groupThousands(ticker.lastPrice) : '–'}</span>
      <span className={classes('number', directionClass(signOf(ticker?.change ?? null)))}>{ticker?.changePercent ? `${withSign(ticker.changePercent)}%` : '–'}</span>
      <span className="number muted">{ticker ? shorten(ticker.quoteVolume) : '–'}</span>
    </>
  )
}
