import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { Expectation } from '../test/event-wait.js'
import { NO_LIMITS } from '../test/no-limits.js'
import { rawRequest } from '../test/raw-request.js'
import { refusal } from '../test/refusal.js'
import { fund, PASSWORD, startGateway, type RunningGateway } from '../test/running-gateway.js'

const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

describe('the safety of accounts over the API', () => {
  let running: RunningGateway
  let aheadMs: number
  before(async () => {
    aheadMs = 0
    const now = (): number => Date.now() + aheadMs
    running = await startGateway({ now, services: (services) => ({ ...services, now, limits: NO_LIMITS }) })
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
  const mailsTo = async (name: string): Promise<readonly string[]> => (await running.mails()).filter(({ recipient }) => recipient === `${name}@example.com`).map(({ subject }) => subject.replace('Test Exchange: ', ''))
  const newest = async (name: string, page: string): Promise<string> => {
    const texts = (await running.mails()).filter(({ recipient }) => recipient === `${name}@example.com`).map(({ text }) => new RegExp(`/${page}#([\\w-]{43})`).exec(text)?.[1])
    return texts.filter((secret) => secret !== undefined).at(-1)!
  }

  it('lets whoever has not proved their address trade, but neither withdraw nor make keys', async () => {
    const client = running.client()
    const { user } = await client.signUp({ email: 'eve@example.com', password: PASSWORD, language: 'de' })
    expect(user.emailVerified).to.equal(false)
    await fund(running.exchange, user.userId, 'USDT', '1000')
    await client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' })
    expect((await refusal(client.createApiKey({ label: 'bot' }))).code).to.equal('email_not_verified')
    expect((await refusal(client.withdraw({ requestId: 'w', asset: 'USDT', address: 'x', amount: '20' }))).code).to.equal('email_not_verified')
    expect(await mailsTo('eve')).to.deep.equal(['Bestätige deine E-Mail-Adresse'])
    await running.client().security.verifyEmail(await newest('eve', 'verify-email'))
    await client.createApiKey({ label: 'bot' })
    expect((await client.session())?.emailVerified).to.equal(true)
  })

  it('asks for a fresh proof before each sensitive change, and only there', async () => {
    const { client } = await running.trader('pam')
    aheadMs += 11 * MINUTE_MS
    const sensitive = running.gateway.routes.filter(({ contract }) => contract.needs.includes('proof') && contract.access !== 'operator')
    expect(sensitive.length).to.be.at.least(10)
    const { token } = await running.identity.openSession((await running.identity.userByEmail('pam@example.com'))!)
    aheadMs += 11 * MINUTE_MS
    for (const { method, path } of sensitive) {
      const answer = await rawRequest(`${running.url}/api/v1${path.replace(/:\w+/, 'x')}`, { method, token })
      expect([answer.status, answer.error?.code], `${method} ${path}`).to.deep.equal([403, 'proof_required'])
    }
    await client.balances()
    expect((await refusal(client.security.prove({ password: 'not the password' }))).code).to.equal('wrong_credentials')
    await client.security.prove({ password: PASSWORD })
    await client.security.setAntiPhishingCode('blue heron')
    console.log(`      ${sensitive.length} changes refused without a proof`)
  })

  it('logs in with a code beside the password once the app is set up, and holds withdrawals meanwhile', async () => {
    const { client, userId } = await running.trader('tom', { USDT: '1000' })
    const app = new TOTP({ secret: Secret.fromBase32((await client.security.beginTotp()).secret) })
    const code = (): string => app.generate({ timestamp: Date.now() + aheadMs })
    const { codes } = await client.security.confirmTotp(code())
    expect(codes).to.have.length(10)
    const again = running.client()
    const refused = await refusal(again.logIn({ email: 'tom@example.com', password: PASSWORD }))
    expect([refused.status, refused.code, refused.field]).to.deep.equal([401, 'second_factor_required', 'code'])
    aheadMs += 30_000
    const now = code()
    expect((await again.logIn({ email: 'tom@example.com', password: PASSWORD, code: now })).user.userId).to.equal(userId)
    expect((await refusal(again.logIn({ email: 'tom@example.com', password: PASSWORD, code: now }))).code).to.equal('wrong_code')
    const withdraw = (requestId: string) => client.withdraw({ requestId, asset: 'USDT', address: `sim-usdt-${'0'.repeat(48)}`, amount: '20' })
    expect((await refusal(withdraw('w1'))).code).to.equal('withdrawals_held')
    expect((await client.session())?.withdrawalsHeldUntilMs).to.be.closeTo(Date.now() + aheadMs + DAY_MS, 2 * MINUTE_MS)
    expect(await mailsTo('tom')).to.include('Two-factor log-in was switched on')
  })

  it('tells of every withdrawal by mail, once, however often it is asked for', async () => {
    const { client } = await running.trader('wim', { USDT: '1000' })
    const { client: friend } = await running.trader('friend')
    const { address } = await friend.depositAddress('USDT')
    const ask = () => client.withdraw({ requestId: 'w1', asset: 'USDT', address, amount: '20' })
    await ask()
    await ask()
    expect((await mailsTo('wim')).filter((subject) => subject === 'A withdrawal was requested')).to.have.length(1)
  })

  it('cuts the sockets of a session that has ended, also where another process ended it', async () => {
    const { client } = await running.trader('sam')
    let longestMs = 0
    for (const by of ['list', 'password', 'another process'] as const) {
      const other = running.client()
      await other.logIn({ email: 'sam@example.com', password: PASSWORD })
      await other.connect()
      const cut = new Expectation(() => (other.connection === 'connected' ? undefined : other.connection))
      other.onConnection(() => cut.changed())
      const startedMs = Date.now()
      if (by === 'list') {
        const theirs = (await client.security.sessions()).find(({ current }) => !current)
        await client.security.endSession(theirs!.sessionId)
      } else if (by === 'password') await client.changePassword(PASSWORD)
      else await running.store.knex('sessions').whereIn('session_id', (await client.security.sessions()).filter(({ current }) => !current).map(({ sessionId }) => sessionId)).delete()
      await cut.value
      longestMs = Math.max(longestMs, Date.now() - startedMs)
      other.close()
    }
    await client.balances()
    console.log(`      3 ways to end a session, the slowest cut after ${longestMs} ms`)
  })

  it('shows sessions and devices to their owner alone', async () => {
    const { client } = await running.trader('ann')
    const { client: other } = await running.trader('bob')
    const [session] = await client.security.sessions()
    const [device] = await client.security.devices()
    expect(session).to.include({ current: true })
    expect((await refusal(other.security.endSession(session!.sessionId))).status).to.equal(404)
    expect((await refusal(other.security.forgetDevice(device!.deviceId))).status).to.equal(404)
    expect((await client.security.sessions()).map(({ sessionId }) => sessionId)).to.deep.equal([session!.sessionId])
  })

  it('freezes an account by the link of a mail: orders are cancelled, nothing trades, nobody gets in', async () => {
    const { client, userId } = await running.trader('fay', { USDT: '1000' })
    await client.createApiKey({ label: 'bot' })
    await client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' })
    const frozen = new Expectation(() => (running.exchange.engine.openOrders(running.exchange.catalog.accountByName(userId)!).length === 0 ? true : undefined))
    running.exchange.onCommitted(() => frozen.changed())
    await running.client().security.freezeAccount(await newest('fay', 'freeze-account'))
    expect((await refusal(client.balances())).status).to.equal(401)
    expect((await refusal(running.client().logIn({ email: 'fay@example.com', password: PASSWORD }))).code).to.equal('account_frozen')
    await frozen.value
  })

  it('does not tell whether somebody has an account by asking for a new password', async () => {
    const ask = (email: string) => rawRequest(`${running.url}/api/v1/auth/forgot-password`, { method: 'POST', body: { email } })
    const [known, unknown] = [await ask('ann@example.com'), await ask('nobody@example.com')]
    expect([known.status, known.text]).to.deep.equal([unknown.status, unknown.text])
    await running.client().security.resetPassword({ token: await newest('ann', 'reset-password'), password: 'another long password' })
    expect((await refusal(running.client().logIn({ email: 'ann@example.com', password: PASSWORD }))).code).to.equal('wrong_credentials')
  })

  it('shows mails to programs of this machine, and not through a proxy or a foreign name', async () => {
    const look = (headers: Record<string, string>) => rawRequest(`${running.url}/api/v1/development/outbox`, { headers })
    expect((await look({})).status).to.equal(200)
    for (const headers of [{ 'x-forwarded-for': '203.0.113.9' }, { forwarded: 'for=203.0.113.9' }, { via: '1.1 proxy' }, { 'x-real-ip': '127.0.0.1' }] as Record<string, string>[]) {
      expect((await look(headers)).status, JSON.stringify(headers)).to.equal(404)
    }
    expect((await foreignHost(running.url, 'rebound.example')).status).to.equal(404)
  })

  for (const [unverifiedMay, trades, makesKeys] of [['read', false, false], ['trade', true, false], ['everything', true, true]] as const) {
    it(`lets whoever has not proved their address ${trades ? 'trade' : 'not trade'} and ${makesKeys ? 'make keys' : 'not make keys'} where the operator says "${unverifiedMay}"`, async () => {
      const strict = await startGateway({ services: (services) => ({ ...services, unverifiedMay }) })
      const client = strict.client()
      const { user } = await client.signUp({ email: 'eve@example.com', password: PASSWORD })
      await fund(strict.exchange, user.userId, 'USDT', '1000')
      const place = (): Promise<unknown> => client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' })
      const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'done', (error: { code: string }) => error.code)
      const expected = (may: boolean): string => (may ? 'done' : 'email_not_verified')
      expect(await codeOf(place()), 'over REST').to.equal(expected(trades))
      await client.connect()
      expect(await codeOf(place()), 'over the socket').to.equal(expected(trades))
      expect(await codeOf(client.createApiKey({ label: 'bot' }))).to.equal(expected(makesKeys))
      expect((await client.balances()).balances).to.have.length.greaterThan(0)
      await strict.remove()
    })
  }

  it('stops a frozen account in the engine at the next start, when a crash kept it from being stopped', async () => {
    const first = await startGateway()
    const { client, userId } = await first.trader('fay', { USDT: '1000' })
    await client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' })
    await first.store.knex('user_security').where({ user_id: userId }).update({ frozen_ms: Date.now() })
    await first.stop()
    const second = await startGateway({ dir: first.dir })
    const orders = (): number => second.exchange.engine.openOrders(second.exchange.catalog.accountByName(userId)!).length
    const stopped = new Expectation(() => (orders() === 0 ? true : undefined))
    second.exchange.onCommitted(() => stopped.changed())
    await stopped.value
    await second.remove()
  })

  it('does not serve mails at all where they are not shown', async () => {
    const production = await startGateway({ services: (services) => ({ ...services, showsOutbox: false }) })
    expect(production.gateway.routes.some(({ path }) => path.includes('outbox'))).to.equal(false)
    expect((await rawRequest(`${production.url}/api/v1/development/outbox`)).status).to.equal(404)
    await production.remove()
  })
})

/** fetch does not let anybody set Host. */
async function foreignHost(url: string, host: string): Promise<{ status: number }> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    request(`${url}/api/v1/development/outbox`, { headers: { host } }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0 })
    })
      .on('error', reject)
      .end()
  })
}
