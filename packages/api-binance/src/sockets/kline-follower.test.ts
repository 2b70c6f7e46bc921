import type { Candle } from '@bourse/client'
import { expect } from 'chai'
import { KlineFollower } from './kline-follower.js'

const MINUTE_MS = 60_000
const candle = (minute: number, close: string): Candle => ({ openTimeMs: minute * MINUTE_MS, open: '10.00', high: '12.00', low: '9.00', close, volume: '1.50', quoteVolume: '15.0', trades: 3 })

describe('A candle that is followed', () => {
  let told: [minute: number, close: string, volume: string, closed: boolean][]
  const follower = (first?: Candle): KlineFollower => new KlineFollower('1m', first, ({ openTimeMs, close, volume }, closed) => told.push([openTimeMs / MINUTE_MS, close, volume, closed]))
  beforeEach(() => {
    told = []
  })

  it('is told as it changes, and once more when it is over', () => {
    const following = follower(candle(1, '10.00'))
    following.changed(candle(1, '11.00'), 1 * MINUTE_MS + 5)
    following.tick(2 * MINUTE_MS + 100)
    expect(told, 'its last trades may be on their way').to.deep.equal([[1, '11.00', '1.50', false]])
    following.tick(2 * MINUTE_MS + 250)
    following.tick(2 * MINUTE_MS + 300)
    expect(told.slice(1)).to.deep.equal([[1, '11.00', '1.50', true]])
  })

  it('is followed by flat ones while nothing trades', () => {
    const following = follower(candle(1, '11.00'))
    following.tick(4 * MINUTE_MS + 1_000)
    expect(told).to.deep.equal([[1, '11.00', '1.50', true], [2, '11.00', '0.00', true], [3, '11.00', '0.00', true]])
    expect(following.present(4 * MINUTE_MS + 1_000)).to.include({ openTimeMs: 4 * MINUTE_MS, open: '11.00', trades: 0 })
  })

  it('is closed by a trade of the next one', () => {
    const following = follower(candle(1, '11.00'))
    following.changed(candle(3, '12.00'), 3 * MINUTE_MS + 1)
    expect(told).to.deep.equal([[1, '11.00', '1.50', true], [2, '11.00', '0.00', true], [3, '12.00', '1.50', false]])
  })

  it('is nothing before the first trade', () => {
    const following = follower()
    following.tick(9 * MINUTE_MS)
    expect(following.present(9 * MINUTE_MS)).to.equal(undefined)
    following.changed(candle(9, '10.00'), 9 * MINUTE_MS)
    expect(told).to.deep.equal([[9, '10.00', '1.50', false]])
  })
})
