import { expect } from 'chai'
import { LogInThrottle } from './log-in-throttle.js'

const MINUTE = 60_000

describe('the throttle of log-ins', () => {
  it('bounds the guesses at one person from many addresses', () => {
    const throttle = new LogInThrottle()
    const allowed = Array.from({ length: 200 }, (_, i) => throttle.begin('ann@example.com', `192.0.2.${i}`, 0)).filter((wait) => wait === 0)
    expect(allowed).to.have.length(50)
  })

  it('bounds the guesses from one address at many people', () => {
    const throttle = new LogInThrottle()
    const allowed = Array.from({ length: 200 }, (_, i) => throttle.begin(`person${i}@example.com`, '192.0.2.1', 0)).filter((wait) => wait === 0)
    expect(allowed).to.have.length(100)
    expect(throttle.begin('new@example.com', '192.0.2.1', 15 * MINUTE)).to.equal(0)
  })

  it('does not count right passwords against a shared address', () => {
    const throttle = new LogInThrottle()
    for (let i = 0; i < 1_000; i++) {
      expect(throttle.begin(`person${i}@example.com`, '192.0.2.1', 0)).to.equal(0)
      throttle.succeeded(`person${i}@example.com`, '192.0.2.1')
    }
  })

  it('keeps its memory bounded whatever is tried', () => {
    const throttle = new LogInThrottle()
    for (let i = 0; i < 40_000; i++) throttle.begin(`person${i}@example.com`, `address ${i}`, i)
    expect(throttle.size).to.be.at.most(30_000)
  })
})
