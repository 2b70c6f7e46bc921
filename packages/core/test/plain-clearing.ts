/** Settles what a walk decides in the rows of the orders alone, and writes down what it was told. */
import * as orderLayout from '../src/matching/order-layout.js'
import { LEVEL_QUANTITY } from '../src/matching/level-layout.js'
import { QUANTITY } from '../src/matching/registers.js'
import type { Settlement } from '../src/matching/taker-walk.js'
import type { BookTables } from './book-tables.js'

const { ICEBERG, ORDER_ENUMS, ORDER_FILLED, ORDER_FILLED_QUOTE, ORDER_FLAGS, ORDER_ID, ORDER_LEAVES, ORDER_LEVEL, ORDER_PRICE, ORDER_QUANTITY } = orderLayout

/** The maker's id, and what the walk said of it; of a trade price, quantity and what taker, maker and level have left. */
export type Told =
  | readonly ['trade', maker: number, price: number, quantity: number, left: { taker: number; maker: number; level: number }]
  | readonly ['filled' | 'cancelled', maker: number]
  | readonly ['decremented', maker: number, quantity: number]

export class PlainClearing implements Settlement {
  readonly told: Told[] = []

  constructor(
    private readonly tables: BookTables,
    private readonly market: number,
    private readonly notionalUnit = 1,
  ) {}

  trade(taker: number, maker: number): void {
    const { i32, i64 } = this.tables.memory
    const quantity = i64[QUANTITY]!
    const level = i32[maker * 2 + ORDER_LEVEL]!
    const left = { taker: Number(i64[taker + ORDER_LEAVES]!), maker: Number(i64[maker + ORDER_LEAVES]!), level: Number(i64[level + LEVEL_QUANTITY]!) }
    this.told.push(['trade', this.id(maker), Number(i64[maker + ORDER_PRICE]!), Number(quantity), left])
    if (this.told.length > 100) throw new Error('The walk does not end.')
    for (const row of [taker, maker]) {
      i64[row + ORDER_FILLED] = i64[row + ORDER_FILLED]! + quantity
      i64[row + ORDER_FILLED_QUOTE] = i64[row + ORDER_FILLED_QUOTE]! + quantity * i64[maker + ORDER_PRICE]! * BigInt(this.notionalUnit)
    }
  }

  makerFilled(maker: number): void {
    const { i32, i64 } = this.tables.memory
    this.told.push(['filled', this.id(maker)])
    if (i32[maker * 2 + ORDER_LEVEL] !== 0) throw new Error('A filled maker still has a place in the book.')
    const hidden = i64[maker + ORDER_QUANTITY]! - i64[maker + ORDER_FILLED]!
    if ((i32[maker * 2 + ORDER_FLAGS]! & ICEBERG) === 0 || hidden === 0n) return
    i64[maker + ORDER_LEAVES] = 1n
    this.tables.books.add(maker, this.market, i32[maker * 2 + ORDER_ENUMS]! & 1)
  }

  cancelMaker(maker: number): void {
    this.told.push(['cancelled', this.id(maker)])
    this.tables.books.remove(maker)
  }

  decrement(taker: number, maker: number): void {
    const { i64 } = this.tables.memory
    const quantity = i64[QUANTITY]!
    this.told.push(['decremented', this.id(maker), Number(quantity)])
    if (this.told.length > 100) throw new Error('The walk does not end.')
    i64[taker + ORDER_LEAVES] = i64[taker + ORDER_LEAVES]! - quantity
    // Where the maker is left in part, the taker is done: nobody looks at the book again.
    this.tables.books.remove(maker)
  }

  /** Quantity and quote amount of all trades. */
  total(): { quantity: bigint; quote: bigint } {
    let [quantity, quote] = [0n, 0n]
    for (const told of this.told) {
      if (told[0] !== 'trade') continue
      quantity += BigInt(told[3])
      quote += BigInt(told[3] * told[2] * this.notionalUnit)
    }
    return { quantity, quote }
  }

  private id(row: number): number {
    return this.tables.memory.f64[row + ORDER_ID]!
  }
}
