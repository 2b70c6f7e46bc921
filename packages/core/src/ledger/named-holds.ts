/** Money set aside under a name, such as a withdrawal's, until it is settled or released. */
import { TextIndex } from '../values/text-index.js'
import { TypedRows } from '../values/typed-rows.js'

export const HOLD_WORDS = 4
/** i64, units of the asset. */
export const NAMED_AMOUNT = 0
/** f64: sequence of the command that placed it. */
export const NAMED_SEQUENCE = 1
/** 32-bit fields, counted in 32-bit words from the row's start. */
export const NAMED_ACCOUNT = 4
export const NAMED_ASSET = 5
const NAMED_NEXT_FREE = 6

export class NamedHolds extends TypedRows {
  readonly names = new TextIndex()
  private free = 0

  constructor() {
    super(HOLD_WORDS, 16)
  }

  /** The row of a live hold, or 0. */
  find(words: Uint32Array, at: number): number {
    return this.names.find(words, at, 0)
  }

  /** Records a hold of a name that is not live. */
  place(hold: { words: Uint32Array; at: number; account: number; asset: number; amount: bigint; sequence: number }): number {
    let row = this.free
    if (row === 0) row = this.add()
    else this.free = this.i32[row * 2 * HOLD_WORDS + NAMED_NEXT_FREE]!
    this.i64[row * HOLD_WORDS + NAMED_AMOUNT] = hold.amount
    this.f64[row * HOLD_WORDS + NAMED_SEQUENCE] = hold.sequence
    this.i32[row * 2 * HOLD_WORDS + NAMED_ACCOUNT] = hold.account
    this.i32[row * 2 * HOLD_WORDS + NAMED_ASSET] = hold.asset
    this.names.insert(row, hold.words, hold.at, 0)
    return row
  }

  /** Forgets a hold whose money has been moved. */
  remove(row: number): void {
    this.names.remove(row)
    this.f64[row * HOLD_WORDS + NAMED_SEQUENCE] = 0
    this.i32[row * 2 * HOLD_WORDS + NAMED_NEXT_FREE] = this.free
    this.free = row
  }

  /** Rows of the live holds, oldest first. */
  live(): number[] {
    const rows: number[] = []
    for (let row = 1; row < this.end; row++) if (this.sequenceOf(row) > 0) rows.push(row)
    return rows.sort((a, b) => this.sequenceOf(a) - this.sequenceOf(b))
  }

  account(row: number): number {
    return this.i32[row * 2 * HOLD_WORDS + NAMED_ACCOUNT]!
  }

  asset(row: number): number {
    return this.i32[row * 2 * HOLD_WORDS + NAMED_ASSET]!
  }

  amount(row: number): bigint {
    return this.i64[row * HOLD_WORDS + NAMED_AMOUNT]!
  }

  sequenceOf(row: number): number {
    return this.f64[row * HOLD_WORDS + NAMED_SEQUENCE]!
  }
}
