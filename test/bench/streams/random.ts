/** The generator of all streams: the same seed gives the same stream on any machine. */

/** Whole numbers from 1 to 2^32 - 1. */
export function xorshift32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
