import { expect } from 'chai'
import { onEachDatabase } from '../../test/on-each-database.js'
import { Approvals } from './approvals.js'
import { ROLES, type Role } from '../people.js'

onEachDatabase('approvals by two persons', (accounts) => {
  let approvals: Approvals
  let performed: unknown[]
  let fails: boolean
  const operator = (userId: string, role: Role = 'finance') => ({ userId, role })
  beforeEach(async () => {
    const { database, audit, clock } = accounts()
    await database.knex('approvals').delete()
    performed = []
    fails = false
    approvals = new Approvals({ knex: database.knex, audit, now: () => clock.nowMs })
    approvals.register({
      name: 'balance.adjust',
      requestedBy: ['finance'],
      approvedBy: ['finance', 'admin'],
      check: async ({ amount }) => (typeof amount === 'string' ? undefined : 'amount must be a decimal.'),
      perform: async (input) => {
        if (fails) throw new Error('the ledger refused')
        performed.push(input)
      },
    })
  })
  const ask = async (): Promise<string> => {
    const result = await approvals.request(operator('u_1'), { action: 'balance.adjust', input: { amount: '1' }, reason: 'ticket 7' })
    if (!result.ok) throw new Error(result.message)
    return result.approval.approvalId
  }

  it('does what one requested and another approved, once', async () => {
    const approvalId = await ask()
    const results = await Promise.all(['u_2', 'u_3', 'u_4'].map((userId) => approvals.decide(operator(userId), approvalId, 'approve')))
    expect(results.filter(({ ok }) => ok)).to.have.length(1)
    expect(performed).to.deep.equal([{ amount: '1' }])
    expect((await approvals.list(10)).map(({ state }) => state)).to.deep.equal(['done'])
  })

  it('lets nobody decide on their own request, whatever their role', async () => {
    const approvalId = await ask()
    for (const role of ROLES) {
      expect(await approvals.decide(operator('u_1', role), approvalId, 'approve')).to.include({ ok: false, code: 'forbidden' })
      expect(await approvals.decide(operator('u_1', role), approvalId, 'reject')).to.include({ ok: false, code: 'forbidden' })
    }
    expect(performed).to.deep.equal([])
  })

  it('holds every role to what it may request and decide', async () => {
    let denied = 0
    for (const role of ROLES) {
      const requested = await approvals.request(operator('u_9', role), { action: 'balance.adjust', input: { amount: '1' }, reason: 'x' })
      expect(requested.ok, role).to.equal(role === 'finance')
      const decided = await approvals.decide(operator('u_8', role), await ask(), 'approve')
      expect(decided.ok, role).to.equal(role === 'finance' || role === 'admin')
      denied += Number(!requested.ok) + Number(!decided.ok)
    }
    console.log(`      ${denied} denials`)
  })

  it('expires, can be rejected and taken back, and then cannot be approved any more', async () => {
    const { clock } = accounts()
    const [late, rejected, back] = [await ask(), await ask(), await ask()]
    expect((await approvals.decide(operator('u_2'), rejected, 'reject')).ok).to.equal(true)
    expect(await approvals.withdraw(operator('u_2'), back)).to.include({ ok: false, code: 'not_found' })
    expect((await approvals.withdraw(operator('u_1'), back)).ok).to.equal(true)
    clock.nowMs += 24 * 3_600_000
    for (const approvalId of [late, rejected, back]) expect(await approvals.decide(operator('u_3'), approvalId, 'approve')).to.include({ ok: false, code: 'conflict' })
    expect((await approvals.list(10)).map(({ state }) => state).sort()).to.deep.equal(['expired', 'rejected', 'withdrawn'])
    expect(performed).to.deep.equal([])
  })

  it('tells what went wrong, and goes on after a crash with what was approved', async () => {
    fails = true
    const approvalId = await ask()
    expect(await approvals.decide(operator('u_2'), approvalId, 'approve')).to.have.nested.property('approval.outcome', 'the ledger refused')
    fails = false
    await accounts().database.knex('approvals').where({ approval_id: approvalId }).update({ state: 'approved', outcome: null })
    await approvals.resume()
    await approvals.resume()
    expect(performed).to.have.length(1)
    expect((await accounts().audit.verify()).ok).to.equal(true)
  })

  it('refuses what nobody can do', async () => {
    expect(await approvals.request(operator('u_1'), { action: 'nothing', input: {}, reason: 'x' })).to.include({ ok: false, code: 'not_found' })
    expect(await approvals.request(operator('u_1'), { action: 'balance.adjust', input: {}, reason: 'x' })).to.include({ ok: false, code: 'invalid_request' })
    expect(await approvals.decide(operator('u_1'), 'nothing', 'approve')).to.include({ ok: false, code: 'not_found' })
  })
})
