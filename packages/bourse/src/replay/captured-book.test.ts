import { expect } from 'chai'
import { CapturedBook, type DiffUnits, type UnitLevel } from './captured-book.js'

const SNAPSHOT = { lastUpdateId: 100, bids: [[10, 5], [9, 4]] as UnitLevel[], asks: [[12, 3]] as UnitLevel[] }

function diff(ids: Partial<DiffUnits>, bids: UnitLevel[] = [], asks: UnitLevel[] = []): DiffUnits {
  return { firstId: 0, finalId: 0, previousId: undefined, bids, asks, ...ids }
}

describe('the captured book', () => {
  it('applies the diffs that arrived before the snapshot and end after it', () => {
    const book = new CapturedBook()
    expect(book.diff(diff({ firstId: 90, finalId: 98 }, [[10, 99]])).kind).to.equal('waiting')
    expect(book.diff(diff({ firstId: 99, finalId: 104 }, [[11, 1]])).kind).to.equal('waiting')
    const outcome = book.snapshot(SNAPSHOT)
    expect(outcome).to.deep.include({ kind: 'applied', diffs: 1 })
    expect([book.bids.best(), book.asks.best(), book.updateId]).to.deep.equal([[11, 1], [12, 3], 104])
  })

  it('finds the next best price when the best is removed', () => {
    const book = new CapturedBook()
    book.snapshot(SNAPSHOT)
    book.diff(diff({ firstId: 101, finalId: 101 }, [[10, 0]], [[12, 0], [14, 2], [13, 1]]))
    expect([book.bids.best(), book.asks.best()]).to.deep.equal([[9, 4], [13, 1]])
    book.diff(diff({ firstId: 102, finalId: 102 }, [[9, 0]]))
    expect(book.bids.best()).to.equal(undefined)
  })

  it('tells a gap, waits, and goes on from the next snapshot', () => {
    const book = new CapturedBook()
    book.snapshot(SNAPSHOT)
    expect(book.diff(diff({ firstId: 103, finalId: 104 }))).to.deep.equal({ kind: 'gap', expectedId: 101 })
    expect(book.diff(diff({ firstId: 105, finalId: 110 }, [[10, 7]])).kind).to.equal('waiting')
    expect(book.snapshot({ ...SNAPSHOT, lastUpdateId: 104 })).to.deep.include({ kind: 'applied', diffs: 1 })
    expect(book.bids.best()).to.deep.equal([10, 7])
  })

  it('follows futures by the id of the diff before', () => {
    const book = new CapturedBook()
    book.snapshot(SNAPSHOT)
    expect(book.diff(diff({ firstId: 95, finalId: 120, previousId: 94 })).kind).to.equal('applied')
    expect(book.diff(diff({ firstId: 150, finalId: 160, previousId: 120 })).kind).to.equal('applied')
    expect(book.diff(diff({ firstId: 161, finalId: 170, previousId: 159 })).kind).to.equal('gap')
  })

  it('leaves a second snapshot and old diffs alone', () => {
    const book = new CapturedBook()
    book.snapshot(SNAPSHOT)
    expect(book.snapshot(SNAPSHOT).kind).to.equal('unneeded')
    expect(book.diff(diff({ firstId: 99, finalId: 100 })).kind).to.equal('stale')
  })
})
