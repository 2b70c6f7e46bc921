/** The simulator's only source of chance: a seeded generator and the distributions that agents draw from. */

/** xoshiro128**: the same seed gives the same numbers on every machine. */
export class Random {
  private readonly state = new Uint32Array(4)
  private spareNormal: number | undefined

  /** Different labels under one seed give independent streams. */
  constructor(
    private readonly seed: number,
    label = '',
  ) {
    let mixed = seed >>> 0
    for (let i = 0; i < label.length; i++) mixed = Math.imul(mixed ^ label.charCodeAt(i), 0x01000193) >>> 0
    for (let i = 0; i < 4; i++) {
      mixed = (mixed + 0x9e3779b9) >>> 0
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
      this.state[i] = word ^ (word >>> 15)
    }
    if (this.state.every((word) => word === 0)) this.state[0] = 1
    for (let i = 0; i < 8; i++) this.next()
  }

  /** An independent generator of the same seed. */
  fork(label: string): Random {
    return new Random(this.seed, label)
  }

  /** Uniform in [0, 1). */
  next(): number {
    const s = this.state
    const scrambled = Math.imul(s[1]!, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0
    const shifted = s[1]! << 9
    s[2]! ^= s[0]!
    s[3]! ^= s[1]!
    s[1]! ^= s[2]!
    s[0]! ^= s[3]!
    s[2]! ^= shifted
    s[3] = (s[3]! << 11) | (s[3]! >>> 21)
    return result / 2 ** 32
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** Standard normal (Box-Muller, in pairs). */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal
      this.spareNormal = undefined
      return spare
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    const angle = 2 * Math.PI * this.next()
    this.spareNormal = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  /** Log-normal by its median. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal())
  }

  /** How many events of a Poisson process of this mean happened; capped at 50. */
  poisson(mean: number): number {
    const limit = Math.exp(-Math.min(mean, 30))
    let product = this.next()
    let count = 0
    while (product > limit && count < 50) {
      product *= this.next()
      count += 1
    }
    return count
  }
}
