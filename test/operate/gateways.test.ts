/** Two gateways over one engine, one PostgreSQL and one Redis are one exchange: whatever one of them knows or counts, the other does too. */
import { expect } from 'chai'
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { Secret, TOTP } from 'otpauth'
import pg from 'pg'
import { WebSocket } from 'ws'
import { ApiRequestError, COSTS, type BourseClient, type PriceAlert } from '@bourse/client'
import { Expectation } from '../../packages/api/test/event-wait.js'
import { rawRequest } from '../../packages/api/test/raw-request.js'
import { PASSWORD, startSplitExchange, type SplitExchange } from './split-exchange.js'

const POSTGRES = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'
const REDIS = process.env['BOURSE_TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const BALANCES = { USDT: '10000000', BTC: '100' }
const market = 'BTC-USDT'
const ORDER = { market, side: 'buy', orderType: 'limit', price: '60000.00', quantity: '0.001' } as const

describe('two gateways on PostgreSQL and Redis', function () {
  this.timeout(60_000)
  const name = `bourse_gateways_${randomBytes(6).toString('hex')}`
  const database = Object.assign(new URL(POSTGRES), { pathname: `/${name}` }).href
  const redis = new Redis(REDIS, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
  const redisBefore = process.env['REDIS_URL']
  let exchange: SplitExchange | undefined
  let ann: [BourseClient, BourseClient]
  let bob: [BourseClient, BourseClient]
  let annToken: string

  before(async function () {
    redis.on('error', () => undefined)
    const missing = (await onServer(`create database ${name}`).then(() => undefined, (error: Error) => `no PostgreSQL (${error.message})`)) ?? (await redis.connect().then(() => undefined, () => `no Redis at ${new URL(REDIS).host}`))
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`)
      this.skip()
    }
    process.env['REDIS_URL'] = REDIS
    exchange = await startSplitExchange((config) => config.replace("env('DATABASE_URL')", JSON.stringify(database)).replace("name: 'Bourse Demo'", `name: '${name}'`))
    const split = exchange
    const both = (token: string): [BourseClient, BourseClient] => [split.client(0, token), split.client(1, token)]
    annToken = await split.trader('ann@example.com', BALANCES)
    ann = both(annToken)
    bob = both(await split.trader('bob@example.com', BALANCES))
  })
  after(async () => {
    if (redisBefore === undefined) delete process.env['REDIS_URL']
    else process.env['REDIS_URL'] = redisBefore
    await exchange?.remove()
    if (redis.status === 'ready') {
      const keys = await redis.keys(`bourse:${name}:*`)
      if (keys.length > 0) await redis.del(keys)
    }
    redis.disconnect()
    await onServer(`drop database if exists ${name} with (force)`).catch(() => undefined)
    expect((exchange?.log ?? []).filter((line) => (JSON.parse(line) as { level: string }).level === 'error')).to.deep.equal([])
  })

  async function onServer(sql: string, url = POSTGRES): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 })
    try {
      await client.connect()
      return await client.query(sql)
    } finally {
      await client.end()
    }
  }
  const url = (gateway: number): string => exchange!.urlOf(gateway)
  const trade = async (price: string): Promise<void> => {
    await ann[0].placeOrder({ ...ORDER, side: 'sell', price })
    await bob[1].placeOrder({ ...ORDER, price })
  }

  it('let somebody sign up at one and log in at the other, and have the mail about it sent once, by the engine', async () => {
    const email = 'carol@example.com'
    const { user } = await exchange!.client(0).signUp({ email, password: PASSWORD })
    expect((await exchange!.client(1).logIn({ email, password: PASSWORD })).user).to.include({ userId: user.userId })
    const sent = await until(async () => {
      const { rows } = await onServer(`select attempts, sent_ms from mails where recipient = '${email}' and template = 'verify_email'`, database)
      return rows.length > 0 && rows.every((row: { sent_ms: string | null }) => row.sent_ms !== null) ? rows : undefined
    })
    expect(sent.map(({ attempts }: { attempts: number }) => Number(attempts))).to.deep.equal([1])
  })

  it('forget what they remember of a person when something about them has changed at the other', async () => {
    const email = 'gil@example.com'
    const here = exchange!.client(0)
    const { token } = await here.signUp({ email, password: PASSWORD })
    const there = exchange!.client(1, token)
    expect(await codeOf(there.createApiKey({ label: 'too early' }))).to.equal('email_not_verified')
    const mail = (await here.security.outbox()).find(({ recipient }) => recipient === email)
    await here.security.verifyEmail(/verify-email#([A-Za-z0-9_-]+)/.exec(mail?.text ?? '')?.[1] ?? '')
    // A read at each takes the way of the note, behind it; what was remembered of them there counts no more.
    await here.balances()
    await there.balances()
    expect((await there.createApiKey({ label: 'bot' })).apiKey).to.include({ label: 'bot' })
  })

  it('count one budget', async () => {
    const left = async (gateway: number): Promise<number> => Number((await rawRequest(`${url(gateway)}/api/v1/balances`, { token: annToken })).headers.get('ratelimit-remaining'))
    const first = await left(0)
    expect([await left(1), await left(0), await left(1)]).to.deep.equal([1, 2, 3].map((times) => first - times * COSTS.read.weight))
  })

  it('tell a private stream at one what happens at the other', async () => {
    const seen: number[] = []
    const heard = new Expectation(() => (seen.length > 0 ? seen[0] : undefined))
    const stop = await ann[1].subscribe({ channel: 'account' }, { onSnapshot: () => undefined, onMessage: ({ data: { orders } }) => {
      seen.push(...orders.map(({ orderId }) => orderId))
      heard.changed()
    } })
    const { order } = await ann[0].placeOrder(ORDER)
    expect(await heard.value).to.equal(order.orderId)
    stop()
    await ann[1].cancelAll()
  })

  it('carry a request under one key out once', async () => {
    const place = (gateway: number) => rawRequest(`${url(gateway)}/api/v1/orders`, { method: 'POST', token: annToken, body: ORDER, headers: { 'idempotency-key': 'over-both' } })
    const answers = await Promise.all([place(0), place(1), place(0), place(1)])
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200])
    expect(new Set(answers.map(({ text }) => (JSON.parse(text) as { order: { orderId: number } }).order.orderId)).size).to.equal(1)
    expect(await ann[1].cancelAll()).to.deep.equal({ cancelled: 1 })
  })

  it('end at both what a revoked key or an ended session has opened at either', async () => {
    const { apiKey, secret } = await ann[0].createApiKey({ label: 'bot', scopes: ['trade'] })
    const { order } = await ann[0].placeOrder(ORDER)
    const binance = await Listener.open(`${url(1)}/ws-api/v3`)
    const parameters: Record<string, string | number> = { apiKey: apiKey.key, timestamp: Date.now() }
    const signature = createHmac('sha256', secret!).update(new URLSearchParams(Object.entries(parameters).map(([key, value]) => [key, String(value)])).toString()).digest('hex')
    binance.send({ id: 1, method: 'session.logon', params: { ...parameters, signature } })
    expect(await binance.first(({ id }) => id === 1)).to.include({ status: 200 })
    const { token } = await exchange!.client(0).logIn({ email: 'ann@example.com', password: PASSWORD })
    const [bySession, byKey] = [exchange!.client(1, token), exchange!.client(1)]
    await bySession.connect()
    const cut = [cutOf(bySession), binance.closed]
    await ann[0].revokeApiKey(apiKey.key)
    await exchange!.client(0, token).logOut()
    await Promise.all(cut)
    expect((await fetch(`${url(1)}/api/v3/account?timestamp=1&signature=00`, { headers: { 'X-MBX-APIKEY': apiKey.key } })).status).to.be.at.least(400)
    expect(await codeOf(bySession.balances())).to.equal('not_logged_in')
    expect(await codeOf(byKey.balances())).to.equal('not_logged_in')
    await ann[1].cancelOrder({ market, orderId: order.orderId })
  })

  it('know listen keys that either made, and take a signed order of Binance\'s clients once', async () => {
    const { apiKey, secret } = await ann[0].createApiKey({ label: 'old bot', scopes: ['trade'] })
    const call = async (gateway: number, method: string, query = ''): Promise<{ status: number; body: Record<string, unknown> }> => {
      const response = await fetch(`${url(gateway)}/api/v3/userDataStream${query}`, { method, headers: { 'X-MBX-APIKEY': apiKey.key } })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }
    const { body: { listenKey } } = await call(0, 'POST')
    expect((await call(1, 'POST')).body).to.deep.equal({ listenKey })
    const stream = await Listener.open(`${url(1)}/ws/${String(listenKey)}`)
    stream.send({ id: 1, method: 'LIST_SUBSCRIPTIONS' })
    expect((await stream.first(({ id }) => id === 1))['result']).to.deep.equal([listenKey])
    const text = new URLSearchParams({ symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: '60000', quantity: '0.001', timestamp: String(Date.now()) }).toString()
    const order = `${text}&signature=${createHmac('sha256', secret!).update(text).digest('hex')}`
    const place = (gateway: number): Promise<Response> => fetch(`${url(gateway)}/api/v3/order?${order}`, { method: 'POST', headers: { 'X-MBX-APIKEY': apiKey.key } })
    expect((await place(0)).status).to.equal(200)
    expect(await (await place(1)).json()).to.include({ code: -2010 })
    expect(await stream.first(({ e }) => e === 'executionReport')).to.include({ s: 'BTCUSDT', x: 'NEW' })
    expect((await call(1, 'PUT', `?listenKey=${String(listenKey)}`)).status).to.equal(200)
    expect((await call(1, 'DELETE', `?listenKey=${String(listenKey)}`)).status).to.equal(200)
    expect((await call(0, 'PUT', `?listenKey=${String(listenKey)}`)).body).to.include({ code: -1125 })
    stream.close()
    await ann[0].cancelAll()
  })

  it('know the name of an order list that was placed at the other', async () => {
    const { apiKey, secret } = await ann[0].createApiKey({ label: 'lists', scopes: ['trade'] })
    const call = async (gateway: number, method: string, path: string, parameters: Record<string, string>): Promise<Record<string, unknown>> => {
      const text = new URLSearchParams({ ...parameters, timestamp: String(Date.now()) }).toString()
      const response = await fetch(`${url(gateway)}${path}?${text}&signature=${createHmac('sha256', secret!).update(text).digest('hex')}`, { method, headers: { 'X-MBX-APIKEY': apiKey.key } })
      return (await response.json()) as Record<string, unknown>
    }
    await trade('60000.00')
    const placed = await call(0, 'POST', '/api/v3/orderList/oco', { symbol: 'BTCUSDT', side: 'SELL', quantity: '0.001', listClientOrderId: 'my-exits', aboveType: 'LIMIT_MAKER', abovePrice: '61000', belowType: 'STOP_LOSS_LIMIT', belowStopPrice: '59500', belowPrice: '59000', belowTimeInForce: 'GTC' })
    expect(placed).to.include({ listClientOrderId: 'my-exits' })
    expect(await call(1, 'GET', '/api/v3/orderList', { origClientOrderId: 'my-exits' })).to.include({ orderListId: placed['orderListId'], listClientOrderId: 'my-exits' })
    await ann[1].cancelAll()
  })

  it('give who guesses passwords and codes five tries together', async () => {
    await exchange!.trader('dora@example.com')
    const guess = (gateway: number, password: string, code?: string): Promise<string> => codeOf(exchange!.client(gateway).logIn({ email: 'dora@example.com', password, ...(code !== undefined && { code }) }))
    const codes: string[] = []
    for (let i = 0; i < 7; i++) codes.push(await guess(i % 2, `wrong horse ${i}`))
    expect(codes).to.deep.equal([...Array<string>(5).fill('wrong_credentials'), 'too_many_requests', 'too_many_requests'])
    expect(await guess(0, PASSWORD)).to.equal('too_many_requests')

    const email = 'emil@example.com'
    const token = await exchange!.trader(email)
    const { secret } = await exchange!.client(0, token).security.beginTotp()
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    await exchange!.client(1, token).security.confirmTotp(totp.generate())
    const wrong: string[] = []
    for (let i = 0; i < 7; i++) wrong.push(await codeOf(exchange!.client(i % 2).logIn({ email, password: PASSWORD, code: wrongCode(totp) })))
    expect(wrong).to.deep.equal([...Array<string>(5).fill('wrong_code'), 'too_many_requests', 'too_many_requests'])
  })

  it('stop at both whom the operator freezes on the command line', async () => {
    const token = await exchange!.trader('fay@example.com', BALANCES)
    const [here, there] = [exchange!.client(0, token), exchange!.client(1, token)]
    await here.placeOrder(ORDER)
    await Promise.all([here.connect(), there.connect()])
    const cut = Promise.all([cutOf(here), cutOf(there)])
    await exchange!.task({ task: 'user.freeze', email: 'fay@example.com' })
    await cut
    expect(await codeOf(there.balances())).to.equal('not_logged_in')
    // Their orders go with them.
    await until(async () => ((await ann[0].depth(market)).bids.length === 0 ? true : undefined))
  })

  it('tell an alert once to each socket of its owner, whichever made it and wherever the price was reached', async () => {
    const heard = await Promise.all(ann.map(async (client) => {
      const fired: PriceAlert[] = []
      const listener = { fired, changed: (): void => undefined }
      await client.subscribe({ channel: 'alerts' }, { onSnapshot: () => undefined, onMessage: ({ data }) => {
        fired.push(data)
        listener.changed()
      } })
      return listener
    }))
    const everybodyHears = (alertId: string): Promise<unknown> => Promise.all(heard.map((listener) => {
      const arrived = new Expectation<true>(() => (listener.fired.some((alert) => alert.alertId === alertId) ? true : undefined))
      listener.changed = () => arrived.changed()
      return arrived.value
    }))
    const first = await ann[0].createAlert({ market, direction: 'above', price: '70000' })
    const removed = await ann[0].createAlert({ market, direction: 'above', price: '70000' })
    await ann[1].removeAlert(removed.alertId)
    const second = await ann[1].createAlert({ market, direction: 'above', price: '71000' })
    await trade('70000.00')
    await everybodyHears(first.alertId)
    await trade('70500.00')
    await trade('71000.00')
    await everybodyHears(second.alertId)
    for (const { fired } of heard) expect(fired.map(({ alertId, firedPrice }) => [alertId, firedPrice])).to.deep.equal([[first.alertId, '70000.00'], [second.alertId, '71000.00']])
    for (const client of ann) expect((await client.alerts()).map(({ firedPrice }) => firedPrice)).to.have.members(['70000.00', '71000.00'])

    const third = await ann[0].createAlert({ market, direction: 'below', price: '50000' })
    await exchange!.stop(0)
    await ann[1].placeOrder({ ...ORDER, side: 'sell', price: '50000.00' })
    await bob[1].placeOrder({ ...ORDER, price: '50000.00' })
    await until(async () => (heard[1]!.fired.some(({ alertId }) => alertId === third.alertId) ? true : undefined))
    await exchange!.start(0)
    expect((await exchange!.client(0, annToken).alerts()).find(({ alertId }) => alertId === third.alertId)).to.include({ firedPrice: '50000.00' })
  })
})

const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', (error: unknown) => (error instanceof ApiRequestError ? error.code : String(error)))

function cutOf(client: BourseClient): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.onConnection((state) => {
      if (state === 'connected') return
      stop()
      resolve()
    })
  })
}

/** For what nobody tells of: asks again until there is an answer. */
async function until<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const value = await ask()
    if (value !== undefined) return value
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Six digits that the app does not show these minutes. */
function wrongCode(totp: TOTP): string {
  const right = new Set([-2, -1, 0, 1, 2].map((steps) => totp.generate({ timestamp: Date.now() + steps * 30_000 })))
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.has(code))!
}

/** A bare WebSocket, for the streams in Binance's words. */
class Listener {
  private readonly messages: Record<string, unknown>[] = []
  private readonly checks = new Set<() => void>()
  readonly closed: Promise<unknown>

  private constructor(private readonly socket: WebSocket) {
    this.closed = once(socket, 'close')
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as Record<string, unknown>)
      for (const check of [...this.checks]) check()
    })
  }

  static async open(address: string): Promise<Listener> {
    const socket = new WebSocket(address.replace('http', 'ws'))
    const listener = new Listener(socket)
    await once(socket, 'open')
    return listener
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message))
  }

  /** The first message that fits, also one that came before. */
  first(fits: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    const expected = new Expectation(() => this.messages.find(fits))
    this.checks.add(() => expected.changed())
    return expected.value
  }

  close(): void {
    this.socket.close()
  }
}
