import { expect } from 'chai'
import { POOL_FREE, POOL_NEXT, POOL_PAGE_END, RowMemory, RowPool } from './row-memory.js'

/** Where the first words that were asked for begin. */
const FIRST = 128
/** Words of the smallest memory there can be, a page of WebAssembly. */
const PAGE = 8_192

function expectOneBuffer({ f64, i64, i32, u8, shared }: RowMemory): void {
  expect([f64.buffer, i64.buffer, i32.buffer, u8.buffer].every((buffer) => buffer === shared.buffer)).to.equal(true)
  expect([i64.length, i32.length / 2, u8.length / 8]).to.deep.equal([f64.length, f64.length, f64.length])
}

describe('The memory of rows', () => {
  it('has room for what it was made for, in whole pages', () => {
    for (const [words, room] of [[1, PAGE], [PAGE, PAGE], [PAGE + 1, 2 * PAGE], [undefined, 2 ** 17]] as const) {
      const memory = new RowMemory(words)
      expect(memory.f64.length).to.equal(room)
      expectOneBuffer(memory)
    }
  })

  it('hands words out one after the other, all zero, and knows how many bytes are filled', () => {
    const memory = new RowMemory(PAGE)
    expect(memory.filledBytes()).to.equal(FIRST * 8)
    expect([memory.take(3), memory.take(4), memory.take(1)]).to.deep.equal([FIRST, FIRST + 3, FIRST + 7])
    expect(memory.filledBytes()).to.equal((FIRST + 8) * 8)
    expect(memory.f64.every((word) => word === 0)).to.equal(true)
  })

  it('hands words that came back out again, zeroed, where they suffice', () => {
    const memory = new RowMemory(PAGE)
    const [first, second, third] = [memory.take(4), memory.take(6), memory.take(4)]
    memory.f64.fill(1, first, third + 4)
    memory.giveBack(second, 6)
    memory.giveBack(first, 4)
    expect([...memory.f64.subarray(first, third + 4)]).to.deep.equal([...Array<number>(10).fill(0), 1, 1, 1, 1])
    expect(memory.take(7), 'too many').to.equal(third + 4)
    expect([memory.take(4), memory.take(3)]).to.deep.equal([second, first])
    expect([memory.take(2), memory.take(1), memory.take(1)]).to.deep.equal([second + 4, first + 3, third + 11])
    expect(memory.filledBytes()).to.equal((third + 12) * 8)
  })

  it('stays where it is as long as it suffices', () => {
    const memory = new RowMemory(PAGE)
    const { f64, shared } = memory
    memory.reserve(PAGE - FIRST)
    memory.take(PAGE - FIRST)
    memory.reserve(0)
    expect([memory.f64, memory.shared]).to.have.ordered.members([f64, shared])
  })

  it('grows to the double, as often as it must, and keeps what it holds', () => {
    const memory = new RowMemory(PAGE)
    const at = memory.take(PAGE - FIRST)
    memory.f64[at] = 1.5
    memory.i32[PAGE * 2 - 1] = -7
    const old = memory.shared
    memory.reserve(1)
    expect(memory.f64.length).to.equal(2 * PAGE)
    expect(memory.shared).not.to.equal(old)
    expectOneBuffer(memory)
    memory.reserve(PAGE)
    expect(memory.f64.length, 'as much as that').to.equal(2 * PAGE)
    memory.reserve(3 * PAGE)
    expect(memory.f64.length, 'no more than that').to.equal(4 * PAGE)
    expect(memory.take(PAGE * 3 + 1)).to.equal(PAGE)
    expect(memory.f64.length).to.equal(8 * PAGE)
    expect([memory.f64[at], memory.i32[PAGE * 2 - 1], memory.i32[PAGE * 2]]).to.deep.equal([1.5, -7, 0])
  })

  it('refuses more than a reference can tell', () => {
    const memory = new RowMemory(PAGE)
    expect(() => memory.reserve(2 ** 29)).to.throw(RangeError, 'more than 536870912 words of memory (4 GB)')
    expect(memory.f64.length).to.equal(PAGE)
  })

  it('takes over the content of another one, with room to grow', () => {
    for (const [bytes, room] of [[16, 2 ** 17], [2 ** 20, 160 * 1_024]] as const) {
      const memory = new RowMemory(PAGE)
      memory.moveInto(Uint8Array.from({ length: bytes }, (_, at) => at + 1))
      expect([memory.u8[0], memory.u8[15], memory.u8[bytes - 1], memory.u8[bytes]]).to.deep.equal([1, 16, bytes & 255, 0])
      expect(memory.f64.length).to.equal(room)
      expectOneBuffer(memory)
    }
  })

  it('has 64 registers apart from the rows, and says so to whoever wants more', () => {
    const memory = new RowMemory(PAGE)
    expect([memory.register(2), memory.register(60), memory.register(2)]).to.deep.equal([64, 66, 126])
    expect(() => memory.register(1)).to.throw(RangeError, 'There are 64 registers to hand out.')
  })
})

/** Rows of three words, of which the last half one chains released ones. */
const WORDS = 3
const LINK = 5

/** A pool, and the numbers of rows that it hands out, counted from the first one. */
class Rows {
  readonly memory = new RowMemory(PAGE)
  readonly pool = new RowPool(this.memory, WORDS, LINK)

  take(rows: number): number[] {
    return Array.from({ length: rows }, () => this.pool.take())
  }

  register(place: number): number {
    return this.memory.i32[this.pool.at + place]!
  }
}

/** References of rows side by side. */
function rowsFrom(first: number, rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => first + row * WORDS)
}

describe('A pool of rows', () => {
  it('hands out rows side by side, a page of 32 at a time', () => {
    const rows = new Rows()
    const page = rows.take(32)
    expect(page).to.deep.equal(rowsFrom(FIRST, 32))
    const other = rows.memory.take(10)
    expect(other).to.equal(FIRST + 32 * WORDS)
    expect(rows.take(2)).to.deep.equal(rowsFrom(other + 10, 2))
    expect(rows.pool.live).to.equal(34)
  })

  it('hands out the row that was released last first, as it was left', () => {
    const rows = new Rows()
    const [first, second, third] = rows.take(3)
    rows.memory.i64[second!] = 7n
    for (const row of [first, third, second]) rows.pool.release(row!)
    expect(rows.pool.live).to.equal(0)
    expect(rows.take(4)).to.deep.equal([second, third, first, FIRST + 3 * WORDS])
    expect(rows.memory.i64[second!]).to.equal(7n)
    expect(rows.pool.live).to.equal(4)
  })

  it('writes into a released row where the next one stands, and nowhere else', () => {
    const rows = new Rows()
    const [first, second, third] = rows.take(3)
    const { i32 } = rows.memory
    i32.fill(-1, first! * 2, (third! + WORDS) * 2)
    rows.pool.release(first!)
    rows.pool.release(second!)
    const expected = Array<number>(WORDS * 6).fill(-1)
    expected[LINK] = 0
    expected[WORDS * 2 + LINK] = first!
    expect([...i32.subarray(first! * 2, (third! + WORDS) * 2)]).to.deep.equal(expected)
  })

  it('keeps its page where that has room for what comes', () => {
    const rows = new Rows()
    rows.take(20)
    rows.pool.makeRoom(12)
    expect([rows.register(POOL_NEXT), rows.register(POOL_PAGE_END)]).to.deep.equal([FIRST + 20 * WORDS, FIRST + 32 * WORDS])
    expect(rows.register(POOL_FREE)).to.equal(0)
  })

  it('opens a page where the old one has too few fresh rows, and hands out those first', () => {
    const rows = new Rows()
    rows.take(30)
    const others = rows.memory.take(10)
    rows.memory.i32.fill(-1, others * 2, (others + 10) * 2)
    rows.pool.makeRoom(3)
    expect(rows.pool.live).to.equal(30)
    expect([rows.register(POOL_NEXT), rows.register(POOL_PAGE_END)]).to.deep.equal([others + 10, others + 10 + 32 * WORDS])
    expect(rows.take(2)).to.have.members(rowsFrom(FIRST + 30 * WORDS, 2))
    expect(rows.take(33)).to.deep.equal([...rowsFrom(others + 10, 32), others + 10 + 32 * WORDS])
    expect(rows.memory.i32.subarray(others * 2, (others + 10) * 2).every((word) => word === -1)).to.equal(true)
  })

  it('opens no second page for the row that it was asked to make room for', () => {
    const rows = new Rows()
    rows.pool.makeRoom()
    expect(rows.memory.filledBytes()).to.equal((FIRST + 32 * WORDS) * 8)
    rows.take(32)
    expect(rows.memory.filledBytes()).to.equal((FIRST + 32 * WORDS) * 8)
  })

  it('lists the rows ever taken, page by page', () => {
    const rows = new Rows()
    expect([...rows.pool.rows()]).to.deep.equal([])
    const first = rows.take(3)
    rows.pool.release(first[1]!)
    expect([...rows.pool.rows()]).to.deep.equal(first)
    const more = rows.take(30)
    rows.memory.take(10)
    expect([...rows.pool.rows()]).to.deep.equal([first[0], ...more.slice(0, 1), ...first.slice(2), ...more.slice(1)])
    const last = rows.take(33)
    expect([...rows.pool.rows()].slice(-33)).to.deep.equal(last)
    expect([...rows.pool.rows()]).to.have.length(65)
  })

  it('stands beside other pools', () => {
    const memory = new RowMemory(PAGE)
    const pools = [new RowPool(memory, 1, 0), new RowPool(memory, 2, 1)]
    const taken = Array.from({ length: 40 }, () => pools.map((pool) => pool.take()))
    const words = taken.flatMap(([one, two]) => [one, two, two! + 1])
    expect(new Set(words).size).to.equal(120)
    expect(pools.map((pool) => pool.live)).to.deep.equal([40, 40])
  })
})
