import { expect } from 'chai'
import { RateLimits } from './rate-limits.js'

const budgets = { read: { burst: 3, perSecond: 2 }, order: { burst: 1, perSecond: 1 }, wallet: { burst: 1, perSecond: 1 }, logIn: { burst: 1, perSecond: 0.5 } }

describe('the limits of requests', () => {
  it('allows a burst, then as many as the seconds bring', () => {
    let nowMs = 0
    const limits = new RateLimits(() => nowMs, budgets)
    expect([1, 2, 3, 4].map(() => limits.take('read', 'ann').allowed)).to.deep.equal([true, true, true, false])
    nowMs = 500
    expect([1, 2].map(() => limits.take('read', 'ann').allowed)).to.deep.equal([true, false])
    nowMs = 100_000
    expect([1, 2, 3, 4].map(() => limits.take('read', 'ann').allowed)).to.deep.equal([true, true, true, false])
  })

  it('keeps callers and kinds apart', () => {
    const limits = new RateLimits(() => 0, budgets)
    expect(limits.take('order', 'ann').allowed).to.equal(true)
    expect(limits.take('order', 'ann').allowed).to.equal(false)
    expect(limits.take('order', 'bob').allowed).to.equal(true)
    expect(limits.take('wallet', 'ann').allowed).to.equal(true)
  })

  it('says when the next request may come', () => {
    const limits = new RateLimits(() => 0, budgets)
    limits.take('logIn', 'ann')
    expect(limits.take('logIn', 'ann')).to.deep.equal({ allowed: false, limit: 1, remaining: 0, retryAfterSeconds: 2, resetSeconds: 2 })
  })

  it('is not fooled by a clock that goes back', () => {
    let nowMs = 10_000
    const limits = new RateLimits(() => nowMs, budgets)
    limits.take('order', 'ann')
    nowMs = 0
    expect(limits.take('order', 'ann').allowed).to.equal(false)
  })

  it('keeps its memory bounded however many ask', () => {
    const limits = new RateLimits(() => 0, budgets)
    for (let i = 0; i < 60_000; i++) limits.take('read', `caller ${i}`)
    expect(limits.size).to.be.at.most(50_000)
  })
})
