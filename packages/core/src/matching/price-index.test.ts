import { expect } from 'chai'
import fc from 'fast-check'
import { RowMemory } from '../values/row-memory.js'
import { NODE_WORDS, PriceIndex } from './price-index.js'

/** Ticks close together, far apart, and beyond 2^30, where the index counts in two halves. */
const tick = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2 ** 31 }), fc.integer({ min: 2 ** 30 - 40, max: 2 ** 30 + 40 }), fc.integer({ min: 1, max: 2 ** 53 - 1 }))

/** An index, and the name of one side in it. */
function oneSide(): { memory: RowMemory; index: PriceIndex; side: number } {
  const memory = new RowMemory()
  return { memory, index: new PriceIndex(memory), side: memory.take(1) * 2 }
}

describe('The price index', () => {
  it('finds every level, and its lower neighbour, whatever came and went', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), tick, fc.boolean()), { maxLength: 150, size: 'max' }), (steps) => {
        const memory = new RowMemory()
        const index = new PriceIndex(memory)
        const sides = Array.from({ length: 3 }, () => memory.take(1) * 2)
        const naive = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()]
        let level = 0
        for (const [number, at, prefersRemoval] of steps) {
          const side = sides[number]!
          const levels = naive[number]!
          const present = [...levels.keys()].sort((a, b) => a - b)
          const victim = present[at % Math.max(1, present.length)]
          if (prefersRemoval && victim !== undefined) {
            index.remove(side, victim)
            levels.delete(victim)
            expect(index.find(side, victim)).to.equal(0)
          } else if (!levels.has(at)) {
            const below = present.filter((other) => other < at).at(-1)
            expect(index.insert(side, at, ++level)).to.equal(below === undefined ? 0 : levels.get(below))
            levels.set(at, level)
          }
          for (const [other, expected] of levels) expect(index.find(side, other)).to.equal(expected)
          if (!levels.has(at)) expect(index.find(side, at)).to.equal(0)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('can be emptied and filled again with other ticks', () => {
    const { index, side } = oneSide()
    index.insert(side, 2 ** 40, 1)
    index.remove(side, 2 ** 40)
    index.forget(side)
    expect(index.insert(side, 7, 2)).to.equal(0)
    expect(index.find(side, 7)).to.equal(2)
    expect(index.find(side, 2 ** 40)).to.equal(0)
  })

  it('keeps ticks apart where it needs one more tier', () => {
    for (let height = 1; height <= 10; height++) {
      const { index, side } = oneSide()
      const span = 32 ** height
      const ticks = [span - 1, span, span + 1].filter((at) => at < 2 ** 53)
      for (const [level, at] of ticks.entries()) expect(index.insert(side, at, level + 1)).to.equal(level)
      for (const [level, at] of ticks.entries()) expect(index.find(side, at)).to.equal(level + 1)
      for (const at of [1, span - 2, span + 2, span * 2, span * 32]) expect(index.find(side, at)).to.equal(0)
    }
  })

  it('has nodes on the way to its levels, and gives up those that it needs no more', () => {
    const { index, side } = oneSide()
    const steps: [change: () => void, nodes: number][] = [
      [() => index.forget(side), 0],
      [() => index.insert(side, 3, 1), 1],
      [() => index.insert(side, 33, 2), 3],
      [() => index.insert(side, 34, 3), 3],
      [() => index.remove(side, 33), 3],
      [() => index.remove(side, 34), 2],
      [() => index.remove(side, 3), 1],
      // The empty top goes, and another one comes.
      [() => index.insert(side, 2_000, 4), 3],
      [() => index.remove(side, 2_000), 1],
      [() => index.forget(side), 0],
    ]
    for (const [change, nodes] of steps) {
      change()
      expect(index.nodes.live).to.equal(nodes)
    }
  })

  it('leaves nothing behind in the nodes that it gives up', () => {
    const { index, side, memory } = oneSide()
    const ticks = [1, 31, 32, 1_023, 2 ** 30, 2 ** 35 + 7]
    for (const at of ticks) index.insert(side, at, 1)
    for (const at of ticks) index.remove(side, at)
    index.forget(side)
    for (const node of index.nodes.rows()) expect(memory.i32.subarray(node * 2 + 1, (node + NODE_WORDS) * 2).every((word) => word === 0)).to.equal(true)
    expect([memory.i32[side], memory.i32[side + 1]]).to.deep.equal([0, 0])
  })
})
