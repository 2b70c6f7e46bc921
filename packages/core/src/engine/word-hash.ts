/** A 64-bit hash over 32-bit words in plain integer arithmetic: the same on every machine. */

/**
 * Mixes the words from `start` to `end` into the two halves of a hash. Not for secrets: it finds
 * differences, it does not withstand someone who constructs equal hashes.
 */
export function hashWords(hash: Int32Array, words: Uint32Array | Int32Array, start: number, end: number): void {
  let low = hash[0]!
  let high = hash[1]!
  for (let at = start; at < end; at++) {
    const word = words[at]! | 0
    low = Math.imul(low ^ word, 0xcc9e2d51)
    low = (low << 15) | (low >>> 17)
    high = (Math.imul(high, 5) + 0xe6546b64) | 0
    high = Math.imul(high ^ low ^ (word << 16) ^ (word >>> 16), 0x1b873593)
    high ^= high >>> 13
    low = (low + high) | 0
  }
  hash[0] = low
  hash[1] = high
}

/** The 16 hexadecimal digits of a hash, after a last mixing. */
export function hashText(hash: Int32Array): string {
  return mix(hash[0]! ^ Math.imul(hash[1]!, 0x85ebca6b)) + mix(hash[1]! ^ Math.imul(hash[0]!, 0xc2b2ae35))
}

function mix(half: number): string {
  let value = half ^ (half >>> 16)
  value = Math.imul(value, 0x85ebca6b)
  value ^= value >>> 13
  value = Math.imul(value, 0xc2b2ae35)
  value ^= value >>> 16
  return (value >>> 0).toString(16).padStart(8, '0')
}
