import { expect } from 'chai'
import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { Knex } from 'knex'
import { DATABASES, type TestDatabase } from '../test/databases.js'
import { ApiKeys, createIdentity, createSecretBox, identityMigrations, type ApiScope, type NewApiKey } from './index.js'

const HERE = '192.0.2.7'

for (const { name, open } of DATABASES) describe(`API keys on ${name}`, function () {
  this.timeout(30_000)
  let database: TestDatabase | undefined
  let knex: Knex
  let nowMs: number
  let userId: string
  let keys: ApiKeys
  const box = createSecretBox({ masterKey: randomBytes(32), randomBytes })

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
    const created = await createIdentity({ knex, now: () => nowMs }).createUser({ email: 'ann@example.com', password: 'correct horse battery' })
    if (!created.ok) throw new Error(created.message)
    userId = created.user.userId
    keys = new ApiKeys({ knex, secrets: box, now: () => nowMs, randomBytes })
  })
  afterEach(() => database?.drop())

  async function create(more: Partial<NewApiKey> = {}): Promise<{ key: string; secret: string }> {
    const result = await keys.create({ userId, label: 'bot', scopes: [], ...more })
    if (!result.ok) throw new Error(result.message)
    return { key: result.apiKey.key, secret: result.secret ?? '' }
  }
  const hmac = (secret: string, payload: string): string => createHmac('sha256', secret).update(payload).digest('hex')
  const check = (key: string, signature: string, payload = 'order', address = HERE) => keys.check({ key, signature, payload, address })

  it('reads only unless more is asked for, in whatever order', async () => {
    await create()
    nowMs++
    await create({ scopes: ['withdraw', 'trade'], allowedAddresses: [HERE] })
    expect((await keys.list(userId)).map(({ scopes }) => scopes.join())).to.deep.equal(['read', 'read,trade,withdraw'])
  })

  it('takes a request that was signed with its secret, and no other', async () => {
    const { key, secret } = await create()
    const result = await check(key, hmac(secret, 'order'))
    expect(result.ok && result.apiKey.userId).to.equal(userId)
    for (const wrong of [hmac(secret, 'order '), hmac(`${secret}x`, 'order'), '', 'zz', hmac(secret, 'order').slice(2)]) {
      const refused = await check(key, wrong)
      expect(!refused.ok && refused.code, wrong).to.equal('wrong_signature')
    }
    const unknown = await check('nobody', hmac(secret, 'order'))
    expect(!unknown.ok && unknown.code).to.equal('unknown_api_key')
  })

  it('takes signatures by Ed25519, with the public key in PEM or in base64', async () => {
    const pair = generateKeyPairSync('ed25519')
    const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString()
    const raw = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('base64')
    for (const publicKey of [pem, raw]) {
      const { key, secret } = await create({ publicKey })
      expect(secret).to.equal('')
      const signature = sign(null, Buffer.from('order'), createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }))).toString('base64')
      expect((await check(key, signature)).ok).to.equal(true)
      expect((await check(key, signature, 'other')).ok).to.equal(false)
    }
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'pem', type: 'spki' }).toString()
    for (const publicKey of [rsa, 'nonsense', '']) {
      const refused = await keys.create({ userId, label: 'bot', scopes: [], publicKey })
      expect(!refused.ok && refused.field).to.equal('publicKey')
    }
  })

  it('does not keep a secret that the database would reveal, and does not open one that was moved', async () => {
    const { key, secret } = await create()
    const other = await create()
    const rows = await knex('api_keys').select()
    expect(rows.flatMap((row) => Object.values(row as object).map(String)).join('\n')).not.to.contain(secret)
    const { material } = rows.find((row: { key: string }) => row.key === key) as { material: string }
    await knex('api_keys').where({ key: other.key }).update({ material })
    const moved = await check(other.key, hmac(secret, 'order')).then(() => undefined, (error: Error) => error.name)
    expect(moved).to.equal('SealedSecretError')
    const elsewhere = new ApiKeys({ knex, secrets: createSecretBox({ masterKey: randomBytes(32), randomBytes }), now: () => nowMs, randomBytes })
    const stolen = await elsewhere.check({ key, signature: hmac(secret, 'order'), payload: 'order', address: HERE }).then(() => undefined, (error: Error) => error.message)
    expect(stolen).to.contain('which this exchange does not have')
  })

  it('may be used from its addresses only', async () => {
    const { key, secret } = await create({ allowedAddresses: ['192.0.2.0/28', '2001:db8::/32'] })
    const from = async (address: string): Promise<string> => {
      const result = await check(key, hmac(secret, 'order'), 'order', address)
      return result.ok ? 'ok' : result.code
    }
    expect(await Promise.all(['192.0.2.15', '::ffff:192.0.2.1', '2001:db8:1::7'].map(from))).to.deep.equal(['ok', 'ok', 'ok'])
    expect(await Promise.all(['192.0.2.16', '198.51.100.1', '2001:db9::1', '', 'localhost'].map(from))).to.deep.equal(Array(5).fill('address_not_allowed'))
  })

  it('ends with its time, and at once when it is revoked', async () => {
    const timed = await create({ expiresMs: nowMs + 1_000 })
    const kept = await create()
    expect((await check(timed.key, hmac(timed.secret, 'order'))).ok).to.equal(true)
    nowMs += 1_000
    const late = await check(timed.key, hmac(timed.secret, 'order'))
    expect(!late.ok && late.code).to.equal('api_key_expired')
    const ended: string[] = []
    keys.onEnd((key) => ended.push(key))
    expect(await keys.revoke('u_someone', kept.key)).to.equal(false)
    expect((await check(kept.key, hmac(kept.secret, 'order'))).ok).to.equal(true)
    expect(await keys.revoke(userId, kept.key)).to.equal(true)
    expect((await check(kept.key, hmac(kept.secret, 'order'))).ok).to.equal(false)
    expect(ended).to.include(kept.key)
  })

  it('that another process revoked ends within a second', async () => {
    const { key, secret } = await create()
    const other = new ApiKeys({ knex, secrets: box, now: () => nowMs, randomBytes })
    expect((await other.check({ key, signature: hmac(secret, 'a'), payload: 'a', address: HERE })).ok).to.equal(true)
    await keys.revoke(userId, key)
    nowMs += 1_001
    expect((await other.check({ key, signature: hmac(secret, 'a'), payload: 'a', address: HERE })).ok).to.equal(false)
  })

  const REFUSED: readonly (readonly [string, Partial<NewApiKey>, string])[] = [
    ['a name of spaces', { label: '  ' }, 'label'],
    ['a name that is too long', { label: 'x'.repeat(61) }, 'label'],
    ['a host name as an address', { allowedAddresses: ['example.com'] }, 'allowedAddresses'],
    ['a range that is too long', { allowedAddresses: ['192.0.2.0/33'] }, 'allowedAddresses'],
    ['more addresses than a list takes', { allowedAddresses: Array<string>(31).fill(HERE) }, 'allowedAddresses'],
    ['withdrawals from anywhere', { scopes: ['withdraw'] as ApiScope[] }, 'allowedAddresses'],
    ['a time that is over', { expiresMs: 1_699_999_999_999 }, 'expiresMs'],
  ]
  for (const [what, more, field] of REFUSED) {
    it(`refuses ${what}`, async () => {
      const result = await keys.create({ userId, label: 'bot', scopes: [], ...more })
      expect(!result.ok && result.field).to.equal(field)
      expect(await keys.list(userId)).to.deep.equal([])
    })
  }

  it('are at most thirty', async () => {
    for (let count = 0; count < 30; count++) await create()
    const refused = await keys.create({ userId, label: 'bot', scopes: [] })
    expect(!refused.ok && refused.code).to.equal('too_many_api_keys')
  })
})
