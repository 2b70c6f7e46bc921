/** The client order ids of live orders, unique within an account. */
import { TEXT_BYTES } from '../values/frames.js'
import type { RowMemory } from '../values/row-memory.js'
import { TextIndex, TEXT_WORDS } from '../values/text-index.js'
import { grownInt32 } from '../values/typed-rows.js'
import type { OrderIds } from '../matching/order-ids.js'
import * as orderLayout from '../matching/order-layout.js'
import { SEAT_ACCOUNT } from '../matching/seat-layout.js'

const { ORDER_ID, ORDER_NAME, ORDER_SEAT } = orderLayout

/** Order ids have at most 16 digits. */
const MOST_DIGITS = 16

/**
 * An order that the client gave no name is named by its order id in decimal. Such names cost nothing:
 * they are looked up by number. Only where clients chose plain numbers themselves must a new order id
 * be compared with them.
 */
export class OrderNames {
  private readonly index = new TextIndex()
  /** By row of the index: the order of that name, or for a free row the next free one. */
  private orders = new Int32Array(16)
  private free = 0
  private end = 1
  /** Live orders that clients named with plain numbers. */
  private numeric = 0
  private readonly digits = new Uint32Array(TEXT_WORDS)

  constructor(
    private readonly memory: RowMemory,
    private readonly ids: OrderIds,
  ) {}

  /** The live order that the account knows by this text, or 0. */
  find(account: number, words: Uint32Array, at: number): number {
    const named = this.index.find(words, at, account)
    if (named !== 0) return this.orders[named]!
    const orderId = plainNumber(words, at)
    if (orderId === 0) return 0
    const order = this.ids.find(orderId)
    const { i32 } = this.memory
    if (order === 0 || i32[order * 2 + ORDER_NAME] !== 0) return 0
    return i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_ACCOUNT] === account ? order : 0
  }

  /** Whether the account's client has given an order the number that a new order would be named by. */
  takes(account: number, orderId: number): boolean {
    if (this.numeric === 0) return false
    const text = String(orderId)
    this.digits.fill(0)
    for (let i = 0; i < text.length; i++) this.digits[i >> 2] = this.digits[i >> 2]! | (text.charCodeAt(i) << ((i & 3) * 8))
    return this.index.find(this.digits, 0, account) !== 0
  }

  /** Names an order; the name must be free. */
  insert(order: number, account: number, words: Uint32Array, at: number): void {
    let row = this.free
    if (row !== 0) this.free = this.orders[row]!
    else row = this.end++
    if (row >= this.orders.length) this.orders = grownInt32(this.orders, this.orders.length * 2)
    this.orders[row] = order
    this.memory.i32[order * 2 + ORDER_NAME] = row
    this.index.insert(row, words, at, account)
    if (plainNumber(words, at) !== 0) this.numeric++
  }

  /** Frees a name, by its row. */
  remove(row: number): void {
    this.index.remove(row)
    this.orders[row] = this.free
    this.free = row
    if (this.numeric === 0) return
    this.index.copyTo(row, this.digits, 0)
    if (plainNumber(this.digits, 0) !== 0) this.numeric--
  }

  /** Writes a name, by its row. */
  copyTo(row: number, words: Uint32Array, at: number): void {
    this.index.copyTo(row, words, at)
  }

  /** The name of an order, given by the client or not. */
  text(order: number): string {
    const row = this.memory.i32[order * 2 + ORDER_NAME]!
    return row === 0 ? String(this.memory.f64[order + ORDER_ID]) : this.index.text(row)
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
