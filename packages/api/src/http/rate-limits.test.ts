import { expect } from 'chai'
import type { RateLimitRules } from '@bourse/client'
import { MemoryRateLimits } from './rate-limits.js'

const rules: RateLimitRules = {
  weight: { windowSeconds: 10, key: 10, user: 20, address: 100, anonymous: 5 },
  orders: { windowSeconds: 1, key: 4, user: 6, address: 100, anonymous: 1 },
}
const READ = { weight: 1, orders: 0 }
const HEAVY = { weight: 5, orders: 0 }
const ORDER = { weight: 1, orders: 1 }
const ann = { userId: 'ann', address: '192.0.2.1' }

describe('the limits of requests', () => {
  it('spend the weight of a request, and fill again evenly within the window', () => {
    let nowMs = 0
    const limits = new MemoryRateLimits(() => nowMs, rules)
    expect([1, 2, 3, 4, 5].map(() => limits.take(HEAVY, ann).allowed)).to.deep.equal([true, true, true, true, false])
    nowMs = 2_500
    expect([1, 2].map(() => limits.take(HEAVY, ann).allowed)).to.deep.equal([true, false])
    nowMs = 100_000
    expect([1, 2, 3, 4, 5].map(() => limits.take(HEAVY, ann).allowed)).to.deep.equal([true, true, true, true, false])
  })

  it('count orders beside weight, each of a batch', () => {
    const limits = new MemoryRateLimits(() => 0, rules)
    expect(limits.take({ weight: 1, orders: 5 }, ann).allowed).to.equal(true)
    const refused = limits.take({ weight: 1, orders: 2 }, ann)
    expect(refused).to.deep.include({ allowed: false, retryAfterSeconds: 1, orders: { limit: 6, remaining: 1, resetSeconds: 1 } })
    expect(limits.take(ORDER, ann).allowed).to.equal(true)
    expect(limits.take(READ, ann).orders).to.equal(undefined)
  })

  it('hold a key to its own limit and all keys of a person to theirs', () => {
    const limits = new MemoryRateLimits(() => 0, rules)
    const spend = (key: string): number => Array.from({ length: 30 }, () => limits.take(READ, { ...ann, key }).allowed).filter((allowed) => allowed).length
    expect(['k1', 'k2', 'k3'].map(spend)).to.deep.equal([10, 10, 0])
    expect(limits.take(READ, { userId: 'bob', address: ann.address }).allowed).to.equal(true)
  })

  it('hold an address to a limit however many people it brings', () => {
    const limits = new MemoryRateLimits(() => 0, rules)
    const spend = (userId: string): number => Array.from({ length: 30 }, () => limits.take(READ, { userId, address: ann.address }).allowed).filter((allowed) => allowed).length
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map(spend)).to.deep.equal([20, 20, 20, 20, 20, 0])
    expect(limits.take(READ, { userId: 'f', address: '192.0.2.2' }).allowed).to.equal(true)
  })

  it('spend nothing for a request that is refused', () => {
    const limits = new MemoryRateLimits(() => 0, rules)
    expect(limits.take({ weight: 1, orders: 7 }, ann).allowed).to.equal(false)
    expect(limits.take(READ, ann).weight.remaining).to.equal(19)
  })

  it('say what is left, and when the next request may come', () => {
    const limits = new MemoryRateLimits(() => 0, rules)
    const anonymous = { address: ann.address }
    limits.take(HEAVY, anonymous)
    expect(limits.take(READ, anonymous)).to.deep.equal({ allowed: false, retryAfterSeconds: 2, weight: { limit: 5, remaining: 0, resetSeconds: 10 }, orders: undefined })
  })

  it('are not fooled by a clock that goes back', () => {
    let nowMs = 10_000
    const limits = new MemoryRateLimits(() => nowMs, rules)
    limits.take({ weight: 1, orders: 6 }, ann)
    nowMs = 0
    expect(limits.take(ORDER, ann).allowed).to.equal(false)
  })

  it('keep their memory bounded however many ask', () => {
    const limits = new MemoryRateLimits(() => 0, rules)
    for (let i = 0; i < 110_000; i++) limits.take(READ, { address: `caller ${i}` })
    expect(limits.size).to.be.at.most(100_000)
  })
})
