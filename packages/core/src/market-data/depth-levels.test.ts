/** Tests of the levels of one side against a plain map. */
import { expect } from 'chai'
import fc from 'fast-check'
import { DepthLevels, type DepthLevel } from './depth-levels.js'

/** A side and its naive twin, driven together. */
class Twin {
  readonly levels: DepthLevels
  readonly map = new Map<bigint, bigint>()
  readonly touched = new Set<bigint>()
  private readonly values = new BigInt64Array(2)
  private readonly words = new Uint32Array(this.values.buffer)

  constructor(readonly side: 'bid' | 'ask') {
    this.levels = new DepthLevels(side)
  }

  add(price: bigint, quantity: bigint): void {
    this.values.set([price, quantity])
    this.levels.add(this.words, this.values, 0, 8)
    this.touched.add(price)
    this.map.set(price, (this.map.get(price) ?? 0n) + quantity)
  }

  remove(price: bigint, quantity: bigint): void {
    this.values.set([price, quantity])
    this.levels.remove(this.words, this.values, 0, 8)
    this.touched.add(price)
    const left = this.map.get(price)! - quantity
    if (left === 0n) this.map.delete(price)
    else this.map.set(price, left)
  }

  sorted(map: ReadonlyMap<bigint, bigint>): DepthLevel[] {
    const ascending = [...map].sort(([a], [b]) => (a < b ? -1 : 1))
    return this.side === 'bid' ? ascending.reverse() : ascending
  }
}

const MAX = 2n ** 62n
const price = fc.oneof(fc.bigInt({ min: 1n, max: 300n }), fc.bigInt({ min: 1n, max: 40n }).map((n) => n * 2n ** 32n), fc.bigInt({ min: MAX - 20n, max: MAX }))
const step = fc.record({ price, quantity: fc.bigInt({ min: 1n, max: 9n }), look: fc.integer({ min: 0, max: 30 }), pick: fc.nat() })

describe('Depth levels', () => {
  for (const tracked of [false, true]) {
    it(`gives levels that are empty up for those that come, ${tracked ? 'once they have been told of' : 'and when somebody looks'}`, () => {
      const twin = new Twin('ask')
      if (tracked) twin.levels.track()
      for (let round = 0n; round < 200n; round++) {
        for (let n = 0n; n < 100n; n++) twin.add(round * 100n + n + 1n, 5n)
        for (let n = 0n; n < 99n; n++) twin.remove(round * 100n + n + 1n, 5n)
        if (tracked) twin.levels.take()
      }
      expect(twin.levels.room).to.be.at.most(1024)
      expect(twin.levels.levels(3, 'current')).to.deep.equal([[100n, 5n], [200n, 5n], [300n, 5n]])
      expect(twin.levels.levels(Infinity, 'current')).to.deep.equal(twin.sorted(twin.map))
    })
  }

  for (const side of ['bid', 'ask'] as const) {
    it(`equal a sorted map on the ${side} side, published states and changes included`, () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 600, size: 'max' }), fc.boolean(), (steps, tracked) => {
          const twin = new Twin(side)
          if (tracked) twin.levels.track()
          let published = new Map<bigint, bigint>()
          for (const { price, quantity, look, pick } of steps) {
            const held = [...twin.map]
            const chosen = held[pick % Math.max(1, held.length)]
            if (chosen !== undefined && quantity < 6n) twin.remove(chosen[0], quantity < 3n && chosen[1] > 1n ? 1n : chosen[1])
            else twin.add(price, quantity)
            expect(twin.levels.count).to.equal(twin.map.size)
            if (look === 0) expect(twin.levels.levels(Infinity, 'current')).to.deep.equal(twin.sorted(twin.map))
            if (look === 1) expect(twin.levels.levels(5, 'current')).to.deep.equal(twin.sorted(twin.map).slice(0, 5))
            if (look === 2 && tracked) expect(twin.levels.levels(Infinity, 'published')).to.deep.equal(twin.sorted(published))
            if (look !== 3 || !tracked) continue
            const changes = new Map([...twin.touched].map((key) => [key, twin.map.get(key) ?? 0n]))
            expect(twin.levels.take()).to.deep.equal(twin.sorted(changes))
            twin.touched.clear()
            published = new Map(twin.map)
          }
          expect(twin.levels.levels(Infinity, 'current')).to.deep.equal(twin.sorted(twin.map))
        }),
        { numRuns: 60 },
      )
    })
  }

  it('hold a hundred thousand levels', () => {
    const twin = new Twin('ask')
    for (let i = 0; i < 100_000; i++) twin.add(BigInt((i * 7919) % 100_003) + 1n, 1n)
    const levels = twin.levels.levels(1000, 'current')
    expect(levels.map(([level]) => level)).to.deep.equal(twin.sorted(twin.map).slice(0, 1000).map(([level]) => level))
  })

  it('refuse to fall below zero, or to shrink where there is no level', () => {
    const twin = new Twin('bid')
    twin.add(5n, 2n)
    expect(() => twin.remove(5n, 3n)).to.throw('fell to -1')
    expect(() => twin.remove(6n, 1n)).to.throw('the bid level 6 lost quantity and does not exist')
  })
})
