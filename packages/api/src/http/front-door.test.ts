import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { rawRequest, type RawOptions } from '../../test/raw-request.js'
import { FrontDoor, type AnsweredRequest, type FrontDoorOptions, type Readiness } from './front-door.js'
import { nameRoute, requestIdOf } from './request-facts.js'

interface Stage {
  readonly door: FrontDoor
  readonly answered: AnsweredRequest[]
  get(path: string, options?: RawOptions): ReturnType<typeof rawRequest>
}

const READY: Readiness = { ready: true, checks: { engine: 'ok', journal: 'ok', database: 'ok' } }

describe('the front door', () => {
  let server: Server | undefined
  afterEach(async () => {
    server?.closeAllConnections()
    await new Promise((resolve) => server?.close(resolve))
  })

  async function stage(options: Partial<FrontDoorOptions> = {}, inside?: RequestListener): Promise<Stage> {
    const answered: AnsweredRequest[] = []
    let ids = 0
    const door = new FrontDoor({
      refusePlainHttp: false,
      readiness: async () => READY,
      metrics: { contentType: 'text/plain', text: async () => 'bourse_sequence 7\n' },
      newRequestId: () => `request-${++ids}`,
      now: () => performance.now(),
      onAnswered: (request) => answered.push(request),
      ...options,
    })
    server = createServer(door.handle)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    if (inside !== undefined) door.open(inside)
    return { door, answered, get: (path, more) => rawRequest(`${url}${path}`, more) }
  }

  const hello: RequestListener = (_request, response) => void response.end('hello')

  it('is alive but not ready while the exchange starts, and says when to come back', async () => {
    const { get } = await stage()
    expect([(await get('/health')).status, (await get('/ready')).status]).to.deep.equal([200, 503])
    expect(JSON.parse((await get('/ready')).text)).to.deep.equal({ status: 'starting', checks: {} })
    const refused = await get('/api/v1/orders', { method: 'POST', body: {} })
    expect(refused.status).to.equal(503)
    expect(refused.headers.get('retry-after')).to.equal('5')
    expect(refused.error).to.include({ code: 'unavailable', requestId: refused.headers.get('x-request-id') })
  })

  it('is ready once it is open and every check is well', async () => {
    const { get } = await stage({}, hello)
    const ready = await get('/ready')
    expect(ready.status).to.equal(200)
    expect(JSON.parse(ready.text)).to.deep.equal({ status: 'ready', checks: READY.checks })
    expect((await get('/anything')).text).to.equal('hello')
  })

  for (const [what, readiness] of [
    ['the journal takes nothing', async (): Promise<Readiness> => ({ ready: false, checks: { journal: 'read-only' } })],
    ['the checks themselves fail', () => Promise.reject(new Error('secret detail'))],
  ] as const) {
    it(`is not ready when ${what}, and serves what it can`, async () => {
      const { get } = await stage({ readiness }, hello)
      const answer = await get('/ready')
      expect(answer.status).to.equal(503)
      expect(JSON.parse(answer.text)).to.include({ status: 'unready' })
      expect(answer.text).not.to.contain('secret')
      expect([(await get('/health')).status, (await get('/')).status]).to.deep.equal([200, 200])
    })
  }

  it('takes nothing new while it drains, and waits for what has begun', async () => {
    let arrived: (held: ServerResponse) => void = () => undefined
    const held = new Promise<ServerResponse>((resolve) => (arrived = resolve))
    const { door, get } = await stage({}, (_request, response) => arrived(response))
    const slow = get('/slow')
    const response = await held
    const drained = door.drain(60_000)
    const refused = await get('/next')
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('connection')]).to.deep.equal([503, '5', 'close'])
    expect(JSON.parse((await get('/ready')).text)).to.deep.equal({ status: 'draining', checks: {} })
    expect((await get('/health')).status).to.equal(200)
    expect(door.requestsInFlight).to.equal(1)
    response.end('done')
    expect((await slow).text).to.equal('done')
    expect(await drained).to.equal(true)
  })

  it('does not wait for ever', async () => {
    const { door, get } = await stage({}, () => undefined)
    const never = get('/never').catch(() => undefined)
    while (door.requestsInFlight === 0) await new Promise(setImmediate)
    expect(await door.drain(1)).to.equal(false)
    server!.closeAllConnections()
    await never
  })

  it('gives every answer an id and tells what was answered, by the pattern of its route', async () => {
    const { get, answered } = await stage({}, (_request, response) => {
      nameRoute(response, '/hot/:name')
      response.statusCode = 201
      response.end()
    })
    const answer = await get('/hot/secret-name?token=abc', { headers: { 'x-request-id': 'chosen-by-a-caller' } })
    expect(answer.headers.get('x-request-id')).to.equal('request-1')
    expect(answered).to.have.length(1)
    expect(answered[0]).to.include({ requestId: 'request-1', method: 'GET', route: '/hot/:name', status: 201, address: '127.0.0.1' })
    expect(JSON.stringify(answered)).not.to.contain('secret').and.not.to.contain('abc')
  })

  it('leaves the id to whoever is inside, if they tell it themselves, but not that of a refusal', async () => {
    const { door, get } = await stage()
    expect((await get('/anything')).headers.get('x-request-id')).to.equal('request-1')
    door.open((_request, response) => void response.writeHead(200, ['X-Id-Inside', requestIdOf(response)]).end(), { tellsRequestIds: true })
    const { headers } = await get('/anything')
    expect([headers.get('x-request-id'), headers.get('x-id-inside')]).to.deep.equal([null, 'request-2'])
    expect((await get('/health')).headers.get('x-request-id')).to.equal('request-3')
  })

  it('keeps the id of a proxy of our own, where it is one', async () => {
    const { get } = await stage({ proxies: ['127.0.0.1'] }, hello)
    expect((await get('/', { headers: { 'x-request-id': '0123456789abcdef' } })).headers.get('x-request-id')).to.equal('0123456789abcdef')
    for (const id of ['short', 'with spaces in it', 'x'.repeat(65), '<script>alert(1)</script>']) {
      expect((await get('/', { headers: { 'x-request-id': id } })).headers.get('x-request-id'), id).to.match(/^request-\d+$/)
    }
  })

  it('shows its metrics to programs of this machine, and to nobody who came through a proxy', async () => {
    const { get } = await stage({}, hello)
    expect((await get('/metrics')).text).to.equal('bourse_sequence 7\n')
    for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via', 'x-forwarded-proto']) {
      expect((await get('/metrics', { headers: { [header]: '127.0.0.1' } })).status, header).to.equal(404)
    }
  })

  it('shows its metrics to whoever knows the token, where there is one', async () => {
    const { get } = await stage({ metrics: { contentType: 'text/plain', text: async () => 'numbers', token: 'let-me-see' } }, hello)
    const status = async (headers: Record<string, string>): Promise<number> => (await get('/metrics', { headers })).status
    expect(await status({ authorization: 'Bearer let-me-see', 'x-forwarded-for': '203.0.113.9' })).to.equal(200)
    expect([await status({}), await status({ authorization: 'Bearer let-me-se' }), await status({ authorization: 'let-me-see' })]).to.deep.equal([404, 404, 404])
  })

  it('answers its own pages to GET only', async () => {
    const { get } = await stage({}, hello)
    for (const path of ['/health', '/ready', '/metrics']) expect((await get(path, { method: 'POST' })).status, path).to.equal(405)
  })

  it('refuses plain HTTP from other machines in production, but not that of a named proxy', () => {
    const door = new FrontDoor({ refusePlainHttp: true, proxies: ['10.0.0.5'], readiness: async () => READY, newRequestId: () => 'r', now: () => 0 })
    door.open(hello)
    const from = (remoteAddress: string, headers = {}): number | undefined => door.refusal({ socket: { remoteAddress }, headers } as IncomingMessage)?.status
    expect([from('203.0.113.9'), from('::ffff:203.0.113.9'), from('203.0.113.9', { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' })]).to.deep.equal([403, 403, 403])
    expect([from('10.0.0.5'), from('127.0.0.1'), from('::1'), from('::ffff:127.0.0.1')]).to.deep.equal([undefined, undefined, undefined, undefined])
  })
})
