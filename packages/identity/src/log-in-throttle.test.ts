import { expect } from 'chai'
import { FailureCounters } from './failure-counters.js'
import { LogInThrottle } from './log-in-throttle.js'

const MINUTE = 60_000

describe('the throttle of log-ins', () => {
  let counters: FailureCounters
  let throttle: LogInThrottle
  beforeEach(() => {
    counters = new FailureCounters()
    throttle = new LogInThrottle(counters)
  })

  it('bounds the guesses at one person from many addresses', async () => {
    const allowed = (await Promise.all(Array.from({ length: 200 }, (_, i) => throttle.begin('ann@example.com', `192.0.2.${i}`, 0)))).filter((wait) => wait === 0)
    expect(allowed).to.have.length(50)
  })

  it('bounds the guesses from one address at many people', async () => {
    const allowed = (await Promise.all(Array.from({ length: 200 }, (_, i) => throttle.begin(`person${i}@example.com`, '192.0.2.1', 0)))).filter((wait) => wait === 0)
    expect(allowed).to.have.length(100)
    expect(await throttle.begin('new@example.com', '192.0.2.1', 15 * MINUTE)).to.equal(0)
  })

  it('does not count right passwords against a shared address', async () => {
    for (let i = 0; i < 1_000; i++) {
      expect(await throttle.begin(`person${i}@example.com`, '192.0.2.1', 0)).to.equal(0)
      await throttle.succeeded(`person${i}@example.com`, '192.0.2.1')
    }
  })

  it('counts guesses for all who share its counters', async () => {
    const throttles = [throttle, new LogInThrottle(counters)]
    const waits = await Promise.all(Array.from({ length: 20 }, (_, i) => throttles[i % 2]!.begin('ann@example.com', '192.0.2.1', 0)))
    expect(waits.filter((wait) => wait === 0)).to.have.length(5)
  })

  it('keeps its memory bounded whatever is tried', async () => {
    for (let i = 0; i < 40_000; i++) await throttle.begin(`person${i}@example.com`, `address ${i}`, i)
    expect(counters.size).to.be.at.most(30_000)
  })
})
