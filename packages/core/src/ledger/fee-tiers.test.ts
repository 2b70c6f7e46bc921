import { expect } from 'chai'
import { MAX_FEE_TIER } from '../domain/frames/fee-frames.js'
import { NONE_16 } from '../values/frames.js'
import { FeeTiers } from './fee-tiers.js'

describe('Fee tiers', () => {
  it('have rates of their own in a market, else those for all, else none', () => {
    const tiers = new FeeTiers()
    tiers.define({ market: NONE_16, tier: 1, schedule: 100 })
    tiers.define({ market: 2, tier: 1, schedule: 200 })
    tiers.define({ market: 2, tier: 3, schedule: 300 })
    expect([tiers.schedule(1, 2), tiers.schedule(1, 0), tiers.schedule(1, 9), tiers.schedule(3, 2), tiers.schedule(3, 0), tiers.schedule(2, 2)]).to.deep.equal([200, 100, 100, 300, 0, 0])
  })

  it('are known where any market has rates for them', () => {
    const tiers = new FeeTiers()
    tiers.define({ market: NONE_16, tier: 1, schedule: 100 })
    tiers.define({ market: 4, tier: 2, schedule: 200 })
    tiers.define({ market: 1, tier: 0, schedule: 300 })
    tiers.define({ market: 1, tier: 0, schedule: 0 })
    expect([0, 1, 2, 3].map((tier) => tiers.isDefined(tier))).to.deep.equal([false, true, true, false])
  })

  it('go up to the highest tier, for all markets and for one', () => {
    const tiers = new FeeTiers()
    tiers.define({ market: NONE_16, tier: MAX_FEE_TIER, schedule: 100 })
    expect(tiers.schedule(MAX_FEE_TIER, 5)).to.equal(100)
    tiers.define({ market: 5, tier: MAX_FEE_TIER, schedule: 200 })
    expect([tiers.schedule(MAX_FEE_TIER, 5), tiers.schedule(MAX_FEE_TIER, 6)]).to.deep.equal([200, 100])
  })

  it('are listed by market, those for all markets last, then by tier', () => {
    const tiers = new FeeTiers()
    for (const [market, tier] of [[NONE_16, 2], [NONE_16, 1], [3, 2], [1, 2], [3, 1]] as const) tiers.define({ market, tier, schedule: 10 + tier })
    expect(tiers.entries().map(({ market, tier, schedule }) => [market, tier, schedule])).to.deep.equal([[1, 2, 12], [3, 1, 11], [3, 2, 12], [NONE_16, 1, 11], [NONE_16, 2, 12]])
  })
})
