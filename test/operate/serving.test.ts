/** A served exchange as its operator sees it: health, readiness, metrics, its log, and an end that loses nothing. */
import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { io } from 'socket.io-client'
import { createClient, ROUTES, type BourseClient } from '@bourse/client'
import { ROOT } from '../architecture/source-imports.js'
import { serveForTest, type ServedExchange } from './served-exchange.js'

const PASSWORD = 'correct horse battery'
const ORDER = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '60000.00', quantity: '0.001' } as const

describe('an exchange that is served', function () {
  this.timeout(60_000)
  let served: ServedExchange
  let client: BourseClient
  before(async () => {
    served = await serveForTest()
    client = createClient({ baseUrl: served.url })
    await served.task({ task: 'user.create', email: 'trader@example.com', password: PASSWORD, role: 'customer' })
    await client.logIn({ email: 'trader@example.com', password: PASSWORD })
    await served.task({ task: 'balance.credit', email: 'trader@example.com', asset: 'USDT', amount: '100000' })
  })
  after(async () => {
    client.close()
    await served.remove()
  })

  const metrics = async (): Promise<string> => (await fetch(`${served.url}/metrics`)).text()
  const valueOf = (text: string, sample: string): number => Number(new RegExp(`^${sample.replace(/[{}"/:]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1])

  it('is alive and ready, and says what it looked at', async () => {
    expect(await (await fetch(`${served.url}/health`)).json()).to.deep.equal({ status: 'ok' })
    expect(await (await fetch(`${served.url}/ready`)).json()).to.deep.equal({ status: 'ready', checks: { engine: 'ok', journal: 'ok', database: 'ok' } })
  })

  it('counts commands, latencies and requests', async () => {
    const before = await metrics()
    await client.placeOrder(ORDER)
    await client.openOrders()
    const after = await metrics()
    const grown = (sample: string): number => valueOf(after, sample) - (valueOf(before, sample) || 0)
    expect(grown('bourse_commands_total')).to.equal(1)
    expect(grown('bourse_acknowledgement_seconds_count')).to.equal(1)
    expect(grown('bourse_journal_append_seconds_count')).to.equal(1)
    expect(grown('bourse_journal_sync_seconds_count')).to.equal(1)
    expect(grown('bourse_http_request_seconds_count{method="POST",route="/api/v1/orders",status="200"}')).to.equal(1)
    expect(valueOf(after, 'bourse_ready')).to.equal(1)
    expect(valueOf(after, 'bourse_queue_commands')).to.equal(0)
    expect(valueOf(after, 'process_resident_memory_bytes')).to.be.greaterThan(1e6)
  })

  it('has every metric that the dashboards and alerts in docs/monitoring name', async () => {
    const text = await metrics()
    const dir = path.join(ROOT, 'docs/monitoring')
    const files = readdirSync(dir)
    const named = new Set(files.flatMap((file) => [...readFileSync(path.join(dir, file), 'utf8').matchAll(/\b(?:bourse|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name)))
    const exists = (name: string): boolean => new RegExp(`^# TYPE ${name.replace(/_(?:bucket|sum|count)$/, '(?:_bucket|_sum|_count)?')} `, 'm').test(text)
    expect(files).to.include.members(['grafana-dashboard.json', 'prometheus-alerts.yml'])
    expect(named.size).to.be.greaterThan(15)
    expect([...named].filter((name) => !exists(name))).to.deep.equal([])
    expect(() => JSON.parse(readFileSync(path.join(dir, 'grafana-dashboard.json'), 'utf8')) as unknown).not.to.throw()
  })

  it('writes the id of a request into its answer and its log', async () => {
    const answer = await fetch(`${served.url}/api/v1/markets/NO-SUCH/ticker`)
    const id = answer.headers.get('x-request-id')!
    expect(((await answer.json()) as { error: { requestId: string } }).error.requestId).to.equal(id)
    const entry = served.log.map((line) => JSON.parse(line) as Record<string, unknown>).find(({ requestId }) => requestId === id)
    expect(entry).to.include({ level: 'info', method: 'GET', route: '/api/v1/markets/:market/ticker', status: 404, address: '127.0.0.1' })
  })

  it('logs no secret, whichever route it is sent to and however', async () => {
    const secret = (): string => `S${randomBytes(12).toString('hex')}`
    const secrets: string[] = []
    const fresh = (): string => secrets[secrets.push(secret()) - 1]!
    let requests = 0
    const send = async (method: string, place: string, headers: Record<string, string>): Promise<void> => {
      const body = { email: 'trader@example.com', password: fresh(), newPassword: fresh(), token: fresh(), code: fresh(), secret: fresh(), recoveryCode: fresh(), publicKey: fresh(), clientOrderId: fresh(), [fresh()]: 1 }
      await (await fetch(`${served.url}${place}?token=${fresh()}&code=${fresh()}&cursor=${fresh()}`, { method, headers, ...(method === 'GET' ? {} : { body: JSON.stringify(body) }) })).arrayBuffer()
      requests++
    }
    for (const { method, path: pattern } of Object.values(ROUTES)) {
      const place = `/api/v1${pattern.replace(/:[A-Za-z]+/g, () => fresh())}`
      const json = { 'content-type': 'application/json' }
      await send(method, place, { ...json, authorization: `Bearer ${fresh()}`, cookie: `session=${fresh()}; __Host-session=${fresh()}` })
      await send(method, place, { ...json, cookie: `session=${fresh()}`, origin: served.url })
      await send(method, place, { ...json, 'x-api-key': fresh(), 'x-api-signature': fresh(), 'x-api-timestamp': String(Date.now()) })
    }
    await send('POST', `/api/v1/${fresh()}`, { 'content-type': 'application/json', 'x-request-id': fresh() })
    await send('POST', '/api/v1/auth/log-in', { 'content-type': 'application/json', authorization: `Basic ${fresh()}` })
    const { secret: keySecret } = await served.task({ task: 'api-key.create', email: 'trader@example.com', scopes: ['read'], allowedAddresses: [], label: 'bot' })
    const text = served.log.join('')
    const told = [...secrets, PASSWORD, String(keySecret)].filter((word) => text.includes(word))
    expect(told).to.deep.equal([])
    expect(requests).to.be.greaterThan(60)
    expect(served.log.length).to.be.greaterThan(requests)
    console.log(`      ${secrets.length} secrets in ${requests} requests, ${served.log.length} lines of log`)
  })

  it('ends in order: what was sent is acknowledged, sockets are told, nothing is lost', async () => {
    const ending = await serveForTest()
    const trader = createClient({ baseUrl: ending.url })
    await ending.task({ task: 'user.create', email: 'last@example.com', password: PASSWORD, role: 'customer' })
    await trader.logIn({ email: 'last@example.com', password: PASSWORD })
    await ending.task({ task: 'balance.credit', email: 'last@example.com', asset: 'USDT', amount: '100000' })
    const socket = io(ending.url, { path: '/api/v1/stream', transports: ['websocket'], reconnection: false })
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    const told = new Promise<unknown>((resolve) => socket.once('closing', resolve))
    const gone = new Promise<string>((resolve) => socket.once('disconnect', resolve))
    const sent = Array.from({ length: 40 }, (_, index) => trader.placeOrder({ ...ORDER, clientOrderId: `last-${index}` }).then(() => 'acknowledged', (error: Error & { status?: number }) => `refused with ${error.status}`))
    const outcomes: string[] = []
    void Promise.race(sent).then((first) => outcomes.push(first))
    while (outcomes.length === 0) await new Promise(setImmediate)
    const closed = ending.close()
    const answers = await Promise.all(sent)
    // 0: the connection was closed before the exchange took the request.
    expect([...new Set(answers)].filter((answer) => !['acknowledged', 'refused with 503', 'refused with 0'].includes(answer))).to.deep.equal([])
    expect(await told).to.include({ code: 'shutting_down' })
    expect(await gone).to.equal('io server disconnect')
    await closed
    trader.close()
    const again = await serveForTest(undefined, ending)
    const back = createClient({ baseUrl: again.url })
    await back.logIn({ email: 'last@example.com', password: PASSWORD })
    const open = await back.openOrders()
    expect(open.length).to.equal(answers.filter((answer) => answer === 'acknowledged').length)
    back.close()
    await again.remove()
  })
})
