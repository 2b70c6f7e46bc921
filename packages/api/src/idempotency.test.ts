import { expect } from 'chai'
import { rawRequest, type RawAnswer } from '../test/raw-request.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

const ORDER = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' }
const AT_ONCE = 100

describe('a request that is sent again', () => {
  let running: RunningGateway
  let token: string
  let other: string
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, isUnlimited: () => true }) })
    token = (await running.trader('ann', { USDT: '1000000', BTC: '10' })).token
    other = (await running.trader('bob', { USDT: '1000000' })).token
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
  const post = (path: string, body: object, headers: Record<string, string> = {}, who = token): Promise<RawAnswer> => rawRequest(`${running.url}/api/v1${path}`, { method: 'POST', token: who, headers, body })
  const openOrders = async (who = token): Promise<number> => (JSON.parse((await rawRequest(`${running.url}/api/v1/orders/open`, { token: who })).text) as unknown[]).length

  it(`makes one order of ${AT_ONCE} equal ones at once under one clientOrderId, and refuses another one under it`, async () => {
    const before = await openOrders()
    const same = { ...ORDER, clientOrderId: 'the-same' }
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => post('/orders', index % 10 === 9 ? { ...same, price: '101.00' } : same)))
    const placed = answers.filter(({ status }) => status === 200).map(({ text }) => JSON.parse(text) as { order: { orderId: number }; repeated: boolean })
    const conflicts = answers.filter(({ status, error }) => status === 409 && error?.code === 'duplicate_request')
    expect(placed.length + conflicts.length).to.equal(AT_ONCE)
    expect(new Set(placed.map(({ order }) => order.orderId)).size).to.equal(1)
    expect(placed.filter(({ repeated }) => !repeated)).to.have.length(1)
    expect(conflicts.length).to.be.oneOf([AT_ONCE / 10, AT_ONCE - AT_ONCE / 10])
    expect(await openOrders()).to.equal(before + 1)
    console.log(`      ${AT_ONCE} at once: 1 order, ${placed.length - 1} repetitions, ${conflicts.length} refused with 409`)
  })

  it('gives the first answer again under one Idempotency-Key, whatever the request does', async () => {
    for (const [path, body] of [['/orders', ORDER], ['/orders/batch', { orders: [ORDER, ORDER] }], ['/alerts', { market: 'BTC-USDT', direction: 'above', price: '1.00' }], ['/orders/oco', { ...ORDER, takeProfit: { orderType: 'limit' }, stopLoss: { orderType: 'stop-market' } }]] as const) {
      const headers = { 'idempotency-key': `key${path}` }
      const answers = await Promise.all(Array.from({ length: 10 }, () => post(path, body, headers)))
      const later = await post(path, body, headers)
      expect(new Set([...answers, later].map(({ text }) => text.replaceAll(/"requestId":"[^"]+"/g, ''))).size, path).to.equal(1)
      if (later.status < 300) expect(later.headers.get('idempotent-replay'), path).to.equal('true')
    }
  })

  it('refuses another request under the same key, and keeps the keys of people apart', async () => {
    const headers = { 'idempotency-key': 'k-1' }
    const first = await post('/orders', ORDER, headers)
    expect(first.status).to.equal(200)
    for (const [path, body] of [['/orders', { ...ORDER, price: '99.00' }], ['/alerts', ORDER], ['/orders?x=1', ORDER]] as const) {
      expect((await post(path, body, headers)).error?.code, path).to.equal('conflict')
    }
    const before = await openOrders(other)
    expect((await post('/orders', ORDER, headers, other)).status).to.equal(200)
    expect(await openOrders(other)).to.equal(before + 1)
  })

  it('lets a request under its key be tried again after its form was wrong', async () => {
    const headers = { 'idempotency-key': 'k-2' }
    expect((await post('/orders', { ...ORDER, price: 'NaN' }, headers)).status).to.equal(400)
    expect((await post('/orders', ORDER, headers)).status).to.equal(200)
  })

  it('keeps what will be refused again', async () => {
    const headers = { 'idempotency-key': 'k-3' }
    const first = await post('/orders', { ...ORDER, quantity: '0.000001' }, headers)
    expect(first.status).to.equal(422)
    expect((await post('/orders', { ...ORDER, quantity: '0.000001' }, headers)).text).to.include(first.error?.code)
  })

  it('never keeps an answer that shows a secret', async () => {
    const headers = { 'idempotency-key': 'k-4' }
    expect((await post('/api-keys', { label: 'bot' }, headers)).status).to.equal(201)
    expect((await post('/api-keys', { label: 'bot' }, headers)).error?.code).to.equal('conflict')
    const rows: { answer: string | null }[] = await running.store.knex('idempotent_answers').where({ key: 'k-4' })
    expect(rows.map(({ answer }) => answer)).to.deep.equal([null])
  })

  it('names an order without a clientOrderId by its key, so that a crash before the answer heals', async () => {
    const headers = { 'idempotency-key': 'k-5' }
    const placed = JSON.parse((await post('/orders', ORDER, headers)).text) as { order: { orderId: number; clientOrderId: string } }
    expect(placed.order.clientOrderId).to.equal('k-5')
    await running.store.knex('idempotent_answers').where({ key: 'k-5' }).delete()
    const again = JSON.parse((await post('/orders', ORDER, headers)).text) as { order: { orderId: number }; repeated: boolean }
    expect(again).to.deep.include({ repeated: true })
    expect(again.order.orderId).to.equal(placed.order.orderId)
  })

  it('refuses a key that is none', async () => {
    for (const key of ['with space', 'x'.repeat(37)]) expect((await post('/orders', ORDER, { 'idempotency-key': key })).error, key).to.include({ code: 'invalid_request', field: 'Idempotency-Key' })
  })
})
