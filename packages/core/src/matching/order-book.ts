/** One order book without accounts and money: the matching that the engine is built on, by itself. */
import { ROW_BITS, RowMemory, RowPool } from '../values/row-memory.js'
import * as levelLayout from './level-layout.js'
import * as marketLayout from './market-layout.js'
import { OrderBooks } from './order-books.js'
import { OrderIds } from './order-ids.js'
import * as orderLayout from './order-layout.js'
import * as registers from './registers.js'
import { TakerWalk, type Settlement } from './taker-walk.js'

const { LEVEL_QUANTITY } = levelLayout
const { MARKET_KEY_UNIT, MARKET_STATE, MARKET_WORDS } = marketLayout
const { ALLOW, MATCHING_WORDS, ORDER_ENUMS, ORDER_FLAGS, ORDER_ID, ORDER_LEAVES, ORDER_NEXT, ORDER_PRICE } = orderLayout
const { QUANTITY } = registers

const ROW = ROW_BITS
const TWO_32 = 4294967296
const MOST_32 = 0x7fffffff
/** More words of memory than one order takes. */
const ORDER_NEEDS = 4_096
/** Everybody trades with everybody: a book knows no accounts. */
const NO_PREVENTION = ALLOW << 24

/** What the last {@link OrderBook.place} traded, first fill first; overwritten by the next one. */
export interface Fills {
  readonly count: number
  /** Id of the resting order; it has no leaves any more, except that of the last fill may have some. */
  makerId(fill: number): number
  /** The maker's price. */
  price(fill: number): number
  quantity(fill: number): number
}

/** Best first: price and quantity. */
export type BookLevels = readonly (readonly [price: number, quantity: number])[]

/**
 * Price-time priority over whole numbers: prices and quantities are integers from 1 below 2^53.
 *
 * Ids are the caller's, whole numbers below 2^53, unique among the resting orders; they are found
 * fastest when they count up. The book trusts its caller and checks nothing.
 *
 * @example
 * const book = createOrderBook()
 * book.place(1, SELL_SIDE, 100, 5)
 * book.place(2, BUY_SIDE, 100, 3) // 0: nothing is left
 * book.fills.quantity(0) // 3
 */
export interface OrderBook {
  readonly fills: Fills
  /**
   * Trades an order against the other side up to its price, and lets the rest queue behind its equals.
   *
   * @param side 0 buys, 1 sells.
   * @returns the quantity that rests, 0 where all was traded.
   */
  place(id: number, side: number, price: number, quantity: number): number
  /** Takes a resting order out. @returns whether there was one. */
  cancel(id: number): boolean
  /** What is left of a resting order; 0 where none has the id. */
  leaves(id: number): number
  /** Price and quantity of the best `limit` levels of a side, best first. */
  levels(side: number, limit: number): BookLevels
}

/** Sides as {@link OrderBook.place} takes them. */
export const BUY_SIDE = 0
export const SELL_SIDE = 1

export function createOrderBook(): OrderBook {
  return new SingleBook()
}

class SingleBook implements OrderBook {
  readonly fills: FillList
  private readonly memory = new RowMemory()
  private readonly books = new OrderBooks(this.memory)
  private readonly ids = new OrderIds(this.memory)
  private readonly orders = new RowPool(this.memory, MATCHING_WORDS, ORDER_NEXT)
  private readonly walk: TakerWalk
  private readonly market: number

  constructor() {
    this.fills = new FillList(this.memory, this.ids, this.orders)
    this.walk = new TakerWalk(this.memory, this.books, this.fills)
    this.market = new RowPool(this.memory, MARKET_WORDS, MARKET_STATE).take()
    this.memory.f64[this.market + MARKET_KEY_UNIT] = 1
  }

  place(id: number, side: number, price: number, quantity: number): number {
    const { memory, market, books } = this
    books.makeRoom()
    memory.reserve(ORDER_NEEDS)
    this.fills.count = 0
    const order = this.orders.take() & ROW
    const { f64, i32 } = memory
    f64[order + ORDER_ID] = id
    write(i32, (order + ORDER_PRICE) * 2, price)
    write(i32, (order + ORDER_LEAVES) * 2, quantity)
    i32[order * 2 + ORDER_ENUMS] = NO_PREVENTION | side
    i32[order * 2 + ORDER_FLAGS] = 0
    this.walk.run(order, market, side ^ 1)
    const leaves = read(i32, (order + ORDER_LEAVES) * 2)
    if (leaves === 0) {
      this.orders.release(order)
      return 0
    }
    books.add(order, market, side)
    this.ids.insert(order)
    return leaves
  }

  cancel(id: number): boolean {
    const order = this.ids.find(id)
    if (order === 0) return false
    this.books.remove(order)
    this.ids.remove(order)
    this.orders.release(order)
    return true
  }

  leaves(id: number): number {
    const order = this.ids.find(id)
    return order === 0 ? 0 : read(this.memory.i32, (order + ORDER_LEAVES) * 2)
  }

  levels(side: number, limit: number): BookLevels {
    const { books } = this
    const found: [number, number][] = []
    for (let level = books.best(this.market, side); level !== 0 && found.length < limit; level = books.worse(level)) {
      found.push([books.price(level), read(this.memory.i32, (level + LEVEL_QUANTITY) * 2)])
    }
    return found
  }
}

/** Keeps the fills of one walk, and takes filled makers off the lists. */
class FillList implements Fills, Settlement {
  count = 0
  /** Three numbers a fill: the maker's id, price, quantity. */
  private numbers = new Float64Array(64 * 3)

  constructor(
    private readonly memory: RowMemory,
    private readonly ids: OrderIds,
    private readonly orders: RowPool,
  ) {}

  makerId(fill: number): number {
    return this.numbers[fill * 3]!
  }

  price(fill: number): number {
    return this.numbers[fill * 3 + 1]!
  }

  quantity(fill: number): number {
    return this.numbers[fill * 3 + 2]!
  }

  trade(_taker: number, makerRow: number): void {
    const { f64, i32 } = this.memory
    const maker = makerRow & ROW
    const at = this.count * 3
    if (at === this.numbers.length) this.grow()
    const { numbers } = this
    numbers[at] = f64[maker + ORDER_ID]!
    numbers[at + 1] = read(i32, (maker + ORDER_PRICE) * 2)
    numbers[at + 2] = read(i32, QUANTITY * 2)
    this.count++
  }

  makerFilled(maker: number): void {
    this.ids.remove(maker)
    this.orders.release(maker)
  }

  /** Without accounts nobody trades with themselves: the walk never asks for the two below. */
  cancelMaker(): void {
    throw new Error('An order book without accounts was asked to prevent a self-trade.')
  }

  decrement(): void {
    throw new Error('An order book without accounts was asked to prevent a self-trade.')
  }

  private grow(): void {
    const old = this.numbers
    this.numbers = new Float64Array(old.length * 2)
    this.numbers.set(old)
  }
}

/** Writes a whole number below 2^53 as int64: a conversion through a bigint would be allocated. Most numbers need the lower half only. */
function write(i32: Int32Array, at: number, value: number): void {
  if (value <= MOST_32) {
    i32[at] = value
    i32[at + 1] = 0
    return
  }
  const high = Math.floor(value / TWO_32)
  i32[at] = value - high * TWO_32
  i32[at + 1] = high
}

function read(i32: Int32Array, at: number): number {
  return i32[at + 1]! * TWO_32 + (i32[at]! >>> 0)
}
