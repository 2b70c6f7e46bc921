import { ROLES, type Role } from '@bourse/identity'
import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { NO_LIMITS } from '../test/no-limits.js'
import { rawRequest } from '../test/raw-request.js'
import { refusal } from '../test/refusal.js'
import { PASSWORD, startGateway, type RunningGateway } from '../test/running-gateway.js'
import type { Route } from './http/route.js'

describe('roles of those who work for the operator', () => {
  let running: RunningGateway
  const tokens = new Map<Role, string>()
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, limits: NO_LIMITS }) })
    for (const role of ROLES) {
      const made = await running.identity.createUser({ email: `${role}@example.com`, password: PASSWORD, role })
      if (!made.ok) throw new Error(made.message)
      tokens.set(role, (await running.identity.openSession(made.user)).token)
    }
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
  const client = (role: Role) => running.client({ token: tokens.get(role)! })
  const call = (route: Route, token?: string) => rawRequest(`${running.url}/api/v1${route.path.replace(/:\w+/, 'nobody')}`, { method: route.method, ...(token !== undefined && { token }) })
  const operatorRoutes = (): Route[] => running.gateway.routes.filter(({ access }) => access === 'operator')

  it('open what their role says and nothing else: every route with every role, nobody and keys', async () => {
    let denials = 0
    for (const route of operatorRoutes()) {
      expect((await call(route)).status, `${route.path} anonymous`).to.equal(401)
      denials++
      for (const role of ROLES) {
        const answer = await call(route, tokens.get(role))
        const allowed = route.contract.roles.some((name) => name === role)
        expect(answer.status === 403, `${route.method} ${route.path} ${role} ${answer.text}`).to.equal(!allowed)
        if (!allowed) denials++
      }
    }
    const keys = await Promise.all(ROLES.map((role) => client(role).createApiKey({ label: 'bot', scopes: ['trade', 'withdraw'], allowedAddresses: ['127.0.0.1', '::1'] })))
    for (const { apiKey, secret } of keys) {
      const bot = running.client({ apiKey: { key: apiKey.key, secret: secret! } })
      expect((await refusal(bot.operator.approvals())).code).to.equal('forbidden')
      denials++
    }
    console.log(`      ${operatorRoutes().length} routes, ${denials} denials`)
  })

  it('give no power over what belongs to others', async () => {
    const { client: ann } = await running.trader('ann', { USDT: '100' })
    const { order } = await ann.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' })
    for (const role of ROLES) {
      expect((await refusal(client(role).cancelOrder({ market: 'BTC-USDT', orderId: order.orderId }))).status, role).to.be.within(404, 422)
      expect((await client(role).openOrders()).length, role).to.equal(0)
    }
    expect((await ann.openOrders()).length).to.equal(1)
  })

  it('let support freeze at once, and open again only by two persons', async () => {
    const { client: eve, userId } = await running.trader('eve')
    expect((await client('support').operator.findPerson('eve@example.com')).frozen).to.equal(false)
    await client('support').operator.freezePerson(userId)
    expect((await refusal(eve.balances())).status).to.equal(401)
    const request = { action: 'account.unfreeze', input: { userId }, reason: 'wrote to us from the known address' }
    expect((await refusal(client('viewer').operator.requestApproval(request))).code).to.equal('forbidden')
    expect((await refusal(client('compliance').operator.requestApproval({ ...request, input: {} }))).code).to.equal('invalid_request')
    const { approvalId } = await client('compliance').operator.requestApproval(request)
    expect((await refusal(client('compliance').operator.decideApproval(approvalId, 'approve'))).code).to.equal('forbidden')
    expect((await refusal(client('finance').operator.decideApproval(approvalId, 'approve'))).code).to.equal('forbidden')
    expect((await client('admin').operator.decideApproval(approvalId, 'approve')).state).to.equal('done')
    expect((await refusal(client('admin').operator.decideApproval(approvalId, 'approve'))).code).to.equal('conflict')
    expect((await client('viewer').operator.findPerson('eve@example.com')).frozen).to.equal(false)
    await eve.logIn({ email: 'eve@example.com', password: PASSWORD })
  })

  it('correct balances by two persons of finance: booked once, never below zero', async () => {
    const { client: ann, userId } = await running.trader('poor', { USDT: '100' })
    const second = await running.identity.createUser({ email: 'finance2@example.com', password: PASSWORD, role: 'finance' })
    if (!second.ok) throw new Error(second.message)
    const other = running.client({ token: (await running.identity.openSession(second.user)).token })
    const input = { userId, asset: 'USDT', amount: '5.5', direction: 'credit', against: 'world' }
    const ask = (more: object = {}) => client('finance').operator.requestApproval({ action: 'balance.adjust', input: { ...input, ...more }, reason: 'deposit without memo' })
    const balance = async (): Promise<string | undefined> => (await ann.balances()).balances.find(({ asset }) => asset === 'USDT')?.available
    for (const wrong of [{ userId: 'u_nobody' }, { asset: 'XYZ' }, { amount: '1e3' }, { amount: '0' }, { amount: '-1' }, { amount: '0.000000001' }, { direction: 'take' }, { against: 'u_somebody' }, { extra: 1 }]) {
      expect((await refusal(ask(wrong))).code, JSON.stringify(wrong)).to.equal('invalid_request')
    }
    const { approvalId } = await ask()
    expect((await refusal(client('finance').operator.decideApproval(approvalId, 'approve'))).code).to.equal('forbidden')
    expect((await refusal(client('compliance').operator.decideApproval(approvalId, 'approve'))).code).to.equal('forbidden')
    expect(await balance()).to.equal('100.00000000')
    expect((await other.operator.decideApproval(approvalId, 'approve')).state).to.equal('done')
    await running.store.knex('approvals').where({ approval_id: approvalId }).update({ state: 'approved' })
    await running.accounts.approvals.resume()
    expect(await balance()).to.equal('105.50000000')
    const tooMuch = await ask({ direction: 'debit', amount: '1000' })
    const failed = await other.operator.decideApproval(tooMuch.approvalId, 'approve')
    expect([failed.state, failed.outcome]).to.deep.equal(['failed', 'The ledger refused it: insufficient balance.'])
    expect(await balance()).to.equal('105.50000000')
  })

  it('open nothing in production without a second factor', async () => {
    const production = await startGateway({ services: (services) => ({ ...services, production: true, limits: NO_LIMITS }) })
    const made = await production.identity.createUser({ email: 'admin@example.com', password: PASSWORD, role: 'admin' })
    if (!made.ok) throw new Error(made.message)
    const admin = production.client({ token: (await production.identity.openSession(made.user)).token })
    expect((await refusal(admin.operator.approvals())).message).to.include('second factor')
    const app = new TOTP({ secret: Secret.fromBase32((await admin.security.beginTotp()).secret) })
    await admin.security.confirmTotp(app.generate())
    expect(await admin.operator.approvals()).to.deep.equal([])
    await production.remove()
  })

  it('read an audit log that is whole and names who did what', async () => {
    const entries = await client('admin').operator.auditLog({ limit: 1000 })
    const frozen = entries.find(({ action }) => action === 'account.frozen')
    const support = await running.identity.userByEmail('support@example.com')
    expect(frozen?.actor).to.equal(support?.userId)
    expect(entries.map(({ action }) => action)).to.include.members(['approval.requested', 'approval.approved', 'approval.done', 'account.unfrozen', 'api_key.made'])
    expect(JSON.stringify(entries)).to.not.include(PASSWORD)
    expect(await client('compliance').operator.verifyAudit()).to.include({ ok: true })
    await running.store.knex('audit_log').where({ sequence: frozen!.sequence }).update({ actor: 'u_somebody' })
    expect(await client('compliance').operator.verifyAudit()).to.include({ ok: false, sequence: frozen!.sequence })
  })
})
