/** The client order ids of live orders, unique within an account. */
import { TEXT_BYTES } from '../values/frames.js'
import { TextIndex, TEXT_WORDS } from '../values/text-index.js'
import { type OrderRows } from '../matching/order-rows.js'
import type { OrderIds } from '../matching/order-ids.js'
import { type Seats } from './seats.js'
import * as orderLayout from '../matching/order-layout.js'
import * as seatLayout from './seat-layout.js'

const { ORDER_WORDS, ORDER_SEAT, ORDER_FLAGS, NAMED } = orderLayout
const { SEAT_ACCOUNT } = seatLayout

/** Order ids have at most 16 digits. */
const MOST_DIGITS = 16

/**
 * An order that the client gave no name is named by its order id in decimal. Such names cost nothing:
 * they are looked up by number. Only where clients chose plain numbers themselves must a new order id
 * be compared with them.
 */
export class OrderNames {
  private readonly index = new TextIndex()
  /** Live orders that clients named with plain numbers. */
  private numeric = 0
  private readonly digits = new Uint32Array(TEXT_WORDS)

  constructor(
    private readonly orders: OrderRows,
    private readonly seats: Seats,
    private readonly ids: OrderIds,
  ) {}

  /** The row of the live order that the account knows by this text, or 0. */
  find(account: number, words: Uint32Array, at: number): number {
    const named = this.index.find(words, at, account)
    if (named !== 0) return named
    const orderId = plainNumber(words, at)
    if (orderId === 0) return 0
    const row = this.ids.find(orderId)
    if (row === 0 || (this.orders.field(row, ORDER_FLAGS) & NAMED) !== 0) return 0
    return this.seats.field(this.orders.field(row, ORDER_SEAT), SEAT_ACCOUNT) === account ? row : 0
  }

  /** Whether the account's client has given an order the number that a new order would be named by. */
  takes(account: number, orderId: number): boolean {
    if (this.numeric === 0) return false
    const text = String(orderId)
    this.digits.fill(0)
    for (let i = 0; i < text.length; i++) this.digits[i >> 2] = this.digits[i >> 2]! | (text.charCodeAt(i) << ((i & 3) * 8))
    return this.index.find(this.digits, 0, account) !== 0
  }

  /** Names an order that has the `NAMED` flag; the name must be free. */
  insert(row: number, account: number, words: Uint32Array, at: number): void {
    this.index.insert(row, words, at, account)
    if (plainNumber(words, at) !== 0) this.numeric++
  }

  /** Frees the name of an order that has the `NAMED` flag. */
  remove(row: number): void {
    this.index.remove(row)
    if (this.numeric === 0) return
    this.index.copyTo(row, this.digits, 0)
    if (plainNumber(this.digits, 0) !== 0) this.numeric--
  }

  /** Writes the name of an order; nothing where it has no `NAMED` flag. */
  copyTo(row: number, words: Uint32Array, at: number): void {
    if ((this.orders.i32[row * 2 * ORDER_WORDS + ORDER_FLAGS]! & NAMED) !== 0) this.index.copyTo(row, words, at)
  }

  text(row: number): string {
    return (this.orders.field(row, ORDER_FLAGS) & NAMED) === 0 ? String(this.orders.id(row)) : this.index.text(row)
  }
}

/** Reads a text such as `1024`, as an order id is written; 0 for any other text. */
function plainNumber(words: Uint32Array, at: number): number {
  let number = 0
  for (let i = 0; i < TEXT_BYTES; i++) {
    const code = (words[at + (i >> 2)]! >>> ((i & 3) * 8)) & 0xff
    if (code === 0) break
    if (code < 0x30 || code > 0x39 || (i === 0 && code === 0x30) || i >= MOST_DIGITS) return 0
    number = number * 10 + (code - 0x30)
  }
  return number <= Number.MAX_SAFE_INTEGER ? number : 0
}
