import { expect } from 'chai'
import type { BourseClient } from '@bourse/client'
import { refusal } from '../test/refusal.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

const market = 'BTC-USDT'

describe('public market data', () => {
  let running: RunningGateway
  let anyone: BourseClient
  before(async () => {
    running = await startGateway()
    const { client: maker } = await running.trader('maker', { BTC: '10', USDT: '1000000' })
    const { client: taker } = await running.trader('taker', { USDT: '1000000' })
    for (let i = 0; i < 5; i++) await maker.placeOrder({ market, side: 'sell', orderType: 'limit', price: `6000${i}.00`, quantity: '0.10000' })
    for (let i = 0; i < 3; i++) await maker.placeOrder({ market, side: 'buy', orderType: 'limit', price: `5999${i}.00`, quantity: '0.20000' })
    await taker.placeOrder({ market, side: 'buy', orderType: 'market', quantity: '0.25000' })
    anyone = running.client()
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  it('shows the exchange to anyone', async () => {
    expect((await anyone.exchange()).brand.name).to.equal('Test Exchange')
  })

  it('shows the depth, best first and as deep as asked', async () => {
    const depth = await anyone.depth(market, 2)
    expect(depth.bids).to.deep.equal([['59992.00', '0.20000'], ['59991.00', '0.20000']])
    expect(depth.asks).to.deep.equal([['60002.00', '0.05000'], ['60003.00', '0.10000']])
    expect((await anyone.depth(market)).asks).to.have.length(3)
  })

  it('shows trades, newest first, and older ones before an id', async () => {
    const trades = await anyone.trades(market)
    expect(trades.map(({ tradeId, price, quantity, takerSide }) => [tradeId, price, quantity, takerSide])).to.deep.equal([
      [3, '60002.00', '0.05000', 'buy'],
      [2, '60001.00', '0.10000', 'buy'],
      [1, '60000.00', '0.10000', 'buy'],
    ])
    expect((await anyone.trades(market, { limit: 1, beforeId: 3 })).map(({ tradeId }) => tradeId)).to.deep.equal([2])
    expect(await anyone.trades(market, { beforeId: 1 })).to.deep.equal([])
  })

  it('shows candles and tickers', async () => {
    const [candle] = await anyone.candles(market, '1d')
    expect(candle).to.include({ open: '60000.00', high: '60002.00', low: '60000.00', close: '60002.00', volume: '0.25000', quoteVolume: '15000.20000000', trades: 3 })
    expect(await anyone.candles(market, '1d', { toMs: 1 })).to.deep.equal([])
    expect(await anyone.candles('ETH-USDT', '1s')).to.deep.equal([])
    const ticker = await anyone.ticker(market)
    expect(ticker).to.include({ lastPrice: '60002.00', open: '60000.00', change: '2.00', changePercent: '0.00', bid: '59992.00', ask: '60002.00', askQuantity: '0.05000' })
    const [first, second] = await anyone.tickers()
    expect(first).to.include({ market, lastPrice: '60002.00' })
    expect(second).to.include({ market: 'ETH-USDT', lastPrice: null, bid: null, volume: '0.0000' })
  })

  it('names a market that is not there', async () => {
    for (const call of [anyone.depth('NO-SUCH'), anyone.trades('NO-SUCH'), anyone.candles('NO-SUCH', '1m'), anyone.ticker('NO-SUCH')]) {
      expect(await refusal(call)).to.include({ status: 404, code: 'unknown_market', field: 'market' })
    }
  })
})
