/** What every account has of every asset, free and set aside: one row of 32 bytes each. */
import { PairIndex } from '../values/pair-index.js'
import { TypedRows } from '../values/typed-rows.js'
import * as balanceLayout from './balance-layout.js'

const { BALANCE_WORDS, AVAILABLE, HELD, BALANCE_ACCOUNT, BALANCE_ASSET } = balanceLayout

export class Balances extends TypedRows {
  private readonly index = new PairIndex()

  constructor() {
    super(BALANCE_WORDS, 64)
  }

  /** The row of an account's asset, or 0. */
  find(account: number, asset: number): number {
    return this.index.find(account, asset)
  }

  /** The row of an account's asset, made with zeros where there was none. */
  open(account: number, asset: number): number {
    const found = this.index.find(account, asset)
    if (found !== 0) return found
    const row = this.add()
    this.i32[row * 2 * BALANCE_WORDS + BALANCE_ACCOUNT] = account
    this.i32[row * 2 * BALANCE_WORDS + BALANCE_ASSET] = asset
    this.index.insert(account, asset, row)
    return row
  }

  available(row: number): bigint {
    return this.i64[row * BALANCE_WORDS + AVAILABLE]!
  }

  held(row: number): bigint {
    return this.i64[row * BALANCE_WORDS + HELD]!
  }

  /** Sets money aside; row 0 has nothing. @returns false, changing nothing, where the available money is less. */
  hold(row: number, amount: bigint): boolean {
    const at = row * BALANCE_WORDS
    if (this.i64[at + AVAILABLE]! < amount) return false
    this.i64[at + AVAILABLE] = BigInt.asIntN(64, this.i64[at + AVAILABLE]! - amount)
    this.i64[at + HELD] = BigInt.asIntN(64, this.i64[at + HELD]! + amount)
    return true
  }

  /** Gives back money that was set aside. */
  release(row: number, amount: bigint): void {
    const at = row * BALANCE_WORDS
    this.i64[at + HELD] = BigInt.asIntN(64, this.i64[at + HELD]! - amount)
    this.i64[at + AVAILABLE] = BigInt.asIntN(64, this.i64[at + AVAILABLE]! + amount)
  }

  /** Moves available money; the caller has checked that it is there. */
  pay(from: number, to: number, amount: bigint): void {
    this.i64[from * BALANCE_WORDS + AVAILABLE] = BigInt.asIntN(64, this.i64[from * BALANCE_WORDS + AVAILABLE]! - amount)
    this.i64[to * BALANCE_WORDS + AVAILABLE] = BigInt.asIntN(64, this.i64[to * BALANCE_WORDS + AVAILABLE]! + amount)
  }

  /** Moves money that was set aside into the available money of another row. */
  payHeld(from: number, to: number, amount: bigint): void {
    this.i64[from * BALANCE_WORDS + HELD] = BigInt.asIntN(64, this.i64[from * BALANCE_WORDS + HELD]! - amount)
    this.i64[to * BALANCE_WORDS + AVAILABLE] = BigInt.asIntN(64, this.i64[to * BALANCE_WORDS + AVAILABLE]! + amount)
  }
}
