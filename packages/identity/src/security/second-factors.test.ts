import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { onEachDatabase } from '../../test/on-each-database.js'
import { HERE, PASSWORD, type TestAccounts } from '../../test/open-test-accounts.js'
import type { Person } from '../people.js'
import { SecondFactors } from './second-factors.js'

onEachDatabase('second factors', (accounts) => {
  let people = 0
  let ann: Person
  let app: TOTP
  let recoveryCodes: readonly string[]
  const code = (offsetMs = 0): string => app.generate({ timestamp: accounts().clock.nowMs + offsetMs })
  const later = (): void => void (accounts().clock.nowMs += 30_000)
  const logIn = (given?: string) => accounts().identity.logIn({ email: ann.email, password: PASSWORD, ...HERE, code: given })

  beforeEach(async () => {
    const { secondFactors, person, clock } = accounts()
    clock.nowMs += 3_600_000
    ann = await person(`ann${people++}@example.com`)
    const begun = await secondFactors.beginTotp(ann)
    if (!begun.ok) throw new Error(begun.message)
    expect(begun.uri).to.match(/^otpauth:\/\/totp\/Acme:ann\d+%40example\.com\?issuer=Acme&secret=[A-Z2-7]{32}&algorithm=SHA1&digits=6&period=30$/)
    app = new TOTP({ secret: Secret.fromBase32(begun.secret) })
    const confirmed = await secondFactors.confirmTotp(ann.userId, code(), HERE)
    if (!confirmed.ok) throw new Error(confirmed.message)
    recoveryCodes = confirmed.recoveryCodes
    later()
  })
  const statusOf = (): ReturnType<TestAccounts['secondFactors']['status']> => accounts().secondFactors.status(ann.userId)

  it('let nobody in with the password alone', async () => {
    expect(await logIn()).to.include({ ok: false, code: 'second_factor_required' })
    expect(await logIn('000000')).to.include({ ok: false, code: 'wrong_code' })
    expect((await logIn(code())).ok).to.equal(true)
  })

  it('take a code once, also when a hundred try it at the same moment through several gateways', async () => {
    const { database, secrets, journal, clock } = accounts()
    // Each gateway counts wrong codes by itself: twenty of them let a hundred tries through.
    const gateways = Array.from({ length: 20 }, () => new SecondFactors({ knex: database.knex, secrets, journal, issuer: () => 'Acme', now: () => clock.nowMs, randomBytes }))
    const now = code()
    const results = await Promise.all(gateways.flatMap((gateway) => Array.from({ length: 5 }, () => gateway.check(ann.userId, now, HERE))))
    const taken = results.filter(({ ok }) => ok).length
    expect([taken, results.filter((result) => !result.ok && result.code === 'wrong_code').length]).to.deep.equal([1, 99])
    console.log(`      ${results.length} tries with one code, ${taken} taken`)
  })

  it('take the code of the step before or after, never an older one than was taken', async () => {
    const { secondFactors } = accounts()
    expect((await secondFactors.check(ann.userId, code(30_000), HERE)).ok).to.equal(true)
    expect((await secondFactors.check(ann.userId, code(), HERE)).ok).to.equal(false)
    expect((await secondFactors.check(ann.userId, code(90_000), HERE)).ok).to.equal(false)
  })

  it('stop guesses after five wrong codes, whatever comes next', async () => {
    const { secondFactors, clock } = accounts()
    const guesses = await Promise.all(Array.from({ length: 20 }, (_, index) => secondFactors.check(ann.userId, String(index).padStart(6, '0'), HERE)))
    expect(guesses.filter((guess) => !guess.ok && guess.code === 'wrong_code')).to.have.length(5)
    expect(await secondFactors.check(ann.userId, code(), HERE)).to.include({ ok: false, code: 'too_many_requests' })
    clock.nowMs += 15 * 60_000
    expect((await secondFactors.check(ann.userId, code(), HERE)).ok).to.equal(true)
  })

  it('give ten recovery codes, each of which works once and is told by mail', async () => {
    const { database, mails, deliver } = accounts()
    expect(new Set(recoveryCodes).size).to.equal(10)
    const kept = await database.knex('recovery_codes').where({ user_id: ann.userId }).select<{ code_hash: string }[]>('code_hash')
    for (const recoveryCode of recoveryCodes) expect(kept.map((row) => row.code_hash).join()).to.not.include(recoveryCode)
    const results = await Promise.all([1, 2, 3, 4].map(() => logIn(recoveryCodes[0])))
    expect(results.filter(({ ok }) => ok)).to.have.length(1)
    expect((await logIn(` ${recoveryCodes[1]!.toUpperCase()} `)).ok).to.equal(true)
    expect((await statusOf()).recoveryCodesLeft).to.equal(8)
    await deliver()
    expect(mails.filter(({ subject, recipient }) => recipient === ann.email && subject.includes('recovery code was used'))).to.have.length(2)
  })

  it('make old recovery codes worthless with new ones', async () => {
    const { secondFactors } = accounts()
    const fresh = await secondFactors.makeRecoveryCodes(ann.userId, HERE)
    expect((await secondFactors.check(ann.userId, recoveryCodes[0]!, HERE)).ok).to.equal(false)
    expect((await secondFactors.check(ann.userId, fresh[0]!, HERE)).ok).to.equal(true)
  })

  it('of one person are nothing to another', async () => {
    const bob = await accounts().person(`bob${people++}@example.com`)
    expect((await accounts().secondFactors.check(bob.userId, code(), HERE)).ok).to.equal(false)
    expect((await accounts().secondFactors.check(bob.userId, recoveryCodes[0]!, HERE)).ok).to.equal(false)
  })

  it('cannot be replaced while they are on, and are off at once', async () => {
    const { secondFactors } = accounts()
    expect(await secondFactors.beginTotp(ann)).to.include({ ok: false, code: 'conflict' })
    expect(await secondFactors.disableTotp(ann.userId, HERE)).to.equal(true)
    expect(await secondFactors.disableTotp(ann.userId, HERE)).to.equal(false)
    expect(await statusOf()).to.deep.equal({ totp: false, passkeys: 0, recoveryCodesLeft: 0 })
    expect((await logIn()).ok).to.equal(true)
  })

  it('keep their secrets from whoever has the database alone', async () => {
    const row = await accounts().database.knex('totp_secrets').where({ user_id: ann.userId }).first<{ secret: string }>()
    expect(row.secret).to.match(/^v1\./).and.not.include(app.secret.base32)
  })
})
