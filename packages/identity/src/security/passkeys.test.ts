import { expect } from 'chai'
import { onEachDatabase } from '../../test/on-each-database.js'
import { HERE, ORIGIN, PASSWORD } from '../../test/open-test-accounts.js'
import { SoftwareAuthenticator } from '../../test/software-authenticator.js'
import type { Person } from '../people.js'

onEachDatabase('passkeys', (accounts) => {
  let people = 0
  let ann: Person
  let device: SoftwareAuthenticator
  const add = async (to: Person, authenticator: SoftwareAuthenticator) => {
    const { ticket, options } = await accounts().passkeys.beginAdd(to)
    return accounts().passkeys.add(to.userId, { ticket, response: authenticator.create(options), label: 'my laptop', origin: HERE })
  }
  beforeEach(async () => {
    ann = await accounts().person(`ann${people++}@example.com`)
    device = new SoftwareAuthenticator({ origin: ORIGIN })
    expect(await add(ann, device)).to.deep.equal({ ok: true })
  })

  it('log in by themselves, as the person whose they are', async () => {
    const { passkeys, security, identity } = accounts()
    const { ticket, options } = await passkeys.beginProof()
    const result = await security.logInByPasskey({ ticket, response: device.get(options) }, HERE)
    if (!result.ok) throw new Error(result.message)
    expect((await identity.sessionByToken(result.token))?.user.userId).to.equal(ann.userId)
    expect((await passkeys.list(ann.userId)).map(({ label, lastUsedMs }) => [label, lastUsedMs])).to.deep.equal([['my laptop', accounts().clock.nowMs]])
  })

  it('make the password alone worthless, and prove who one is', async () => {
    const { passkeys, security, identity } = accounts()
    expect(await identity.logIn({ email: ann.email, password: PASSWORD, ...HERE })).to.include({ ok: false, code: 'second_factor_required' })
    const { session } = await identity.openSession(ann, HERE)
    expect(await security.prove(session, { password: PASSWORD }, HERE)).to.include({ ok: false, code: 'second_factor_required' })
    const { ticket, options } = await passkeys.beginProof(ann.userId)
    expect(await security.prove(session, { ticket, response: device.get(options) }, HERE)).to.include({ ok: true })
  })

  it('answer a question once, in time, and no other question', async () => {
    const { passkeys, clock } = accounts()
    const first = await passkeys.beginProof()
    const answer = device.get(first.options)
    const results = await Promise.all([1, 2, 3].map(() => passkeys.prove({ ticket: first.ticket, response: answer })))
    expect(results.filter(({ ok }) => ok)).to.have.length(1)
    const [second, third] = [await passkeys.beginProof(), await passkeys.beginProof()]
    expect((await passkeys.prove({ ticket: second.ticket, response: device.get(third.options) })).ok).to.equal(false)
    clock.nowMs += 5 * 60_000
    expect((await passkeys.prove({ ticket: third.ticket, response: device.get(third.options) })).ok).to.equal(false)
  })

  it('prove nothing for somebody else, from another address, without being unlocked, or from a copy that has fallen behind', async () => {
    const { passkeys, person } = accounts()
    const bob = await person(`bob${people++}@example.com`)
    const forBob = await passkeys.beginProof(bob.userId)
    expect((await passkeys.prove({ ticket: forBob.ticket, response: device.get(forBob.options), userId: bob.userId })).ok, 'somebody else').to.equal(false)
    const elsewhere = new SoftwareAuthenticator({ origin: 'https://localhost.example' })
    const phished = await passkeys.beginProof()
    expect((await passkeys.prove({ ticket: phished.ticket, response: elsewhere.get(phished.options) })).ok, 'elsewhere').to.equal(false)
    const locked = await passkeys.beginProof()
    expect((await passkeys.prove({ ticket: locked.ticket, response: device.getUnverified(locked.options) })).ok, 'locked').to.equal(false)
    device.counter = 10
    const fine = await passkeys.beginProof()
    expect((await passkeys.prove({ ticket: fine.ticket, response: device.get(fine.options) })).ok, 'ahead').to.equal(true)
    device.counter = 3
    const behind = await passkeys.beginProof()
    expect((await passkeys.prove({ ticket: behind.ticket, response: device.get(behind.options) })).ok, 'behind').to.equal(false)
  })

  it('take nonsense for what it is', async () => {
    const { passkeys } = accounts()
    for (const response of [{}, { id: 7 }, { id: 'x' }, { id: device.credentialId.toString('base64url') }, null, 'x']) {
      const { ticket } = await passkeys.beginProof()
      expect((await passkeys.prove({ ticket, response })).ok).to.equal(false)
      const asked = await passkeys.beginAdd(ann)
      expect((await passkeys.add(ann.userId, { ticket: asked.ticket, response, label: 'x', origin: HERE })).ok).to.equal(false)
    }
  })

  it('belong to one person, are removed, and then open nothing', async () => {
    const { passkeys, person, identity } = accounts()
    const bob = await person(`bob${people++}@example.com`)
    expect((await add(bob, device)).ok).to.equal(false)
    const [mine] = await passkeys.list(ann.userId)
    expect(await passkeys.remove(bob.userId, mine!.passkeyId, HERE)).to.equal(false)
    expect(await passkeys.remove(ann.userId, mine!.passkeyId, HERE)).to.equal(true)
    const { ticket, options } = await passkeys.beginProof()
    expect((await passkeys.prove({ ticket, response: device.get(options) })).ok).to.equal(false)
    expect((await identity.logIn({ email: ann.email, password: PASSWORD, ...HERE })).ok).to.equal(true)
  })
})
