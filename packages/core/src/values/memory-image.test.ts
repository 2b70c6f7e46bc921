/** Images of object graphs. */
import { expect } from 'chai'
import { ImageMemory, imageSizes, isImage, loadImage, takeImage } from './memory-image.js'

class Rows {
  f64 = new Float64Array(1 << 15)
  i32 = new Int32Array(this.f64.buffer)
  end = 0

  filledBytes(): number {
    return this.end * 8
  }
}

class Part {
  seen = new Set<object>()
  constructor(readonly rows: Rows) {}
}

class Graph {
  readonly rows = new Rows()
  readonly part = new Part(this.rows)
  count = 0
  name = ''
  highest = Infinity
  amount = 0n
  missing: number | undefined
  pages: number[] = []
  lists: (Int32Array | undefined)[] = []
  byName = new Map<string, { name: string; amount: bigint }>()
  onChange: () => void = () => undefined
}

function filledGraph(rows: number): Graph {
  const graph = new Graph()
  graph.rows.end = rows
  graph.rows.f64.fill(1.5, 0, rows)
  graph.rows.i32[0] = -7
  Object.assign(graph, { count: 3, name: 'a "b"', highest: -Infinity, amount: -(2n ** 70n), missing: 4, pages: Array.from({ length: 500 }, (_, page) => page * 32) })
  graph.lists[2] = Int32Array.of(1, 2, 3)
  const shared = { name: 'x', amount: 5n }
  graph.byName.set('x', shared)
  graph.part.seen.add(shared)
  return graph
}

/** Everything but the room that arrays have, and functions. */
function factsOf(graph: Graph): unknown {
  const { f64, end } = graph.rows
  return { ...graph, onChange: undefined, part: [...graph.part.seen], rows: [...f64.subarray(0, end)] }
}

describe('An image', () => {
  for (const [size, rows] of [['small', 10], ['partly filled', 20_000], ['full', 1 << 15]] as const) {
    it(`gives everything back to a graph of the same shape: ${size} arrays`, () => {
      const [graph, other] = [filledGraph(rows), new Graph()]
      const parts = takeImage(graph, '1')
      expect(isImage(parts)).to.equal(true)
      const { part, rows: table, onChange } = other
      loadImage(other, '1', parts)
      expect(factsOf(other)).to.deep.equal(factsOf(graph))
      expect(other.rows.f64.length, 'room to grow').to.be.greaterThan(rows - 1)
      expect(other.rows.f64.subarray(rows).every((word) => word === 0)).to.equal(true)
      expect([other.part, other.rows, other.onChange, other.part.rows]).to.have.ordered.members([part, table, onChange, table])
      expect(other.rows.i32.buffer).to.equal(other.rows.f64.buffer)
      expect(other.part.seen.has(other.byName.get('x')!), 'one object in two places').to.equal(true)
    })
  }

  it('does not change with what it was taken of, until the next one is taken into the same memory', () => {
    const graph = filledGraph(1 << 15)
    const memory = new ImageMemory()
    for (const step of memory.prepare(imageSizes(graph))) expect(step).to.equal(undefined)
    const parts = takeImage(graph, '1', memory)
    graph.rows.f64.fill(9)
    graph.count = 4
    const other = new Graph()
    loadImage(other, '1', parts.map((part) => part.slice()))
    expect([other.rows.f64[5], other.count]).to.deep.equal([1.5, 3])
    const again = takeImage(graph, '1', memory)
    expect(again[2]!.buffer).to.equal(parts[2]!.buffer)
  })

  it('goes on in the same memory while arrays fill up, and gets the system to give it before', () => {
    const graph = filledGraph(1 << 15)
    const memory = new ImageMemory()
    graph.rows.end = 8
    const steps = [...memory.prepare(imageSizes(graph))].length
    const before = takeImage(graph, '1', memory)
    graph.rows.end = 1 << 15
    expect([...memory.prepare(imageSizes(graph))].length, 'what the array has grown by').to.be.greaterThan(steps)
    expect([...memory.prepare(imageSizes(graph))].length, 'nothing new').to.equal(0)
    const after = takeImage(graph, '1', memory)
    expect(after.map(({ buffer }) => buffer).slice(1)).to.have.ordered.members(before.map(({ buffer }) => buffer).slice(1))
  })

  it('is refused by another layout, another shape, and where bytes are missing', () => {
    const parts = takeImage(filledGraph(1 << 15), '1')
    expect(() => loadImage(new Graph(), '2', parts)).to.throw(RangeError, 'another version')
    class Longer extends Graph {
      more = 1
    }
    expect(() => loadImage(new Longer(), '1', parts)).to.throw(RangeError, 'other fields of it')
    expect(() => loadImage(new Graph(), '1', parts.slice(0, 2))).to.throw(RangeError, 'bytes of an array')
  })

  it('is not taken of what it could not bring back', () => {
    const graph = new Graph()
    graph.lists[0] = new Int32Array(8).subarray(2)
    expect(() => takeImage(graph, '1')).to.throw(TypeError, 'a part of its buffer')
  })
})
