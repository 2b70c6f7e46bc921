import { expect } from 'chai'
import { WebSocket } from 'ws'
import { Expectation } from '../../api/test/event-wait.js'
import { signed, startBinance, type Keys, type RunningBinance } from '../test/running-binance.js'

const symbol = 'BTCUSDT'
const market = 'BTC-USDT'

interface Message {
  readonly e?: string
  readonly id?: number | string | null
  readonly stream?: string
  readonly data?: Message
  readonly event?: Message
  readonly status?: number
  readonly U?: number
  readonly u?: number
  readonly x?: string
  readonly i?: number
  readonly [field: string]: unknown
}

/** A plain WebSocket whose messages a test waits for. */
class Socket {
  readonly messages: Message[] = []
  readonly closed: Promise<number>
  private readonly waiting: Expectation<Message>[] = []

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.messages.push(JSON.parse((data as Buffer).toString()) as Message)
      for (const expectation of this.waiting) expectation.changed()
    })
    this.closed = new Promise((resolve) => void socket.on('close', (code) => resolve(code)))
  }

  static open(url: string): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = new Socket(new WebSocket(url))
      socket.socket.on('open', () => resolve(socket))
      socket.socket.on('error', reject)
    })
  }

  first(fits: (message: Message) => boolean): Promise<Message> {
    const expectation = new Expectation(() => this.messages.find(fits))
    this.waiting.push(expectation)
    return expectation.value
  }

  private nextId = 1
  ask(request: object): Promise<Message> {
    const id = this.nextId++
    this.socket.send(JSON.stringify({ ...request, id }))
    return this.first((message) => message.id === id)
  }

  close(): void {
    this.socket.terminate()
  }
}

function signedParameters(keys: Keys, parameters: Record<string, string | number> = {}): object {
  const all: Record<string, string | number> = { ...parameters, apiKey: keys.key, timestamp: Date.now() }
  const text = Object.keys(all).sort().map((name) => `${name}=${all[name]}`).join('&')
  return { ...all, signature: signed(text, keys) }
}

describe("Sockets in Binance's words", () => {
  let exchange: RunningBinance
  const sockets: Socket[] = []
  before(async () => {
    exchange = await startBinance(undefined, { keyCheckMs: 50 })
    await offer('sell', '60000', '0.1')
    // Trades of 50 ms are told together: who listens next shall not be told of this one.
    const socket = await open('/ws/btcusdt@trade')
    await take('0.1')
    await socket.first(({ e }) => e === 'trade')
  })
  after(async () => {
    expect(exchange.running.faults).to.deep.equal([])
    await exchange.stop()
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.close()
    await Promise.all([exchange.bot.client.cancelAll(), exchange.maker.client.cancelAll()])
  })
  const offer = (side: 'buy' | 'sell', price: string, quantity: string) => exchange.maker.client.placeOrder({ market, side, orderType: 'limit', price, quantity })
  const take = (quantity: string) => exchange.bot.client.placeOrder({ market, side: 'buy', orderType: 'limit', price: '70000', quantity, timeInForce: 'ioc' })
  const open = async (path: string): Promise<Socket> => {
    const socket = await Socket.open(`${exchange.ws}${path}`)
    sockets.push(socket)
    return socket
  }

  it('opens streams by every path that clients use', async () => {
    for (const path of ['/ws/btcusdt@bookTicker', '/ws/0/btcusdt@bookTicker', '/stream/ws/49/btcusdt@bookTicker']) {
      expect(await (await open(path)).first(({ u }) => u !== undefined), path).to.include({ s: symbol })
    }
    const combined = await open('/stream?streams=btcusdt@bookTicker/ethusdt@miniTicker')
    expect((await combined.first(({ stream }) => stream === 'btcusdt@bookTicker')).data).to.include({ s: symbol })
    expect((await combined.first(({ stream }) => stream === 'ethusdt@miniTicker')).data).to.include({ e: '24hrMiniTicker', s: 'ETHUSDT' })
    await open('/ws')
    await open('/stream/ws/12')
    let refused = false
    await Socket.open(`${exchange.ws}/elsewhere`).catch(() => (refused = true))
    expect(refused).to.equal(true)
  })

  it('subscribes, lists, unsubscribes, and says what it does not know', async () => {
    const socket = await open('/ws')
    expect(await socket.ask({ method: 'SUBSCRIBE', params: ['btcusdt@trade', 'btcusdt@depth@100ms'] })).to.include({ result: null })
    expect((await socket.ask({ method: 'LIST_SUBSCRIPTIONS' }))['result']).to.deep.equal(['btcusdt@trade', 'btcusdt@depth@100ms'])
    expect(await socket.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@trade'] })).to.include({ result: null })
    expect((await socket.ask({ method: 'LIST_SUBSCRIPTIONS' }))['result']).to.deep.equal(['btcusdt@depth@100ms'])
    expect((await socket.ask({ method: 'SUBSCRIBE', params: ['btcusdt@magic'] }))['error']).to.include({ code: 2 })
    expect((await socket.ask({ method: 'DANCE' }))['error']).to.include({ code: 2 })
    expect((await socket.ask({ method: 'SUBSCRIBE', params: 'btcusdt@trade' }))['error']).to.include({ code: 2 })
    socket.socket.send('{')
    await socket.first((message) => message.id === null && 'error' in message)
    expect(await socket.ask({ method: 'SET_PROPERTY', params: ['combined', true] })).to.include({ result: null })
    await socket.ask({ method: 'SUBSCRIBE', params: ['btcusdt@ticker'] })
    await socket.first(({ stream }) => stream === 'btcusdt@ticker')
  })

  it('tells trades, sums of trades, candles, tickers and best prices', async () => {
    await offer('sell', '60010', '0.2')
    await offer('sell', '60010', '0.2')
    await offer('sell', '60020', '0.2')
    const socket = await open('/ws')
    await socket.ask({ method: 'SUBSCRIBE', params: ['trade', 'aggTrade', 'miniTicker', 'ticker', 'kline_1m', 'depth5', 'bookTicker'].map((name) => `btcusdt@${name}`).concat('!miniTicker@arr', '!ticker@arr') })
    await take('0.5')
    const trade = await socket.first(({ e }) => e === 'trade')
    expect(trade).to.include({ s: symbol, p: '60010.00', q: '0.20000', m: false })
    const sum = await socket.first(({ e }) => e === 'aggTrade')
    expect(sum).to.include({ p: '60010.00', q: '0.40000', a: trade['t'], f: trade['t'], l: (trade['t'] as number) + 1 })
    await socket.first((message) => message.e === 'aggTrade' && (message['p'] as string) === '60020.00')
    const kline = await socket.first((message) => message.e === 'kline' && (message['k'] as Message)['c'] === '60020.00')
    expect(kline['k']).to.include({ i: '1m', s: symbol, h: '60020.00', x: false })
    expect(await socket.first((message) => message.e === '24hrTicker' && message['c'] === '60020.00')).to.include({ s: symbol, x: '60000.00' })
    expect(await socket.first((message) => message.e === '24hrMiniTicker' && message['c'] === '60020.00')).to.include({ s: symbol })
    expect(await socket.first((message) => message['a'] === '60020.00' && message['A'] === '0.10000')).to.include({ s: symbol, b: '0.00' })
    expect((await socket.first((message) => Array.isArray(message['asks']) && (message['asks'] as unknown[]).length === 1))['asks']).to.deep.equal([['60020.00', '0.10000']])
    // All markets in one message.
    await socket.first((message) => Array.isArray(message) && message.length === 2)
  })

  for (const stream of ['btcusdt@depth@100ms', 'btcusdt@depth']) {
    it(`keeps a book right by ${stream} and the snapshot, without a gap`, async () => {
      const socket = await open(`/ws/${stream}`)
      await offer('buy', '50000', '1')
      await socket.first(({ e }) => e === 'depthUpdate')
      await offer('buy', '50001', '1')
      const snapshot = (await exchange.call('GET', '/api/v3/depth', { symbol }, { unsigned: true })).body as { lastUpdateId: number; bids: [string, string][] }
      for (let price = 50_002; price < 50_010; price++) await offer('buy', String(price), '1')
      await exchange.maker.client.cancelAll()
      const { orderId } = (await offer('buy', '49000', '2')).order
      const last = (await socket.first(({ b }) => (b as string[][] | undefined)?.some(([price, quantity]) => price === '49000.00' && Number(quantity) > 0) === true)).u!
      const updates = socket.messages.filter(({ e }) => e === 'depthUpdate')
      for (const [index, { U }] of updates.entries()) if (index > 0) expect(U).to.equal(updates[index - 1]!.u! + 1)
      const after = updates.filter(({ u }) => u! > snapshot.lastUpdateId)
      expect(after[0]!.U).to.be.at.most(snapshot.lastUpdateId + 1)
      const bids = new Map(snapshot.bids)
      for (const { b } of after) for (const [price, quantity] of b as [string, string][]) Number(quantity) === 0 ? bids.delete(price) : bids.set(price, quantity)
      const present = (await exchange.call('GET', '/api/v3/depth', { symbol }, { unsigned: true })).body as { lastUpdateId: number; bids: [string, string][] }
      expect(present.lastUpdateId).to.equal(last)
      expect([...bids]).to.deep.equal(present.bids)
      await exchange.maker.client.cancelOrder({ market, orderId })
    })
  }

  it('writes each public message once, however many listen', async () => {
    const listeners = await Promise.all(Array.from({ length: 20 }, () => open('/ws/btcusdt@trade')))
    const { stringify } = JSON
    let written = 0
    JSON.stringify = ((value: unknown, ...more: never[]) => {
      if ((value as Message | undefined)?.e === 'trade') written++
      return stringify(value, ...more)
    }) as typeof JSON.stringify
    try {
      await offer('sell', '60000', '0.1')
      await take('0.1')
      await Promise.all(listeners.map((socket) => socket.first(({ e }) => e === 'trade')))
    } finally {
      JSON.stringify = stringify
    }
    expect(written).to.equal(1)
  })

  it('tells an owner each step of an order, and the balances', async () => {
    const socket = await open('/ws-api/v3')
    const subscribed = await socket.ask({ method: 'userDataStream.subscribe.signature', params: signedParameters(exchange.bot) })
    expect(subscribed['result']).to.deep.equal({ subscriptionId: 0 })
    const { order } = await exchange.bot.client.placeOrder({ market, side: 'sell', orderType: 'limit', price: '61000', quantity: '0.3', clientOrderId: 'told' })
    const step = (x: string, more: (event: Message) => boolean = () => true): Promise<Message> => socket.first(({ event }) => event?.e === 'executionReport' && event.i === order.orderId && event.x === x && more(event)).then(({ event }) => event!)
    expect(await step('NEW')).to.include({ c: 'told', X: 'NEW', q: '0.30000', z: '0.00000', S: 'SELL', o: 'LIMIT', w: true, g: -1 })
    await offer('buy', '61000', '0.1')
    expect(await step('TRADE')).to.include({ X: 'PARTIALLY_FILLED', l: '0.10000', z: '0.10000', L: '61000.00', Z: '6100.00000000', Y: '6100.00000000', n: '4.88000000', N: 'USDT', m: true })
    await exchange.bot.client.cancelOrder({ market, orderId: order.orderId })
    expect(await step('CANCELED')).to.include({ X: 'CANCELED', C: 'told', z: '0.10000' })
    const balances = await socket.first(({ event }) => event?.e === 'outboundAccountPosition')
    expect((balances.event!['B'] as { a: string }[]).map(({ a }) => a)).to.have.members(['BTC', 'USDT'])
    const stop = await exchange.bot.client.placeOrder({ market, side: 'sell', orderType: 'stop-limit', stopPrice: '50000', price: '49000', quantity: '0.1' })
    expect(await socket.first(({ event }) => event?.i === stop.order.orderId && event.x === 'NEW').then(({ event }) => event)).to.include({ o: 'STOP_LOSS_LIMIT', P: '50000.00', w: false })
    const ioc = await exchange.bot.client.placeOrder({ market, side: 'sell', orderType: 'limit', price: '90000', quantity: '0.1', timeInForce: 'ioc' })
    expect(await socket.first(({ event }) => event?.i === ioc.order.orderId && event.x === 'EXPIRED').then(({ event }) => event)).to.include({ X: 'EXPIRED' })
    await exchange.bot.client.faucet({ asset: 'BTC', amount: '2' })
    await exchange.running.passBlocks(3)
    expect((await socket.first(({ event }) => event?.e === 'balanceUpdate')).event).to.include({ a: 'BTC', d: '2.00000000' })
  })

  it('tells an owner when a pair of exits begins and when it is over', async () => {
    const socket = await open('/ws-api/v3')
    await socket.ask({ method: 'userDataStream.subscribe.signature', params: signedParameters(exchange.bot) })
    const listed = (l: string, g: number) => socket.first(({ event }) => event?.e === 'listStatus' && event['l'] === l && event['g'] === g).then(({ event }) => event!)
    const exits = { symbol, side: 'SELL', quantity: '0.1', aboveType: 'LIMIT_MAKER', abovePrice: '62000', belowType: 'STOP_LOSS_LIMIT', belowStopPrice: '50000', belowPrice: '49000', belowTimeInForce: 'GTC' }
    const { body } = await exchange.call('POST', '/api/v3/orderList/oco', { ...exits, listClientOrderId: 'told-pair' })
    const [one, other] = body['orders'] as { orderId: number; clientOrderId: string }[]
    const begun = await listed('EXEC_STARTED', body['orderListId'] as number)
    expect(begun).to.include({ s: symbol, c: 'OCO', L: 'EXECUTING', r: 'NONE', C: 'told-pair' })
    expect(begun['O']).to.have.deep.members([one!, other!].map(({ orderId, clientOrderId }) => ({ s: symbol, i: orderId, c: clientOrderId })))
    await offer('buy', '62000', '0.04')
    await socket.first(({ event }) => event?.e === 'executionReport' && event['l'] === '0.04000')
    const over = (): number => socket.messages.filter(({ event }) => event?.e === 'listStatus' && event['l'] === 'ALL_DONE').length
    expect(over()).to.equal(0)
    await offer('buy', '62000', '0.06')
    expect(await listed('ALL_DONE', body['orderListId'] as number)).to.include({ L: 'ALL_DONE', C: 'told-pair' })
    const unnamed = await exchange.call('POST', '/api/v3/orderList/oco', { ...exits, abovePrice: '63000' })
    const listId = unnamed.body['orderListId'] as number
    expect(await listed('EXEC_STARTED', listId)).to.include({ C: `list-${listId}` })
    const late = await open('/ws-api/v3')
    await late.ask({ method: 'userDataStream.subscribe.signature', params: signedParameters(exchange.bot) })
    await exchange.call('DELETE', '/api/v3/orderList', { symbol, orderListId: listId })
    expect((await late.first(({ event }) => event?.e === 'listStatus')).event).to.include({ l: 'ALL_DONE', g: listId })
    const order = socket.messages.flatMap(({ event }) => (event?.e === undefined ? [] : [event.e]))
    expect(order.indexOf('listStatus'), 'after the reports of both orders').to.equal(order.indexOf('outboundAccountPosition') - 1)
  })

  it('keeps listen keys for old clients', async () => {
    const started = await fetch(`${exchange.http}/api/v3/userDataStream`, { method: 'POST', headers: { 'X-MBX-APIKEY': exchange.bot.key } })
    const { listenKey } = (await started.json()) as { listenKey: string }
    const [plain, combined] = [await open(`/ws/${listenKey}`), await open(`/stream?streams=${listenKey}`)]
    await plain.ask({ method: 'LIST_SUBSCRIPTIONS' })
    await combined.ask({ method: 'LIST_SUBSCRIPTIONS' })
    const { order } = await exchange.bot.client.placeOrder({ market, side: 'sell', orderType: 'limit', price: '61000', quantity: '0.3' })
    expect(await plain.first(({ i }) => i === order.orderId)).to.include({ e: 'executionReport', x: 'NEW' })
    expect(await combined.first(({ data }) => data?.i === order.orderId)).to.include({ stream: listenKey })
    const keep = (method: string, key: string) => fetch(`${exchange.http}/api/v3/userDataStream?listenKey=${key}`, { method, headers: { 'X-MBX-APIKEY': exchange.bot.key } })
    expect((await keep('PUT', listenKey)).status).to.equal(200)
    expect((await keep('DELETE', listenKey)).status).to.equal(200)
    expect(((await (await keep('PUT', listenKey)).json()) as { code: number }).code).to.equal(-1125)
    expect(await plain.first(({ e }) => e === 'listenKeyExpired')).to.include({ listenKey })
    expect((await combined.first(({ data }) => data?.e === 'listenKeyExpired')).data).to.include({ listenKey })
    expect((await plain.ask({ method: 'LIST_SUBSCRIPTIONS' }))['result']).to.deep.equal([])
    const other = await exchange.newKey({ allowedAddresses: ['192.0.2.1'] })
    expect((await fetch(`${exchange.http}/api/v3/userDataStream`, { method: 'POST', headers: { 'X-MBX-APIKEY': other.key } })).status).to.equal(401)
  })

  it('takes orders over the socket, many at once, after one log-on', async () => {
    const socket = await open('/ws-api/v3')
    expect((await socket.ask({ method: 'order.place', params: { symbol, side: 'BUY', type: 'MARKET', quantity: '0.1' } }))).to.include({ status: 401 })
    expect((await socket.ask({ method: 'session.logon', params: signedParameters(exchange.bot) }))['result']).to.include({ apiKey: exchange.bot.key })
    const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.01 }
    const placed = await Promise.all([50_000, 50_001, 50_002].map((price) => socket.ask({ method: 'order.place', params: { ...limit, price, timestamp: Date.now() } })))
    expect(placed.map(({ status }) => status)).to.deep.equal([200, 200, 200])
    expect((placed[0]!['rateLimits'] as { rateLimitType: string }[]).map(({ rateLimitType }) => rateLimitType)).to.deep.equal(['ORDERS', 'REQUEST_WEIGHT'])
    const [first, second] = placed.map(({ result }) => (result as { orderId: number }).orderId)
    expect((await socket.ask({ method: 'order.cancel', params: { symbol, orderId: first! } }))['result']).to.include({ status: 'CANCELED' })
    const replaced = await socket.ask({ method: 'order.cancelReplace', params: { ...limit, cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrderId: second!, price: 51_000 } })
    expect(replaced['result']).to.include({ cancelResult: 'SUCCESS', newOrderResult: 'SUCCESS' })
    expect((await socket.ask({ method: 'openOrders.status', params: { symbol } }))['result']).to.have.length(2)
    expect((await socket.ask({ method: 'account.status' }))['result']).to.include({ accountType: 'SPOT' })
    expect((await socket.ask({ method: 'userDataStream.subscribe' }))['result']).to.deep.equal({ subscriptionId: 0 })
    expect((await socket.ask({ method: 'order.cancel', params: { symbol, orderId: first! } }))).to.deep.include({ status: 400 })
    expect((await socket.ask({ method: 'order.dance' }))['error']).to.include({ code: -1000 })
    await socket.ask({ method: 'session.logout' })
    expect(await socket.ask({ method: 'account.status' })).to.include({ status: 401 })
  })

  it('answers what has begun when the exchange goes, then says good-bye', async () => {
    const other = await startBinance()
    const socket = await Socket.open(`${other.ws}/ws-api/v3`)
    const placed = socket.ask({ method: 'order.place', params: signedParameters(other.bot, { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: '50000', quantity: '0.1' }) })
    await socket.ask({ method: 'ping' })
    await other.stop()
    expect((await placed)['result']).to.include({ status: 'NEW' })
    expect(await socket.closed).to.equal(1_001)
  })

  it('ends sockets whose key was revoked', async () => {
    const keys = await exchange.newKey()
    const socket = await open('/ws-api/v3')
    await socket.ask({ method: 'session.logon', params: signedParameters(keys) })
    await exchange.bot.client.revokeApiKey(keys.key)
    expect(await socket.closed).to.equal(1_008)
  })
})
