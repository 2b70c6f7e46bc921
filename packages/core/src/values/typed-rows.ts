/** Tables of fixed-size rows in one buffer, seen through aliased typed views, that grow by doubling. */

/**
 * Rows of `words` 8-byte words. Row 0 stays unused unless `first` is 0, so that 0 can mean "none" in links.
 *
 * The views are replaced when the table grows: read them after the last call that may add a row.
 */
export class TypedRows {
  readonly words: number
  f64: Float64Array
  i64: BigInt64Array
  i32: Int32Array
  /** The row that the next {@link add} gives. */
  end: number
  /** How many rows fit before the table must grow. */
  capacity: number

  constructor(words: number, capacity = 16, first = 1) {
    this.words = words
    this.end = first
    this.capacity = capacity
    this.f64 = new Float64Array(words * capacity)
    this.i64 = new BigInt64Array(this.f64.buffer)
    this.i32 = new Int32Array(this.f64.buffer)
  }

  /** Adds a zeroed row at the end. */
  add(): number {
    if (this.end === this.capacity) this.grow()
    return this.end++
  }

  /** Zeroes a row. */
  clear(row: number): void {
    this.f64.fill(0, row * this.words, (row + 1) * this.words)
  }

  private grow(): void {
    this.capacity *= 2
    const f64 = new Float64Array(this.words * this.capacity)
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
