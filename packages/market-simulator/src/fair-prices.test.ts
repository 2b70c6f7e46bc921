import { expect } from 'chai'
import { FairPrices } from './fair-prices.js'
import { MarketTerms } from './market-terms.js'
import { Random } from './random.js'

const MINUTE_MS = 60_000

function terms(base: string, quote: string, startPrice: string, dailyVolatility = 0.03): MarketTerms {
  return new MarketTerms(
    {
      symbol: `${base}-${quote}`, base, quote, tickSize: '0.01', lotSize: '0.01', minQuantity: '0.01', maxQuantity: '1000', minNotional: '1', maxPrice: '1000000',
      priceScale: 2, quantityScale: 2,
    },
    { symbol: `${base}-${quote}`, startPrice, dailyVolatility, typicalQuantity: '1', tradesPerMinute: 10 },
  )
}

const MARKETS = [terms('ETH', 'BTC', '0.04'), terms('BTC', 'USDT', '60000'), terms('ETH', 'USDT', '3000'), terms('BTC', 'EUR', '55000')]

describe('fair prices', () => {
  it('begin at the start prices and follow from them where a market joins two known assets', () => {
    const fair = new FairPrices(MARKETS, new Random(1))
    expect(fair.price('BTC-USDT')).to.be.closeTo(60_000, 1e-6)
    expect(fair.price('ETH-USDT')).to.be.closeTo(3_000, 1e-6)
    expect(fair.price('ETH-BTC') * fair.price('BTC-USDT')).to.be.closeTo(fair.price('ETH-USDT'), 1e-6)
    expect(fair.price('BTC-EUR')).to.be.closeTo(55_000, 1e-6)
  })

  it('stay consistent between markets while they move', () => {
    const fair = new FairPrices(MARKETS, new Random(2))
    for (let minute = 1; minute <= 1_440; minute++) fair.advance(MINUTE_MS, minute * MINUTE_MS)
    expect(fair.price('BTC-USDT')).not.to.equal(60_000)
    expect((fair.price('ETH-BTC') * fair.price('BTC-USDT')) / fair.price('ETH-USDT')).to.be.closeTo(1, 1e-9)
  })

  it('move about as much in a day as the market says, in clusters', () => {
    const returns: number[] = []
    for (let seed = 0; seed < 60; seed++) {
      const fair = new FairPrices([terms('BTC', 'USDT', '60000')], new Random(seed))
      for (let minute = 1; minute <= 1_440; minute++) fair.advance(MINUTE_MS, minute * MINUTE_MS)
      returns.push(Math.log(fair.price('BTC-USDT') / 60_000))
    }
    const deviation = Math.sqrt(returns.reduce((sum, value) => sum + value * value, 0) / returns.length)
    expect(deviation).to.be.within(0.015, 0.045)
  })

  it('take over real last prices, one market after another, without moving the ones before', () => {
    const fair = new FairPrices(MARKETS, new Random(3))
    const last = new Map([['BTC-USDT', 71_000], ['ETH-USDT', 3_550], ['BTC-EUR', 66_000]])
    for (const symbol of fair.anchorMarkets()) fair.recentre(symbol, last.get(symbol)!)
    expect(fair.anchorMarkets()).to.have.members([...last.keys()])
    for (const [symbol, price] of last) expect(fair.price(symbol) / price, symbol).to.be.closeTo(1, 1e-9)
    expect(fair.price('ETH-BTC')).to.be.closeTo(3_550 / 71_000, 1e-9)
  })
})
