import { expect } from 'chai'
import { GroupedDepth } from '@bourse/core'

const NOW = { timestampUs: 0 }

describe('a depth in coarser steps', () => {
  const book = (): GroupedDepth => new GroupedDepth({ sequence: 1, ...NOW, bids: [[199n, 2n], [100n, 3n], [99n, 4n]], asks: [[200n, 5n], [201n, 6n], [300n, 7n]] }, 100n)

  it('never promises a better price than its orders have', () => {
    expect(book().read(10)).to.deep.include({ sequence: 1, bids: [[100n, 5n], [0n, 4n]], asks: [[200n, 5n], [300n, 13n]] })
  })

  it('gives the best groups first, as many as are asked for', () => {
    expect(book().read(1)).to.deep.include({ bids: [[100n, 5n]], asks: [[200n, 5n]] })
  })

  it('tells the groups that changed, each with its new quantity', () => {
    const grouped = book()
    const changes = grouped.apply({ previousSequence: 1, sequence: 4, ...NOW, bids: [[199n, 0n], [150n, 1n], [99n, 0n]], asks: [[250n, 1n], [200n, 0n]] })
    expect(changes).to.deep.include({ previousSequence: 1, sequence: 4, bids: [[100n, 4n], [0n, 0n]], asks: [[200n, 0n], [300n, 14n]] })
    expect(grouped.read(10)).to.deep.include({ sequence: 4, bids: [[100n, 4n]], asks: [[300n, 14n]] })
  })

  it('refuses changes that do not follow on it', () => {
    expect(() => book().apply({ previousSequence: 2, sequence: 3, ...NOW, bids: [], asks: [] })).to.throw('do not follow on 1')
  })
})
