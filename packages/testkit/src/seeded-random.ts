/** Random numbers that a seed repeats. */

export class SeededRandom {
  private state: number

  constructor(readonly seed: number) {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x2545f491) | 0 || 1
    for (let i = 0; i < 8; i++) this.word()
  }

  /** A whole number from 0 to below `bound`. */
  below(bound: number): number {
    return Math.floor((this.word() / 2 ** 32) * bound)
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True once in so many. */
  onceIn(count: number): boolean {
    return this.below(count) === 0
  }

  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('There is nothing to pick from an empty list.')
    return items[this.below(items.length)] as Item
  }

  /** Marsaglia's xorshift, 32 bits. */
  private word(): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return this.state >>> 0
  }
}
