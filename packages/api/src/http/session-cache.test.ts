import { expect } from 'chai'
import type { OpenSession } from '@bourse/identity'
import { SessionCache } from './session-cache.js'

describe('the memory of sessions', () => {
  let nowMs: number
  let asked: number
  let answer: OpenSession | undefined
  let release: (() => void) | undefined
  let cache: SessionCache
  const session: OpenSession = { sessionId: 's', user: { userId: 'u', email: 'ann@example.com', createdMs: 0, role: 'customer', emailVerified: true, frozen: false, withdrawalsHeldUntilMs: 0 }, expiresMs: 100_000, provedMs: 0 }
  beforeEach(() => {
    nowMs = 0
    asked = 0
    answer = session
    release = undefined
    const sessionByToken = async (): Promise<OpenSession | undefined> => {
      asked++
      const found = answer
      if (release !== undefined) await new Promise<void>((resolve) => (release = resolve))
      return found
    }
    cache = new SessionCache({ sessionByToken }, () => nowMs)
  })

  it('asks once for many requests within a second', async () => {
    await Promise.all([cache.sessionByToken('t'), cache.sessionByToken('t')])
    nowMs = 999
    expect(await cache.sessionByToken('t')).to.equal(session)
    expect(asked).to.equal(1)
    nowMs = 1_000
    await cache.sessionByToken('t')
    expect(asked).to.equal(2)
  })

  it('forgets a session as soon as it has ended', async () => {
    await cache.sessionByToken('t')
    answer = undefined
    cache.ended('s')
    expect(await cache.sessionByToken('t')).to.equal(undefined)
  })

  it('does not remember what was looked up before an end came', async () => {
    release = () => undefined
    const early = cache.sessionByToken('t')
    await Promise.resolve()
    answer = undefined
    cache.ended('s')
    const resolveEarly = release
    release = undefined
    resolveEarly()
    await early
    expect(await cache.sessionByToken('t')).to.equal(undefined)
  })

  it('remembers no longer than the session lasts, and nothing of wrong tokens', async () => {
    await cache.sessionByToken('t')
    nowMs = 500
    answer = { ...session, expiresMs: 900 }
    await cache.sessionByToken('other')
    nowMs = 900
    answer = undefined
    expect(await cache.sessionByToken('other')).to.equal(undefined)
    await cache.sessionByToken('wrong')
    await cache.sessionByToken('wrong')
    expect(asked).to.equal(5)
  })
})
