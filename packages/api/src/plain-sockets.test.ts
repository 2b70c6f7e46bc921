import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { expect } from 'chai'
import { signedPayload, StreamMessage, type BourseClient, type Depth, type Order } from '@bourse/client'
import { WebSocket } from 'ws'
import { PlainClient } from '../test/plain-client.js'
import { PASSWORD, startGateway, type RunningGateway } from '../test/running-gateway.js'

const market = 'BTC-USDT'
const ORDER = { market, side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' } as const

describe('plain WebSockets', () => {
  let running: RunningGateway
  let ann: { client: BourseClient; userId: string; token: string }
  const open: PlainClient[] = []
  before(async () => {
    running = await startGateway()
    ann = await running.trader('ann', { BTC: '100', USDT: '1000000' })
  })
  afterEach(async () => {
    for (const client of open.splice(0)) client.socket.terminate()
    await ann.client.cancelAll()
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  async function connect(headers: Record<string, string> = {}): Promise<PlainClient> {
    const client = await PlainClient.connect(running.url, { headers })
    open.push(client)
    return client
  }
  const asAnn = (): Promise<PlainClient> => connect({ authorization: `Bearer ${ann.token}` })
  const orderOf = (result: Record<string, unknown> | undefined): Order => result!['order'] as Order

  it('carry the life of an order', async () => {
    const client = await asAnn()
    const placed = await client.ask('order.place', { ...ORDER, clientOrderId: 'mine' })
    expect(placed.ok).to.equal(true)
    expect(orderOf(placed.result)).to.include({ status: 'open', clientOrderId: 'mine', price: '100.00' })
    const changed = await client.ask('order.change', { market, clientOrderId: 'mine', price: '99.00' })
    expect(orderOf(changed.result).price).to.equal('99.00')
    const cancelled = await client.ask('order.cancel', { market, clientOrderId: 'mine' })
    expect(cancelled.result).to.include({ status: 'cancelled' })
  })

  it('take many requests at once and answer each by its id, texts as well as numbers', async () => {
    const client = await asAnn()
    const ids = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? i : `id-${i}`))
    for (const id of ids) client.socket.send(JSON.stringify({ id, method: 'order.place', params: { ...ORDER, price: `${100 + Number(String(id).replace('id-', ''))}.00` } }))
    const answers = await Promise.all(ids.map((id) => client.until((message) => message.id === id)))
    expect(answers.map(({ result }) => orderOf(result).price)).to.deep.equal(ids.map((_, i) => `${100 + i}.00`))
    expect(await client.ask('order.cancel-all', {})).to.deep.include({ ok: true, result: { cancelled: 200 } })
  })

  for (const [what, text, code] of [
    ['what is no JSON', '{', 'invalid_request'],
    ['what is no object', '[]', 'invalid_request'],
    ['a request without an id', '{"method":"order.place"}', 'invalid_request'],
    ['a request with too much in it', '{"id":1000,"method":"order.place","more":1}', 'invalid_request'],
    ['an unknown method', '{"id":1000,"method":"order.steal"}', 'not_found'],
    ['the name of something that every object has', '{"id":1000,"method":"constructor"}', 'not_found'],
    ['a body without its fields', '{"id":1000,"method":"order.place","params":{"market":"BTC-USDT"}}', 'invalid_request'],
    ['an amount as a number', '{"id":1000,"method":"order.place","params":{"market":"BTC-USDT","side":"buy","orderType":"limit","price":1,"quantity":"1"}}', 'invalid_request'],
    ['an unknown market', '{"id":1000,"method":"subscribe","params":{"channel":"depth","market":"NO-SUCH"}}', 'unknown_market'],
    ['an order that costs too much', '{"id":1000,"method":"order.place","params":{"market":"BTC-USDT","side":"buy","orderType":"limit","price":"9000000.00","quantity":"900.00000"}}', 'insufficient_balance'],
  ] as const) {
    it(`refuse ${what} with a code, and go on`, async () => {
      const client = await asAnn()
      client.socket.send(text)
      const answer = await client.until(({ ok }) => ok === false)
      expect(answer.error!.code).to.equal(code)
      expect(answer.error!.requestId).to.be.a('string')
      expect((await client.ask('order.cancel-all', {})).ok).to.equal(true)
    })
  }

  it('let nobody trade who is not logged in, and log on later by token or by key, once', async () => {
    const { apiKey, secret } = await ann.client.createApiKey({ label: 'bot', scopes: ['trade'] })
    const timestampMs = Date.now()
    const signature = createHmac('sha256', secret!).update(signedPayload({ timestampMs, method: 'GET', path: '/api/v1/ws', body: '' })).digest('hex')
    const keyed = { 'x-api-key': apiKey.key, 'x-api-timestamp': String(timestampMs), 'x-api-signature': signature }
    for (const params of [{ token: ann.token }, keyed]) {
      const client = await connect()
      expect((await client.ask('order.place', ORDER)).error!.status).to.equal(401)
      expect((await client.ask('subscribe', { channel: 'account' })).error!.code).to.equal('not_logged_in')
      expect((await client.ask('log-on', { token: 'wrong' })).error!.code).to.equal('not_logged_in')
      expect(await client.ask('log-on', params)).to.deep.include({ ok: true })
      expect((await client.ask('order.place', ORDER)).ok).to.equal(true)
      expect((await client.ask('log-on', params)).error!.code).to.equal('already_logged_on')
    }
    const again = await connect()
    expect((await again.ask('log-on', keyed)).error!.code).to.equal('request_repeated')
    const byHeader = { ...keyed, 'x-api-timestamp': String(timestampMs + 1) }
    const refused = new WebSocket(`${running.url.replace('http', 'ws')}/api/v1/ws`, { headers: byHeader })
    expect(String((await once(refused, 'error'))[0])).to.include('401')
    await ann.client.revokeApiKey(apiKey.key)
  })

  it('hold a key to its scopes and end with it', async () => {
    const { apiKey, secret } = await ann.client.createApiKey({ label: 'reader', scopes: [] })
    const timestampMs = Date.now()
    const signature = createHmac('sha256', secret!).update(signedPayload({ timestampMs, method: 'GET', path: '/api/v1/ws', body: '' })).digest('hex')
    const client = await connect({ 'x-api-key': apiKey.key, 'x-api-timestamp': String(timestampMs), 'x-api-signature': signature })
    expect((await client.ask('order.place', ORDER)).error!.code).to.equal('forbidden')
    expect((await client.ask('subscribe', { channel: 'account' })).ok).to.equal(true)
    await ann.client.revokeApiKey(apiKey.key)
    expect(await client.closed).to.include({ code: 4001 })
  })

  it('end when the person logs out', async () => {
    const other = running.client()
    const { token } = await other.logIn({ email: 'ann@example.com', password: PASSWORD })
    const client = await connect({ authorization: `Bearer ${token}` })
    await client.ask('order.cancel-all', {})
    await other.logOut()
    expect(await client.closed).to.include({ code: 4001 })
  })

  it('cancel the orders of a connection that asked for it, and of no other', async () => {
    const [careful, careless] = [await asAnn(), await asAnn()]
    expect((await careful.ask('cancel-on-disconnect', { enabled: true })).ok).to.equal(true)
    await careless.ask('order.place', ORDER)
    careless.socket.terminate()
    await careless.closed
    const watcher = await asAnn()
    await watcher.ask('subscribe', { channel: 'account' })
    expect(await ann.client.openOrders()).to.have.length(1)
    careful.socket.terminate()
    await watcher.until(({ channel, data }) => channel === 'account' && (data as { orders: Order[] }).orders.some(({ status }) => status === 'cancelled'))
    expect(await ann.client.openOrders()).to.deep.equal([])
  })

  it('carry the same public messages as socket.io, with the same sequences, each snapshot joined to what follows', async () => {
    const overSocketIo: unknown[] = []
    const socketIo = running.client()
    await socketIo.subscribe({ channel: 'depth', market }, { onSnapshot: () => undefined, onMessage: (message) => overSocketIo.push(message) })
    const client = await connect()
    const { snapshot } = await client.ask('subscribe', { channel: 'depth', market, limit: 10 })
    await client.ask('subscribe', { channel: 'trades', market })
    for (let i = 0; i < 5; i++) {
      await ann.client.placeOrder({ ...ORDER, price: `${200 + i}.00` })
      await client.until(({ channel, data }) => channel === 'depth' && JSON.stringify(data).includes(`${200 + i}.00`))
    }
    const depths = client.messages.filter(({ channel }) => channel === 'depth')
    for (const message of depths) expect(() => StreamMessage.parse(message)).to.not.throw()
    expect(overSocketIo.slice(-depths.length)).to.deep.equal(depths)
    const linked = depths.map(({ data }) => data as { sequence: number; previousSequence?: number })
    expect(linked[0]!.sequence).to.be.greaterThan((snapshot as Depth).sequence)
    expect((await client.ask('unsubscribe', { channel: 'depth', market })).ok).to.equal(true)
    const before = client.messages.length
    await ann.client.placeOrder({ ...ORDER, price: '300.00' })
    await socketIo.depth(market)
    expect(client.messages.slice(before).filter(({ channel }) => channel === 'depth')).to.deep.equal([])
  })

  it('close what is not text, and what is too long', async () => {
    const binary = await connect()
    binary.socket.send(Buffer.from('{}'), { binary: true })
    expect(await binary.closed).to.include({ code: 1003 })
    const long = await connect()
    long.socket.send('x'.repeat(20_000))
    expect((await long.closed).code).to.be.oneOf([1009, 1006])
  })

  it('refuse pages of other origins', async () => {
    const foreign = new WebSocket(`${running.url.replace('http', 'ws')}/api/v1/ws`, { headers: { origin: 'https://evil.example' } })
    expect(String((await once(foreign, 'error'))[0])).to.include('403')
  })
})
