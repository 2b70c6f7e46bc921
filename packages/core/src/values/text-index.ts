/** An open-addressed table from a text within a scope to a row: names, client order ids, request ids. */
import type { PartlyFilled } from './memory-image.js'
import { grownInt32 } from './typed-rows.js'
import { NO_TEXT, scopedHash, TEXT_WORDS, textHash, textOfWords } from './text-words.js'

/** Words kept per row: hash, scope, text, and one unused. */
const STRIDE = 12
const SCOPE = 1
const TEXT = 2

/**
 * Texts are taken from and given to 32-bit views of frames, as `TEXT_WORDS` words padded with zeros.
 * The rows are numbered by the owner, from 1; 0 means none.
 */
export class TextIndex implements PartlyFilled {
  private keys = new Int32Array(16 * STRIDE)
  private table = new Int32Array(16)
  private mask = 15
  private count = 0
  /** The highest row that ever had a text. */
  private rows = 0

  /** The row of a text, or 0; words that are no text have none. */
  find(words: Uint32Array, at: number, scope: number): number {
    const plain = textHash(words, at)
    if (plain === NO_TEXT) return 0
    const hash = scopedHash(plain, scope)
    let place = hash & this.mask
    for (;;) {
      const row = this.table[place]!
      if (row === 0 || (this.keys[row * STRIDE] === hash && this.holds(row, words, at, scope))) return row
      place = (place + 1) & this.mask
    }
  }

  /** Gives a row the text; the text must not be in the table. */
  insert(row: number, words: Uint32Array, at: number, scope: number): void {
    if (++this.count * 2 > this.mask) this.growTable(this.mask * 2 + 1)
    if ((row + 1) * STRIDE > this.keys.length) this.keys = grownInt32(this.keys, Math.max(this.keys.length * 2, (row + 1) * STRIDE))
    this.rows = Math.max(this.rows, row)
    const key = row * STRIDE
    this.keys[key] = scopedHash(textHash(words, at), scope)
    this.keys[key + SCOPE] = scope
    for (let word = 0; word < TEXT_WORDS; word++) this.keys[key + TEXT + word] = words[at + word]!
    this.put(row)
  }

  /** Makes room for so many rows, numbered from 1. */
  reserve(rows: number): void {
    let { mask } = this
    while (rows * 2 > mask) mask = mask * 2 + 1
    if (mask > this.mask) this.growTable(mask)
    if ((rows + 1) * STRIDE > this.keys.length) this.keys = grownInt32(this.keys, (rows + 1) * STRIDE)
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
    return textOfWords(this.keys, row * STRIDE + TEXT)
  }

  filledBytes(array: ArrayBufferView): number {
    return array === this.keys ? (this.rows + 1) * STRIDE * 4 : array.byteLength
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

  private growTable(mask: number): void {
    const old = this.table
    this.mask = mask
    this.table = new Int32Array(this.mask + 1)
    for (const row of old) if (row !== 0) this.put(row)
  }
}
