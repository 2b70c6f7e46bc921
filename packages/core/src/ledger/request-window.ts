/** Remembers the last idempotent commands, so that the same one again has no second effect. */
import { TextIndex } from '../values/text-index.js'
import { TypedRows } from '../values/typed-rows.js'

export const REQUEST_WORDS = 4
/** f64: sequence of the command that had the effect. */
export const REQUEST_SEQUENCE = 0
/** f64: the order that it made, or 0. */
export const REQUEST_ORDER_ID = 1
/** 32-bit fields, counted in 32-bit words from the row's start: the input's hash. */
export const REQUEST_HASH_LOW = 4
export const REQUEST_HASH_HIGH = 5

/** A ring of at most `limit` keys; the oldest is forgotten for the newest. */
export class RequestWindow extends TypedRows {
  readonly keys = new TextIndex()
  /** Keys ever remembered. */
  total = 0

  constructor(readonly limit: number) {
    super(REQUEST_WORDS, 16)
  }

  /** The row of a key, or 0. `scope` keeps keys of different kinds or accounts apart. */
  find(words: Uint32Array, at: number, scope: number): number {
    return this.keys.find(words, at, scope)
  }

  /** Whether the remembered input is the same one. */
  sameInput(row: number, hashLow: number, hashHigh: number): boolean {
    const at = row * 2 * REQUEST_WORDS
    return this.i32[at + REQUEST_HASH_LOW] === hashLow && this.i32[at + REQUEST_HASH_HIGH] === hashHigh
  }

  /** Remembers a key that is not in the window. @returns its row, for the caller to fill the fields. */
  remember(words: Uint32Array, at: number, scope: number): number {
    const row = (this.total % this.limit) + 1
    if (this.total >= this.limit) this.keys.remove(row)
    else this.add()
    this.total++
    this.keys.insert(row, words, at, scope)
    return row
  }

  /** Rows from the oldest to the newest. */
  *rows(): Generator<number> {
    for (let key = Math.max(0, this.total - this.limit); key < this.total; key++) yield (key % this.limit) + 1
  }

  firstSequence(row: number): number {
    return this.f64[row * REQUEST_WORDS + REQUEST_SEQUENCE]!
  }

  orderId(row: number): number {
    return this.f64[row * REQUEST_WORDS + REQUEST_ORDER_ID]!
  }
}
