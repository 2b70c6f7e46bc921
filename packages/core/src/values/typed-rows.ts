/** Tables of fixed-size rows in one buffer, seen through aliased typed views, that grow by doubling. */
import type { PartlyFilled } from './memory-image.js'

/**
 * Rows of `words` 8-byte words. Row 0 stays unused unless `first` is 0, so that 0 can mean "none" in links.
 *
 * The views are replaced when the table grows: read them after the last call that may add a row.
 */
export class TypedRows implements PartlyFilled {
  readonly words: number
  f64: Float64Array
  i64: BigInt64Array
  i32: Int32Array
  /** The row that the next {@link add} gives. */
  end: number

  constructor(words: number, capacity = 16, first = 1) {
    this.words = words
    this.end = first
    this.f64 = new Float64Array(words * capacity)
    this.i64 = new BigInt64Array(this.f64.buffer)
    this.i32 = new Int32Array(this.f64.buffer)
  }

  /** Adds a zeroed row at the end. */
  add(): number {
    if ((this.end + 1) * this.words > this.f64.length) this.grow()
    return this.end++
  }

  /** Zeroes a row. */
  clear(row: number): void {
    this.f64.fill(0, row * this.words, (row + 1) * this.words)
  }

  filledBytes(): number {
    return this.end * this.words * 8
  }

  private grow(): void {
    const f64 = new Float64Array(this.f64.length * 2)
    // Bytes, not doubles: copying integers as doubles could change their bit patterns.
    new Int32Array(f64.buffer).set(this.i32)
    this.f64 = f64
    this.i64 = new BigInt64Array(f64.buffer)
    this.i32 = new Int32Array(f64.buffer)
  }
}

/** A longer copy of the array, the new places zero. */
export function grownInt32(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(length)
  grown.set(array)
  return grown
}
