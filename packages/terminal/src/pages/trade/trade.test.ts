import { expect } from 'chai'
import { ASSETS, MARKET, sampleOrder, sampleTicker } from '../../testing/sample-exchange.js'
import { marketUnits } from '../../stores/market-units.js'
import { readOrderChange } from '../../widgets/open-orders/change-order.js'
import { readRoute, routePath } from '../../shell/routes.js'
import { marketToShow } from './market-to-show.js'
import { selectMarkets } from './market-selection.js'

const other = { ...MARKET, symbol: 'ETH-BTC', base: 'ETH', quote: 'BTC' }
const halted = { ...MARKET, symbol: 'OLD-USDT', base: 'OLD', state: 'halted' as const }

describe('Addresses', () => {
  it('lead to pages and back', () => {
    for (const path of ['/', '/trade/BTC-USDT', '/wallet', '/log-in', '/sign-up']) expect(routePath(readRoute(path))).to.equal(path)
  })

  it('are read in any case, and lead to trading when they are unknown', () => {
    expect(readRoute('/trade/btc-usdt')).to.deep.equal({ page: 'trade', market: 'BTC-USDT' })
    expect(readRoute('/nonsense')).to.deep.equal({ page: 'trade', market: null })
  })
})

describe('The market to show', () => {
  it('is the named one, or none when it does not exist', () => {
    expect(marketToShow([MARKET, other], 'ETH-BTC', undefined)).to.equal(other)
    expect(marketToShow([MARKET], 'NO-SUCH', 'BTC-USDT')).to.equal(undefined)
  })

  it('is the last one without a name, else the first that is open', () => {
    expect(marketToShow([MARKET, other], null, 'ETH-BTC')).to.equal(other)
    expect(marketToShow([halted, MARKET], null, 'GONE-USDT')).to.equal(MARKET)
    expect(marketToShow([halted], null, undefined)).to.equal(halted)
  })
})

describe('The list of markets', () => {
  const tickers = new Map([['BTC-USDT', sampleTicker({ quoteVolume: '100', changePercent: '-1.00' })], ['ETH-BTC', sampleTicker({ market: 'ETH-BTC', quoteVolume: '900', changePercent: '2.00' })]])
  const select = (search: string, by: 'symbol' | 'price' | 'change' | 'volume' = 'volume', descending = true) => selectMarkets([MARKET, other, halted], { search, assets: ASSETS, tickers, sorting: { by, descending } }).map(({ symbol }) => symbol)

  it('finds by code, pair and name', () => {
    expect(select('btc')).to.deep.equal(['ETH-BTC', 'BTC-USDT'])
    expect(select('btc/usdt')).to.deep.equal(['BTC-USDT'])
    expect(select('bitco')).to.deep.equal(['BTC-USDT'])
    expect(select('zzz')).to.deep.equal([])
  })

  it('sorts by any column, markets without figures last', () => {
    expect(select('')).to.deep.equal(['ETH-BTC', 'BTC-USDT', 'OLD-USDT'])
    expect(select('', 'change')).to.deep.equal(['ETH-BTC', 'BTC-USDT', 'OLD-USDT'])
    expect(select('', 'symbol', false)).to.deep.equal(['BTC-USDT', 'ETH-BTC', 'OLD-USDT'])
  })
})

describe('The change of an open order', () => {
  const units = marketUnits(MARKET, ASSETS)
  const read = (price: string, quantity: string) => readOrderChange(sampleOrder({ filledQuantity: '0.10000' }), { price, quantity }, MARKET, units)

  it('sends only what differs', () => {
    expect(read('64000', '0.4')).to.deep.equal({ ok: true, change: { market: 'BTC-USDT', orderId: 1, quantity: '0.40000' } })
    expect(read('63999.5', '0.5')).to.deep.equal({ ok: true, change: { market: 'BTC-USDT', orderId: 1, price: '63999.50' } })
    expect(read('64000.0', '0.50')).to.deep.equal({ ok: true, change: null })
  })

  it('refuses what breaks the market rules or undercuts what is filled', () => {
    expect(read('64000.001', '0.5')).to.include({ ok: false, field: 'price' })
    expect(read('64000', '0.000001')).to.include({ ok: false, field: 'quantity' })
    expect(read('64000', '0.1')).to.include({ ok: false, text: 'orders.problem.belowFilled' })
  })
})
