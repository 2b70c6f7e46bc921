import { expect } from 'chai'
import ccxt from 'ccxt'
import { ccxtClient, type CcxtBinance } from '../test/ccxt-client.js'
import { startBinance, type RunningBinance } from '../test/running-binance.js'

const SYMBOL = 'BTC/USDT'
const market = 'BTC-USDT'

describe('ccxt from npm, pointed at an exchange', () => {
  let exchange: RunningBinance
  let client: CcxtBinance
  before(async () => {
    exchange = await startBinance()
    client = await ccxtClient(exchange)
    await client.loadMarkets()
    await exchange.maker.client.placeOrder({ market, side: 'sell', orderType: 'limit', price: '60000', quantity: '0.1' })
    await exchange.bot.client.placeOrder({ market, side: 'buy', orderType: 'limit', price: '60000', quantity: '0.1' })
  })
  after(async () => {
    await client.close()
    expect(exchange.running.faults).to.deep.equal([])
    await exchange.stop()
  })
  afterEach(() => Promise.all([exchange.bot.client.cancelAll(), exchange.maker.client.cancelAll()]))
  const offer = (side: 'buy' | 'sell', price: string, quantity: string) => exchange.maker.client.placeOrder({ market, side, orderType: 'limit', price, quantity })

  it('loads markets, currencies and fees', async () => {
    expect(Object.keys(client.markets ?? {})).to.deep.equal(['BTC/USDT', 'ETH/USDT'])
    const { precision, limits, active, spot } = client.market(SYMBOL)
    expect({ active, spot, price: precision.price, amount: precision.amount }).to.deep.equal({ active: true, spot: true, price: 0.01, amount: 0.00001 })
    expect({ amount: limits.amount, cost: limits.cost?.min }).to.deep.equal({ amount: { min: 0.00001, max: 1000 }, cost: 5 })
    const currencies = (await client.fetchCurrencies()) as Record<string, object>
    expect(currencies['BTC'] ?? {}).to.deep.include({ code: 'BTC', deposit: true, withdraw: true, fee: 1 })
    expect(await client.fetchTradingFee(SYMBOL)).to.include({ maker: 0.0008, taker: 0.001 })
    expect((await client.fetchStatus())['status']).to.equal('ok')
    expect(Math.abs(Number(await client.fetchTime()) - Date.now())).to.be.below(5_000)
  })

  it('reads book, trades, candles and tickers', async () => {
    await offer('buy', '59000', '0.3')
    await offer('sell', '61000', '0.2')
    const book = await client.fetchOrderBook(SYMBOL, 5)
    expect({ bids: book.bids, asks: book.asks }).to.deep.equal({ bids: [[59000, 0.3]], asks: [[61000, 0.2]] })
    expect(book.nonce).to.be.above(0)
    const [trade] = await client.fetchTrades(SYMBOL)
    expect(trade).to.include({ symbol: SYMBOL, price: 60000, amount: 0.1, side: 'buy', cost: 6000 })
    const ticker = await client.fetchTicker(SYMBOL)
    expect(ticker).to.include({ last: 60000, open: 60000, high: 60000, low: 60000, bid: 59000, ask: 61000, bidVolume: 0.3, baseVolume: 0.1, quoteVolume: 6000, vwap: 60000 })
    expect(Object.keys(await client.fetchTickers([SYMBOL, 'ETH/USDT']))).to.have.members([SYMBOL, 'ETH/USDT'])
    expect((await client.fetchBidsAsks([SYMBOL]))[SYMBOL]).to.include({ bid: 59000, ask: 61000 })
    expect((await client.fetchLastPrices([SYMBOL]))[SYMBOL]).to.include({ price: 60000 })
    const candles = await client.fetchOHLCV(SYMBOL, '1m')
    expect(candles[0]?.slice(1)).to.deep.equal([60000, 60000, 60000, 60000, 0.1])
  })

  it('lives through an order: placed, partly filled, queried, cancelled, told in trades and balances', async () => {
    const before = await client.fetchBalance()
    const order = await client.createOrder(SYMBOL, 'limit', 'sell', 0.5, 62000)
    expect(order).to.include({ status: 'open', type: 'limit', side: 'sell', price: 62000, amount: 0.5, filled: 0 })
    expect((await client.fetchOpenOrders(SYMBOL)).map(({ id }) => id)).to.deep.equal([order.id])
    const held = await client.fetchBalance()
    expect(held['BTC']?.used).to.equal(0.5)
    await offer('buy', '62000', '0.2')
    const partly = await client.fetchOrder(String(order.id), SYMBOL)
    expect(partly).to.include({ status: 'open', filled: 0.2, remaining: 0.3, cost: 12400, average: 62000 })
    const trades = await client.fetchMyTrades(SYMBOL)
    expect(trades.at(-1)).to.deep.include({ order: order.id, side: 'sell', price: 62000, amount: 0.2, takerOrMaker: 'maker', fee: { cost: 9.92, currency: 'USDT' } })
    expect((await client.fetchOrderTrades(String(order.id), SYMBOL)).length).to.equal(1)
    const cancelled = await client.cancelOrder(String(order.id), SYMBOL)
    expect(cancelled).to.include({ id: order.id, status: 'canceled', filled: 0.2 })
    expect((await client.fetchClosedOrders(SYMBOL)).map(({ id }) => id)).not.to.include(order.id)
    expect((await client.fetchCanceledOrders(SYMBOL)).map(({ id }) => id)).to.include(order.id)
    expect(await client.fetchOrder(String(order.id), SYMBOL)).to.include({ status: 'canceled', remaining: 0.3 })
    const after = await client.fetchBalance()
    expect(after['BTC']?.used).to.equal(0)
    expect(Number(after['BTC']?.total) - Number(before['BTC']?.total)).to.be.closeTo(-0.2, 1e-9)
  })

  it('places every type of order that it knows', async () => {
    await offer('buy', '59990', '1')
    await offer('sell', '60010', '1')
    const create = (type: string, side: 'buy' | 'sell', price: number | undefined, params: object = {}) => client.createOrder(SYMBOL, type, side, 0.01, price, params)
    expect(await create('market', 'buy', undefined)).to.include({ status: 'closed', filled: 0.01, average: 60010 })
    expect(await client.createMarketBuyOrderWithCost(SYMBOL, 300)).to.include({ status: 'closed', filled: 0.00499 })
    expect(await create('limit', 'sell', 59000, { timeInForce: 'IOC' })).to.include({ status: 'closed', average: 59990 })
    expect(await create('limit', 'sell', 61000, { timeInForce: 'FOK' })).to.include({ status: 'expired', filled: 0 })
    expect(await create('limit', 'sell', 61000, { postOnly: true })).to.include({ id: String(Number((await client.fetchOpenOrders(SYMBOL)).at(-1)?.id)) })
    for (const [type, params] of [
      ['limit', { stopLossPrice: 50000 }],
      ['market', { stopLossPrice: 50000 }],
      ['limit', { takeProfitPrice: 70000 }],
      ['market', { takeProfitPrice: 70000 }],
      ['STOP_LOSS', { trailingPercent: 5 }],
      ['limit', { icebergQty: 0.001 }],
    ] as const) {
      const { id } = await create(type, 'sell', type === 'limit' ? 65000 : undefined, params)
      expect(await client.fetchOrder(String(id), SYMBOL), `${type} ${JSON.stringify(params)}`).to.include({ status: 'open', amount: 0.01 })
    }
    const placed = await client.fetchOpenOrders(SYMBOL)
    expect(placed.map(({ info }) => (info as { type: string }).type)).to.deep.equal(['LIMIT_MAKER', 'STOP_LOSS_LIMIT', 'STOP_LOSS', 'TAKE_PROFIT_LIMIT', 'TAKE_PROFIT', 'STOP_LOSS', 'LIMIT'])
    expect((await client.cancelAllOrders(SYMBOL)).length).to.equal(7)
    expect(await client.fetchOpenOrders(SYMBOL)).to.deep.equal([])
  })

  it('edits an order by cancel-replace, and finds it by the name that it gave', async () => {
    const { id } = await client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 50000)
    const edited = await client.editOrder(String(id), SYMBOL, 'limit', 'buy', 0.2, 51000, { newClientOrderId: 'edited-1' })
    expect(edited).to.include({ price: 51000, amount: 0.2, status: 'open' })
    expect(await client.fetchOrder(String(id), SYMBOL)).to.include({ status: 'canceled' })
    await client.cancelOrder(String(edited.id), SYMBOL)
    expect(await client.fetchOrder('', SYMBOL, { origClientOrderId: 'edited-1' })).to.include({ id: edited.id, status: 'canceled' })
  })

  it('throws its own classes of errors', async () => {
    const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: unknown) => error)
    expect(await failure(client.createOrder(SYMBOL, 'limit', 'sell', 900, 60000))).to.be.instanceOf(ccxt.InsufficientFunds)
    expect(await failure(client.fetchOrder('999999', SYMBOL))).to.be.instanceOf(ccxt.OrderNotFound)
    expect(await failure(client.cancelOrder('999999', SYMBOL))).to.be.instanceOf(ccxt.OrderNotFound)
    await offer('buy', '59990', '1')
    expect(await failure(client.createOrder(SYMBOL, 'limit', 'sell', 0.1, 59000, { postOnly: true }))).to.be.instanceOf(ccxt.OrderImmediatelyFillable)
    expect(await failure(client.createOrder(SYMBOL, 'limit', 'buy', 5_000, 1))).to.be.instanceOf(ccxt.InvalidOrder)
    expect(await failure(client.createOrder(SYMBOL, 'limit', 'buy', 0.00001, 60000))).to.be.instanceOf(ccxt.BadRequest)
    const wrong = await ccxtClient(exchange, { key: exchange.bot.key, secret: 'wrong' })
    expect(await failure(wrong.fetchBalance())).to.be.instanceOf(ccxt.AuthenticationError)
  })

  it('shows deposits and withdrawals, and pays one out', async () => {
    const { address } = await client.fetchDepositAddress('BTC')
    expect(address).to.be.a('string')
    await exchange.bot.client.faucet({ asset: 'BTC', amount: '2' })
    await exchange.running.passBlocks(3)
    expect((await client.fetchDeposits('BTC'))[0]).to.include({ currency: 'BTC', amount: 2, status: 'ok', type: 'deposit' })
    const target = await exchange.maker.client.depositAddress('USDT')
    const { id } = await client.withdraw('USDT', 20, target.address)
    await exchange.running.passBlocks(3)
    expect((await client.fetchWithdrawals('USDT'))[0]).to.deep.include({ id, amount: 19, status: 'ok', fee: { currency: 'USDT', cost: 1 } })
  })

  it('follows book, trades, candles and tickers over sockets', async () => {
    await offer('buy', '59990', '1')
    await offer('sell', '60010', '1')
    const book = await client.watchOrderBook(SYMBOL)
    expect([book.bids[0]?.[0], book.asks[0]?.[0]]).to.deep.equal([59990, 60010])
    const changed = client.watchOrderBook(SYMBOL)
    const [trades, candles, ticker, best] = [client.watchTrades(SYMBOL), client.watchOHLCV(SYMBOL, '1m'), client.watchTicker(SYMBOL), client.watchBidsAsks([SYMBOL])]
    await Promise.all([candles, ticker, best])
    await exchange.bot.client.placeOrder({ market, side: 'buy', orderType: 'market', quantity: '0.01' })
    expect((await trades).at(-1)).to.include({ price: 60010, amount: 0.01, side: 'buy' })
    expect((await changed).asks[0]).to.deep.equal([60010, 0.99])
    expect((await ticker)).to.include({ symbol: SYMBOL })
    expect((await best)[SYMBOL]).to.include({ bid: 59990, ask: 60010 })
  })

  it('gets its own orders, trades and balances over sockets', async () => {
    await client.authenticate()
    const orders = client.watchOrders(SYMBOL)
    const trades = client.watchMyTrades(SYMBOL)
    const balance = client.watchBalance()
    const { id } = await client.createOrder(SYMBOL, 'limit', 'sell', 0.1, 62000)
    expect((await orders).at(-1)).to.include({ id, status: 'open', amount: 0.1 })
    expect((await balance)['BTC']?.used).to.equal(0.1)
    const filled = client.watchOrders(SYMBOL)
    await offer('buy', '62000', '0.1')
    expect((await trades).at(-1)).to.include({ order: id, price: 62000, amount: 0.1, takerOrMaker: 'maker' })
    expect((await filled).at(-1)).to.include({ id, status: 'closed', filled: 0.1 })
  })

  it('trades over the socket', async () => {
    const placed = await client.createOrderWs(SYMBOL, 'limit', 'buy', 0.1, 50000)
    expect(placed).to.include({ status: 'open', price: 50000 })
    const edited = await client.editOrderWs(String(placed.id), SYMBOL, 'limit', 'buy', 0.2, 50500)
    expect(edited).to.include({ amount: 0.2 })
    expect((await client.fetchOpenOrdersWs(SYMBOL)).map(({ price }) => price)).to.deep.equal([50500])
    const { info } = await client.fetchBalanceWs()
    expect((info as { balances: object[] }).balances).to.deep.include({ asset: 'USDT', free: (await client.fetchBalance())['USDT']?.free?.toFixed(8), locked: '10100.00000000' })
    expect(await client.fetchOrderWs(String(edited.id), SYMBOL)).to.include({ status: 'open' })
    expect(await client.cancelOrderWs(String(edited.id), SYMBOL)).to.include({ status: 'canceled' })
  })
})
