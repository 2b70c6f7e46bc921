/** Tables of 32-bit numbers, and numbered rows, in the memory of rows. */
import type { RowMemory } from './row-memory.js'

/** Where the numbers of a table stand in its registers, in words of 32 bits: its first place, its length less 1, how many entries it has. */
export const TABLE_FIRST = 0
export const TABLE_MASK = 1
export const TABLE_COUNT = 2
const TABLE_REGISTERS = 2
const LEAST_PLACES = 64

/** As many places as a power of two, found by the low bits of a number. At least half of them stay free. */
export class MemoryTable {
  /** Where its numbers stand, counted in words of 32 bits. */
  readonly at: number
  /** Two of them once more, at hand. */
  private first = 0
  private mask = 0

  constructor(
    private readonly memory: RowMemory,
    places = LEAST_PLACES,
  ) {
    this.at = memory.register(TABLE_REGISTERS) * 2
    this.place(places)
  }

  /** The place of a number, counted in words of 32 bits. */
  placeOf(number: number): number {
    return this.first + (number & this.mask)
  }

  /** The place of a number by its high bits. */
  highPlaceOf(number: number): number {
    return this.first + (number >>> Math.clz32(this.mask))
  }

  get length(): number {
    return this.mask + 1
  }

  /** Whether so many more entries leave half of the places free. */
  hasRoom(entries: number): boolean {
    const { i32 } = this.memory
    return (i32[this.at + TABLE_COUNT]! + entries) * 2 <= this.mask
  }

  countOne(): void {
    const { i32 } = this.memory
    i32[this.at + TABLE_COUNT] = i32[this.at + TABLE_COUNT]! + 1
  }

  forgetOne(): void {
    const { i32 } = this.memory
    i32[this.at + TABLE_COUNT] = i32[this.at + TABLE_COUNT]! - 1
  }

  /** Makes room for so many more entries in an empty table. @returns what stood in the old one. */
  grow(entries: number): Int32Array {
    let places = this.length
    while ((this.memory.i32[this.at + TABLE_COUNT]! + entries) * 2 > places - 1) places *= 2
    return this.resize(places)
  }

  /** Makes the table an empty one of another length. @returns what stood in the old one. */
  resize(places: number): Int32Array {
    const { first, length } = this
    const old = this.memory.i32.slice(first, first + length)
    this.memory.giveBack(first / 2, length / 2)
    this.place(places)
    return old
  }

  private place(places: number): void {
    this.first = this.memory.take(places / 2) * 2
    this.mask = places - 1
    const { i32 } = this.memory
    i32[this.at + TABLE_FIRST] = this.first
    i32[this.at + TABLE_MASK] = this.mask
  }
}

/** Where the numbers of numbered rows stand in their registers, in words of 32 bits: the first row, for how many there is room, how many there are. */
export const ROWS_FIRST = 0
export const ROWS_ROOM = 1
export const ROWS_END = 2
const ROWS_REGISTERS = 2

/** Rows side by side, known by their numbers from 0 on. They move when there are more than there is room for. */
export class NumberedRows {
  /** Where the numbers stand, counted in words of 32 bits. */
  readonly at: number

  constructor(
    protected readonly memory: RowMemory,
    private readonly words: number,
    room: number,
  ) {
    this.at = memory.register(ROWS_REGISTERS) * 2
    this.move(room)
  }

  /** How many rows there are. */
  get end(): number {
    return this.memory.i32[this.at + ROWS_END]!
  }

  /** Where a row begins, counted in words of 32 bits. */
  place(row: number): number {
    return this.memory.i32[this.at + ROWS_FIRST]! + row * this.words * 2
  }

  /** Makes room for one more row. */
  makeRoom(): void {
    const { i32 } = this.memory
    if (i32[this.at + ROWS_END] === i32[this.at + ROWS_ROOM]) this.move(i32[this.at + ROWS_ROOM]! * 2)
  }

  /** Adds a zeroed row. @returns its number. */
  protected add(): number {
    this.makeRoom()
    const row = this.end
    this.memory.i32[this.at + ROWS_END] = row + 1
    return row
  }

  private move(room: number): void {
    const from = this.memory.i32[this.at + ROWS_FIRST]!
    const length = this.memory.i32[this.at + ROWS_ROOM]! * this.words * 2
    const to = this.memory.take(room * this.words) * 2
    const { i32 } = this.memory
    i32.copyWithin(to, from, from + length)
    if (length > 0) this.memory.giveBack(from / 2, length / 2)
    i32[this.at + ROWS_FIRST] = to
    i32[this.at + ROWS_ROOM] = room
  }
}
