import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { expect } from 'chai'
import { RATE_LIMITS, signedPayload } from '@bourse/client'
import { MemoryRateLimits } from './http/rate-limits.js'
import { rawRequest, type RawAnswer } from '../test/raw-request.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

const PATH = '/api/v1/orders'
const ORDER = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '60000.00', quantity: '0.00100' }
/** The same to every reader of JSON, but only express reads it. */
const WAYS = { hot: 'application/json', express: 'application/json; charset="utf-8"' }
/** Of weight. */
const KEY_LIMIT = 40
/** What differs from request to request. */
const OWN_HEADERS = new Set(['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset', 'x-order-remaining'])

interface Sent {
  readonly body?: unknown
  readonly key?: { readonly key: string; readonly secret: string }
  readonly headers?: Record<string, string>
  readonly stampMs?: number
}

describe('routes in front of express', () => {
  let running: RunningGateway
  let ann: { token: string }
  let keys: Record<'trading' | 'reading' | 'elsewhere' | 'greedy', { key: string; secret: string }>
  let stamp = Date.now()
  before(async () => {
    // Time stands still for limits, so that nothing is given back.
    running = await startGateway({ services: (services) => ({ ...services, limits: new MemoryRateLimits(() => 0, { ...RATE_LIMITS, weight: { ...RATE_LIMITS.weight, key: KEY_LIMIT } }) }) })
    const { client, ...person } = await running.trader('ann', { USDT: '1000000' })
    ann = person
    const make = async (options: object): Promise<{ key: string; secret: string }> => {
      const { apiKey, secret } = await client.createApiKey({ label: 'bot', scopes: ['trade'], ...options })
      return { key: apiKey.key, secret: secret! }
    }
    keys = { trading: await make({}), reading: await make({ scopes: [] }), elsewhere: await make({ allowedAddresses: ['192.0.2.1'] }), greedy: await make({}) }
  })
  after(() => running.remove())

  const send = (way: keyof typeof WAYS, { body = ORDER, key, headers = {}, stampMs = (stamp = Math.max(stamp + 1, Date.now())) }: Sent): Promise<RawAnswer> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const signature = key && createHmac('sha256', key.secret).update(signedPayload({ timestampMs: stampMs, method: 'POST', path: PATH, body: text })).digest('hex')
    const signed = key === undefined ? {} : { 'x-api-key': key.key, 'x-api-timestamp': String(stampMs), 'x-api-signature': signature! }
    return rawRequest(running.url + PATH, { method: 'POST', body: text, headers: { 'content-type': WAYS[way], ...signed, ...headers } })
  }
  const told = ({ status, headers, text }: RawAnswer): object => ({
    status,
    headers: Object.fromEntries([...headers].filter(([name]) => !OWN_HEADERS.has(name))),
    names: [...headers.keys()].sort(),
    text: text.replace(/"(orderId|sequence|createdMs|updatedMs)":\d+/g, '"$1":0').replace(/"(requestId|clientOrderId)":"[^"]*"/g, '"$1":""').replace(/arrived at \d+/, 'arrived').replace(/the time \d+/, 'the time'),
  })

  const cases: readonly (readonly [string, number, () => Sent])[] = [
    ['an order of a key', 200, () => ({ key: keys.trading })],
    ['an order of a session', 200, () => ({ headers: { authorization: `Bearer ${ann.token}` } })],
    ['an order that the engine rejects', 422, () => ({ key: keys.trading, body: { ...ORDER, price: '60000.001' } })],
    ['an order that no schema takes', 400, () => ({ key: keys.trading, body: { ...ORDER, side: 'up' } })],
    ['a field that no schema knows', 400, () => ({ key: keys.trading, body: { ...ORDER, more: 1 } })],
    ['a body that is no JSON', 400, () => ({ key: keys.trading, body: '{"market":' })],
    ['a body that is no object', 400, () => ({ key: keys.trading, body: '7' })],
    ['an anonymous order', 401, () => ({})],
    ['a token that opens nothing', 401, () => ({ headers: { authorization: 'Bearer nothing' } })],
    ['a key that may only read', 403, () => ({ key: keys.reading })],
    ['a key of another address', 403, () => ({ key: keys.elsewhere })],
    ['a key that is none', 401, () => ({ key: { key: 'none', secret: 'none' } })],
    ['a signature by another secret', 401, () => ({ key: { ...keys.trading, secret: 'other' } })],
    ['a request of an hour ago', 401, () => ({ key: keys.trading, stampMs: Date.now() - 3_600_000 })],
    ['a page of another origin', 403, () => ({ headers: { authorization: `Bearer ${ann.token}`, origin: 'https://elsewhere.example' } })],
    ['a cookie without a page', 403, () => ({ headers: { cookie: `session=${ann.token}` } })],
    ['a sub-account of somebody else', 404, () => ({ key: keys.trading, headers: { 'x-sub-account': 's_none' } })],
    ['an idempotency key that is none', 400, () => ({ key: keys.trading, headers: { 'idempotency-key': 'a b' } })],
  ]
  for (const [what, status, sent] of cases) {
    it(`answer ${what} as express does`, async () => {
      const hot = await send('hot', sent())
      expect(hot.status, hot.text).to.equal(status)
      expect(told(hot)).to.deep.equal(told(await send('express', sent())))
      expect(hot.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/)
      if (hot.error !== undefined) expect(hot.error.requestId).to.equal(hot.headers.get('x-request-id'))
    })
  }

  it('know what express took, and the other way round', async () => {
    for (const [first, second] of [['hot', 'express'], ['express', 'hot']] as const) {
      const once = { key: keys.trading, stampMs: (stamp += 1) }
      expect((await send(first, once)).status).to.equal(200)
      expect((await send(second, once)).error).to.include({ code: 'request_repeated' })
      const keyed = { key: keys.trading, headers: { 'idempotency-key': `once-${first}` } }
      const [done, again] = [await send(first, keyed), await send(second, keyed)]
      expect([done.headers.get('idempotent-replay'), again.headers.get('idempotent-replay')]).to.deep.equal([null, 'true'])
      expect(again.text).to.equal(done.text)
    }
  })

  it('take a body that comes in pieces', async () => {
    const text = JSON.stringify(ORDER)
    const answer = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(running.url)
      const socket = connect(Number(port), hostname)
      socket.on('data', (data) => resolve(data.toString())).on('error', reject)
      socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text.slice(0, 20)}`)
      setImmediate(() => socket.write(text.slice(20)))
    })
    expect(answer).to.match(/^HTTP\/1\.1 200 /).and.to.contain('"status":"open"')
  })

  it('refuse beyond a limit as express does, and say when to come back', async () => {
    for (let spent = 0; spent < KEY_LIMIT; spent++) expect((await send('hot', { key: keys.greedy })).status).to.equal(200)
    const [hot, slow] = [await send('hot', { key: keys.greedy }), await send('express', { key: keys.greedy })]
    expect(hot.status).to.equal(429)
    expect(hot.headers.get('retry-after')).to.equal('2')
    expect(told(hot)).to.deep.equal(told(slow))
  })
})
