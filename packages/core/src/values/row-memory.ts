/** One growing memory for rows of many kinds, and the pools that hand the rows out. */
import type { PartlyFilled } from './memory-image.js'

/**
 * Words at the start that are never part of a pool: the row "none", which reads as zeros, and registers after it.
 * A large buffer begins 16 bytes into a page, so that rows which begin 560 bytes further begin with a cache line.
 */
const RESERVED_WORDS = 70
/**
 * All bits that a reference can have. Masking a reference with it changes nothing, but tells the compiler
 * that a field's offset can be added without a check for overflow: hot functions do it once at their start.
 */
export const ROW_BITS = 0x1fffffff
/** The first of the words that owners may use as registers, up to {@link RESERVED_WORDS}. */
export const FIRST_REGISTER = 32

/**
 * Words of 8 bytes in one buffer, seen through three aliased views.
 *
 * A row is known by the number of its first word, its reference; 0 is none. `i64` and `f64` are indexed by
 * `row + field`, `i32` by `row * 2 + field`. One memory for all rows means three views to load in a
 * function instead of three for every kind of row it touches: measured, that is worth a third of its time.
 *
 * The views are replaced when the memory grows. It grows in {@link reserve} before a command, never
 * within one that has reserved enough.
 */
export class RowMemory implements PartlyFilled {
  f64: Float64Array
  i64: BigInt64Array
  i32: Int32Array
  private end = RESERVED_WORDS

  constructor(words = 4_096) {
    this.f64 = new Float64Array(words)
    this.i64 = new BigInt64Array(this.f64.buffer)
    this.i32 = new Int32Array(this.f64.buffer)
  }

  /** Makes sure that so many words can be taken without the views being replaced. */
  reserve(words: number): void {
    if (this.end + words > this.f64.length) this.grow(words)
  }

  /** Takes words that are zero. */
  take(words: number): number {
    this.reserve(words)
    const at = this.end
    this.end += words
    return at
  }

  filledBytes(): number {
    return this.end * 8
  }

  private grow(words: number): void {
    let length = this.f64.length
    while (length < this.end + words) length *= 2
    if (length > ROW_BITS + 1) throw new RangeError(`The engine's rows need more than ${ROW_BITS + 1} words of memory (4 GB).`)
    const f64 = new Float64Array(length)
    // Bytes, not doubles: copying integers as doubles could change their bit patterns.
    new Int32Array(f64.buffer).set(this.i32)
    this.f64 = f64
    this.i64 = new BigInt64Array(f64.buffer)
    this.i32 = new Int32Array(f64.buffer)
  }
}

/** Rows of a pool are taken from the memory so many at a time. */
const PAGE_ROWS = 32

/** Rows of one kind, used again after they are released. */
export class RowPool {
  private readonly pages: number[] = []
  private free = 0
  private next = 0
  private pageEnd = 0
  /** Rows in use. */
  live = 0

  /** @param link a 32-bit field of the row that chains released rows. */
  constructor(
    private readonly memory: RowMemory,
    private readonly words: number,
    private readonly link: number,
  ) {}

  /** Takes a row; one that was used before holds old values until the caller sets them, a new one zeros. */
  take(): number {
    this.live++
    const row = this.free
    if (row !== 0) {
      this.free = this.memory.i32[row * 2 + this.link]!
      return row
    }
    if (this.next === this.pageEnd) this.openPage()
    const fresh = this.next
    this.next = fresh + this.words
    return fresh
  }

  release(row: number): void {
    this.live--
    this.memory.i32[row * 2 + this.link] = this.free
    this.free = row
  }

  /** The rows ever taken, those released since included. */
  *rows(): Generator<number> {
    for (const page of this.pages) {
      const end = page === this.pages.at(-1) ? this.next : page + PAGE_ROWS * this.words
      for (let row = page; row < end; row += this.words) yield row
    }
  }

  private openPage(): void {
    this.next = this.memory.take(PAGE_ROWS * this.words)
    this.pageEnd = this.next + PAGE_ROWS * this.words
    this.pages.push(this.next)
  }
}
