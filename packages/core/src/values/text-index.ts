/** An open-addressed table from a text within a scope to a row: names, client order ids, request ids. */
import { grownInt32 } from './typed-rows.js'
import { TEXT_BYTES } from './frames.js'

/** 32-bit words of a text. */
export const TEXT_WORDS = TEXT_BYTES / 4

/** Words kept per row: hash, scope, text, and one unused. */
const STRIDE = 12
const SCOPE = 1
const TEXT = 2

/**
 * Texts are taken from and given to 32-bit views of frames, as `TEXT_WORDS` words padded with zeros.
 * The rows are numbered by the owner, from 1; 0 means none.
 */
export class TextIndex {
  private keys = new Int32Array(16 * STRIDE)
  private table = new Int32Array(16)
  private mask = 15
  private count = 0

  /** The row of a text, or 0. */
  find(words: Uint32Array, at: number, scope: number): number {
    const hash = hashText(words, at, scope)
    let place = hash & this.mask
    for (;;) {
      const row = this.table[place]!
      if (row === 0 || (this.keys[row * STRIDE] === hash && this.holds(row, words, at, scope))) return row
      place = (place + 1) & this.mask
    }
  }

  /** Gives a row the text; the text must not be in the table. */
  insert(row: number, words: Uint32Array, at: number, scope: number): void {
    if (++this.count * 2 > this.mask) this.growTable()
    if ((row + 1) * STRIDE > this.keys.length) this.keys = grownInt32(this.keys, Math.max(this.keys.length * 2, (row + 1) * STRIDE))
    const key = row * STRIDE
    this.keys[key] = hashText(words, at, scope)
    this.keys[key + SCOPE] = scope
    for (let word = 0; word < TEXT_WORDS; word++) this.keys[key + TEXT + word] = words[at + word]!
    this.put(row)
  }

  /** Takes a row that has a text out of the table. */
  remove(row: number): void {
    const { table, keys, mask } = this
    let hole = keys[row * STRIDE]! & mask
    while (table[hole] !== row) hole = (hole + 1) & mask
    this.count--
    for (let next = (hole + 1) & mask; table[next] !== 0; next = (next + 1) & mask) {
      const home = keys[table[next]! * STRIDE]! & mask
      // An entry may move back into the hole unless its home lies behind the hole.
      if (((next - home) & mask) < ((next - hole) & mask)) continue
      table[hole] = table[next]!
      hole = next
    }
    table[hole] = 0
  }

  scope(row: number): number {
    return this.keys[row * STRIDE + SCOPE]!
  }

  /** Copies the text of a row into a frame. */
  copyTo(row: number, words: Uint32Array, at: number): void {
    const key = row * STRIDE + TEXT
    for (let word = 0; word < TEXT_WORDS; word++) words[at + word] = this.keys[key + word]!
  }

  text(row: number): string {
    const words = new Uint32Array(TEXT_WORDS)
    this.copyTo(row, words, 0)
    return textOfWords(words)
  }

  private holds(row: number, words: Uint32Array, at: number, scope: number): boolean {
    const start = row * STRIDE
    if (this.keys[start + SCOPE] !== scope) return false
    for (let word = 0; word < TEXT_WORDS; word++) {
      if (this.keys[start + TEXT + word] !== (words[at + word]! | 0)) return false
    }
    return true
  }

  private put(row: number): void {
    let place = this.keys[row * STRIDE]! & this.mask
    while (this.table[place] !== 0) place = (place + 1) & this.mask
    this.table[place] = row
  }

  private growTable(): void {
    const old = this.table
    this.mask = this.mask * 2 + 1
    this.table = new Int32Array(this.mask + 1)
    for (const row of old) if (row !== 0) this.put(row)
  }
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

/** Whether the words are 1 to 36 printable ASCII characters padded with zeros. */
export function isTextInWords(words: Uint32Array, at: number): boolean {
  let ended = false
  for (let i = 0; i < TEXT_BYTES; i++) {
    const code = (words[at + (i >> 2)]! >>> ((i & 3) * 8)) & 0xff
    if (code === 0) ended = true
    else if (ended || code < 0x21 || code > 0x7e) return false
  }
  return words[at] !== 0
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

function textOfWords(words: Uint32Array): string {
  let text = ''
  for (let i = 0; i < TEXT_BYTES; i++) {
    const code = (words[i >> 2]! >>> ((i & 3) * 8)) & 0xff
    if (code === 0) break
    text += String.fromCharCode(code)
  }
  return text
}

function hashText(words: Uint32Array, at: number, scope: number): number {
  let hash = Math.imul(scope + 1, 0x9e3779b1)
  for (let word = 0; word < TEXT_WORDS; word++) {
    const value = words[at + word]! | 0
    if (value === 0) break
    hash = Math.imul(hash ^ value, 0x85ebca6b)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
