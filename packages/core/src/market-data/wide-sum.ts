/** Sums that may outgrow 64 bits, in two int64 words: a low part below 2^62, then a count of carries. */

const CARRY = 2n ** 62n
const CARRY_BITS = 62n

/** Adds an amount below 2^62, read from an array, to the sum that starts at `at`. */
export function addToWideSum(words: BigInt64Array, at: number, amounts: BigInt64Array, amountAt: number): void {
  // Two parts below 2^62 stay below 2^63.
  const low = BigInt.asIntN(64, words[at]! + amounts[amountAt]!)
  const beyond = BigInt.asIntN(64, low - CARRY)
  // A comparison with zero stays among the machine's own numbers.
  if (beyond < 0n) {
    words[at] = low
    return
  }
  words[at] = beyond
  words[at + 1] = BigInt.asIntN(64, words[at + 1]! + 1n)
}

/** Adds one sum to another. */
export function addWideSum(words: BigInt64Array, at: number, others: BigInt64Array, otherAt: number): void {
  words[at + 1] = BigInt.asIntN(64, words[at + 1]! + others[otherAt + 1]!)
  addToWideSum(words, at, others, otherAt)
}

export function readWideSum(words: BigInt64Array, at: number): bigint {
  return (words[at + 1]! << CARRY_BITS) + words[at]!
}
