import { expect } from 'chai'
import { generateKeyPairSync, sign } from 'node:crypto'
import { MemoryRateLimits } from '../../api/src/http/rate-limits.js'
import { answerOf, signed, startBinance, type CallAnswer, type Keys, type RunningBinance } from '../test/running-binance.js'

const symbol = 'BTCUSDT'
const order = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: '50000', quantity: '0.01' }

describe('Who may call the Binance interface', () => {
  let exchange: RunningBinance
  before(async () => {
    exchange = await startBinance()
  })
  after(async () => {
    expect(exchange.running.faults).to.deep.equal([])
    await exchange.stop()
  })
  const refused = async (answer: Promise<CallAnswer>): Promise<object> => {
    const { status, body } = await answer
    return { status, code: body.code }
  }
  /** Sends exactly this text as query or body. */
  const send = async (method: string, path: string, { query = '', body, key = exchange.bot.key }: { query?: string; body?: string; key?: string }): Promise<CallAnswer> => {
    const response = await fetch(`${exchange.http}${path}${query === '' ? '' : `?${query}`}`, { method, headers: { 'X-MBX-APIKEY': key }, ...(body === undefined ? {} : { body }) })
    return answerOf(response)
  }

  it('takes the signature over query and body as they were sent, wherever it stands', async () => {
    const text = `symbol=${symbol}&timestamp=${Date.now()}&note=a%20b+c`
    const signature = signed(text, exchange.bot)
    expect((await send('GET', '/api/v3/openOrders', { query: `${text}&signature=${signature}` })).status).to.equal(200)
    expect((await send('GET', '/api/v3/openOrders', { query: `signature=${signature}&${text}` })).status).to.equal(200)
    const [query, body] = ['symbol=BTCUSDT&side=BUY', `type=LIMIT&timeInForce=GTC&price=50000&quantity=0.01&timestamp=${Date.now()}`]
    expect((await send('POST', '/api/v3/order', { query, body: `${body}&signature=${signed(query + body, exchange.bot)}` })).status).to.equal(200)
    expect(await refused(send('GET', '/api/v3/openOrders', { query: `${text}&signature=${signed(`${text} `, exchange.bot)}` }))).to.deep.equal({ status: 400, code: -1022 })
    expect(await refused(send('GET', '/api/v3/openOrders', { query: `${text}&symbol=ETHUSDT&signature=${signature}` })), 'a name twice').to.deep.equal({ status: 400, code: -1101 })
    expect(await refused(send('GET', '/api/v3/openOrders', { query: text }))).to.deep.equal({ status: 400, code: -1102 })
  })

  it('takes keys by Ed25519', async () => {
    const pair = generateKeyPairSync('ed25519')
    const { key } = await exchange.newKey({ publicKey: pair.publicKey.export({ format: 'pem', type: 'spki' }).toString() })
    const text = `timestamp=${Date.now()}`
    const signature = sign(null, Buffer.from(text), pair.privateKey).toString('base64')
    expect((await send('GET', '/api/v3/account', { query: `${text}&signature=${encodeURIComponent(signature)}`, key })).status).to.equal(200)
    expect((await send('GET', '/api/v3/account', { query: `${text}&signature=${signature}`, key })).status, 'not escaped').to.equal(200)
  })

  const TIMES: readonly (readonly [name: string, ahead: number, window: string | undefined, code: number | undefined])[] = [
    ['a second ago', -1_000, undefined, undefined],
    ['six seconds ago', -6_000, undefined, -1021],
    ['six seconds ago within a window of ten', -6_000, '10000', undefined],
    ['two seconds ahead', 2_000, undefined, -1021],
    ['a window of more than a minute', 0, '60001', -1131],
    ['a window that is no number', 0, 'long', -1131],
  ]
  for (const [name, ahead, recvWindow, code] of TIMES) {
    it(`${code === undefined ? 'takes' : 'refuses'} ${name}`, async () => {
      const { status, body } = await exchange.call('GET', '/api/v3/account', { timestamp: Date.now() + ahead, ...(recvWindow === undefined ? {} : { recvWindow }) })
      expect({ ok: status === 200, code: body.code }).to.deep.equal({ ok: code === undefined, code })
    })
  }

  it('takes times in microseconds', async () => {
    expect((await exchange.call('GET', '/api/v3/account', { timestamp: Date.now() * 1_000 })).status).to.equal(200)
  })

  it('takes an order once, and reads as often as they come', async () => {
    const text = (parameters: object): string => {
      const query = new URLSearchParams({ ...parameters, timestamp: String(Date.now()) }).toString()
      return `${query}&signature=${signed(query, exchange.bot)}`
    }
    const place = text(order)
    expect((await send('POST', '/api/v3/order', { query: place })).status).to.equal(200)
    expect((await send('POST', '/api/v3/order', { query: place })).body).to.include({ code: -2010, msg: 'Duplicate order sent.' })
    const read = text({ symbol })
    const answers = await Promise.all([1, 2, 3].map(() => send('GET', '/api/v3/openOrders', { query: read })))
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200])
  })

  it('holds keys to their scopes, addresses and time, and forgets those that were revoked', async () => {
    const reader = await exchange.newKey({ scopes: [], allowedAddresses: [] })
    expect((await exchange.call('GET', '/api/v3/account', {}, { keys: reader })).body).to.include({ canTrade: false, canWithdraw: false })
    const call = (keys: Keys, method: string, path: string, parameters = {}): Promise<object> => refused(exchange.call(method, path, parameters, { keys }))
    const denied = { status: 401, code: -2015 }
    expect(await call(reader, 'POST', '/api/v3/order', order)).to.deep.equal(denied)
    expect(await call(reader, 'POST', '/sapi/v1/capital/withdraw/apply', { coin: 'BTC', address: 'x', amount: '1' })).to.deep.equal(denied)
    const trader = await exchange.newKey({ scopes: ['trade'] })
    expect(await call(trader, 'POST', '/sapi/v1/capital/withdraw/apply', { coin: 'BTC', address: 'x', amount: '1' })).to.deep.equal(denied)
    const elsewhere = await exchange.newKey({ allowedAddresses: ['192.0.2.1'] })
    expect(await call(elsewhere, 'GET', '/api/v3/account')).to.deep.equal(denied)
    expect(await refused(send('POST', '/api/v3/userDataStream', { key: elsewhere.key }))).to.deep.equal(denied)
    await exchange.bot.client.revokeApiKey(trader.key)
    expect(await call(trader, 'GET', '/api/v3/account')).to.deep.equal(denied)
    expect(await call({ key: 'a'.repeat(43), secret: 'x' }, 'GET', '/api/v3/account')).to.deep.equal(denied)
    expect(await refused(exchange.call('GET', '/api/v3/account', {}, { unsigned: true }))).to.deep.equal({ status: 401, code: -2014 })
  })

  it('asks every call but the public ones for a key, and a key for its scope', async () => {
    const reader = await exchange.newKey({ scopes: [], allowedAddresses: [] })
    for (const { access, method, paths } of exchange.calls) {
      const path = paths[0]!
      const anonymous = await exchange.call(method, path, {}, { unsigned: true })
      if (access === 'public') expect(anonymous.status, `${method} ${path}`).not.to.equal(401)
      else expect({ status: anonymous.status, code: anonymous.body.code }, `${method} ${path}`).to.deep.equal({ status: 401, code: -2014 })
      if (access !== 'trade' && access !== 'withdraw') continue
      expect(await refused(exchange.call(method, path, {}, { keys: reader })), `${method} ${path}`).to.deep.equal({ status: 401, code: -2015 })
    }
  })

  it('answers nonsense with errors of the caller, never with a fault', async () => {
    const junk = ['', '-1', '1e9', 'NaN', '0x10', '9'.repeat(40), '\u0000', "'; drop table orders", '[', '["BTCUSDT"', '[1]', '{}', 'ß'.repeat(50), 'BTCUSDT', '0', '1.5', '__proto__', 'true']
    const names = ['symbol', 'symbols', 'orderId', 'origClientOrderId', 'newClientOrderId', 'side', 'type', 'timeInForce', 'price', 'quantity', 'quoteOrderQty', 'stopPrice', 'trailingDelta', 'icebergQty', 'limit', 'fromId', 'startTime', 'endTime', 'interval', 'coin', 'network', 'amount', 'address', 'status', 'offset', 'listenKey', 'newQty', 'cancelReplaceMode', 'cancelOrderId', 'orderListId', 'aboveType', 'belowType', 'newOrderRespType', 'recvWindow']
    let at = 0
    for (const { access, method, paths } of exchange.calls) {
      for (let round = 0; round < 4; round++) {
        const parameters: Record<string, string> = round % 2 === 0 ? { symbol, ...(paths[0]!.includes('order') ? order : {}) } : {}
        for (let i = 0; i < 4; i++) parameters[names[at++ % names.length]!] = junk[(at * 7) % junk.length]!
        const { status } = await exchange.call(method, paths[0]!, parameters, { unsigned: access === 'public', inBody: method !== 'GET' && round > 2 })
        expect(status, `${method} ${paths[0]} ${JSON.stringify(parameters)}`).to.be.below(500)
      }
    }
    expect(exchange.running.faults).to.deep.equal([])
  })

  it('counts weight and orders, and tells both in headers', async () => {
    const keys = await exchange.newKey({ scopes: ['trade'] })
    const used = async (method: string, path: string, parameters = {}): Promise<[number, string | null]> => {
      const { headers } = await exchange.call(method, path, parameters, { keys })
      return [Number(headers.get('x-mbx-used-weight-1m')), headers.get('x-mbx-order-count-10s')]
    }
    const [before] = await used('GET', '/api/v3/account')
    const [after, none] = await used('GET', '/api/v3/account')
    expect(after - before).to.be.within(1, 20)
    expect(none).to.equal(null)
    expect((await used('POST', '/api/v3/order', order))[1]).to.match(/^[1-9]\d*$/)
    const limits = (await exchange.call('GET', '/api/v3/rateLimit/order')).list
    expect(limits[0]).to.include({ rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 2_000 })
  })

  it('knows nothing beside its calls', async () => {
    expect(await refused(exchange.call('GET', '/api/v3/nothing', {}, { unsigned: true }))).to.deep.equal({ status: 404, code: -1000 })
    expect(await refused(exchange.call('GET', '/sapi/v1/margin/loan', {}))).to.deep.equal({ status: 404, code: -1000 })
  })
})

describe('Limits of the Binance interface', () => {
  let exchange: RunningBinance
  let nowMs = Date.now()
  before(async () => {
    const budget = { key: 100, user: 100, address: 100, anonymous: 60 }
    const limits = new MemoryRateLimits(() => nowMs, { weight: { windowSeconds: 60, ...budget }, orders: { windowSeconds: 10, key: 2, user: 2, address: 2, anonymous: 2 } })
    const usual = new MemoryRateLimits(() => nowMs)
    let started = false
    exchange = await startBinance((services) => ({ ...services, limits: { take: (cost, caller) => (started ? limits : usual).take(cost, caller) }, now: () => nowMs }))
    started = true
  })
  after(() => exchange.stop())
  const ask = () => exchange.call('GET', '/api/v3/exchangeInfo', {}, { unsigned: true })

  it('refuse what is too much, ban who does not slow down, and forgive', async () => {
    expect((await ask()).headers.get('x-mbx-used-weight-1m')).to.equal('20')
    await ask()
    await ask()
    const refused = await ask()
    expect({ status: refused.status, code: refused.body.code, retry: Number(refused.headers.get('retry-after')) > 0 }).to.deep.equal({ status: 429, code: -1003, retry: true })
    for (let i = 1; i < 100; i++) await ask()
    const banned = await ask()
    expect({ status: banned.status, code: banned.body.code, retry: banned.headers.get('retry-after') }).to.deep.equal({ status: 418, code: -1003, retry: '120' })
    nowMs += 121_000
    expect((await ask()).status).to.equal(200)
  })

  it('refuse too many orders', async () => {
    const place = () => exchange.call('POST', '/api/v3/order', { ...order, timestamp: nowMs, newClientOrderId: `o-${Math.random()}` })
    expect((await place()).status).to.equal(200)
    expect((await place()).status).to.equal(200)
    const third = await place()
    expect({ status: third.status, code: third.body.code }).to.deep.equal({ status: 429, code: -1015 })
  })
})
