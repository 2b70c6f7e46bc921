import { expect } from 'chai'
import { ladderEdges } from './ladder.js'
import { roundGrid } from './sizes.js'

describe('a maker\'s ladder', () => {
  it('reaches its range in slots that widen steadily', () => {
    const edges = ladderEdges(10, 2, 1.5, 400)
    expect(edges).to.have.length(11)
    expect(edges[0]).to.equal(2)
    expect(edges.at(-1)!).to.be.closeTo(402, 0.1)
    const gaps = edges.slice(1).map((edge, index) => edge - edges[index]!)
    expect(gaps).to.deep.equal([...gaps].sort((a, b) => a - b))
    expect(gaps[0]).to.equal(1.5)
  })

  it('has equal slots where the range leaves no room to widen', () => {
    const edges = ladderEdges(4, 0.5, 1.5, 6)
    expect(edges.map((edge) => Math.round(edge * 1e6) / 1e6)).to.deep.equal([0.5, 2, 3.5, 5, 6.5])
  })

  it('rounds prices to numbers that people like', () => {
    expect([0.4, 1, 3, 7, 19, 60, 480].map(roundGrid)).to.deep.equal([1, 1, 2, 5, 10, 50, 200])
  })
})
