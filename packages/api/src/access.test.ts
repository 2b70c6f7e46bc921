import { request } from 'node:http'
import { expect } from 'chai'
import { rawRequest } from '../test/raw-request.js'
import { NO_LIMITS } from '../test/no-limits.js'
import { PASSWORD, startGateway, type RunningGateway } from '../test/running-gateway.js'
import type { Route } from './http/route.js'

/** A path of the route with values in place of its parameters. */
function addressOf(url: string, route: Route): string {
  return `${url}/api/v1${route.path.replace(':market', 'BTC-USDT').replace(':orderId', '1').replace(':key', 'k')}`
}

describe('who may call what', () => {
  let running: RunningGateway
  let token: string
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, limits: NO_LIMITS }) })
    token = (await running.trader('ann')).token
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  it('declares a policy for every route, and has private ones', () => {
    const policies = running.gateway.routes.map(({ access }) => access)
    expect(new Set(policies)).to.deep.equal(new Set(['public', 'read', 'trade', 'withdraw', 'account', 'operator']))
    expect(policies.filter((access) => access !== 'public').length).to.be.at.least(15)
  })

  it('refuses every private route to those who are not logged in, whatever they send as a token', async () => {
    for (const route of running.gateway.routes.filter(({ access }) => access !== 'public')) {
      for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: `Bearer ${'A'.repeat(43)}` }, { authorization: `Basic ${token}` }, { cookie: 'session=nothing' }, { cookie: `__Host-session=${token}` }]) {
        const answer = await rawRequest(addressOf(running.url, route), { method: route.method, headers: { ...headers, 'sec-fetch-site': 'same-origin' } })
        expect(answer.status, `${route.method} ${route.path} ${JSON.stringify(headers)}`).to.equal(401)
        expect(answer.error?.code).to.equal('not_logged_in')
      }
    }
  })

  it('answers every public route without a log-in', async () => {
    for (const route of running.gateway.routes.filter(({ access, method }) => access === 'public' && method === 'GET')) {
      const query = route.path.endsWith('/candles') ? '?interval=1m' : ''
      expect((await rawRequest(addressOf(running.url, route) + query)).status, route.path).to.equal(200)
    }
  })

  it('does not fall back to the cookie when a wrong token is sent', async () => {
    const answer = await rawRequest(`${running.url}/api/v1/balances`, { headers: { cookie: `session=${token}`, authorization: `Bearer ${'B'.repeat(43)}` } })
    expect(answer.status).to.equal(401)
  })

  it('ends a session for good', async () => {
    const { client, token: mine } = await running.trader('leaver')
    expect((await rawRequest(`${running.url}/api/v1/balances`, { token: mine })).status).to.equal(200)
    await client.logOut()
    expect((await rawRequest(`${running.url}/api/v1/balances`, { token: mine })).status).to.equal(401)
    expect(await client.session()).to.equal(null)
  })

  it('logs in again as the same person', async () => {
    const { client, userId } = await running.trader('returner')
    await client.logOut()
    const { user } = await client.logIn({ email: 'Returner@Example.com', password: PASSWORD })
    expect(user.userId).to.equal(userId)
    expect((await client.session())?.email).to.equal('returner@example.com')
  })

  it('tells a taken address, a weak password and wrong credentials apart, each with its status', async () => {
    const post = (path: string, body: object) => rawRequest(`${running.url}/api/v1/auth/${path}`, { method: 'POST', body })
    expect((await post('sign-up', { email: 'ann@example.com', password: PASSWORD })).error).to.include({ code: 'email_taken', field: 'email' })
    expect((await post('sign-up', { email: 'new@example.com', password: 'password1' })).error).to.include({ code: 'weak_password', field: 'password' })
    const wrong = await post('log-in', { email: 'ann@example.com', password: 'another password' })
    expect(wrong.status).to.equal(401)
    expect(wrong.error?.code).to.equal('wrong_credentials')
  })

  it('refuses to guess passwords for ever, and says how long to wait', async () => {
    const guess = () => rawRequest(`${running.url}/api/v1/auth/log-in`, { method: 'POST', body: { email: 'victim@example.com', password: 'a wrong guess' } })
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) statuses.push((await guess()).status)
    expect(statuses).to.deep.equal([401, 401, 401, 401, 401, 429])
    const refused = await guess()
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 900)
  })

  it('opens the account of a person whom another part of the exchange created', async () => {
    await running.identity.createUser({ email: 'operator@example.com', password: PASSWORD })
    const client = running.client()
    await client.logIn({ email: 'operator@example.com', password: PASSWORD })
    expect((await client.balances()).balances).to.deep.include({ asset: 'BTC', available: '0.00000000', held: '0.00000000' })
  })
})

describe('pages and cookies', () => {
  let running: RunningGateway
  let host: string
  before(async () => {
    running = await startGateway()
    host = new URL(running.url).host
    await running.trader('ann')
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
  const logIn = (headers: Record<string, string>) => rawRequest(`${running.url}/api/v1/auth/log-in`, { method: 'POST', headers, body: { email: 'ann@example.com', password: PASSWORD } })
  const cookieOf = (setCookie: string | null): string => (setCookie ?? '').split(';')[0] ?? ''

  it('keeps the session of a page in a cookie that scripts cannot read, and hands out no token', async () => {
    const answer = await logIn({ origin: running.url })
    expect(answer.status).to.equal(200)
    expect(JSON.parse(answer.text)).to.include({ token: '' })
    expect(answer.headers.get('set-cookie')).to.match(/^session=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=[0-9]+; HttpOnly; SameSite=Lax(?:$|, device=)/)
    const cookie = cookieOf(answer.headers.get('set-cookie'))
    expect((await rawRequest(`${running.url}/api/v1/balances`, { headers: { cookie } })).status).to.equal(200)
  })

  it('uses a secure __Host- cookie in production', async () => {
    const production = await startGateway({ services: (services) => ({ ...services, production: true, allowedOrigins: ['https://exchange.example'] }) })
    await production.trader('ann')
    const answer = await rawRequest(`${production.url}/api/v1/auth/log-in`, { method: 'POST', headers: { origin: 'https://exchange.example' }, body: { email: 'ann@example.com', password: PASSWORD } })
    expect(answer.headers.get('set-cookie')).to.match(/^__Host-session=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=[0-9]+; HttpOnly; SameSite=Lax; Secure, __Host-device=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=[0-9]+; HttpOnly; SameSite=Lax; Secure$/)
    expect(answer.headers.get('strict-transport-security')).to.include('max-age=')
    await production.remove()
  })

  it('changes the session at every log-in and ends the one before', async () => {
    const first = cookieOf((await logIn({ origin: running.url })).headers.get('set-cookie'))
    const second = cookieOf((await logIn({ origin: running.url, cookie: first })).headers.get('set-cookie'))
    expect(second).to.not.equal(first)
    expect((await rawRequest(`${running.url}/api/v1/balances`, { headers: { cookie: first } })).status).to.equal(401)
    expect((await rawRequest(`${running.url}/api/v1/balances`, { headers: { cookie: second } })).status).to.equal(200)
  })

  it('takes writes with the cookie from its own pages only', async () => {
    const cookie = cookieOf((await logIn({ origin: running.url })).headers.get('set-cookie'))
    const write = (headers: Record<string, string>) => rawRequest(`${running.url}/api/v1/orders`, { method: 'DELETE', headers: { cookie, ...headers } })
    expect((await write({ origin: running.url })).status).to.equal(200)
    expect((await write({ 'sec-fetch-site': 'same-origin' })).status).to.equal(200)
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: `http://${host}.evil.example` }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, {}]) {
      const answer = await write(headers)
      expect(answer.status, JSON.stringify(headers)).to.equal(403)
      expect(answer.error?.code).to.equal('forbidden')
    }
  })

  it('does not let a foreign page log anybody in', async () => {
    expect((await logIn({ origin: 'https://evil.example' })).status).to.equal(403)
  })

  it('refuses a socket from a foreign page before the upgrade', async () => {
    const upgrade = (origin: string) => rawUpgrade(running.url, { origin })
    expect(await upgrade('https://evil.example')).to.equal(400)
    expect(await upgrade('null')).to.equal(400)
    expect(await upgrade(running.url)).to.equal(101)
  })

  it('sends no script, frame or type to chance', async () => {
    const { headers } = await rawRequest(`${running.url}/api/v1/time`)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).to.include("script-src 'self';").and.to.include("frame-ancestors 'none'").and.to.include("object-src 'none'")
    expect(/script-src[^;]*unsafe/.test(policy)).to.equal(false)
    expect(headers.get('x-content-type-options')).to.equal('nosniff')
    expect(headers.get('x-powered-by')).to.equal(null)
    expect(headers.get('access-control-allow-origin')).to.equal(null)
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/)
  })

  it('does not believe X-Forwarded-For without a proxy of its own', async () => {
    const guess = (address: string) =>
      rawRequest(`${running.url}/api/v1/auth/log-in`, { method: 'POST', headers: { 'x-forwarded-for': address }, body: { email: 'victim@example.com', password: 'a wrong guess' } })
    const statuses: number[] = []
    for (let i = 0; i < 6; i++) statuses.push((await guess(`203.0.113.${i}`)).status)
    expect(statuses).to.deep.equal([401, 401, 401, 401, 401, 429])
  })
})

/** The status with which an attempt to open a web socket is answered. */
function rawUpgrade(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const attempt = request(`${url}/api/v1/stream/?EIO=4&transport=websocket`, {
      headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', ...headers },
    })
    attempt.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    attempt.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve(101)
    })
    attempt.on('error', reject)
    attempt.end()
  })
}
