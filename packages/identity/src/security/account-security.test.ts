import { expect } from 'chai'
import { onEachDatabase } from '../../test/on-each-database.js'
import { HERE, PASSWORD } from '../../test/open-test-accounts.js'
import type { NewSession } from '../identity.js'
import type { Person } from '../people.js'

const ELSEWHERE = { address: '198.51.100.7', userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1' } as const
const HOUR_MS = 3_600_000

onEachDatabase('the safety of accounts', (accounts) => {
  let people = 0
  let ann: Person
  let opened: NewSession
  beforeEach(async () => {
    const { person, identity, mails, deliver, clock } = accounts()
    clock.nowMs += 48 * HOUR_MS
    ann = await person(`ann${people++}@example.com`, { emailVerified: false })
    opened = await identity.openSession(ann, HERE)
    await deliver()
    mails.length = 0
  })
  const subjects = (): string[] => accounts().mails.filter(({ recipient }) => recipient === ann.email).map(({ subject }) => subject.replace('Acme: ', ''))
  const present = async (): Promise<Person> => (await accounts().identity.userById(ann.userId))!

  it('asks whoever signs up to prove their mailbox, by a link that works once', async () => {
    const { security, deliver, secretFor, clock } = accounts()
    expect(ann.emailVerified).to.equal(false)
    await security.sendVerification(ann.userId, HERE)
    await deliver()
    const secret = secretFor('verify-email')
    expect(await security.verifyEmail(`${secret.slice(1)}x`, HERE)).to.include({ ok: false, code: 'link_expired' })
    const results = await Promise.all([1, 2, 3].map(() => security.verifyEmail(secret, HERE)))
    expect(results.filter(({ ok }) => ok)).to.have.length(1)
    expect((await present()).emailVerified).to.equal(true)
    await security.sendVerification(ann.userId, HERE)
    await deliver()
    clock.nowMs += 24 * HOUR_MS
    expect((await security.verifyEmail(secretFor('verify-email'), HERE)).ok).to.equal(false)
  })

  it('gives a link no power over anything else, and replaces it by the next one', async () => {
    const { security, deliver, secretFor } = accounts()
    await security.sendVerification(ann.userId, HERE)
    await deliver()
    const first = secretFor('verify-email')
    expect((await security.resetPassword(first, 'another long password', HERE)).ok).to.equal(false)
    expect((await security.freezeByLink(first, HERE)).ok).to.equal(false)
    await security.sendVerification(ann.userId, HERE)
    await deliver()
    expect((await security.verifyEmail(first, HERE)).ok).to.equal(false)
    expect((await security.verifyEmail(secretFor('verify-email'), HERE)).ok).to.equal(true)
  })

  it('resets a password by mail: sessions end, withdrawals are held, the person is told', async () => {
    const { security, identity, deliver, secretFor, clock } = accounts()
    await security.requestReset(`  ${ann.email.toUpperCase()}`, HERE)
    await security.requestReset('nobody@example.com', HERE)
    await deliver()
    expect(subjects()).to.deep.equal(['Choose a new password'])
    const secret = secretFor('reset-password')
    expect(await security.resetPassword(secret, 'another long password', ELSEWHERE)).to.deep.equal({ ok: true })
    expect((await security.resetPassword(secret, 'a third long password', ELSEWHERE)).ok).to.equal(false)
    expect(await identity.sessionByToken(opened.token)).to.equal(undefined)
    expect((await identity.logIn({ email: ann.email, password: 'another long password', ...HERE })).ok).to.equal(true)
    expect(await present()).to.include({ emailVerified: true, withdrawalsHeldUntilMs: clock.nowMs + 24 * HOUR_MS })
    await deliver()
    expect(subjects()).to.deep.equal(['Choose a new password', 'Your password was changed'])
  })

  it('changes a password: other sessions end, this one goes on under a new token', async () => {
    const { security, identity, clock } = accounts()
    const other = await identity.openSession(ann, HERE)
    expect(await security.changePassword(opened.session, 'password1', HERE)).to.include({ ok: false, code: 'weak_password' })
    const changed = await security.changePassword(opened.session, 'another long password', HERE)
    if (!changed.ok) throw new Error(changed.message)
    expect(await identity.sessionByToken(opened.token)).to.equal(undefined)
    expect(await identity.sessionByToken(other.token)).to.equal(undefined)
    expect((await identity.sessionByToken(changed.token))?.user.withdrawalsHeldUntilMs).to.equal(clock.nowMs + 24 * HOUR_MS)
  })

  it('tells of a log-in from a new device, once a device, and never of the first', async () => {
    const { identity, deliver, mails } = accounts()
    const logIn = (origin: object) => identity.logIn({ email: ann.email, password: PASSWORD, ...HERE, ...origin })
    await logIn({})
    const first = await logIn({ ...ELSEWHERE, fromPage: true })
    if (!first.ok) throw new Error(first.message)
    await logIn({ ...ELSEWHERE, address: '198.51.100.9', fromPage: true, deviceToken: first.deviceToken })
    await deliver()
    expect(subjects()).to.deep.equal(['Log-in from a new device'])
    expect(mails[0]!.text).to.include('Safari on iPhone').and.to.include('198.51.100.7')
    await logIn({ ...ELSEWHERE, fromPage: true, deviceToken: 'made up' })
    await deliver()
    expect(subjects()).to.have.length(2)
    expect((await accounts().security.devices(ann.userId)).map(({ label }) => label).sort()).to.deep.equal(['Firefox on Linux', 'Safari on iPhone', 'Safari on iPhone'])
  })

  it('lists sessions and devices, ends one, all others, and those of a forgotten device', async () => {
    const { identity, security } = accounts()
    const phone = await identity.openSession(ann, { ...ELSEWHERE, fromPage: true })
    const tablet = await identity.openSession(ann, { ...ELSEWHERE, fromPage: true })
    expect((await identity.sessions(ann.userId)).map(({ device, address }) => `${device} ${address}`).sort()).to.deep.equal(['Firefox on Linux 192.0.2.1', 'Safari on iPhone 198.51.100.7', 'Safari on iPhone 198.51.100.7'])
    const ended: string[] = []
    identity.onSessionEnd(({ sessionId }) => ended.push(sessionId))
    const [device] = (await security.devices(ann.userId)).filter(({ label }) => label === 'Safari on iPhone')
    expect(await security.forgetDevice(ann.userId, device!.deviceId)).to.equal(true)
    expect(await security.forgetDevice(ann.userId, device!.deviceId)).to.equal(false)
    expect(ended).to.have.length(1)
    await identity.endSessions(ann.userId, opened.session.sessionId)
    expect(ended.sort()).to.deep.equal([phone.session.sessionId, tablet.session.sessionId].sort())
    expect(await identity.sessionByToken(opened.token)).to.not.equal(undefined)
  })

  it('freezes an account by the link of a mail: sessions and keys end, nobody gets in, and an operator opens it again', async () => {
    const { security, identity, apiKeys, deliver, secretFor, clock } = accounts()
    const key = await apiKeys.create({ userId: ann.userId, label: 'bot', scopes: [] })
    if (!key.ok) throw new Error(key.message)
    const told: [string, boolean][] = []
    const stop = security.onFreeze((userId, frozen) => told.push([userId, frozen]))
    await deliver()
    expect(await security.freezeByLink(secretFor('freeze-account'), ELSEWHERE)).to.deep.equal({ ok: true })
    expect(await identity.sessionByToken(opened.token)).to.equal(undefined)
    expect(await apiKeys.find(key.apiKey.key)).to.equal(undefined)
    expect(await identity.logIn({ email: ann.email, password: PASSWORD, ...HERE })).to.include({ ok: false, code: 'account_frozen' })
    expect(await identity.sessionByToken((await identity.openSession(ann, HERE)).token)).to.equal(undefined)
    expect(await security.frozen()).to.deep.equal([ann.userId])
    await security.unfreeze(ann.userId, 'u_support')
    expect((await identity.logIn({ email: ann.email, password: PASSWORD, ...HERE })).ok).to.equal(true)
    expect((await present()).withdrawalsHeldUntilMs).to.equal(clock.nowMs + 24 * HOUR_MS)
    expect(told).to.deep.equal([[ann.userId, true], [ann.userId, false]])
    stop()
  })

  it('asks again who one is after a while, and takes the password for it until there is a second factor', async () => {
    const { security, identity, clock } = accounts()
    const session = async () => (await identity.sessionByToken(opened.token))!
    expect(security.isProved(await session())).to.equal(true)
    clock.nowMs += 10 * 60_000
    expect(security.isProved(await session())).to.equal(false)
    expect(await security.prove(await session(), { password: 'not the password' }, HERE)).to.include({ ok: false, code: 'wrong_credentials' })
    expect(await security.prove(await session(), { password: PASSWORD }, HERE)).to.include({ ok: true })
    expect(security.isProved(await session())).to.equal(true)
  })

  it('writes the anti-phishing code into every mail that follows', async () => {
    const { security, deliver, mails } = accounts()
    await security.setAntiPhishingCode(ann.userId, 'blue heron', HERE)
    await security.sendVerification(ann.userId, HERE)
    await security.requestReset(ann.email, HERE)
    await deliver()
    const mine = mails.filter(({ recipient }) => recipient === ann.email)
    expect(mine).to.have.length(3)
    for (const { text, html } of mine) expect(text + html).to.match(/blue heron[\s\S]*blue heron/)
  })

  it('writes everything into the audit log, which stays whole', async () => {
    const { audit } = accounts()
    expect((await audit.verify()).ok).to.equal(true)
    expect((await audit.list({ subject: ann.userId, limit: 10 })).map(({ action }) => action)).to.deep.equal(['log-in.succeeded', 'email.verification_requested', 'account.created'])
  })
})
