import { expect } from 'chai'
import { createHmac, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { COSTS, signedPayload, type ApiScope, type BourseClient } from '@bourse/client'
import { Expectation } from '../test/event-wait.js'
import { rawRequest, type RawAnswer } from '../test/raw-request.js'
import { refusal } from '../test/refusal.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'
import { MemoryRateLimits } from './http/rate-limits.js'

const FROM_HERE = ['127.0.0.1', '::1']

describe('programs with an API key', () => {
  let running: RunningGateway
  let owner: BourseClient
  let skewMs = 0
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, now: () => Date.now() + skewMs }) })
    owner = (await running.trader('ann', { BTC: '1', USDT: '1000' })).client
  })
  afterEach(() => {
    skewMs = 0
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  async function make(scopes: ApiScope[] = [], more: { allowedAddresses?: string[]; expiresMs?: number } = {}): Promise<{ key: string; secret: string }> {
    const { apiKey, secret } = await owner.createApiKey({ label: 'bot', scopes, ...more })
    return { key: apiKey.key, secret: secret! }
  }
  /** A request that is signed by hand; `change` alters it after it was signed. */
  async function signed(credentials: { key: string; secret: string }, method: string, path: string, { body, timestampMs = Date.now() + skewMs, change = {} }: { body?: object; timestampMs?: number; change?: { path?: string; body?: object; method?: string; timestamp?: string } } = {}): Promise<RawAnswer> {
    const text = body === undefined ? '' : JSON.stringify(body)
    const signature = createHmac('sha256', credentials.secret).update(signedPayload({ timestampMs, method, path: `/api/v1${path}`, body: text })).digest('hex')
    const sent = change.body === undefined ? text : JSON.stringify(change.body)
    return rawRequest(`${running.url}/api/v1${change.path ?? path}`, {
      method: change.method ?? method,
      headers: { 'x-api-key': credentials.key, 'x-api-timestamp': change.timestamp ?? String(timestampMs), 'x-api-signature': signature },
      ...(sent === '' ? {} : { body: sent }),
    })
  }
  const ORDER = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' } as const

  it('trade over REST and over the socket as the person whose key they hold', async () => {
    const bot = running.client({ apiKey: await make(['trade']) })
    const overRest = await bot.placeOrder(ORDER)
    await bot.connect()
    const overSocket = await bot.placeOrder({ ...ORDER, price: '101.00' })
    expect((await owner.openOrders()).map(({ orderId }) => orderId)).to.have.members([overRest.order.orderId, overSocket.order.orderId])
    expect(await bot.cancelAll()).to.deep.equal({ cancelled: 2 })
    let balances = 0
    await bot.subscribe({ channel: 'account' }, { onSnapshot: (snapshot) => (balances = snapshot.balances.length), onMessage: () => undefined })
    expect(balances).to.be.greaterThan(0)
  })

  it('may sign with an Ed25519 key whose private half never leaves them', async () => {
    const pair = generateKeyPairSync('ed25519')
    const { apiKey, secret } = await owner.createApiKey({ label: 'own key', publicKey: pair.publicKey.export({ format: 'pem', type: 'spki' }).toString() })
    expect(secret).to.equal(null)
    const privateKey = createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }))
    const bot = running.client({ apiKey: { key: apiKey.key, sign: (payload) => sign(null, Buffer.from(payload), privateKey).toString('base64') } })
    expect((await bot.balances()).balances.length).to.be.greaterThan(0)
  })

  it('may do what the key says and nothing else: every route with every scope', async () => {
    const denied: string[] = []
    for (const scopes of [[], ['trade'], ['withdraw'], ['trade', 'withdraw']] as ApiScope[][]) {
      const credentials = await make(scopes, { allowedAddresses: FROM_HERE })
      for (const route of running.gateway.routes) {
        if (route.access === 'public' || (route.method !== 'GET' && route.path === '/orders')) continue
        const path = route.path.replace(':orderId', '1').replace(':key', 'k')
        const answer = await signed(credentials, route.method, path)
        const isAllowed = route.access === 'read' || (scopes as string[]).includes(route.access)
        expect(answer.status === 403, `${scopes.join()} ${route.method} ${route.path} ${answer.text}`).to.equal(!isAllowed)
        expect(answer.status).to.not.equal(401)
        if (!isAllowed) denied.push(`${route.method} ${route.path}`)
      }
    }
    console.log(`      ${denied.length} denials`)
  })

  it('are held to their scopes on the socket as well', async () => {
    const bot = running.client({ apiKey: await make() })
    await bot.connect()
    expect((await refusal(bot.placeOrder(ORDER))).code).to.equal('forbidden')
  })

  it('cannot make or revoke keys', async () => {
    const bot = running.client({ apiKey: await make(['trade', 'withdraw'], { allowedAddresses: FROM_HERE }) })
    expect((await refusal(bot.createApiKey({ label: 'another' }))).code).to.equal('forbidden')
    expect((await refusal(bot.apiKeys())).code).to.equal('forbidden')
  })

  it('are refused when a signed request was altered, in any of its parts', async () => {
    const credentials = await make(['trade'])
    const body = ORDER
    for (const change of [{ body: { ...ORDER, quantity: '0.20000' } }, { path: '/orders?x=1' }, { method: 'DELETE' }, { timestamp: String(Date.now() - 1) }]) {
      const answer = await signed(credentials, 'POST', '/orders', { body, change })
      expect(answer.status, JSON.stringify(change)).to.equal(401)
    }
    expect((await signed({ ...credentials, secret: `${credentials.secret}x` }, 'GET', '/balances')).status).to.equal(401)
    expect((await signed({ ...credentials, key: 'nobody' }, 'GET', '/balances')).status).to.equal(401)
    expect(await owner.openOrders()).to.deep.equal([])
  })

  it('are refused when a request is sent again, however it arrives', async () => {
    const credentials = await make(['trade'])
    const timestampMs = Date.now()
    const answers = await Promise.all(Array.from({ length: 20 }, () => signed(credentials, 'POST', '/orders', { body: ORDER, timestampMs })))
    expect(answers.filter(({ status }) => status === 200).length).to.equal(1)
    expect(answers.filter(({ status, error }) => status === 409 && error?.code === 'request_repeated').length).to.equal(19)
    skewMs = 3_000
    expect((await signed(credentials, 'POST', '/orders', { body: ORDER, timestampMs })).error?.code).to.equal('request_repeated')
    skewMs = 5_200
    expect((await signed(credentials, 'POST', '/orders', { body: ORDER, timestampMs })).error?.code).to.equal('request_out_of_time')
    skewMs = 0
    expect(await owner.cancelAll()).to.deep.equal({ cancelled: 1 })
  })

  it('are refused outside the time of their request', async () => {
    const credentials = await make()
    for (const timestampMs of [Date.now() - 6_000, Date.now() + 6_000]) {
      expect((await signed(credentials, 'GET', '/balances', { timestampMs })).error?.code).to.equal('request_out_of_time')
    }
    for (const timestamp of ['', 'now', '1e15', '-1', ' 1700000000000']) {
      const answer = await signed(credentials, 'GET', '/balances', { change: { timestamp } })
      expect(answer.status, timestamp).to.equal(401)
    }
  })

  it('are refused from an address that the key does not name', async () => {
    const credentials = await make([], { allowedAddresses: ['192.0.2.0/24'] })
    const answer = await signed(credentials, 'GET', '/balances')
    expect(answer.status).to.equal(403)
    expect(answer.error?.message).to.contain('may not be used from this address')
  })

  it('end when the key is revoked, their sockets within a second', async () => {
    const credentials = await make()
    const bot = running.client({ apiKey: credentials })
    await bot.connect()
    const cut = new Expectation(() => (bot.connection === 'connected' ? undefined : bot.connection))
    bot.onConnection(() => cut.changed())
    const startedMs = Date.now()
    await owner.revokeApiKey(credentials.key)
    await cut.value
    expect(Date.now() - startedMs).to.be.lessThan(1_000)
    expect((await signed(credentials, 'GET', '/balances')).status).to.equal(401)
  })

  it('see their keys listed without secrets, and others do not see them', async () => {
    const { key, secret } = await make(['trade'])
    const listed = await owner.apiKeys()
    expect(listed.find((candidate) => candidate.key === key)).to.deep.include({ label: 'bot', kind: 'hmac', scopes: ['read', 'trade'], expiresMs: null })
    expect(JSON.stringify(listed)).not.to.contain(secret)
    const { client: other } = await running.trader('bob')
    expect(await other.apiKeys()).to.deep.equal([])
    expect((await refusal(other.revokeApiKey(key))).status).to.equal(404)
  })

  it('do not let anybody make a key that cannot be: each reason names its field', async () => {
    const faults: [Parameters<BourseClient['createApiKey']>[0], string][] = [
      [{ label: '' }, 'label'],
      [{ label: 'x', scopes: ['withdraw'] }, 'allowedAddresses'],
      [{ label: 'x', allowedAddresses: ['somewhere'] }, 'allowedAddresses'],
      [{ label: 'x', expiresMs: 1 }, 'expiresMs'],
      [{ label: 'x', publicKey: 'AAAA' }, 'publicKey'],
    ]
    for (const [input, field] of faults) {
      const error = await refusal(owner.createApiKey(input))
      expect([error.status, error.field], JSON.stringify(input)).to.deep.equal([400, field])
    }
  })
})

describe('the budget of a person', () => {
  it('is spent by their keys and by themselves, to the last request', async () => {
    const budget = { windowSeconds: 60, key: 1_000, user: 200, address: 1_000, anonymous: 1_000 }
    // A clock that stands still fills nothing up between two looks.
    const limits = new MemoryRateLimits(() => 0, { weight: budget, orders: budget })
    const running = await startGateway({ services: (services) => ({ ...services, limits }) })
    const { client: owner } = await running.trader('ann')
    const { apiKey, secret } = await owner.createApiKey({ label: 'bot', scopes: [] })
    const look = async (): Promise<number> => {
      const timestampMs = Date.now()
      const signature = createHmac('sha256', secret!).update(signedPayload({ timestampMs, method: 'GET', path: '/api/v1/balances', body: '' })).digest('hex')
      const answer = await rawRequest(`${running.url}/api/v1/balances`, { method: 'GET', headers: { 'x-api-key': apiKey.key, 'x-api-timestamp': String(timestampMs), 'x-api-signature': signature } })
      expect(answer.status).to.equal(200)
      return Number(answer.headers.get('ratelimit-remaining'))
    }
    const left = await look()
    await owner.balances()
    const { weight } = COSTS.read
    expect(await look()).to.equal(left - 2 * weight)
    for (let spent = left - 2 * weight; spent >= weight; spent -= weight) await owner.balances()
    expect((await refusal(running.client({ apiKey: { key: apiKey.key, secret: secret! } }).balances())).status).to.equal(429)
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
})
