import { expect } from 'chai'
import fc from 'fast-check'
import { RowMemory } from '../values/row-memory.js'
import { PriceIndex } from './price-index.js'

/** Ticks close together, far apart, and beyond 2^30, where the index counts in two halves. */
const tick = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2 ** 31 }), fc.integer({ min: 2 ** 30 - 40, max: 2 ** 30 + 40 }), fc.integer({ min: 1, max: 2 ** 53 - 1 }))

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
    const memory = new RowMemory()
    const index = new PriceIndex(memory)
    const side = memory.take(1) * 2
    index.insert(side, 2 ** 40, 1)
    index.remove(side, 2 ** 40)
    index.forget(side)
    expect(index.insert(side, 7, 2)).to.equal(0)
    expect(index.find(side, 7)).to.equal(2)
    expect(index.find(side, 2 ** 40)).to.equal(0)
  })
})
