import { expect } from 'chai'
import { startBinance, type CallAnswer, type RunningBinance } from '../test/running-binance.js'

const symbol = 'BTCUSDT'
const market = 'BTC-USDT'

describe("Orders in Binance's words", () => {
  let exchange: RunningBinance
  before(async () => {
    exchange = await startBinance()
    await offer('sell', '60000', '0.1')
    await exchange.bot.client.placeOrder({ market, side: 'buy', orderType: 'limit', price: '60000', quantity: '0.1' })
  })
  after(async () => {
    expect(exchange.running.faults).to.deep.equal([])
    await exchange.stop()
  })
  afterEach(() => Promise.all([exchange.bot.client.cancelAll(), exchange.maker.client.cancelAll()]))
  const offer = (side: 'buy' | 'sell', price: string, quantity: string) => exchange.maker.client.placeOrder({ market, side, orderType: 'limit', price, quantity })
  const place = (parameters: Record<string, string | number>) => exchange.call('POST', '/api/v3/order', { symbol, quantity: '0.01', ...parameters })
  const limit = { side: 'SELL', type: 'LIMIT', timeInForce: 'GTC', price: '61000' } as const
  const status = async (orderId: number): Promise<CallAnswer['body']> => (await exchange.call('GET', '/api/v3/order', { symbol, orderId })).body
  const idOf = ({ body }: CallAnswer): number => body['orderId'] as number

  it('answers as briefly or as fully as asked for', async () => {
    await offer('buy', '59900', '1')
    const ack = await place({ ...limit, newOrderRespType: 'ACK', newClientOrderId: 'ack-1' })
    expect(Object.keys(ack.body)).to.deep.equal(['symbol', 'orderId', 'orderListId', 'clientOrderId', 'transactTime'])
    const result = await place({ ...limit, newOrderRespType: 'RESULT' })
    expect(result.body).to.include({ status: 'NEW', origQty: '0.01000', executedQty: '0.00000', type: 'LIMIT', side: 'SELL', timeInForce: 'GTC' })
    expect(result.body).not.to.have.property('fills')
    const full = await place({ side: 'SELL', type: 'MARKET' })
    expect(full.body).to.include({ status: 'FILLED', price: '0.00000000', cummulativeQuoteQty: '599.00000000' })
    expect(full.body['fills']).to.deep.equal([{ price: '59900.00', qty: '0.01000', commission: '0.59900000', commissionAsset: 'USDT', tradeId: 2 }])
  })

  const TYPES: readonly (readonly [name: string, parameters: Record<string, string | number>, seen: object])[] = [
    ['LIMIT', limit, { type: 'LIMIT', status: 'NEW' }],
    ['LIMIT that would not fill', { ...limit, timeInForce: 'FOK' }, { status: 'EXPIRED', timeInForce: 'FOK' }],
    ['LIMIT immediate or cancel', { ...limit, timeInForce: 'IOC' }, { status: 'EXPIRED', timeInForce: 'IOC' }],
    ['LIMIT_MAKER', { side: 'SELL', type: 'LIMIT_MAKER', price: '61000' }, { type: 'LIMIT_MAKER', status: 'NEW' }],
    ['iceberg', { ...limit, quantity: '0.5', icebergQty: '0.1' }, { icebergQty: '0.10000' }],
    ['STOP_LOSS that sells', { side: 'SELL', type: 'STOP_LOSS', stopPrice: '50000' }, { type: 'STOP_LOSS', stopPrice: '50000.00', price: '0.00000000', isWorking: false, workingTime: -1 }],
    ['STOP_LOSS that buys', { side: 'BUY', type: 'STOP_LOSS', stopPrice: '70000' }, { type: 'STOP_LOSS', stopPrice: '70000.00' }],
    ['STOP_LOSS_LIMIT', { ...limit, type: 'STOP_LOSS_LIMIT', stopPrice: '50000', price: '49000' }, { type: 'STOP_LOSS_LIMIT', price: '49000.00' }],
    ['TAKE_PROFIT', { side: 'SELL', type: 'TAKE_PROFIT', stopPrice: '70000' }, { type: 'TAKE_PROFIT' }],
    ['TAKE_PROFIT_LIMIT', { ...limit, type: 'TAKE_PROFIT_LIMIT', stopPrice: '70000', price: '70000' }, { type: 'TAKE_PROFIT_LIMIT' }],
    ['trailing STOP_LOSS', { side: 'SELL', type: 'STOP_LOSS', trailingDelta: 100 }, { type: 'STOP_LOSS', trailingDelta: 100 }],
    ['trailing TAKE_PROFIT that buys', { side: 'BUY', type: 'TAKE_PROFIT', trailingDelta: 100, stopPrice: '50000' }, { type: 'TAKE_PROFIT', trailingDelta: 100 }],
    ['self-trade prevention', { ...limit, selfTradePreventionMode: 'EXPIRE_MAKER' }, { selfTradePreventionMode: 'EXPIRE_MAKER' }],
    ['zeros behind what the market takes', { ...limit, price: '061000.00000000', quantity: '0.0100000000' }, { price: '61000.00', origQty: '0.01000' }],
  ]
  for (const [name, parameters, seen] of TYPES) {
    it(`takes ${name}`, async () => {
      const placed = await place(parameters)
      expect(placed.status, JSON.stringify(placed.body)).to.equal(200)
      expect(await status(idOf(placed))).to.include(seen)
    })
  }

  it('spends a quote amount, and calls it filled when what is left buys nothing more', async () => {
    await offer('sell', '60010', '1')
    const spent = await exchange.call('POST', '/api/v3/order', { symbol, side: 'BUY', type: 'MARKET', quoteOrderQty: '100' })
    expect(spent.body).to.include({ status: 'FILLED', executedQty: '0.00166', origQuoteOrderQty: '100.00000000', cummulativeQuoteQty: '99.61660000' })
  })

  const REFUSED: readonly (readonly [name: string, parameters: Record<string, string | number>, code: number, message: string | RegExp])[] = [
    ['an unknown symbol', { ...limit, symbol: 'NOPE' }, -1121, 'Invalid symbol.'],
    ['letters in a symbol', { ...limit, symbol: 'btcusdt' }, -1100, /^Illegal characters found in parameter 'symbol'/],
    ['no side', { type: 'MARKET' }, -1102, "Mandatory parameter 'side' was not sent, was empty/null, or malformed."],
    ['another side', { ...limit, side: 'HOLD' }, -1117, 'Invalid side.'],
    ['another type', { ...limit, type: 'MAGIC' }, -1116, 'Invalid orderType.'],
    ['another time in force', { ...limit, timeInForce: 'GTX' }, -1115, 'Invalid timeInForce.'],
    ['a limit without a price', { side: 'SELL', type: 'LIMIT', timeInForce: 'GTC' }, -1102, /'price'/],
    ['a market order with a price', { side: 'SELL', type: 'MARKET', price: '1' }, -1106, "Parameter 'price' sent when not required."],
    ['an exponent', { ...limit, price: '1e5' }, -1100, /'price'/],
    ['an empty parameter', { ...limit, newClientOrderId: '' }, -1105, "Parameter 'newClientOrderId' was empty."],
    ['a price off the tick', { ...limit, price: '61000.001' }, -1013, 'Filter failure: PRICE_FILTER'],
    ['a quantity off the lot', { ...limit, quantity: '0.000001' }, -1013, 'Filter failure: LOT_SIZE'],
    ['too much', { ...limit, quantity: '5000' }, -1013, 'Filter failure: LOT_SIZE'],
    ['too small an order', { ...limit, price: '1', quantity: '0.01' }, -1013, 'Filter failure: NOTIONAL'],
    ['more than the balance', { ...limit, quantity: '900' }, -2010, 'Account has insufficient balance for requested action.'],
    ['a stop that has been met', { side: 'SELL', type: 'STOP_LOSS', stopPrice: '65000' }, -2010, 'Stop price would trigger immediately.'],
    ['a trailing limit', { ...limit, type: 'STOP_LOSS_LIMIT', trailingDelta: 100 }, -1128, 'Combination of optional parameters invalid.'],
    ['no self-trade prevention', { ...limit, selfTradePreventionMode: 'NONE' }, -1013, 'This symbol does not allow the specified self trade prevention mode.'],
  ]
  for (const [name, parameters, code, message] of REFUSED) {
    it(`refuses ${name}`, async () => {
      const { status: http, body } = await place(parameters)
      expect({ http, code: body.code }, JSON.stringify(body)).to.deep.equal({ http: 400, code })
      if (typeof message === 'string') expect(body.msg).to.equal(message)
      else expect(body.msg).to.match(message)
    })
  }

  it('refuses a maker order that would take, and a name that is in use, but not one that is free again', async () => {
    await offer('buy', '59900', '1')
    expect((await place({ side: 'SELL', type: 'LIMIT_MAKER', price: '59000' })).body).to.include({ code: -2010, msg: 'Order would immediately match and take.' })
    const first = await place({ ...limit, newClientOrderId: 'again' })
    expect((await place({ ...limit, newClientOrderId: 'again' })).body).to.include({ code: -2010, msg: 'Duplicate order sent.' })
    await exchange.call('DELETE', '/api/v3/order', { symbol, origClientOrderId: 'again' })
    const second = await place({ ...limit, newClientOrderId: 'again' })
    expect(idOf(second)).to.be.above(idOf(first))
  })

  it('tries an order without placing it', async () => {
    const test = (parameters: object) => exchange.call('POST', '/api/v3/order/test', { symbol, quantity: '0.01', ...parameters })
    expect((await test(limit)).body).to.deep.equal({})
    expect((await test({ ...limit, price: '0.001' })).body).to.include({ code: -1013, msg: 'Filter failure: PRICE_FILTER' })
    expect((await test({ ...limit, quantity: '0.00001', price: '1' })).body).to.include({ msg: 'Filter failure: NOTIONAL' })
    expect((await exchange.call('GET', '/api/v3/openOrders', { symbol })).body).to.deep.equal([])
  })

  it('finds and cancels by either name, and tells what it does not find', async () => {
    const orderId = idOf(await place({ ...limit, newClientOrderId: 'named' }))
    expect((await exchange.call('GET', '/api/v3/order', { symbol, origClientOrderId: 'named' })).body).to.include({ orderId })
    expect((await exchange.call('DELETE', '/api/v3/order', { symbol, orderId, cancelRestrictions: 'ONLY_PARTIALLY_FILLED' })).body).to.include({ code: -2011, msg: 'Order was not canceled due to cancel restrictions.' })
    const cancelled = await exchange.call('DELETE', '/api/v3/order', { symbol, origClientOrderId: 'named', newClientOrderId: 'the-cancel' })
    expect(cancelled.body).to.include({ orderId, origClientOrderId: 'named', clientOrderId: 'the-cancel', status: 'CANCELED' })
    expect((await exchange.call('DELETE', '/api/v3/order', { symbol, orderId })).body).to.include({ code: -2011, msg: 'Unknown order sent.' })
    expect((await exchange.call('DELETE', '/api/v3/openOrders', { symbol })).body).to.include({ code: -2011 })
    expect((await exchange.call('GET', '/api/v3/order', { symbol, orderId: 999_999 })).body).to.include({ code: -2013, msg: 'Order does not exist.' })
    expect((await exchange.call('GET', '/api/v3/order', { symbol })).body).to.include({ code: -1102 })
    expect((await exchange.call('GET', '/api/v3/order', { symbol, orderId }, { keys: exchange.maker })).body, 'of another person').to.include({ code: -2013 })
  })

  it('lists orders and trades by id and by time', async () => {
    const from = Date.now()
    const ids = [idOf(await place(limit)), idOf(await place(limit)), idOf(await place(limit))]
    const list = async (parameters: object): Promise<number[]> => (await exchange.call('GET', '/api/v3/allOrders', { symbol, ...parameters })).list.map(({ orderId }) => Number(orderId))
    expect(await list({ orderId: ids[1]! })).to.deep.equal(ids.slice(1))
    expect(await list({ limit: 2 })).to.deep.equal(ids.slice(1))
    expect(await list({ startTime: from, limit: 2 })).to.deep.equal(ids.slice(0, 2))
    expect(await list({ endTime: from - 60_000 })).to.deep.equal([])
    const trades = async (parameters: object): Promise<number[]> => (await exchange.call('GET', '/api/v3/myTrades', { symbol, ...parameters })).list.map(({ id }) => Number(id))
    expect((await trades({ fromId: 1, limit: 1 }))).to.deep.equal([1])
    expect(await trades({ startTime: Date.now() + 60_000 })).to.deep.equal([])
  })

  it('reduces in place, never raises', async () => {
    const orderId = idOf(await place({ ...limit, quantity: '0.5' }))
    const amend = (newQty: string) => exchange.call('PUT', '/api/v3/order/amend/keepPriority', { symbol, orderId, newQty })
    expect((await amend('0.2')).body['amendedOrder']).to.include({ orderId, qty: '0.20000', origQty: '0.20000', status: 'NEW' })
    expect((await amend('0.3')).body).to.include({ code: -2038, msg: 'Order amend (quantity increase) is not supported.' })
    expect((await amend('0.2')).body).to.include({ code: -2038 })
  })

  it('replaces an order, and tells both steps where one fails', async () => {
    const replace = (parameters: object) => exchange.call('POST', '/api/v3/order/cancelReplace', { symbol, quantity: '0.01', ...limit, cancelReplaceMode: 'STOP_ON_FAILURE', ...parameters })
    const orderId = idOf(await place(limit))
    const both = await replace({ cancelOrderId: orderId, price: '61500' })
    expect(both.body).to.include({ cancelResult: 'SUCCESS', newOrderResult: 'SUCCESS' })
    const nothing = await replace({ cancelOrderId: orderId })
    expect({ status: nothing.status, code: nothing.body.code }).to.deep.equal({ status: 400, code: -2022 })
    expect(nothing.body['data']).to.deep.include({ cancelResult: 'FAILURE', newOrderResult: 'NOT_ATTEMPTED' })
    const second = (both.body['newOrderResponse'] as { orderId: number }).orderId
    const cancelledOnly = await replace({ cancelOrderId: second, quantity: '900' })
    expect({ status: cancelledOnly.status, code: cancelledOnly.body.code }).to.deep.equal({ status: 409, code: -2021 })
    expect(cancelledOnly.body['data']).to.deep.include({ cancelResult: 'SUCCESS', newOrderResult: 'FAILURE' })
    expect(await status(second)).to.include({ status: 'CANCELED' })
    const placedOnly = await replace({ cancelOrderId: second, cancelReplaceMode: 'ALLOW_FAILURE' })
    expect(placedOnly.body['data']).to.deep.include({ cancelResult: 'FAILURE', newOrderResult: 'SUCCESS' })
    const neither = await replace({ cancelOrderId: second, cancelReplaceMode: 'ALLOW_FAILURE', quantity: '900' })
    expect(neither.body['data']).to.deep.include({ cancelResult: 'FAILURE', newOrderResult: 'FAILURE' })
  })

  it('places pairs of which one cancels the other, in both forms', async () => {
    const old = await exchange.call('POST', '/api/v3/order/oco', { symbol, side: 'SELL', quantity: '0.1', price: '70000', stopPrice: '50000', stopLimitPrice: '49900', stopLimitTimeInForce: 'GTC', listClientOrderId: 'pair-1' })
    expect(old.body).to.include({ contingencyType: 'OCO', listOrderStatus: 'EXECUTING', listClientOrderId: 'pair-1' })
    const reports = old.body['orderReports'] as { orderId: number; type: string; orderListId: number }[]
    expect(reports.map(({ type }) => type)).to.deep.equal(['STOP_LOSS_LIMIT', 'LIMIT_MAKER'])
    const { orderListId } = old.body as { orderListId: number }
    expect(reports.every((report) => report.orderListId === orderListId)).to.equal(true)
    expect((await exchange.call('GET', '/api/v3/orderList', { origClientOrderId: 'pair-1' })).body).to.include({ orderListId, listOrderStatus: 'EXECUTING' })
    expect((await exchange.call('GET', '/api/v3/openOrderList')).list.length).to.equal(1)
    await offer('buy', '70000', '0.1')
    expect((await exchange.call('GET', '/api/v3/orderList', { orderListId })).body).to.include({ listOrderStatus: 'ALL_DONE' })
    expect(await status(reports[0]!.orderId)).to.include({ status: 'EXPIRED', orderListId })
    expect(await status(reports[1]!.orderId)).to.include({ status: 'FILLED', orderListId })
    const sell = await exchange.call('POST', '/api/v3/orderList/oco', { symbol, side: 'SELL', quantity: '0.1', aboveType: 'TAKE_PROFIT_LIMIT', aboveStopPrice: '75000', abovePrice: '75000', aboveTimeInForce: 'GTC', belowType: 'STOP_LOSS', belowStopPrice: '50000' })
    expect((sell.body['orders'] as object[]).length, JSON.stringify(sell.body)).to.equal(2)
    const buy = await exchange.call('POST', '/api/v3/orderList/oco', { symbol, side: 'BUY', quantity: '0.1', aboveType: 'STOP_LOSS', aboveStopPrice: '90000', belowType: 'LIMIT_MAKER', belowPrice: '40000', belowClientOrderId: 'low' })
    expect(buy.status, JSON.stringify(buy.body)).to.equal(200)
    const gone = await exchange.call('DELETE', '/api/v3/orderList', { symbol, orderListId: buy.body['orderListId'] as number })
    expect(gone.body).to.include({ listOrderStatus: 'ALL_DONE' })
    expect((gone.body['orderReports'] as { status: string }[]).map((report) => report.status)).to.deep.equal(['CANCELED', 'CANCELED'])
    const wrong = await exchange.call('POST', '/api/v3/orderList/oco', { symbol, side: 'SELL', quantity: '0.1', aboveType: 'STOP_LOSS', aboveStopPrice: '70000', belowType: 'LIMIT_MAKER', belowPrice: '50000' })
    expect(wrong.body).to.include({ code: -1158 })
    const all = (await exchange.call('GET', '/api/v3/allOrderList')).list
    expect(all.map((list) => list['orderListId'])).to.include(orderListId)
  })
})
