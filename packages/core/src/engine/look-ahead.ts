/** Reads what the next commands of a group will need, so that the waits for memory pass side by side. */
import { FRAME_HEADER_BYTES, type FrameBuffer } from '../values/frames.js'
import { ROW_BITS, type RowMemory } from '../values/row-memory.js'
import { NO_TEXT as NO_TEXT_HASH } from '../values/text-words.js'
import * as command from '../domain/frames/command-frames.js'
import * as levelLayout from '../matching/level-layout.js'
import * as marketLayout from '../matching/market-layout.js'
import type { OrderBooks } from '../matching/order-books.js'
import type { OrderIds } from '../matching/order-ids.js'
import * as orderLayout from '../matching/order-layout.js'
import * as seatLayout from '../matching/seat-layout.js'
import * as accountLayout from './account-layout.js'
import type { Accounts } from './accounts.js'
import type { MarketRows } from './market-rows.js'
import { nameHash, type OrderNames } from './order-names.js'

const { LAST_PAYS, LAST_SEAT } = accountLayout
const { ORDER_CANCEL, ORDER_PLACE } = command
const { LEVEL_COUNT, LEVEL_HEAD, LEVEL_PRICE, LEVEL_TAIL } = levelLayout
const { MARKET_BEST, MARKET_TICK } = marketLayout
const { ORDER_HELD, ORDER_ID, ORDER_LEVEL, ORDER_NAME_HASH, ORDER_NEXT, ORDER_PREVIOUS, ORDER_SEAT, ORDER_SEAT_NEXT, ORDER_SEAT_PREVIOUS } = orderLayout
const { SEAT_BASE, SEAT_QUOTE } = seatLayout
const ROW = ROW_BITS
const NO_TEXT = NO_TEXT_HASH
const TWO_32 = 4294967296
const ENUMS_WORD = command.PLACE_SIDE >> 2
const PRICE_WORD = command.PLACE_PRICE >> 2
const PLACE_NAME_WORD = command.PLACE_CLIENT_ORDER_ID >> 2
const CANCEL_NAME_WORD = command.REFERENCE_CLIENT_ORDER_ID >> 2
const CANCEL_ID_WORD = command.REFERENCE_ORDER_ID >> 3

/** Commands of one look: as many waits as a processor keeps open at a time. */
const COMMANDS = 32
/** Up to so many bytes of rows a look costs what it saves: they are in the processor's caches. */
const CACHED_BYTES = 16 << 20
/** Makers of one taker that are read. */
const MAKERS = 4

/** The tables that are read. */
export interface TablesAhead {
  readonly memory: RowMemory
  readonly accounts: Accounts
  readonly markets: MarketRows
  readonly books: OrderBooks
  readonly ids: OrderIds
  readonly names: OrderNames
}

/**
 * One look goes over the commands several times, each time one reference further: what one command waits
 * for does not depend on the others, so the processor waits for all of them at once. It does so for as many as
 * the instructions between two waits leave room for, and not beyond a branch that it foresees wrongly: a pass
 * is a short loop that does not ask about what it has just read, and orders and cancels stand in lists of
 * their own. Nothing is changed but caches that are no part of the state, and what is read is checked again
 * when its command is applied.
 */
export class LookAhead {
  /** By command: where its account stands, and the rows that it names; 0 where there is none. */
  private readonly accounts = new Int32Array(COMMANDS)
  private readonly seats = new Int32Array(COMMANDS)
  private readonly balances = new Int32Array(COMMANDS)
  /** By new order: where its frame stands in words of 4 bytes, who may have its name, the level that it may join, the best one of the other side, and whom it may trade with. */
  private readonly places = new Int32Array(COMMANDS)
  private readonly named = new Int32Array(COMMANDS)
  private readonly joined = new Int32Array(COMMANDS)
  private readonly opposites = new Int32Array(COMMANDS)
  private readonly makers = new Int32Array(COMMANDS)
  /** By cancel: where its frame stands, the order that it names, and that order's level. */
  private readonly cancels = new Int32Array(COMMANDS)
  private readonly orders = new Int32Array(COMMANDS)
  private readonly levels = new Int32Array(COMMANDS)
  private count = 0
  private placeCount = 0
  private cancelCount = 0
  /** A sum of all that was read: a read whose result nobody has would be left out. */
  private seen = 0

  /** @param cachedBytes up to so many bytes of rows nothing is read. */
  constructor(
    private readonly state: TablesAhead,
    private readonly cachedBytes = CACHED_BYTES,
  ) {}

  /** @returns where the first command stands that was not looked at; at most `end`. */
  over(commands: FrameBuffer, offset: number, end: number): number {
    if (this.state.memory.filledBytes() <= this.cachedBytes) return end
    const next = this.readFrames(commands, offset, end)
    this.readAccounts()
    this.hashNames(commands)
    this.findOrders(commands)
    this.findLevels(commands)
    this.readMoney()
    this.readOrders()
    this.readLevels()
    this.readNeighbours()
    this.readTails(commands)
    this.readMakers()
    return next
  }

  private readFrames({ u32 }: FrameBuffer, offset: number, end: number): number {
    const { accounts, places, cancels } = this
    const { accounts: rows } = this.state
    const known = rows.end
    let count = 0
    let placeCount = 0
    let cancelCount = 0
    let at = offset
    while (count < COMMANDS && at < end) {
      const word = (at >> 3) * 2
      const first = u32[word]!
      const size = first & 0xffff
      if (size < FRAME_HEADER_BYTES) {
        at = end
        break
      }
      const type = (first >>> 16) & 0xff
      const account = u32[word + 1]!
      accounts[count] = account < known ? rows.place(account) : 0
      // Every command is written to both lists, and stays in its own: which one that is cannot be foreseen.
      places[placeCount] = word
      cancels[cancelCount] = word
      placeCount += type === ORDER_PLACE ? 1 : 0
      cancelCount += type === ORDER_CANCEL ? 1 : 0
      count++
      at += size
    }
    this.count = count
    this.placeCount = placeCount
    this.cancelCount = cancelCount
    return at
  }

  /** Finds seats and balances; both balances of an account stand side by side as a rule. */
  private readAccounts(): void {
    const { accounts, seats, balances, count } = this
    const { i32: fields } = this.state.memory
    for (let i = 0; i < count; i++) {
      const account = accounts[i]!
      seats[i] = fields[account + LAST_SEAT]!
      balances[i] = fields[account + LAST_PAYS]!
    }
  }

  /** Puts the hashes of names where {@link findOrders} puts what it finds by them. */
  private hashNames({ u32, f64 }: FrameBuffer): void {
    const { places, named, placeCount, cancels, orders, cancelCount } = this
    for (let i = 0; i < placeCount; i++) {
      const word = places[i]!
      named[i] = nameHash(u32[word + 1]!, u32, word + PLACE_NAME_WORD)
    }
    for (let i = 0; i < cancelCount; i++) {
      const word = cancels[i]!
      orders[i] = f64[(word >> 1) + CANCEL_ID_WORD] === 0 ? nameHash(u32[word + 1]!, u32, word + CANCEL_NAME_WORD) : NO_TEXT
    }
  }

  /** Finds the orders that may have the names of new ones, and those that are to be cancelled. */
  private findOrders({ f64 }: FrameBuffer): void {
    const { named, placeCount, cancels, orders, cancelCount } = this
    const { names, ids } = this.state
    for (let i = 0; i < placeCount; i++) named[i] = names.head(named[i]!)
    for (let i = 0; i < cancelCount; i++) {
      const hash = orders[i]!
      orders[i] = hash === NO_TEXT ? ids.head(f64[(cancels[i]! >> 1) + CANCEL_ID_WORD]!) : names.head(hash)
    }
  }

  private readMoney(): void {
    const { seats, balances, count } = this
    const { i32 } = this.state.memory
    let sum = 0
    for (let i = 0; i < count; i++) sum = (sum + i32[(seats[i]! & ROW) * 2]! + i32[(balances[i]! & ROW) * 2]!) | 0
    this.seen = sum
  }

  /** Touches every part of the rows of orders. */
  private readOrders(): void {
    const { orders, named, levels, cancelCount, placeCount } = this
    const { i32 } = this.state.memory
    let sum = 0
    for (let i = 0; i < cancelCount; i++) {
      const order = (orders[i]! & ROW) * 2
      levels[i] = i32[order + ORDER_LEVEL]!
      sum = (sum + i32[order + ORDER_HELD * 2]! + i32[order + ORDER_NAME_HASH]!) | 0
    }
    for (let i = 0; i < placeCount; i++) sum = (sum + i32[(named[i]! & ROW) * 2 + ORDER_NAME_HASH]!) | 0
    this.seen = (this.seen + sum) | 0
  }

  /** Touches what stands beside an order that is to be cancelled. */
  private readNeighbours(): void {
    const { orders, levels, cancelCount } = this
    const { ids } = this.state
    const { i32, f64 } = this.state.memory
    let sum = 0
    for (let i = 0; i < cancelCount; i++) {
      const order = (orders[i]! & ROW) * 2
      const level = (levels[i]! & ROW) * 2
      sum = (sum + i32[level + LEVEL_COUNT]! + ids.head(f64[(orders[i]! & ROW) + ORDER_ID]!)) | 0
      sum = (sum + i32[(i32[order + ORDER_NEXT]! & ROW) * 2 + ORDER_PREVIOUS]! + i32[(i32[order + ORDER_PREVIOUS]! & ROW) * 2 + ORDER_NEXT]!) | 0
      sum = (sum + i32[(i32[order + ORDER_SEAT_NEXT]! & ROW) * 2 + ORDER_SEAT_PREVIOUS]! + i32[(i32[order + ORDER_SEAT_PREVIOUS]! & ROW) * 2 + ORDER_SEAT_NEXT]!) | 0
    }
    this.seen = (this.seen + sum) | 0
  }

  /** Finds the levels that new orders may join, and those that they may trade with. */
  private findLevels({ u32 }: FrameBuffer): void {
    const { places, joined, opposites, placeCount } = this
    const { books, markets } = this.state
    const { i32 } = this.state.memory
    for (let i = 0; i < placeCount; i++) {
      const word = places[i]!
      const marketId = u32[word + 6]! & 0xffff
      const market = marketId < markets.rows.length ? markets.rows[marketId]! & ROW : 0
      const side = u32[word + ENUMS_WORD]! & 1
      joined[i] = books.guess(market, side, u32[word + PRICE_WORD]! | 0)
      opposites[i] = i32[market * 2 + MARKET_BEST + (side ^ 1)]!
    }
  }

  private readLevels(): void {
    const { joined, opposites, makers, placeCount } = this
    const { i32 } = this.state.memory
    let sum = 0
    for (let i = 0; i < placeCount; i++) {
      sum = (sum + i32[(joined[i]! & ROW) * 2]!) | 0
      makers[i] = i32[(opposites[i]! & ROW) * 2 + LEVEL_HEAD]!
    }
    this.seen = (this.seen + sum) | 0
  }

  /** Touches the newest orders of the levels that new ones join, and forgets the makers of those that do not cross. */
  private readTails({ u32 }: FrameBuffer): void {
    const { places, joined, opposites, makers, placeCount } = this
    const { books, markets } = this.state
    const { i32, f64 } = this.state.memory
    let sum = 0
    for (let i = 0; i < placeCount; i++) {
      const word = places[i]!
      const opposite = opposites[i]! & ROW
      const price = (u32[word + PRICE_WORD + 1]! | 0) * TWO_32 + u32[word + PRICE_WORD]!
      const side = u32[word + ENUMS_WORD]! & 1
      if (opposite !== 0 && (f64[opposite + LEVEL_PRICE]! - price) * (1 - 2 * side) <= 0) continue
      makers[i] = 0
      let level = joined[i]! & ROW
      if (f64[level + LEVEL_PRICE] !== price) {
        const marketId = u32[word + 6]! & 0xffff
        const market = marketId < markets.rows.length ? markets.rows[marketId]! & ROW : 0
        const ticks = price / f64[market + MARKET_TICK]!
        level = market !== 0 && price > 0 && Math.floor(ticks) === ticks ? books.lookUp(market, side, price) & ROW : 0
      }
      sum = (sum + i32[(i32[level * 2 + LEVEL_TAIL]! & ROW) * 2 + ORDER_NEXT]!) | 0
    }
    this.seen = (this.seen + sum) | 0
  }

  /** Touches the first makers that an order will trade with. */
  private readMakers(): void {
    const { makers, placeCount } = this
    const { i32 } = this.state.memory
    let sum = 0
    for (let i = 0; i < placeCount; i++) {
      let maker = makers[i]! & ROW
      for (let count = 0; maker !== 0 && count < MAKERS; count++) {
        const seat = (i32[maker * 2 + ORDER_SEAT]! & ROW) * 2
        sum += i32[(i32[seat + SEAT_QUOTE]! & ROW) * 2]! + i32[(i32[seat + SEAT_BASE]! & ROW) * 2]! + i32[maker * 2 + ORDER_HELD * 2]! + i32[maker * 2 + ORDER_NAME_HASH]!
        maker = i32[maker * 2 + ORDER_NEXT]! & ROW
      }
    }
    this.seen = (this.seen + sum) | 0
  }
}
