import { expect } from 'chai'
import { onEachDatabase } from '../../test/on-each-database.js'
import { HERE } from '../../test/open-test-accounts.js'
import { SECURITY_EVENTS, type SecurityEventName, type SecurityEventRule } from './security-events.js'

onEachDatabase('what happens to an account', (accounts) => {
  it('is written down, mailed with the anti-phishing code, and holds withdrawals: each as the table says', async () => {
    const { journal, identity, security, audit, mails, deliver, clock, person } = accounts()
    const { userId, email } = await person()
    await security.setAntiPhishingCode(userId, 'blue heron', HERE)
    const names = Object.keys(SECURITY_EVENTS) as SecurityEventName[]
    let mailed = 0
    for (const event of names) {
      const rule: SecurityEventRule = SECURITY_EVENTS[event]
      clock.nowMs += 48 * 3_600_000
      await deliver()
      mails.length = 0
      await journal.change((_trx, note) => note({ event, userId, origin: HERE }))
      await deliver()
      expect((await audit.list({ subject: userId, limit: 1 }))[0]?.action).to.equal(event)
      expect(mails.map(({ recipient }) => recipient), event).to.deep.equal(rule.mail === undefined ? [] : [email])
      for (const { text, html } of mails) expect(text + html, event).to.match(/blue heron[\s\S]*blue heron/)
      mailed += mails.length
      const held = (await identity.userById(userId))!.withdrawalsHeldUntilMs > clock.nowMs
      expect(held, event).to.equal(rule.holdsWithdrawals === true)
    }
    console.log(`      ${names.length} kinds of events, ${mailed} mails, each with the code`)
  })

  it('is all taken back with its cause', async () => {
    const { journal, audit, mails, deliver, person } = accounts()
    const { userId } = await person('bob@example.com')
    await deliver()
    mails.length = 0
    const before = await audit.verify()
    await journal
      .change(async (_trx, note) => {
        await note({ event: 'password.changed', userId, origin: HERE })
        throw new Error('the change failed')
      })
      .catch(() => undefined)
    await deliver()
    expect(mails).to.deep.equal([])
    expect(await audit.verify()).to.deep.equal(before)
  })

  it('goes on when many change the same account at the same moment', async () => {
    const { security, secondFactors, apiKeys, audit, person } = accounts()
    const { userId } = await person('eva@example.com')
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => [
        security.setAntiPhishingCode(userId, `heron ${index}`, HERE),
        secondFactors.makeRecoveryCodes(userId, HERE),
        apiKeys.create({ userId, label: `bot ${index}`, scopes: [] }),
        security.sendVerification(userId, HERE),
      ]).flat(),
    )
    expect((await audit.list({ subject: userId, limit: 100 })).length).to.be.at.least(24)
    expect((await audit.verify()).ok).to.equal(true)
  })

  it('floods nobody with links', async () => {
    const { security, mails, deliver, person, clock } = accounts()
    const { userId, email } = await person('cat@example.com', { emailVerified: false })
    await deliver()
    mails.length = 0
    for (let count = 0; count < 20; count++) {
      await security.requestReset(email, HERE)
      await security.sendVerification(userId, HERE)
    }
    await deliver()
    expect(mails).to.have.length(10)
    clock.nowMs += 16 * 60_000
    await security.requestReset(email, HERE)
    await deliver()
    expect(mails).to.have.length(11)
  })

  it('can be undone by the operator where second factors are lost', async () => {
    const { secondFactors, security, identity, person } = accounts()
    const dan = await person('dan@example.com')
    await secondFactors.makeRecoveryCodes(dan.userId, HERE)
    await security.removeSecondFactors(dan.userId, 'operator')
    expect(await secondFactors.status(dan.userId)).to.deep.equal({ totp: false, passkeys: 0, recoveryCodesLeft: 0 })
    expect((await identity.userById(dan.userId))!.withdrawalsHeldUntilMs).to.be.greaterThan(0)
  })
})
