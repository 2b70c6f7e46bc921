import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import { ROUTES, signedPayload, type ApiScope, type RouteName } from '@bourse/client'
import { MemoryRateLimits } from './http/rate-limits.js'
import { NO_LIMITS } from '../test/no-limits.js'
import { rawRequest, type RawAnswer } from '../test/raw-request.js'
import { samples, type SampleRequest } from '../test/route-samples.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

/** What is no plain decimal, however much it looks like a number. */
const NONSENSE_NUMBERS = ['1e3', '0x10', 'NaN', 'Infinity', '-0', '-1', '+1', ' 1', '1,5', '01', '1.', '.5', '', '１', '9'.repeat(41), null, 1, 1.5, true, ['1'], {}]
const DECIMAL = /^\d+\.?\d*$/
/** Logging out ends the session with which everything is tried. */
const ENDS_THE_SESSION = new Set<RouteName>(['logOut', 'endOtherSessions'])

describe('every route', function () {
  this.timeout(60_000)
  let running: RunningGateway
  let all: readonly (readonly [RouteName, SampleRequest])[]
  let ann: { token: string; userId: string }
  let bob: { token: string; userId: string }
  let keys: Readonly<Record<'reading' | 'trading', { key: string; secret: string }>>
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, limits: NO_LIMITS }) })
    const first = await running.trader('ann', { USDT: '1000000', BTC: '10' })
    ann = first
    bob = await running.trader('bob', { USDT: '1000000', BTC: '10' })
    const make = async (scopes: ApiScope[]): Promise<{ key: string; secret: string }> => {
      const { apiKey, secret } = await first.client.createApiKey({ label: 'bot', scopes })
      return { key: apiKey.key, secret: secret! }
    }
    keys = { reading: await make([]), trading: await make(['trade']) }
    all = await samples()
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  const send = (sample: SampleRequest, options: { token?: string; headers?: Record<string, string>; body?: unknown; path?: string } = {}): Promise<RawAnswer> => {
    const { token, headers = {}, body = sample.body, path = sample.path } = options
    return rawRequest(`${running.url}/api/v1${path}`, { method: sample.method, headers, ...(token === undefined ? {} : { token }), ...(body === undefined ? {} : { body }) })
  }
  let stamp = Date.now()
  const signed = (sample: SampleRequest, { key, secret }: { key: string; secret: string }): Promise<RawAnswer> => {
    stamp = Math.max(stamp + 1, Date.now())
    const body = sample.body === undefined ? '' : JSON.stringify(sample.body)
    const signature = createHmac('sha256', secret).update(signedPayload({ timestampMs: stamp, method: sample.method, path: `/api/v1${sample.path}`, body })).digest('hex')
    return send(sample, { headers: { 'x-api-key': key, 'x-api-timestamp': String(stamp), 'x-api-signature': signature }, ...(body === '' ? {} : { body }) })
  }
  const expectRefusal = (answer: RawAnswer, what: string, from = 400, to = 499): void => {
    expect(answer.status, `${what}: ${answer.text.slice(0, 200)}`).to.be.within(from, to)
    expect(answer.error, what).to.include.keys('code', 'message', 'docs', 'requestId')
    expect(answer.text, what).to.not.match(/\n\s+at |node_modules|\.ts:/)
  }

  it('is open to those whom its policy names, and to nobody else', async () => {
    const counts = { anonymous: 0, 'reading key': 0, 'trading key': 0, 'wrong role': 0, admitted: 0 }
    for (const [name, sample] of all) {
      const { access } = ROUTES[name]
      if (access === 'public') continue
      expectRefusal(await send(sample), `${name} anonymously`, 401, 401)
      counts.anonymous++
      const reading = await signed(sample, keys.reading)
      const trading = await signed(sample, keys.trading)
      if (access === 'read') {
        expect(reading.status, `${name} with a key that reads`).to.not.be.oneOf([401, 403])
        counts.admitted++
      } else {
        expectRefusal(reading, `${name} with a key that reads`, 403, 403)
        counts['reading key']++
      }
      if (access === 'read' || access === 'trade') {
        expect(trading.status, `${name} with a key that trades: ${trading.text}`).to.not.be.oneOf([401, 403])
        counts.admitted++
      } else {
        expectRefusal(trading, `${name} with a key that trades`, 403, 403)
        counts['trading key']++
      }
      if (access === 'operator') {
        expectRefusal(await send(sample, { token: ann.token }), `${name} as a customer`, 403, 403)
        counts['wrong role']++
      }
    }
    console.log(`      ${Object.entries(counts).map(([who, count]) => `${who} ${count}`).join(', ')}`)
  })

  it('touches nothing that is somebody else\'s', async () => {
    const place = async (price: string): Promise<number> => (JSON.parse((await rawRequest(`${running.url}/api/v1/orders`, { method: 'POST', token: ann.token, body: { market: 'BTC-USDT', clientOrderId: `mine-${price}`, side: 'buy', orderType: 'limit', price, quantity: '0.10000' } })).text) as { order: { orderId: number } }).order.orderId
    // A switch that the routes before have set must not fire meanwhile.
    await rawRequest(`${running.url}/api/v1/orders/cancel-all-after`, { method: 'POST', token: ann.token, body: { timeoutMs: 0 } })
    const orderId = await place('1000.00')
    const alertId = (JSON.parse((await rawRequest(`${running.url}/api/v1/alerts`, { method: 'POST', token: ann.token, body: { market: 'BTC-USDT', direction: 'above', price: '1.00' } })).text) as { alertId: string }).alertId
    const before = await mine()
    const tries: readonly [string, string, unknown?][] = [
      ['DELETE', `/orders/${orderId}?market=BTC-USDT`], ['PATCH', `/orders/${orderId}`, { market: 'BTC-USDT', price: '1001.00' }], ['DELETE', '/orders/by-client-order-id?market=BTC-USDT&clientOrderId=mine-1000.00'],
      ['PATCH', '/orders/by-client-order-id', { market: 'BTC-USDT', clientOrderId: 'mine-1000.00', price: '1001.00' }],
      ['POST', '/orders/replace', { market: 'BTC-USDT', orderId, order: { side: 'buy', orderType: 'limit', price: '1001.00', quantity: '0.10000' } }],
      ['DELETE', `/alerts/${alertId}`], ['DELETE', `/api-keys/${keys.trading.key}`],
      ['POST', '/transfers', { requestId: 'steal', from: ann.userId, to: 'main', asset: 'USDT', amount: '1' }],
    ]
    for (const [method, path, body] of tries) expectRefusal(await rawRequest(`${running.url}/api/v1${path}`, { method, token: bob.token, ...(body === undefined ? {} : { body }) }), `${method} ${path}`)
    expect((await rawRequest(`${running.url}/api/v1/orders`, { method: 'DELETE', token: bob.token })).text).to.equal('{"cancelled":0}')
    for (const path of ['/orders', '/orders/open', '/fills', '/deposits', '/withdrawals', '/alerts']) expect((await rawRequest(`${running.url}/api/v1${path}`, { token: bob.token })).text, path).to.not.include('mine-')
    expect(await mine()).to.equal(before)
    console.log(`      ${tries.length} attempts on another's things refused`)
    async function mine(): Promise<string> {
      const parts = await Promise.all(['/orders/open', '/alerts', '/api-keys', '/balances'].map((path) => rawRequest(`${running.url}/api/v1${path}`, { token: ann.token })))
      return parts.map(({ text }) => text.replace(/"sequence":\d+/, '')).join('\n')
    }
  })

  it('takes no nonsense for a number, wherever a number may stand', async () => {
    let tried = 0
    for (const [name, sample] of all) {
      if (ENDS_THE_SESSION.has(name)) continue
      for (const place of placesOf(sample.body)) {
        if (!DECIMAL.test(String(valueAt(sample.body, place))) || typeof valueAt(sample.body, place) !== 'string') continue
        if (name === 'confirmTotp' || name === 'savePreferences') continue
        for (const nonsense of someOf(NONSENSE_NUMBERS, tried)) {
          expectRefusal(await send(sample, { token: ann.token, body: changed(sample.body, place, nonsense) }), `${name} ${place.join('.')} ${JSON.stringify(nonsense)}`, 400, 400)
          tried++
        }
      }
    }
    expect(tried).to.be.above(100)
    console.log(`      ${tried} nonsense numbers refused`)
  })

  it('is not misled by parameters that come twice, and not polluted by prototypes', async () => {
    const counts = { parameters: 0, prototypes: 0 }
    for (const [name, sample] of all) {
      if (ENDS_THE_SESSION.has(name)) continue
      const bare = sample.path.split('?')[0]!
      for (const parameter of Object.keys(sample.query)) {
        for (const search of [`${parameter}=${encodeURIComponent(sample.query[parameter]!)}&${parameter}=7`, `${parameter}[]=7`, `${parameter}[x]=7`, `__proto__[polluted]=1`, `constructor[prototype][polluted]=1`]) {
          expectRefusal(await send(sample, { token: ann.token, path: `${bare}?${search}` }), `${name} ${search}`, 400, 403)
          counts.parameters++
        }
      }
      if (sample.body === undefined) continue
      const text = JSON.stringify(sample.body).replace(/^\{/, '')
      for (const poison of ['"__proto__":{"polluted":1}', '"constructor":{"prototype":{"polluted":1}}']) {
        expectRefusal(await send(sample, { token: ann.token, body: `{${poison}${text === '}' ? '' : ','}${text}` }), `${name} ${poison}`, 400, 403)
        counts.prototypes++
      }
    }
    expect(Reflect.get({}, 'polluted')).to.equal(undefined)
    console.log(`      ${counts.parameters} doubled or nested parameters and ${counts.prototypes} poisoned bodies refused`)
  })

  it('counts every order of a batch, whatever address it claims to come from', async () => {
    // Time stands still for the limits: nothing comes back.
    const counting = await startGateway({ services: (services) => ({ ...services, limits: new MemoryRateLimits(() => 0) }) })
    const { token } = await counting.trader('cid', { USDT: '1000000' })
    const order = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' }
    const batch = (address: string) => rawRequest(`${counting.url}/api/v1/orders/batch`, { method: 'POST', token, headers: { 'x-forwarded-for': address, forwarded: `for=${address}` }, body: { orders: Array.from({ length: 20 }, () => order) } })
    const first = await batch('203.0.113.1')
    const second = await batch('203.0.113.2')
    const [left, then] = [first, second].map(({ headers }) => Number(headers.get('x-order-remaining')))
    expect([left, then]).to.deep.equal([3_980, 3_960])
    const asked: number[] = []
    for (const last of [1, 2, 3]) asked.push(Number((await rawRequest(`${counting.url}/api/v1/time`, { headers: { 'x-forwarded-for': `203.0.113.${last}` } })).headers.get('ratelimit-remaining')))
    expect(asked).to.deep.equal([asked[0]!, asked[0]! - 1, asked[0]! - 2])
    expect(counting.faults).to.deep.equal([])
    await counting.remove()
  })
})

/** A few of the values, others at each place; all of them in the full run. */
function someOf<Value>(values: readonly Value[], turn: number): readonly Value[] {
  if (Number(process.env['BOURSE_TEST_SCALE'] ?? 1) > 1) return values
  return Array.from({ length: 6 }, (_, index) => values[(turn + index) % values.length]!)
}

/** The places of all leaves of a body. */
function placesOf(value: unknown, place: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => placesOf(item, [...place, index]))
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, item]) => placesOf(item, [...place, key]))
  return value === undefined ? [] : [place]
}

function valueAt(value: unknown, place: readonly (string | number)[]): unknown {
  return place.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value)
}

/** A copy with another value at one place. */
function changed(value: unknown, place: readonly (string | number)[], to: unknown): unknown {
  const [key, ...rest] = place
  if (key === undefined) return to
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === key ? changed(item, rest, to) : item))
  return { ...(value as object), [key]: changed(Reflect.get(value as object, key), rest, to) }
}
