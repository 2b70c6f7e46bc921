/** An open-addressed table from a pair of 32-bit numbers to a row; entries are never removed. */

const ENTRY = 4
const ROW = 2

export class PairIndex {
  /** Entries of four words: first, second, row (0: free), unused. */
  private entries = new Int32Array(16 * ENTRY)
  private mask = 15
  private count = 0

  /** The row of the pair, or 0. */
  find(first: number, second: number): number {
    const entries = this.entries
    const mask = this.mask
    let at = hashPair(first, second) & mask
    for (;;) {
      const entry = at * ENTRY
      const row = entries[entry + ROW]!
      if (row === 0 || (entries[entry] === first && entries[entry + 1] === second)) return row
      at = (at + 1) & mask
    }
  }

  /** Adds a pair that is not in the table. */
  insert(first: number, second: number, row: number): void {
    if (++this.count * 2 > this.mask) this.grow()
    this.put(first, second, row)
  }

  private put(first: number, second: number, row: number): void {
    const entries = this.entries
    let at = hashPair(first, second) & this.mask
    while (entries[at * ENTRY + ROW] !== 0) at = (at + 1) & this.mask
    entries[at * ENTRY] = first
    entries[at * ENTRY + 1] = second
    entries[at * ENTRY + ROW] = row
  }

  private grow(): void {
    const old = this.entries
    this.mask = this.mask * 2 + 1
    this.entries = new Int32Array((this.mask + 1) * ENTRY)
    for (let entry = 0; entry < old.length; entry += ENTRY) {
      if (old[entry + ROW] !== 0) this.put(old[entry]!, old[entry + 1]!, old[entry + ROW]!)
    }
  }
}

function hashPair(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
