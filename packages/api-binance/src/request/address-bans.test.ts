import { expect } from 'chai'
import { AddressBans } from './address-bans.js'

const MINUTE_MS = 60_000

describe('bans of addresses', () => {
  let nowMs: number
  let gateways: AddressBans[]
  beforeEach(() => {
    nowMs = 1_000
    gateways = [0, 1].map((here) => new AddressBans(() => nowMs, (address) => gateways[1 - here]!.count(address)))
  })
  const refuse = (times: number): void => {
    for (let i = 0; i < times; i++) gateways[i % 2]!.refused('192.0.2.1')
  }

  it('come after a hundred refusals within a minute, wherever they happened, and hold at every gateway', () => {
    refuse(99)
    expect(gateways.map((gateway) => gateway.untilMs('192.0.2.1'))).to.deep.equal([0, 0])
    refuse(1)
    expect(gateways.map((gateway) => gateway.untilMs('192.0.2.1'))).to.deep.equal([nowMs + 2 * MINUTE_MS, nowMs + 2 * MINUTE_MS])
    expect(gateways[0]!.untilMs('192.0.2.2')).to.equal(0)
  })

  it('do not come of refusals that lie further apart', () => {
    refuse(99)
    nowMs += MINUTE_MS
    refuse(99)
    expect(gateways[1]!.untilMs('192.0.2.1')).to.equal(0)
  })
})
