import { expect } from 'chai'
import { startBinance, type RunningBinance } from '../test/running-binance.js'
import { withoutGaps } from './views/market-views.js'

const symbol = 'BTCUSDT'
const market = 'BTC-USDT'

describe("Market data in Binance's words", () => {
  let exchange: RunningBinance
  let beganMs: number
  before(async () => {
    exchange = await startBinance()
    beganMs = Date.now()
    const sell = (price: string, quantity: string) => exchange.maker.client.placeOrder({ market, side: 'sell', orderType: 'limit', price, quantity })
    for (const [price, quantity] of [['60000', '0.1'], ['60000', '0.2'], ['60010', '0.3'], ['60020', '1']] as const) await sell(price, quantity)
    await exchange.bot.client.placeOrder({ market, side: 'buy', orderType: 'limit', price: '60010', quantity: '0.6' })
    await exchange.bot.client.placeOrder({ market, side: 'buy', orderType: 'limit', price: '59990', quantity: '0.5' })
    await exchange.maker.client.placeOrder({ market, side: 'sell', orderType: 'limit', price: '59990', quantity: '0.1', timeInForce: 'ioc' })
  })
  after(async () => {
    expect(exchange.running.faults).to.deep.equal([])
    await exchange.stop()
  })
  const get = (path: string, parameters: Record<string, string | number> = {}) => exchange.call('GET', path, parameters, { unsigned: true })

  it('describes markets with their filters, all or those asked for', async () => {
    const all = (await get('/api/v3/exchangeInfo')).body['symbols'] as { symbol: string; filters: { filterType: string }[] }[]
    expect(all.map((each) => each.symbol)).to.deep.equal(['BTCUSDT', 'ETHUSDT'])
    expect(all[0]!.filters).to.deep.include.members([
      { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '10000000.00', tickSize: '0.01' },
      { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '1000.00000', stepSize: '0.00001' },
    ])
    expect(all[0]!.filters.find(({ filterType }) => filterType === 'NOTIONAL')).to.include({ minNotional: '5.00000000' })
    expect((await get('/api/v3/exchangeInfo', { symbols: '["ETHUSDT"]' })).body['symbols']).to.have.length(1)
    expect((await get('/api/v3/exchangeInfo', { symbols: '["NOPE"]' })).body.code).to.equal(-1121)
  })

  it('shows the book as deep as asked for', async () => {
    const { body } = await get('/api/v3/depth', { symbol, limit: 1 })
    expect({ bids: body['bids'], asks: body['asks'] }).to.deep.equal({ bids: [['59990.00', '0.40000']], asks: [['60020.00', '1.00000']] })
    expect(body['lastUpdateId']).to.be.above(0)
    expect((await get('/api/v3/depth', { symbol, limit: 0 })).body.code).to.equal(-1130)
  })

  it('lists trades, from an id on too, oldest first', async () => {
    const trades = (await get('/api/v3/trades', { symbol })).list
    expect(trades.map(({ id, price, isBuyerMaker }) => [id, price, isBuyerMaker])).to.deep.equal([[1, '60000.00', false], [2, '60000.00', false], [3, '60010.00', false], [4, '59990.00', true]])
    expect((await get('/api/v3/trades', { symbol, limit: 2 })).list.map(({ id }) => id)).to.deep.equal([3, 4])
    expect((await get('/api/v3/historicalTrades', { symbol, fromId: 2, limit: 2 })).list.map(({ id }) => id)).to.deep.equal([2, 3])
    expect((await get('/api/v3/historicalTrades', { symbol, fromId: 9 })).list).to.deep.equal([])
  })

  it('puts the trades of one order at one price together', async () => {
    const sums = (await get('/api/v3/aggTrades', { symbol })).list
    expect(sums.map(({ a, f, l, p, q }) => [a, f, l, p, q])).to.deep.equal([[1, 1, 2, '60000.00', '0.30000'], [3, 3, 3, '60010.00', '0.30000'], [4, 4, 4, '59990.00', '0.10000']])
    expect((await get('/api/v3/aggTrades', { symbol, fromId: 3, limit: 1 })).list.map(({ a }) => a)).to.deep.equal([3])
    await exchange.running.gateway.share.reads.history()
    expect((await get('/api/v3/aggTrades', { symbol, startTime: beganMs })).list.length).to.equal(3)
    expect((await get('/api/v3/aggTrades', { symbol, endTime: beganMs - 1_000 })).list).to.deep.equal([])
  })

  it('draws candles of twelve elements, by time too', async () => {
    const [row] = (await get('/api/v3/klines', { symbol, interval: '1d' })).rows
    expect(row).to.have.length(12)
    expect(row!.slice(1, 6)).to.deep.equal(['60000.00', '60010.00', '59990.00', '59990.00', '0.70000'])
    expect(Number(row![6]) - Number(row![0])).to.equal(86_400_000 - 1)
    expect((await get('/api/v3/klines', { symbol, interval: '1d', endTime: 1_000 })).list).to.deep.equal([])
    expect((await get('/api/v3/klines', { symbol, interval: '7m' })).body).to.include({ code: -1120, msg: 'Invalid interval.' })
    expect((await get('/api/v3/uiKlines', { symbol, interval: '1M', limit: 1 })).list).to.have.length(1)
  })

  it('leaves no interval out of the candles', () => {
    const candle = (minute: number) => ({ openTimeUs: minute * 60_000_000, open: 1n, high: 3n, low: 1n, close: 2n, volume: 5n, quoteVolume: 9n, trades: 4 })
    const rows = withoutGaps([candle(1), candle(4)], '1m', { untilUs: 6 * 60_000_000 + 5, limit: 500, newest: true })
    expect(rows.map(({ openTimeUs, close, volume }) => [openTimeUs / 60_000_000, close, volume])).to.deep.equal([[1, 2n, 5n], [2, 2n, 0n], [3, 2n, 0n], [4, 2n, 5n], [5, 2n, 0n], [6, 2n, 0n]])
    const minutes = (newest: boolean): number[] => withoutGaps([candle(1)], '1m', { untilUs: 60_000_000_000, limit: 10, newest }).map(({ openTimeUs }) => openTimeUs / 60_000_000)
    expect(minutes(false), 'the oldest').to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(minutes(true).slice(-10), 'the newest').to.deep.equal([991, 992, 993, 994, 995, 996, 997, 998, 999, 1000])
  })

  it('gives the figures of the day, the average, prices and best prices, of one or of all', async () => {
    const day = (await get('/api/v3/ticker/24hr', { symbol })).body
    expect(day).to.include({ lastPrice: '59990.00', lastQty: '0.10000', openPrice: '60000.00', highPrice: '60010.00', lowPrice: '59990.00', volume: '0.70000', quoteVolume: '42002.00000000', weightedAvgPrice: '60002.85', priceChange: '-10.00', priceChangePercent: '-0.020', bidPrice: '59990.00', askPrice: '60020.00', firstId: 1, lastId: 4, count: 4 })
    expect(day).not.to.have.property('hint')
    expect((await get('/api/v3/ticker/24hr', { symbol, type: 'MINI' })).body).not.to.have.property('bidPrice')
    expect((await get('/api/v3/ticker/24hr')).list.map((ticker) => ticker['symbol'])).to.deep.equal(['BTCUSDT', 'ETHUSDT'])
    expect((await get('/api/v3/avgPrice', { symbol })).body).to.include({ mins: 5, price: '60002.85' })
    expect((await get('/api/v3/ticker/price', { symbols: '["BTCUSDT"]' })).list).to.deep.equal([{ symbol, price: '59990.00' }])
    expect((await get('/api/v3/ticker/bookTicker', { symbol })).body).to.deep.equal({ symbol, bidPrice: '59990.00', bidQty: '0.40000', askPrice: '60020.00', askQty: '1.00000' })
  })

  it('gives the figures of windows of other lengths, and of the trading day', async () => {
    await exchange.running.gateway.share.reads.history()
    const figures = { lastPrice: '59990.00', openPrice: '60000.00', highPrice: '60010.00', lowPrice: '59990.00', volume: '0.70000', quoteVolume: '42002.00000000', weightedAvgPrice: '60002.85', priceChange: '-10.00', priceChangePercent: '-0.020', firstId: 1, lastId: 4, count: 4 }
    for (const [windowSize, minutes] of [['59m', 59], ['1h', 60], ['23h', 23 * 60], ['1d', 1_440], ['7d', 7 * 1_440]] as const) {
      const { body } = await get('/api/v3/ticker', { symbol, windowSize })
      expect(body, windowSize).to.include(figures)
      const [openTime, closeTime] = [body['openTime'] as number, body['closeTime'] as number]
      expect(openTime % 60_000).to.equal(0)
      expect(closeTime - openTime - minutes * 60_000).to.be.within(0, 59_999)
    }
    const day = (await get('/api/v3/ticker/tradingDay', { symbol, timeZone: '-1:30' })).body
    expect([((day['openTime'] as number) - 90 * 60_000) % 86_400_000, (day['closeTime'] as number) - (day['openTime'] as number)]).to.deep.equal([0, 86_399_999])
    expect(day).not.to.have.any.keys('bidPrice', 'prevClosePrice')
    expect((await get('/api/v3/ticker', { symbols: '["BTCUSDT","ETHUSDT"]', type: 'MINI' })).list.map((ticker) => [ticker['symbol'], ticker['count'], ticker['priceChange']])).to.deep.equal([['BTCUSDT', 4, undefined], ['ETHUSDT', 0, undefined]])
    for (const [parameters, code] of [[{}, -1102], [{ symbol, windowSize: '60m' }, -1130], [{ symbol, windowSize: '0h' }, -1130], [{ symbol, windowSize: '1w' }, -1130], [{ symbol: 'NOPE' }, -1121]] as const) {
      expect((await get('/api/v3/ticker', parameters)).body.code, JSON.stringify(parameters)).to.equal(code)
    }
    expect((await get('/api/v3/ticker/tradingDay', { symbol, timeZone: '15' })).body.code).to.equal(-1130)
    expect((await get('/api/v3/ticker/tradingDay', { symbol, timeZone: 'UTC' })).body.code).to.equal(-1100)
  })

  it('says that it works, and what it charges', async () => {
    expect((await get('/sapi/v1/system/status')).body).to.deep.equal({ status: 0, msg: 'normal' })
    expect((await get('/api/v3/ping')).body).to.deep.equal({})
    expect((await exchange.call('GET', '/sapi/v1/asset/tradeFee', { symbol })).list).to.deep.equal([{ symbol, makerCommission: '0.000800', takerCommission: '0.001000' }])
    expect((await exchange.call('GET', '/api/v3/account/commission', { symbol })).body['standardCommission']).to.include({ maker: '0.000800', taker: '0.001000' })
    expect((await exchange.call('GET', '/sapi/v1/account/status')).body).to.deep.equal({ data: 'Normal' })
    expect((await exchange.call('GET', '/sapi/v1/account/apiRestrictions')).body).to.include({ ipRestrict: true, enableSpotAndMarginTrading: true, enableWithdrawals: true })
    const account = (await exchange.call('GET', '/api/v3/account', { omitZeroBalances: 'true' })).body
    expect(account['updateTime']).to.be.within(beganMs, Date.now())
  })
})
