/** An open-addressed table from a pair of 32-bit numbers to the row that holds the pair; entries are never removed. */

/** The memory in which the rows stand: a row's 32-bit fields are counted from twice its number. */
export interface RowWords {
  readonly i32: Int32Array
}

/**
 * An entry is a row and nothing else: the pair is compared where it stands, in a row that whoever looks
 * for it is about to read anyway.
 */
export class PairIndex {
  /** Rows; 0 where an entry is free. */
  private entries = new Int32Array(16)
  private mask = 15
  private count = 0

  /** @param field the 32-bit field of a row that holds the first number; the second one stands behind it. */
  constructor(
    private readonly memory: RowWords,
    private readonly field: number,
  ) {}

  /** The row of the pair, or 0. */
  find(first: number, second: number): number {
    const { entries, mask, field } = this
    const { i32 } = this.memory
    let at = hashPair(first, second) & mask
    for (;;) {
      const row = entries[at]!
      const pair = row * 2 + field
      if (row === 0 || (i32[pair] === first && i32[pair + 1] === second)) return row
      at = (at + 1) & mask
    }
  }

  /** Adds a row whose fields hold a pair that is not in the table. */
  insert(row: number): void {
    this.reserve(1)
    this.count++
    this.put(row)
  }

  /** Makes room for so many more rows. */
  reserve(rows: number): void {
    if ((this.count + rows) * 2 <= this.mask) return
    const old = this.entries
    while ((this.count + rows) * 2 > this.mask) this.mask = this.mask * 2 + 1
    this.entries = new Int32Array(this.mask + 1)
    for (const row of old) if (row !== 0) this.put(row)
  }

  private put(row: number): void {
    const { entries, mask, field } = this
    const { i32 } = this.memory
    const pair = row * 2 + field
    let at = hashPair(i32[pair]!, i32[pair + 1]!) & mask
    while (entries[at] !== 0) at = (at + 1) & mask
    entries[at] = row
  }
}

function hashPair(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
