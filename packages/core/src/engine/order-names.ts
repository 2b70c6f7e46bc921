/** The client order ids of live orders, unique within an account. */
import { TEXT_BYTES } from '../values/frames.js'
import { MemoryTable } from '../values/memory-table.js'
import { ROW_BITS, type RowMemory } from '../values/row-memory.js'
import { NO_TEXT, scopedHash, TEXT_WORDS, textHash, textOfWords } from '../values/text-words.js'
import type { OrderIds } from '../matching/order-ids.js'
import * as orderLayout from '../matching/order-layout.js'
import * as seatLayout from '../matching/seat-layout.js'

const { NAMED, ORDER_FLAGS, ORDER_ID, ORDER_NAME, ORDER_NAME_HASH, ORDER_NAME_NEXT, ORDER_SEAT } = orderLayout
const { SEAT_ACCOUNT } = seatLayout
const ROW = ROW_BITS
/** Where the name begins in a row, in 32-bit words. */
const NAME = ORDER_NAME * 2
const WORDS = TEXT_WORDS

/** Words seen in two ways: of 4 and of 8 bytes. */
interface AliasedWords {
  readonly u32: Uint32Array
  readonly i64: BigInt64Array
}

/** A head is an order and, in the three bits above, a tag of its hash from 1 to 6, or that several are chained; 0 where there is none. */
export const TAG_SHIFT = 29
export const SEVERAL = 7

/** Order ids have at most 16 digits. */
const MOST_DIGITS = 16

/**
 * An order that the client gave no name is named by its order id in decimal. Such names cost nothing:
 * they are looked up by number. Only where clients chose plain numbers themselves must a new order id
 * be compared with them.
 *
 * Names stand in the rows of the orders, chained by the low bits of their hash.
 */
export class OrderNames {
  readonly heads: MemoryTable
  /** Live orders that clients named with plain numbers. */
  private numeric = 0
  private readonly digits = new Uint32Array(TEXT_WORDS)

  constructor(
    private readonly memory: RowMemory,
    private readonly ids: OrderIds,
  ) {
    this.heads = new MemoryTable(memory)
  }

  /** Whether a text is surely nobody's name, without a look at any order: true of most names that are free. */
  isSurelyFree(hash: number, words: Uint32Array, at: number): boolean {
    const tag = this.memory.i32[this.heads.placeOf(hash)]! >>> TAG_SHIFT
    return tag !== SEVERAL && tag !== tagOf(hash) && words[at + MOST_DIGITS / 4] !== 0
  }

  /** The live order that the account knows by this text, or 0. */
  find(account: number, words: Uint32Array, at: number): number {
    const hash = nameHash(account, words, at)
    return hash === NO_TEXT ? 0 : this.findHashed(hash, account, words, at)
  }

  /** The same for a text whose {@link nameHash} is known. */
  findHashed(hash: number, account: number, words: Uint32Array, at: number): number {
    const named = this.findNamed(hash, account, words, at)
    if (named !== 0) return named
    const orderId = plainNumber(words, at)
    if (orderId === 0) return 0
    const order = this.ids.find(orderId)
    const { i32 } = this.memory
    if (order === 0 || (i32[order * 2 + ORDER_FLAGS]! & NAMED) !== 0) return 0
    return i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_ACCOUNT] === account ? order : 0
  }

  /** Whether the account's client has given an order the number that a new order would be named by. */
  takes(account: number, orderId: number): boolean {
    if (this.numeric === 0) return false
    const text = String(orderId)
    this.digits.fill(0)
    for (let i = 0; i < text.length; i++) this.digits[i >> 2] = this.digits[i >> 2]! | (text.charCodeAt(i) << ((i & 3) * 8))
    return this.findNamed(nameHash(account, this.digits, 0), account, this.digits, 0) !== 0
  }

  /** Names an order, whose seat is set; the name must be free. It stands from `word` on, counted in words of 8 bytes. */
  insert(row: number, hash: number, { u32, i64 }: AliasedWords, word: number): void {
    this.makeRoom(1)
    this.heads.countOne()
    const { i32, i64: cells } = this.memory
    const order = row & ROW
    cells[order + ORDER_NAME] = i64[word]!
    cells[order + ORDER_NAME + 1] = i64[word + 1]!
    cells[order + ORDER_NAME + 2] = i64[word + 2]!
    cells[order + ORDER_NAME + 3] = i64[word + 3]!
    i32[order * 2 + NAME + 8] = u32[word * 2 + 8]!
    i32[order * 2 + NAME + 9] = 0
    i32[order * 2 + ORDER_NAME_HASH] = hash
    i32[order * 2 + ORDER_FLAGS] = i32[order * 2 + ORDER_FLAGS]! | NAMED
    this.put(order, hash)
    if (plainNumber(u32, word * 2) !== 0) this.numeric++
  }

  /** Makes room for so many more names. */
  makeRoom(orders: number): void {
    if (!this.heads.hasRoom(orders)) this.grow(orders)
  }

  /** Frees the name of an order that has one. */
  remove(row: number): void {
    const { i32 } = this.memory
    const order = row & ROW
    const place = this.heads.placeOf(i32[order * 2 + ORDER_NAME_HASH]!)
    const next = i32[order * 2 + ORDER_NAME_NEXT]!
    this.heads.forgetOne()
    let before = i32[place]! & ROW
    if (before === order) {
      i32[place] = next === 0 ? 0 : next | (SEVERAL << TAG_SHIFT)
    } else {
      while (i32[before * 2 + ORDER_NAME_NEXT] !== order) before = i32[before * 2 + ORDER_NAME_NEXT]!
      i32[before * 2 + ORDER_NAME_NEXT] = next
    }
    if (this.numeric !== 0 && plainNumber(i32, order * 2 + NAME) !== 0) this.numeric--
  }

  /** Gives a name back to the order from which it was just removed. */
  putBack(row: number): void {
    const { i32 } = this.memory
    const order = row & ROW
    this.heads.countOne()
    this.put(order, i32[order * 2 + ORDER_NAME_HASH]!)
    if (plainNumber(i32, order * 2 + NAME) !== 0) this.numeric++
  }

  /** The name of an order, given by the client or not. */
  text(order: number): string {
    const { i32, f64 } = this.memory
    return (i32[order * 2 + ORDER_FLAGS]! & NAMED) === 0 ? String(f64[order + ORDER_ID]) : textOfWords(i32, order * 2 + NAME)
  }

  private findNamed(hash: number, account: number, words: Uint32Array, at: number): number {
    const { i32 } = this.memory
    let order = i32[this.heads.placeOf(hash)]! & ROW
    while (order !== 0 && !(i32[order * 2 + ORDER_NAME_HASH] === hash && this.isNamed(order, account, words, at))) order = i32[order * 2 + ORDER_NAME_NEXT]! & ROW
    return order
  }

  private isNamed(order: number, account: number, words: Uint32Array, at: number): boolean {
    const { i32 } = this.memory
    if (i32[i32[order * 2 + ORDER_SEAT]! * 2 + SEAT_ACCOUNT] !== account) return false
    for (let word = 0; word < WORDS; word++) if (i32[order * 2 + NAME + word] !== (words[at + word]! | 0)) return false
    return true
  }

  private put(order: number, hash: number): void {
    const { i32 } = this.memory
    const place = this.heads.placeOf(hash)
    const head = i32[place]!
    i32[order * 2 + ORDER_NAME_NEXT] = head & ROW
    i32[place] = order | ((head === 0 ? tagOf(hash) : SEVERAL) << TAG_SHIFT)
  }

  private grow(orders: number): void {
    const old = this.heads.grow(orders)
    const { i32 } = this.memory
    for (const head of old) {
      for (let order = head & ROW, next = 0; order !== 0; order = next) {
        next = i32[order * 2 + ORDER_NAME_NEXT]!
        this.put(order, i32[order * 2 + ORDER_NAME_HASH]!)
      }
    }
  }
}

/** The hash under which an account's name is listed; {@link NO_TEXT} where the words are no text. */
export function nameHash(account: number, words: Uint32Array, at: number): number {
  const hash = textHash(words, at)
  return hash === NO_TEXT ? NO_TEXT : scopedHash(hash, account)
}

/** Of the three bits of a hash that stand highest among those that differ. */
function tagOf(hash: number): number {
  return 1 + ((((hash >>> 26) & 7) * 6) >> 3)
}

/** Reads a text such as `1024`, as an order id is written; 0 for any other text. */
function plainNumber(words: Uint32Array | Int32Array, at: number): number {
  if (words[at + MOST_DIGITS / 4] !== 0) return 0
  let number = 0
  for (let i = 0; i < TEXT_BYTES; i++) {
    const code = (words[at + (i >> 2)]! >>> ((i & 3) * 8)) & 0xff
    if (code === 0) break
    if (code < 0x30 || code > 0x39 || (i === 0 && code === 0x30) || i >= MOST_DIGITS) return 0
    number = number * 10 + (code - 0x30)
  }
  return number <= Number.MAX_SAFE_INTEGER ? number : 0
}
