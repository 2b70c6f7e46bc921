import { expect } from 'chai'
import { createRequire } from 'node:module'
import { Spot, SpotRestAPI } from '@binance/spot'
import { MainClient, WebsocketAPIClient, WebsocketClient, WebsocketClientV1, type WsRawMessage } from 'binance'
import NodeBinanceApi from 'node-binance-api'
import { Expectation } from '../../api/test/event-wait.js'
import { startBinance, type RunningBinance } from '../test/running-binance.js'

const symbol = 'BTCUSDT'
const market = 'BTC-USDT'
const limit = { symbol, side: 'SELL', type: 'LIMIT', timeInForce: 'GTC' } as const
const silent = { log: () => undefined, info: () => undefined, debug: () => undefined, trace: () => undefined, warn: () => undefined, error: () => undefined }

/** A list that a test waits to be filled as it expects. */
class Heard<Message> {
  private readonly all: Message[] = []
  private readonly waiting: Expectation<Message>[] = []

  add(message: Message): void {
    this.all.push(message)
    for (const expectation of this.waiting) expectation.changed()
  }

  first(fits: (message: Message) => boolean): Promise<Message> {
    const expectation = new Expectation(() => this.all.find(fits))
    this.waiting.push(expectation)
    return expectation.value
  }
}

interface PrivateEvent {
  readonly e?: string
  readonly x?: string
  readonly X?: string
  readonly i?: number
  readonly z?: string
}

/** Both steps of the life of an order, as private events tell them. */
async function tellsLife(heard: Heard<PrivateEvent>, orderId: number): Promise<void> {
  await heard.first(({ e, x, i }) => e === 'executionReport' && x === 'NEW' && i === orderId)
  const traded = await heard.first(({ x, i }) => x === 'TRADE' && i === orderId)
  expect(traded).to.include({ X: 'PARTIALLY_FILLED', z: '0.20000' })
  await heard.first(({ x, i }) => x === 'CANCELED' && i === orderId)
  await heard.first(({ e }) => e === 'outboundAccountPosition')
}

describe('Clients from npm, pointed at an exchange', () => {
  let exchange: RunningBinance
  before(async () => {
    // @binance/spot says what it connects to otherwise.
    process.env['LOG_LEVEL'] = 'error'
    exchange = await startBinance()
  })
  after(async () => {
    delete process.env['LOG_LEVEL']
    expect(exchange.running.faults).to.deep.equal([])
    await exchange.stop()
  })
  afterEach(() => Promise.all([exchange.bot.client.cancelAll(), exchange.maker.client.cancelAll()]))
  const buy = (price: string, quantity: string) => exchange.maker.client.placeOrder({ market, side: 'buy', orderType: 'limit', price, quantity })

  it('@binance/connector lives through an order and hears it', async () => {
    const connector = createRequire(import.meta.url)('@binance/connector') as Connector
    const { http, ws, bot } = exchange
    const client = new connector.Spot(bot.key, bot.secret, { baseURL: http })
    expect((await client.account()).data.balances).to.deep.include({ asset: 'ETH', free: '100.00000000', locked: '0.00000000' })
    expect((await client.exchangeInfo({ symbol })).data.symbols.map((each) => each.symbol)).to.deep.equal([symbol])
    const { listenKey } = (await client.createListenKey()).data
    const heard = new Heard<PrivateEvent>()
    const opened = new Heard<string>()
    const stream = new connector.WebsocketStream({ wsURL: ws, logger: silent, callbacks: { open: () => opened.add('open'), message: (text) => heard.add(JSON.parse(text) as PrivateEvent) } })
    stream.userData(listenKey)
    await opened.first(() => true)
    const { orderId } = (await client.newOrder(symbol, 'SELL', 'LIMIT', { price: '62000', quantity: '0.5', timeInForce: 'GTC' })).data
    await buy('62000', '0.2')
    expect((await client.getOrder(symbol, { orderId })).data).to.include({ status: 'PARTIALLY_FILLED', executedQty: '0.20000' })
    expect((await client.cancelOrder(symbol, { orderId })).data).to.include({ status: 'CANCELED' })
    expect((await client.myTrades(symbol)).data.at(-1)).to.include({ orderId, qty: '0.20000', price: '62000.00', isMaker: true })
    await tellsLife(heard, orderId)
    stream.disconnect()
    const answers = new Heard<{ id: string; status: number; result: { orderId: number; status: string } }>()
    const api = new connector.WebsocketAPI(bot.key, bot.secret, { wsURL: `${ws}/ws-api/v3`, logger: silent, callbacks: { open: () => opened.add('api'), message: (text) => answers.add(JSON.parse(text) as never) } })
    await opened.first((name) => name === 'api')
    api.newOrder(symbol, 'BUY', 'LIMIT', { id: 'placed', price: '50000', quantity: '0.1', timeInForce: 'GTC', newClientOrderId: 'web:1/a' })
    const placed = await answers.first(({ id }) => id === 'placed')
    expect(placed.result).to.include({ status: 'NEW' })
    api.cancelOrder(symbol, { id: 'cancelled', orderId: placed.result.orderId })
    expect((await answers.first(({ id }) => id === 'cancelled')).result).to.include({ status: 'CANCELED' })
    api.disconnect()
  })

  it('binance lives through an order and hears it, by listen key and by the socket', async () => {
    const { http, ws, bot } = exchange
    const client = new MainClient({ api_key: bot.key, api_secret: bot.secret, baseUrl: http, disableTimeSync: true })
    expect((await client.getBalances()).find(({ coin }) => coin === 'BTC')).to.include({ coin: 'BTC', withdrawAllEnable: true })
    expect((await client.getOrderBook({ symbol })).asks).to.deep.equal([])
    const heard = new Heard<PrivateEvent>()
    const old = new WebsocketClientV1({ api_key: bot.key, api_secret: bot.secret, wsUrl: ws, restOptions: { baseUrl: http, disableTimeSync: true }, beautify: false }, silent)
    old.on('message', (message) => heard.add(message as PrivateEvent))
    const opened = new Heard<string>()
    old.on('open', () => opened.add('old'))
    await old.subscribeSpotUserDataStream()
    await opened.first(() => true)
    const { orderId } = (await client.submitNewOrder({ ...limit, price: 62_000, quantity: 0.5, newOrderRespType: 'RESULT' })) as { orderId: number }
    await buy('62000', '0.2')
    expect(await client.getOrder({ symbol, orderId })).to.include({ status: 'PARTIALLY_FILLED', cummulativeQuoteQty: '12400.00000000' })
    expect(await client.cancelOrder({ symbol, orderId })).to.include({ status: 'CANCELED' })
    expect((await client.getAccountTradeList({ symbol, orderId })).length).to.equal(1)
    await tellsLife(heard, orderId)
    old.closeAll(false)
    const api = new WebsocketAPIClient({ api_key: bot.key, api_secret: bot.secret, wsUrl: ws, attachEventListeners: false }, silent)
    // It leaves the timestamp to its caller, though its types do not name it.
    const timed = { ...limit, price: 63_000, quantity: 0.1, timestamp: Date.now() }
    const placed = (await api.submitNewSpotOrder(timed)).result as { orderId: number }
    expect((await api.cancelSpotOrder({ symbol, orderId: placed.orderId, timestamp: Date.now() })).result).to.include({ status: 'CANCELED' })
    void api.disconnectAll()
    const streams = new Heard<WsRawMessage & PrivateEvent>()
    const sockets = new WebsocketClient({ wsUrl: ws }, silent)
    sockets.on('message', (message) => streams.add(message as WsRawMessage & PrivateEvent))
    sockets.on('exception', () => undefined)
    await sockets.subscribe([`${symbol.toLowerCase()}@bookTicker`], 'main')
    await buy('40000', '0.1')
    await streams.first((message) => JSON.stringify(message).includes('"b":"40000.00"'))
    sockets.closeAll(true)
  })

  it('@binance/spot lives through an order and hears it', async () => {
    const { http, ws, bot } = exchange
    const keys = { apiKey: bot.key, apiSecret: bot.secret }
    const client = new Spot({ configurationRestAPI: { ...keys, basePath: http }, configurationWebsocketAPI: { ...keys, wsURL: `${ws}/ws-api/v3` }, configurationWebsocketStreams: { wsURL: ws } })
    const { SideEnum, TypeEnum, TimeInForceEnum } = { SideEnum: SpotRestAPI.NewOrderSideEnum, TypeEnum: SpotRestAPI.NewOrderTypeEnum, TimeInForceEnum: SpotRestAPI.NewOrderTimeInForceEnum }
    const api = await client.websocketAPI.connect()
    const heard = new Heard<PrivateEvent>()
    const { stream } = await api.userDataStreamSubscribeSignature()
    stream.on('message', (event) => heard.add(event as PrivateEvent))
    const placed = await (await client.restAPI.newOrder({ symbol, side: SideEnum.SELL, type: TypeEnum.LIMIT, timeInForce: TimeInForceEnum.GTC, price: 62_000, quantity: 0.5 })).data()
    const orderId = Number(placed.orderId)
    await buy('62000', '0.2')
    expect(await (await client.restAPI.getOrder({ symbol, orderId })).data()).to.include({ status: 'PARTIALLY_FILLED' })
    expect(await (await client.restAPI.deleteOrder({ symbol, orderId })).data()).to.include({ status: 'CANCELED' })
    expect((await (await client.restAPI.myTrades({ symbol, orderId })).data()).length).to.equal(1)
    await tellsLife(heard, orderId)
    await api.disconnect()
    const streams = await client.websocketStreams.connect()
    const books = new Heard<{ bids?: string[][] }>()
    streams.partialBookDepth({ symbol: symbol.toLowerCase(), levels: '5' as never }).on('message', (book) => books.add(book as { bids?: string[][] }))
    await buy('40000', '0.1')
    await books.first(({ bids }) => bids?.[0]?.[0] === '40000.00')
    await streams.disconnect()
  })

  it('node-binance-api lives through an order and hears it', async () => {
    const { http, ws, bot } = exchange
    const client = new NodeBinanceApi({ APIKEY: bot.key, APISECRET: bot.secret, log: () => undefined, urls: { base: `${http}/api/`, sapi: `${http}/sapi/`, stream: `${ws}/ws/`, combineStream: `${ws}/stream?streams=` } } as never)
    client.wsApi = `${ws}/ws-api/v3`
    expect(await client.balance()).to.have.nested.property('ETH.available', '100.00000000')
    const heard = new Heard<PrivateEvent>()
    const opened = new Heard<string>()
    client.websockets.userData((event: PrivateEvent) => heard.add(event), undefined, (event: PrivateEvent) => heard.add(event), () => opened.add('open'))
    await opened.first(() => true)
    const { orderId } = await client.sell(symbol, 0.5, 62_000)
    await buy('62000', '0.2')
    expect(await client.orderStatus(symbol, orderId)).to.include({ status: 'PARTIALLY_FILLED' })
    expect(await client.cancel(symbol, orderId)).to.include({ status: 'CANCELED' })
    expect((await client.trades(symbol)).at(-1)).to.include({ orderId, qty: '0.20000' })
    await heard.first(({ x, i }) => x === 'TRADE' && i === orderId)
    await heard.first(({ x, i }) => x === 'CANCELED' && i === orderId)
    for (const name of Object.keys(client.websockets.subscriptions())) client.websockets.terminate(name)
    for (const connection of Object.keys(client.wsApiConnections)) client.terminateWsApi(connection)
  })
})

interface ConnectorOptions {
  readonly wsURL: string
  readonly logger: object
  readonly callbacks: { message(text: string): void; open(): void }
}

/** What of @binance/connector, which brings no types, is used here. */
interface Connector {
  readonly Spot: new (key: string, secret: string, options: object) => {
    account(): Promise<{ data: { balances: object[] } }>
    exchangeInfo(options: object): Promise<{ data: { symbols: { symbol: string }[] } }>
    createListenKey(): Promise<{ data: { listenKey: string } }>
    newOrder(symbol: string, side: string, type: string, options: object): Promise<{ data: { orderId: number } }>
    getOrder(symbol: string, options: object): Promise<{ data: object }>
    cancelOrder(symbol: string, options: object): Promise<{ data: object }>
    myTrades(symbol: string): Promise<{ data: object[] }>
  }
  readonly WebsocketStream: new (options: ConnectorOptions) => { userData(listenKey: string): void; disconnect(): void }
  readonly WebsocketAPI: new (key: string, secret: string, options: ConnectorOptions) => { newOrder(symbol: string, side: string, type: string, options: object): void; cancelOrder(symbol: string, options: object): void; disconnect(): void }
}
