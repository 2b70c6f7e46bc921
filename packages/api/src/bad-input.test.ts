import { expect } from 'chai'
import { rawRequest, type RawAnswer } from '../test/raw-request.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

const LIMIT = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '60000.00', quantity: '0.10000' }

/** What is no plain decimal, however much it looks like a number. */
const NONSENSE_NUMBERS = ['1e3', '0x10', 'NaN', 'Infinity', '-0', '-1', '+1', ' 1', '1 ', '1,5', '01', '1.', '.5', '', '१', '1_000', '9'.repeat(41), null, 1, 1.5, true, ['1'], { value: '1' }]
/** What is no whole number in a query. */
const NONSENSE_QUERIES = ['1e3', '0x10', 'NaN', '-1', '+1', '1.5', '01', '', ' 1', '99999999999999999999']

describe('input that makes no sense', () => {
  let running: RunningGateway
  let token: string
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, isUnlimited: () => true }) })
    token = (await running.trader('ann', { USDT: '1000000', BTC: '10' })).token
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => rawRequest(`${running.url}/api/v1${path}`, { method, token, headers, ...(body === undefined ? {} : { body }) })
  const expectRefusal = (answer: RawAnswer, what: string): void => {
    expect(answer.status, what).to.be.within(400, 499)
    expect(answer.error, what).to.include.keys('code', 'message', 'requestId')
    expect(answer.text, what).to.not.match(/\n\s+at |node_modules|\.ts:/)
  }

  for (const field of ['price', 'quantity']) {
    it(`refuses every nonsense ${field} and places nothing`, async () => {
      for (const value of NONSENSE_NUMBERS) {
        const answer = await send('POST', '/orders', { ...LIMIT, [field]: value })
        expectRefusal(answer, JSON.stringify(value))
        expect(answer.error?.field).to.equal(field)
      }
      expect(JSON.parse((await send('GET', '/orders/open')).text)).to.deep.equal([])
    })
  }

  it('refuses nonsense in every other field of an order', async () => {
    for (const change of [
      { side: 'BUY' }, { side: undefined }, { orderType: 'stop' }, { timeInForce: 'gtd' }, { market: 'btc-usdt' }, { market: ['BTC-USDT'] }, { market: "BTC-USDT'; drop table orders --" },
      { clientOrderId: '' }, { clientOrderId: 'with space' }, { clientOrderId: 'x'.repeat(37) }, { clientOrderId: 'ümlaut' }, { clientOrderId: 7 }, { postOnly: 'yes' }, { postOnly: 1 },
      { selfTradePrevention: 'all' }, { unknown: 1 }, { account: 'fees' }, { idempotent: true }, { quoteQuantity: '1', quantity: '1' },
    ]) {
      expectRefusal(await send('POST', '/orders', { ...LIMIT, ...change }), JSON.stringify(change))
    }
    for (const body of [[], [LIMIT], 'x', '"text"', '12', 'null', '{', '{"market":', '{"__proto__":{"side":"buy"}}']) expectRefusal(await send('POST', '/orders', body), JSON.stringify(body))
    expect(JSON.parse((await send('GET', '/orders/open')).text)).to.deep.equal([])
  })

  it('refuses nonsense in queries', async () => {
    for (const value of NONSENSE_QUERIES) {
      const text = encodeURIComponent(value)
      for (const path of [`/orders?limit=${text}`, `/fills?limit=${text}`, `/ledger?limit=${text}`, `/markets/BTC-USDT/depth?limit=${text}`, `/markets/BTC-USDT/trades?beforeId=${text}`, `/markets/BTC-USDT/candles?interval=1m&fromMs=${text}`]) {
        expectRefusal(await send('GET', path), path)
      }
    }
    for (const path of [
      '/orders?limit=0', '/orders?limit=1001', '/orders?limit=1&limit=2', '/orders?limit[]=1', '/orders?cursor=nonsense', '/fills?cursor=%00', '/orders?market=btc', '/orders?unknown=1', '/orders?__proto__[x]=1',
      '/ledger?asset=btc', '/ledger?asset=XYZ', '/markets/BTC-USDT/candles', '/markets/BTC-USDT/candles?interval=7m', '/markets/BTC-USDT/depth?limit=5001', '/markets/%ff/depth', '/markets/btc-usdt/depth',
      `/markets/${'A'.repeat(2000)}/depth`, '/markets/BTC-USDT/nothing', '/nothing', '/orders/open?market=btc',
    ]) {
      expectRefusal(await send('GET', path), path)
    }
  })

  it('refuses nonsense where an order is named', async () => {
    for (const path of ['/orders/0?market=BTC-USDT', '/orders/abc?market=BTC-USDT', '/orders/1e3?market=BTC-USDT', '/orders/-1?market=BTC-USDT', '/orders/1', '/orders/99999999999999999?market=BTC-USDT', '/orders/1?market=XYZ-USDT', '/orders/by-client-order-id?market=BTC-USDT', '/orders?market=btc', '/orders?clientOrderId=x']) {
      expectRefusal(await send('DELETE', path), path)
    }
    for (const body of [{}, { market: 'BTC-USDT' }, { market: 'BTC-USDT', price: '1', leavesQuantity: '1' }, { market: 'BTC-USDT', orderId: 2, price: '1' }, { market: 'BTC-USDT', price: 'NaN' }]) {
      expectRefusal(await send('PATCH', '/orders/1', body), JSON.stringify(body))
    }
  })

  it('refuses credentials that are none', async () => {
    for (const body of [{}, { email: 'ann', password: 'long enough' }, { email: 'ann@example.com' }, { email: ['ann@example.com'], password: 'long enough' }, { email: `${'a'.repeat(300)}@example.com`, password: 'long enough' }, { email: 'ann@example.com', password: 'short' }, { email: 'ann@example.com', password: 'x'.repeat(201) }, { email: 'ann@example.com', password: 'long enough', role: 'admin' }]) {
      const answer = await send('POST', '/auth/log-in', body)
      expectRefusal(answer, JSON.stringify(body))
      expect(answer.text).to.not.include('long enough')
    }
  })

  it('refuses bodies that are too large, compressed, or no JSON', async () => {
    expect((await send('POST', '/orders', { ...LIMIT, clientOrderId: 'x'.repeat(20_000) })).status).to.equal(413)
    expect((await send('POST', '/orders', JSON.stringify(LIMIT), { 'content-encoding': 'gzip' })).status).to.equal(415)
    expectRefusal(await send('POST', '/orders', 'market=BTC-USDT', { 'content-type': 'application/x-www-form-urlencoded' }), 'form')
    expectRefusal(await send('POST', '/orders', JSON.stringify(LIMIT), { 'content-type': 'text/plain' }), 'text')
  })

  it('does not serve methods that a route does not have', async () => {
    for (const [method, path] of [['PUT', '/orders'], ['POST', '/balances'], ['DELETE', '/balances'], ['PATCH', '/orders']] as const) expect((await send(method, path)).status, `${method} ${path}`).to.equal(404)
    expect(JSON.parse((await send('GET', '/orders/open')).text)).to.deep.equal([])
  })
})

describe('the limits of requests', () => {
  it('are told in headers and enforced per person', async () => {
    const running = await startGateway()
    const { token } = await running.trader('ann')
    const other = await running.trader('bob')
    const spend = (mine: string) => rawRequest(`${running.url}/api/v1/deposit-addresses`, { method: 'POST', token: mine, body: {} })
    const first = await spend(token)
    expect(first.headers.get('ratelimit-limit')).to.equal('12000')
    expect(first.headers.get('ratelimit-remaining')).to.equal('11950')
    const answers = await Promise.all(Array.from({ length: 260 }, () => spend(token)))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).to.be.within(1, 25)
    expect(refused[0]?.error?.code).to.equal('too_many_requests')
    expect(Number(refused[0]?.headers.get('retry-after'))).to.be.at.least(1)
    expect((await spend(other.token)).status).to.equal(400)
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
})
