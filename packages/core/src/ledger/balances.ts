/** What every account has of every asset, free and set aside: one row of 32 bytes each. */
import { PairIndex } from '../values/pair-index.js'
import { RowPool, type RowMemory } from '../values/row-memory.js'
import * as balanceLayout from './balance-layout.js'

const { BALANCE_WORDS, AVAILABLE, HELD, BALANCE_ACCOUNT, BALANCE_ASSET } = balanceLayout

export class Balances {
  private readonly index: PairIndex
  private readonly pool: RowPool

  constructor(private readonly memory: RowMemory) {
    this.pool = new RowPool(memory, BALANCE_WORDS, BALANCE_ACCOUNT)
    this.index = new PairIndex(memory, BALANCE_ACCOUNT)
  }

  /** The row of an account's asset, or 0. */
  find(account: number, asset: number): number {
    return this.index.find(account, asset)
  }

  /** The row of an account's asset, made with zeros where there was none. */
  open(account: number, asset: number): number {
    const found = this.index.find(account, asset)
    if (found !== 0) return found
    const row = this.pool.take()
    this.memory.i32[row * 2 + BALANCE_ACCOUNT] = account
    this.memory.i32[row * 2 + BALANCE_ASSET] = asset
    this.index.insert(row)
    return row
  }

  /** Makes room for so many more rows. */
  reserve(rows: number): void {
    this.index.reserve(rows)
    this.memory.reserve(rows * BALANCE_WORDS)
  }

  /** How many rows there are. */
  get count(): number {
    return this.pool.live
  }

  /** All rows, in the order in which they were opened. */
  rows(): Generator<number> {
    return this.pool.rows()
  }

  account(row: number): number {
    return this.memory.i32[row * 2 + BALANCE_ACCOUNT]!
  }

  asset(row: number): number {
    return this.memory.i32[row * 2 + BALANCE_ASSET]!
  }

  /** Row 0 has nothing. */
  available(row: number): bigint {
    return this.memory.i64[row + AVAILABLE]!
  }

  held(row: number): bigint {
    return this.memory.i64[row + HELD]!
  }

  /** Sets available money aside; the caller has checked that it is there. */
  hold(row: number, amount: bigint): void {
    const { i64 } = this.memory
    i64[row + AVAILABLE] = BigInt.asIntN(64, i64[row + AVAILABLE]! - amount)
    i64[row + HELD] = BigInt.asIntN(64, i64[row + HELD]! + amount)
  }

  /** Gives back money that was set aside. */
  release(row: number, amount: bigint): void {
    const { i64 } = this.memory
    i64[row + HELD] = BigInt.asIntN(64, i64[row + HELD]! - amount)
    i64[row + AVAILABLE] = BigInt.asIntN(64, i64[row + AVAILABLE]! + amount)
  }

  /** Moves available money; the caller has checked that it is there. */
  pay(from: number, to: number, amount: bigint): void {
    const { i64 } = this.memory
    i64[from + AVAILABLE] = BigInt.asIntN(64, i64[from + AVAILABLE]! - amount)
    i64[to + AVAILABLE] = BigInt.asIntN(64, i64[to + AVAILABLE]! + amount)
  }

  /** Moves money that was set aside into the available money of another row. */
  payHeld(from: number, to: number, amount: bigint): void {
    const { i64 } = this.memory
    i64[from + HELD] = BigInt.asIntN(64, i64[from + HELD]! - amount)
    i64[to + AVAILABLE] = BigInt.asIntN(64, i64[to + AVAILABLE]! + amount)
  }
}
