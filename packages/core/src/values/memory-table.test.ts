import { expect } from 'chai'
import { MemoryTable, NumberedRows, ROWS_END, ROWS_FIRST, ROWS_ROOM, TABLE_COUNT, TABLE_FIRST, TABLE_MASK } from './memory-table.js'
import { RowMemory } from './row-memory.js'

/** Where the first words that were asked for begin. */
const FIRST = 128

function filledTable(memory: RowMemory, places?: number): MemoryTable {
  const table = new MemoryTable(memory, places)
  for (let number = 0; number < table.length; number++) memory.i32[table.placeOf(number)] = number + 1
  return table
}

describe('A table in the memory', () => {
  it('has a place of its own for each of as many numbers as it is long', () => {
    const memory = new RowMemory()
    const table = new MemoryTable(memory)
    expect(table.length).to.equal(64)
    expect([0, 1, 63, 64, 130, -1].map((number) => table.placeOf(number))).to.deep.equal([0, 1, 63, 0, 2, 63].map((place) => FIRST * 2 + place))
    expect(memory.take(1), 'two places to a word').to.equal(FIRST + 32)
  })

  it('finds a place by the high bits too', () => {
    const table = new MemoryTable(new RowMemory(), 16)
    const numbers = [0, 0x0fffffff, 0x10000000, 0x7fffffff, -1, -0x80000000]
    expect(numbers.map((number) => table.highPlaceOf(number))).to.deep.equal([0, 0, 1, 7, 15, 8].map((place) => FIRST * 2 + place))
  })

  it('tells in its registers where it stands, and how many entries it has', () => {
    const memory = new RowMemory()
    const [one, other] = [new MemoryTable(memory), new MemoryTable(memory, 16)]
    expect([one.at, other.at]).to.deep.equal([128, 132])
    for (let entries = 0; entries < 3; entries++) other.countOne()
    other.forgetOne()
    expect([TABLE_FIRST, TABLE_MASK, TABLE_COUNT].map((register) => memory.i32[other.at + register])).to.deep.equal([(FIRST + 32) * 2, 15, 2])
    expect(memory.i32[one.at + TABLE_COUNT]).to.equal(0)
  })

  it('has room as long as half of the places stay free', () => {
    const table = new MemoryTable(new RowMemory(), 16)
    expect([table.hasRoom(7), table.hasRoom(8)]).to.deep.equal([true, false])
    for (let entries = 0; entries < 5; entries++) table.countOne()
    expect([table.hasRoom(2), table.hasRoom(3)]).to.deep.equal([true, false])
  })

  it('grows as little as it must, gives back what stood there, and is empty then', () => {
    for (const [entries, length] of [[2, 16], [3, 32], [10, 32], [11, 64], [100, 256]] as const) {
      const memory = new RowMemory()
      const table = filledTable(memory, 16)
      for (let count = 0; count < 5; count++) table.countOne()
      expect([...table.grow(entries)]).to.deep.equal(Array.from({ length: 16 }, (_, place) => place + 1))
      expect([table.length, table.hasRoom(entries)]).to.deep.equal([length, true])
      for (let number = 0; number < length; number++) expect(memory.i32[table.placeOf(number)]).to.equal(0)
      expect([memory.i32[table.at + TABLE_FIRST], memory.i32[table.at + TABLE_MASK]]).to.deep.equal([table.placeOf(0), length - 1])
    }
  })

  it('leaves its old words to others, and the words of others alone', () => {
    const memory = new RowMemory()
    const [table, other] = [filledTable(memory, 16), filledTable(memory, 16)]
    table.resize(32)
    expect(table.placeOf(0)).to.equal((FIRST + 16) * 2)
    for (let number = 0; number < 16; number++) expect(memory.i32[other.placeOf(number)]).to.equal(number + 1)
    expect([memory.take(8), memory.take(1)]).to.deep.equal([FIRST, FIRST + 32])
    expect(memory.i32.subarray(FIRST * 2, FIRST * 2 + 16).every((place) => place === 0)).to.equal(true)
  })
})

/** Rows of three words. */
class Numbers extends NumberedRows {
  constructor(memory: RowMemory, room: number) {
    super(memory, 3, room)
  }

  override add(): number {
    return super.add()
  }

  read(row: number): number[] {
    const place = this.place(row)
    return [...this.memory.i32.subarray(place, place + 6)]
  }

  fill(row: number, value: number): void {
    this.memory.i32.fill(value, this.place(row), this.place(row) + 6)
  }

  register(register: number): number {
    return this.memory.i32[this.at + register]!
  }
}

describe('Numbered rows', () => {
  it('stand side by side, zeroed', () => {
    const rows = new Numbers(new RowMemory(), 4)
    expect(rows.end).to.equal(0)
    expect([rows.add(), rows.add(), rows.end]).to.deep.equal([0, 1, 2])
    expect([rows.place(0), rows.place(1)]).to.deep.equal([FIRST * 2, FIRST * 2 + 6])
    expect(rows.read(1)).to.deep.equal([0, 0, 0, 0, 0, 0])
  })

  it('keep what they hold when they move, and leave their old words to others', () => {
    const memory = new RowMemory()
    const rows = new Numbers(memory, 2)
    const other = memory.take(1)
    memory.i32[other * 2] = -1
    for (const value of [7, 8]) rows.fill(rows.add(), value)
    expect(rows.place(0), 'there was room').to.equal(FIRST * 2)
    rows.makeRoom()
    expect([rows.place(0), rows.end]).to.deep.equal([(other + 1) * 2, 2])
    rows.makeRoom()
    expect([ROWS_FIRST, ROWS_ROOM, ROWS_END].map((register) => rows.register(register))).to.deep.equal([(other + 1) * 2, 4, 2])
    expect(rows.add()).to.equal(2)
    expect([rows.read(0), rows.read(1), rows.read(2)]).to.deep.equal([7, 8, 0].map((value) => Array<number>(6).fill(value)))
    expect(memory.take(6)).to.equal(FIRST)
    expect(memory.i32[other * 2]).to.equal(-1)
    expect(memory.i32.subarray(FIRST * 2, FIRST * 2 + 12).every((word) => word === 0)).to.equal(true)
  })

  it('move where the memory grows under them', () => {
    const memory = new RowMemory(1)
    const rows = new Numbers(memory, 1)
    for (let value = 1; value <= 3_000; value++) rows.fill(rows.add(), value)
    expect(memory.f64.length).to.be.greaterThan(9_000)
    for (let row = 0; row < 3_000; row++) expect(rows.read(row)).to.deep.equal(Array<number>(6).fill(row + 1))
  })

  it('stand beside tables and other rows', () => {
    const memory = new RowMemory()
    const [one, other] = [new Numbers(memory, 1), new Numbers(memory, 1)]
    expect([one.at, other.at]).to.deep.equal([128, 132])
    for (let value = 1; value <= 5; value++) for (const rows of [one, other]) rows.fill(rows.add(), rows === one ? value : -value)
    expect([0, 4].flatMap((row) => [one.read(row)[5], other.read(row)[0]])).to.deep.equal([1, -1, 5, -5])
  })
})
