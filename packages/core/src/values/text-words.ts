/** Texts as the 32-bit words of a frame, padded with zeros: checks, hashes, and strings. */
import { TEXT_BYTES } from './frames.js'

/** 32-bit words of a text. */
export const TEXT_WORDS = TEXT_BYTES / 4

/** The hash of no text. */
export const NO_TEXT = 0
/** Set in every hash of a text, which makes it differ from {@link NO_TEXT}; the hash stays a small integer. */
export const TEXT_BIT = 1 << 29
export const TEXT_HASH_BITS = 0x3fffffff
const HIGH_BITS = 0x80808080
/** Odd multipliers of the two lanes. */
const EVEN = 0x9e3779b1
const ODD = 0xc2b2ae35

/**
 * Checks and hashes a text in one pass.
 *
 * @returns a positive 30-bit hash of 1 to 36 printable ASCII characters padded with zeros; {@link NO_TEXT} where the
 * words hold anything else.
 */
export function textHash(words: Uint32Array, at: number): number {
  const a = words[at]! | 0
  const b = words[at + 1]! | 0
  const c = words[at + 2]! | 0
  const d = words[at + 3]! | 0
  const e = words[at + 4]! | 0
  const f = words[at + 5]! | 0
  const g = words[at + 6]! | 0
  const h = words[at + 7]! | 0
  const i = words[at + 8]! | 0
  // The longest text, such as a UUID, without a loop; two lanes, so that the multiplications overlap.
  const flaws = flaw(a) | flaw(b) | flaw(c) | flaw(d) | flaw(e) | flaw(f) | flaw(g) | flaw(h) | flaw(i)
  if ((flaws & HIGH_BITS) !== 0) return shortTextHash(words, at)
  const even = Math.imul(Math.imul(Math.imul(Math.imul(a, EVEN) ^ c, EVEN) ^ e, EVEN) ^ g, EVEN) ^ i
  const odd = Math.imul(Math.imul(Math.imul(Math.imul(b, ODD) ^ d, ODD) ^ f, ODD) ^ h, ODD)
  return finished(even ^ rotated(odd))
}

/** Texts of up to 35 characters. */
function shortTextHash(words: Uint32Array, at: number): number {
  let hash = 0x2f0b4c47
  let word = at
  const end = at + TEXT_WORDS
  for (; word < end; word++) {
    const four = words[word]! | 0
    if ((flaw(four) & HIGH_BITS) !== 0) break
    hash = rotated(Math.imul(hash ^ four, EVEN))
  }
  const last = words[word]! | 0
  if (!isEndOfText(last) || (word === at && last === 0)) return NO_TEXT
  for (let rest = word + 1; rest < end; rest++) if (words[rest] !== 0) return NO_TEXT
  return finished(Math.imul(hash ^ last, EVEN))
}

function rotated(word: number): number {
  return (word << 15) | (word >>> 17)
}

function finished(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return ((mixed ^ (mixed >>> 13)) & TEXT_HASH_BITS) | TEXT_BIT
}

/** Mixes a scope, such as an account, into a hash of {@link textHash}; the result is one like it. */
export function scopedHash(hash: number, scope: number): number {
  const mixed = Math.imul(hash ^ Math.imul(scope + 1, 0x9e3779b1), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 15)) & TEXT_HASH_BITS) | TEXT_BIT
}

/** High bits are set where not all four bytes are printable, 0x21 to 0x7e: a byte outside sets its own in one of the three. */
function flaw(four: number): number {
  return four | (four + 0x01010101) | (four - 0x21212121)
}

/** Whether a word is up to three printable bytes, then zeros. */
function isEndOfText(four: number): boolean {
  let rest = four
  while (rest !== 0) {
    const code = rest & 0xff
    if (code < 0x21 || code > 0x7e) return false
    rest >>>= 8
  }
  return true
}

/** A text as the words of a frame; undefined when a frame cannot carry it. */
export function wordsOfText(text: string): Uint32Array | undefined {
  if (text.length > TEXT_BYTES) return undefined
  const words = new Uint32Array(TEXT_WORDS)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x21 || code > 0x7e) return undefined
    words[i >> 2] = words[i >> 2]! | (code << ((i & 3) * 8))
  }
  return words
}

/** The text in words of a frame. */
export function textOfWords(words: Uint32Array | Int32Array, at: number): string {
  let text = ''
  for (let i = 0; i < TEXT_BYTES; i++) {
    const code = (words[at + (i >> 2)]! >>> ((i & 3) * 8)) & 0xff
    if (code === 0) break
    text += String.fromCharCode(code)
  }
  return text
}

/** Whether the words are 1 to 36 printable ASCII characters padded with zeros. */
export function isTextInWords(words: Uint32Array, at: number): boolean {
  return textHash(words, at) !== NO_TEXT
}

/** Whether the words hold no text at all. */
export function isEmptyInWords(words: Uint32Array, at: number): boolean {
  const first = words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]! | words[at + 4]!
  return (first | words[at + 5]! | words[at + 6]! | words[at + 7]! | words[at + 8]!) === 0
}

/** Whether the words are a text or nothing. */
export function isTextOrEmptyInWords(words: Uint32Array, at: number): boolean {
  return words[at] === 0 ? isEmptyInWords(words, at) : isTextInWords(words, at)
}
