/** A ring of the newest rows of fixed width, in one block of memory that grows up to its bound. */

const FIRST_ROWS = 16

/**
 * A row is `width` words of 8 bytes; `i64` and `f64` see the same memory and are replaced when it
 * grows, so read them from the object after every {@link RowRing.push}.
 */
export class RowRing {
  i64: BigInt64Array
  f64: Float64Array
  /** Rows held. */
  count = 0
  /** Rows that gave way to newer ones. */
  dropped = 0
  private first = 0
  private capacity: number

  constructor(
    readonly width: number,
    readonly maxRows: number,
  ) {
    this.capacity = 0
    this.i64 = new BigInt64Array(0)
    this.f64 = new Float64Array(0)
  }

  /** Word offset of a row; 0 is the oldest. */
  at(index: number): number {
    const row = this.first + index
    return (row < this.capacity ? row : row - this.capacity) * this.width
  }

  /** Makes a row at the end, its content undefined, and returns its word offset. */
  push(): number {
    if (this.count === this.maxRows) {
      this.first = this.first + 1 === this.capacity ? 0 : this.first + 1
      this.dropped++
      return this.at(this.count - 1)
    }
    if (this.count === this.capacity) this.resize(Math.min(this.maxRows, Math.max(FIRST_ROWS, this.capacity * 2)))
    this.count++
    return this.at(this.count - 1)
  }

  /** Copies the rows to a place in other words, oldest first. */
  copyTo(words: BigInt64Array, at: number): void {
    if (this.count === 0) return
    const { i64, width } = this
    const first = this.first * width
    const end = Math.min(i64.length, first + this.count * width)
    words.set(i64.subarray(first, end), at)
    words.set(i64.subarray(0, this.count * width - (end - first)), at + end - first)
  }

  /** Replaces the content by rows that {@link RowRing.copyTo} gave. */
  load(rows: BigInt64Array, dropped: number): void {
    this.first = 0
    this.count = 0
    this.resize(Math.max(FIRST_ROWS, rows.length / this.width))
    this.i64.set(rows)
    this.count = rows.length / this.width
    this.dropped = dropped
  }

  private resize(capacity: number): void {
    const larger = new BigInt64Array(capacity * this.width)
    this.copyTo(larger, 0)
    this.i64 = larger
    this.f64 = new Float64Array(larger.buffer)
    this.first = 0
    this.capacity = capacity
  }
}
