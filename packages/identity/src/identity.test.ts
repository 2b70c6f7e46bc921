import { expect } from 'chai'
import type { Knex } from 'knex'
import { DATABASES, type TestDatabase } from '../test/databases.js'
import { createIdentity, identityMigrations, type Identity, type SessionEnd } from './index.js'

const ADDRESS = '192.0.2.1'
const PASSWORD = 'correct horse battery'
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

for (const { name, open } of DATABASES) describe(`identity on ${name}`, function () {
  this.timeout(30_000)
  let database: TestDatabase | undefined
  let knex: Knex
  let identity: Identity
  let nowMs: number
  before(async function () {
    const answers = await open()
    await answers?.drop()
    if (answers !== undefined) return
    console.log(`    skipped: no ${name} answers (DATABASE_URL)`)
    this.skip()
  })
  beforeEach(async () => {
    nowMs = 1_700_000_000_000
    database = await open()
    if (database === undefined) throw new Error(`${name} does not answer any more.`)
    knex = database.knex
    for (const migration of identityMigrations) await migration.up(knex)
    identity = createIdentity({ knex, now: () => nowMs })
  })
  afterEach(() => database?.drop())
  const create = async (email = 'ann@example.com') => {
    const result = await identity.createUser({ email, password: PASSWORD })
    if (!result.ok) throw new Error(result.message)
    return result.user
  }
  const logIn = (password: string, email = 'ann@example.com', address = ADDRESS) => identity.logIn({ email, password, address })

  it('names people without personal data, in a form that the engine takes', async () => {
    const [ann, bob] = [await create(), await create('bob@example.com')]
    expect(ann.userId).to.match(/^u_[a-z2-7]{26}$/)
    expect(bob.userId).to.not.equal(ann.userId)
  })

  it('keeps passwords as argon2id hashes and tokens as sha-256 only', async () => {
    await create()
    const result = await logIn(PASSWORD)
    if (!result.ok) throw new Error(result.message)
    const user = await knex('users').first()
    expect(user.password_hash).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const session = await knex('sessions').first()
    expect(session.session_id).to.match(/^[0-9a-f]{64}$/)
    expect([...Object.values(user), ...Object.values(session)].join(' ')).to.not.include(result.token)
  })

  it('lets one e-mail address sign up once, in whatever spelling and however often at once', async () => {
    const results = await Promise.all(['ann@example.com', ' Ann@Example.COM ', 'ANN@EXAMPLE.COM'].map((email) => identity.createUser({ email, password: PASSWORD })))
    expect(results.filter((result) => result.ok)).to.have.length(1)
    expect(results.filter((result) => !result.ok && result.code === 'email_taken')).to.have.length(2)
    expect((await logIn(PASSWORD, 'ANN@example.com')).ok).to.equal(true)
  })

  for (const [password, reason] of [['short', 'too_short'], ['PassWord1', 'common'], ['aaaaabbbbbccc', 'few_characters'], ['ann@example.com', 'contains_email'], ['x'.repeat(201), 'too_long']] as const) {
    it(`refuses the password ${password.slice(0, 20)} because it is ${reason}`, async () => {
      expect(await identity.createUser({ email: 'ann@example.com', password })).to.include({ ok: false, code: 'weak_password', reason })
    })
  }

  it('opens a session with the right password and finds it by its token', async () => {
    const user = await create()
    const result = await logIn(PASSWORD)
    if (!result.ok) throw new Error(result.message)
    expect((await identity.sessionByToken(result.token))?.user).to.deep.equal(user)
  })

  it('tells a wrong password and an unknown person in the same words', async () => {
    await create()
    const [wrong, unknown] = [await logIn('another password'), await logIn(PASSWORD, 'nobody@example.com')]
    expect(wrong).to.include({ ok: false, code: 'wrong_credentials' })
    expect(unknown).to.deep.equal(wrong)
  })

  it('knows no session for tokens that it never gave out', async () => {
    for (const token of ['', 'x', "' or 1=1 --", 'A'.repeat(43), 'A'.repeat(100_000)]) expect(await identity.sessionByToken(token)).to.equal(undefined)
  })

  it('ends a session at its time, at log-out and with all others of the person', async () => {
    const user = await create()
    const ended: SessionEnd[] = []
    identity.onSessionEnd((end) => ended.push(end))
    const [first, second, third] = [await identity.openSession(user), await identity.openSession(user), await identity.openSession(user)]
    await identity.logOut(first.session.sessionId)
    await identity.logOut(first.session.sessionId)
    expect(await identity.sessionByToken(first.token)).to.equal(undefined)
    expect(ended).to.deep.equal([{ sessionId: first.session.sessionId, userId: user.userId }])
    await identity.endSessions(user.userId)
    expect(await identity.sessionByToken(second.token)).to.equal(undefined)
    expect(await identity.sessionByToken(third.token)).to.equal(undefined)
    expect(ended).to.have.length(3)
    const last = await identity.openSession(user)
    nowMs += 30 * DAY
    expect(await identity.sessionByToken(last.token)).to.equal(undefined)
  })

  it('ends the oldest session of a person who opens too many', async () => {
    const user = await create()
    const tokens: string[] = []
    for (let i = 0; i < 52; i++) {
      nowMs++
      tokens.push((await identity.openSession(user)).token)
    }
    expect(await identity.sessionByToken(tokens[0]!)).to.equal(undefined)
    expect(await identity.sessionByToken(tokens[1]!)).to.equal(undefined)
    expect(await identity.sessionByToken(tokens[2]!)).to.not.equal(undefined)
    expect(await identity.sessionByToken(tokens[51]!)).to.not.equal(undefined)
  })

  it('replaces a password and ends every session', async () => {
    const user = await create()
    const { token } = await identity.openSession(user)
    expect(await identity.setPassword(user.userId, 'password1')).to.include({ ok: false, code: 'weak_password' })
    expect(await identity.setPassword(user.userId, 'a much better one')).to.deep.equal({ ok: true })
    expect(await identity.setPassword('u_nobody', 'a much better one')).to.include({ ok: false, code: 'unknown_user' })
    expect(await identity.sessionByToken(token)).to.equal(undefined)
    expect((await logIn(PASSWORD)).ok).to.equal(false)
    expect((await logIn('a much better one')).ok).to.equal(true)
  })

  it('stops guessing after five failures, also when all guesses come at once, and not for others', async () => {
    await create()
    const guesses = await Promise.all(Array.from({ length: 20 }, (_, i) => logIn(`guess number ${i}`)))
    expect(guesses.filter((guess) => !guess.ok && guess.code === 'wrong_credentials')).to.have.length(5)
    const refused = await logIn(PASSWORD)
    expect(refused).to.include({ ok: false, code: 'too_many_requests', retryAfterMs: 15 * MINUTE })
    expect((await logIn(PASSWORD, 'ann@example.com', '192.0.2.2')).ok).to.equal(true)
    nowMs += 15 * MINUTE
    expect((await logIn(PASSWORD)).ok).to.equal(true)
  })

  it('forgets earlier failures after the right password', async () => {
    await create()
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) await logIn('another password')
      expect((await logIn(PASSWORD)).ok).to.equal(true)
    }
  })
})
