import { expect } from 'chai'
import { DepthChanges } from './depth-changes.js'

const update = (previousSequence: number, sequence: number, bids: [string, string][]) => ({ market: 'BTC-USDT', previousSequence, sequence, timestampMs: 1, bids, asks: [] })

describe('Collected changes of a book', () => {
  it('are the last quantity of each level, from right after the message before', () => {
    const changes = new DepthChanges()
    expect(changes.take()).to.equal(undefined)
    changes.add(update(4, 7, [['1.00', '5'], ['2.00', '1']]))
    changes.add(update(7, 9, [['1.00', '0']]))
    expect(changes.take()).to.deep.equal({ U: 5, u: 9, b: [['1.00', '0'], ['2.00', '1']], a: [] })
    changes.add(update(9, 10, []))
    expect(changes.take()).to.include({ U: 10, u: 10 })
  })

  it('show a gap instead of hiding it', () => {
    const changes = new DepthChanges()
    changes.add(update(4, 7, [['1.00', '5']]))
    changes.add(update(8, 9, [['2.00', '1']]))
    expect(changes.take()).to.deep.equal({ U: 9, u: 9, b: [['2.00', '1']], a: [] })
  })
})
