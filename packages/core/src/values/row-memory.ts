/** One growing memory for rows of many kinds, and the pools that hand the rows out. */
import type { MovesInto, PartlyFilled } from './memory-image.js'
import { wasm, type WasmMemory } from './wasm.js'

/** Words at the start that are never part of a pool: the row "none", which reads as zeros, and registers after it. Whole cache lines. */
const RESERVED_WORDS = 128
/**
 * All bits that a reference can have. Masking a reference with it changes nothing, but tells the compiler
 * that a field's offset can be added without a check for overflow: hot functions do it once at their start.
 */
export const ROW_BITS = 0x1fffffff
/** The first of the words that have fixed meanings; see `matching/registers.ts`. */
export const FIRST_REGISTER = 32
/** The first of the words that {@link RowMemory.register} hands out. */
const FIRST_OWNED_REGISTER = 64
const WASM_PAGE_BYTES = 1 << 16
/** As many as a reference can name. */
const MOST_WORDS = ROW_BITS + 1
/** What the smallest memory holds: more than a command takes, so that few engines ever grow. */
const LEAST_WORDS = 1 << 17

/**
 * Words of 8 bytes in one buffer, seen through aliased views; the buffer is a memory of WebAssembly.
 *
 * A row is known by the number of its first word, its reference; 0 is none. `i64` and `f64` are indexed by
 * `row + field`, `i32` by `row * 2 + field`. One memory for all rows means three views to load in a
 * function instead of three for every kind of row it touches: measured, that is worth a third of its time.
 *
 * The views are replaced when the memory grows. It grows in {@link reserve} before a command, never
 * within one that has reserved enough. What grows is a new memory: growing one in place would take its
 * buffer away from the views, after which the compiler has every access of every array look whether that happened.
 */
export class RowMemory implements PartlyFilled, MovesInto {
  f64: Float64Array
  i64: BigInt64Array
  i32: Int32Array
  u8: Uint8Array
  private wasmMemory: WasmMemory
  private end = RESERVED_WORDS
  private registersEnd = FIRST_OWNED_REGISTER
  /** Words that were given back, all zero: where they begin, and where they end. */
  private readonly spares: number[] = []

  constructor(words = LEAST_WORDS) {
    this.wasmMemory = memoryOf(words)
    this.f64 = new Float64Array(this.wasmMemory.buffer)
    this.i64 = new BigInt64Array(this.wasmMemory.buffer)
    this.i32 = new Int32Array(this.wasmMemory.buffer)
    this.u8 = new Uint8Array(this.wasmMemory.buffer)
  }

  /** The buffer as WebAssembly knows it; another one after the memory has grown. */
  get shared(): WasmMemory {
    return this.wasmMemory
  }

  /** Words at the start of the memory for whoever makes up the engine, in the order of its making. */
  register(words: number): number {
    const at = this.registersEnd
    this.registersEnd += words
    if (this.registersEnd > RESERVED_WORDS) throw new RangeError(`There are ${RESERVED_WORDS - FIRST_OWNED_REGISTER} registers to hand out.`)
    return at
  }

  /** Makes sure that so many words can be taken without the views being replaced. */
  reserve(words: number): void {
    if (this.end + words > this.f64.length) this.grow(words)
  }

  /** Takes words that are zero. */
  take(words: number): number {
    for (let spare = 0; spare < this.spares.length; spare += 2) {
      const at = this.spares[spare]!
      if (at + words > this.spares[spare + 1]!) continue
      this.spares[spare] = at + words
      return at
    }
    this.reserve(words)
    const at = this.end
    this.end += words
    return at
  }

  /** Takes back words that nobody refers to any more. */
  giveBack(at: number, words: number): void {
    this.i32.fill(0, at * 2, (at + words) * 2)
    this.spares.push(at, at + words)
  }

  filledBytes(): number {
    return this.end * 8
  }

  /** Takes the content of another memory. */
  moveInto(content: Uint8Array): void {
    this.see(memoryOf(Math.min(MOST_WORDS, Math.max(LEAST_WORDS, Math.ceil((content.length * 1.25) / 8)))))
    this.u8.set(content)
  }

  private grow(words: number): void {
    let length = this.f64.length
    while (length < this.end + words) length *= 2
    length = Math.min(length, MOST_WORDS)
    if (length < this.end + words) throw new RangeError(`The engine's rows need more than ${MOST_WORDS} words of memory (4 GB).`)
    const content = this.u8.subarray(0, this.end * 8)
    this.see(memoryOf(length))
    this.u8.set(content)
  }

  private see(memory: WasmMemory): void {
    this.wasmMemory = memory
    this.f64 = new Float64Array(memory.buffer)
    this.i64 = new BigInt64Array(memory.buffer)
    this.i32 = new Int32Array(memory.buffer)
    this.u8 = new Uint8Array(memory.buffer)
  }
}

function memoryOf(words: number): WasmMemory {
  return new wasm.Memory({ initial: Math.ceil((words * 8) / WASM_PAGE_BYTES) })
}

/** Rows of a pool are taken from the memory so many at a time. */
const PAGE_ROWS = 32

/** Where the four numbers of a pool stand in its registers, in words of 32 bits: the first released row, the next fresh one, the end of its page, how many rows are in use. */
export const POOL_FREE = 0
export const POOL_NEXT = 1
export const POOL_PAGE_END = 2
export const POOL_LIVE = 3
const POOL_REGISTERS = 2

/** Rows of one kind, used again after they are released. */
export class RowPool {
  /** Where its numbers stand, counted in words of 32 bits. */
  readonly at: number
  private readonly pages: number[] = []

  /** @param link a 32-bit field of the row that chains released rows. */
  constructor(
    private readonly memory: RowMemory,
    private readonly words: number,
    private readonly link: number,
  ) {
    this.at = memory.register(POOL_REGISTERS) * 2
  }

  /** Rows in use. */
  get live(): number {
    return this.memory.i32[this.at + POOL_LIVE]!
  }

  /** Takes a row; one that was used before holds old values until the caller sets them, a new one zeros. */
  take(): number {
    const { at } = this
    const { i32 } = this.memory
    i32[at + POOL_LIVE] = i32[at + POOL_LIVE]! + 1
    const row = i32[at + POOL_FREE]!
    if (row !== 0) {
      i32[at + POOL_FREE] = i32[row * 2 + this.link]!
      return row
    }
    this.makeRoom()
    return this.takeFresh()
  }

  release(row: number): void {
    const { at } = this
    const { i32 } = this.memory
    i32[at + POOL_LIVE] = i32[at + POOL_LIVE]! - 1
    i32[row * 2 + this.link] = i32[at + POOL_FREE]!
    i32[at + POOL_FREE] = row
  }

  /** Makes sure that there are so many fresh rows, at most those of a page. */
  makeRoom(rows = 1): void {
    const { at, words, link } = this
    const { i32 } = this.memory
    if (i32[at + POOL_NEXT]! + rows * words <= i32[at + POOL_PAGE_END]!) return
    // What is left of the page is taken before what comes.
    for (; i32[at + POOL_NEXT]! < i32[at + POOL_PAGE_END]!; i32[at + POOL_NEXT] = i32[at + POOL_NEXT]! + words) {
      i32[i32[at + POOL_NEXT]! * 2 + link] = i32[at + POOL_FREE]!
      i32[at + POOL_FREE] = i32[at + POOL_NEXT]!
    }
    this.openPage()
  }

  /** The rows ever taken, those released since included. */
  *rows(): Generator<number> {
    for (const page of this.pages) {
      const end = page === this.pages.at(-1) ? this.memory.i32[this.at + POOL_NEXT]! : page + PAGE_ROWS * this.words
      for (let row = page; row < end; row += this.words) yield row
    }
  }

  private takeFresh(): number {
    const { i32 } = this.memory
    const row = i32[this.at + POOL_NEXT]!
    i32[this.at + POOL_NEXT] = row + this.words
    return row
  }

  private openPage(): void {
    const page = this.memory.take(PAGE_ROWS * this.words)
    this.memory.i32[this.at + POOL_NEXT] = page
    this.memory.i32[this.at + POOL_PAGE_END] = page + PAGE_ROWS * this.words
    this.pages.push(page)
  }
}
