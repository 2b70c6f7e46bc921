/**
 * Reads what the next commands of a group will need, so that the waits for memory pass side by side.
 *
 * One look goes over the commands several times, each time one reference further: what one command waits for does not
 * depend on the others, so the processor waits for all of them at once. It does so for as many as the instructions
 * between two waits leave room for, and not beyond a branch that it foresees wrongly: a pass is a short loop that does
 * not ask about what it has just read, and orders and cancels stand in lists of their own. Nothing is changed but the
 * lists, and what is read is checked again when its command is applied.
 */
import {
  ACCOUNT_WORDS,
  ACCOUNTS,
  FRAME_HEADER_BYTES,
  IDS,
  LAST_PAYS,
  LAST_SEAT,
  LEVEL_COUNT,
  LEVEL_HEAD,
  LEVEL_ORDER_PRICE,
  LEVEL_TAIL,
  LISTS_START,
  MARKET_BEST,
  MARKET_KEY_UNIT,
  MARKETS,
  NAMES,
  NO_TEXT,
  ORDER_CANCEL,
  ORDER_HELD,
  ORDER_ID,
  ORDER_LEVEL,
  ORDER_NAME_HASH,
  ORDER_NEXT,
  ORDER_PLACE,
  ORDER_PREVIOUS,
  ORDER_SEAT,
  ORDER_SEAT_NEXT,
  ORDER_SEAT_PREVIOUS,
  PLACE_CLIENT_ORDER_ID,
  PLACE_PRICE,
  PLACE_SIDE,
  REFERENCE_CLIENT_ORDER_ID,
  REFERENCE_ORDER_ID,
  ROW_BITS,
  ROWS_END,
  ROWS_FIRST,
  SEAT_BASE,
  SEAT_QUOTE,
} from './layouts'
import { findLevel, recentPlace, tickOf } from './books'
import { idBits } from './clearing'
import { at, double, headOf, int, long, referenceOf, registersOf, told } from './memory'
import { nameHash } from './names'

/** Commands of one look; 32 were slower, 128 no faster. */
const COMMANDS: i32 = 64
/** Makers of one taker that are read. */
const MAKERS: i32 = 4
/** Beyond every price, and far below what a double counts up to. */
const MOST_PRICE: i64 = 1 << 52
/** One more place than commands: those behind the last are written before it is known that they are not needed. */
const LIST_BYTES: usize = (COMMANDS + 1) << 2

/** Lists by command: the account, then its seat; its balance. */
const SEATS: usize = 0
const BALANCES: usize = 1
/** By new order: its frame, who may have its name, the level that it may join, the best one of the other side, whom it may trade with. */
const PLACES: usize = 2
const NAMED: usize = 3
const JOINED: usize = 4
const OPPOSITES: usize = 5
const PARTNERS: usize = 6
/** By cancel: its frame, the order that it names, that order's level. */
const CANCELS: usize = 7
const FOUND: usize = 8
const LEFT: usize = 9
/** One number: the sum of all that was read, since a read whose result nobody has could be left out. */
const SEEN: usize = 10

let lists: usize = 0
let count: i32 = 0
let placeCount: i32 = 0
let cancelCount: i32 = 0
let seen: i32 = 0

/** @returns where the first command stands that was not looked at; at most `to`. */
export function lookAhead(from: usize, to: usize): usize {
  lists = <usize>told(LISTS_START)
  const next = readFrames(from, to)
  readAccounts()
  hashNames()
  findOrders()
  readMoney()
  findLevels()
  readOrders()
  readLevels()
  readNeighbours()
  readTails()
  readMakers()
  return next
}

function readFrames(from: usize, to: usize): usize {
  const rows = registersOf(ACCOUNTS)
  const known = <u32>int(rows, ROWS_END)
  const first = <usize>int(rows, ROWS_FIRST) << 2
  let frame = from
  count = 0
  placeCount = 0
  cancelCount = 0
  while (count < COMMANDS && frame + FRAME_HEADER_BYTES <= to) {
    const head = load<u32>(frame)
    const size = head & 0xffff
    if (size < <u32>FRAME_HEADER_BYTES || frame + size > to) break
    const type = (head >>> 16) & 0xff
    const account = load<u32>(frame, 4)
    put(SEATS, count, account < known ? <i32>(first + account * (ACCOUNT_WORDS << 3)) : 0)
    // Every command is written to both lists, and stays in its own: which one that is cannot be foreseen.
    put(PLACES, placeCount, <i32>frame)
    put(CANCELS, cancelCount, <i32>frame)
    placeCount += i32(type == ORDER_PLACE)
    cancelCount += i32(type == ORDER_CANCEL)
    count++
    frame += size
  }
  return count == 0 ? to : frame
}

/** Finds seats and balances; both balances of an account stand side by side as a rule. */
function readAccounts(): void {
  for (let i = 0; i < count; i++) {
    const account = <usize>get(SEATS, i)
    put(BALANCES, i, int(account, LAST_PAYS))
    put(SEATS, i, int(account, LAST_SEAT))
  }
}

function hashNames(): void {
  for (let i = 0; i < placeCount; i++) {
    const frame = <usize>get(PLACES, i)
    put(NAMED, i, nameHash(load<i32>(frame, 4), frame + PLACE_CLIENT_ORDER_ID))
  }
  for (let i = 0; i < cancelCount; i++) {
    const frame = <usize>get(CANCELS, i)
    put(FOUND, i, load<f64>(frame, REFERENCE_ORDER_ID) == 0 ? nameHash(load<i32>(frame, 4), frame + REFERENCE_CLIENT_ORDER_ID) : NO_TEXT)
  }
}

/** Finds the orders that may have the names of new ones, and those that are to be cancelled. */
function findOrders(): void {
  const names = registersOf(NAMES)
  const ids = registersOf(IDS)
  for (let i = 0; i < placeCount; i++) put(NAMED, i, load<i32>(headOf(names, get(NAMED, i))) & ROW_BITS)
  for (let i = 0; i < cancelCount; i++) {
    const hash = get(FOUND, i)
    const place = hash == NO_TEXT ? headOf(ids, idBits(load<f64>(<usize>get(CANCELS, i), REFERENCE_ORDER_ID))) : headOf(names, hash)
    put(FOUND, i, load<i32>(place) & ROW_BITS)
  }
}

function readMoney(): void {
  let sum = 0
  for (let i = 0; i < count; i++) sum += int(at(get(SEATS, i)), 0) + int(at(get(BALANCES, i)), 0)
  seen = sum
}

/** Finds the levels that new orders may join, and the best ones of the other side. */
function findLevels(): void {
  for (let i = 0; i < placeCount; i++) {
    const frame = <usize>get(PLACES, i)
    const market = marketOf(frame)
    const side = load<i32>(frame, PLACE_SIDE) & 1
    put(JOINED, i, load<i32>(recentPlace(market, side, load<i32>(frame, PLACE_PRICE))) & ROW_BITS)
    put(OPPOSITES, i, int(market, MARKET_BEST + (side ^ 1)))
  }
}

/** Touches every part of the rows of orders. */
function readOrders(): void {
  let sum = 0
  for (let i = 0; i < cancelCount; i++) {
    const order = at(get(FOUND, i))
    put(LEFT, i, int(order, ORDER_LEVEL))
    sum += int(order, ORDER_HELD << 1) + int(order, ORDER_NAME_HASH)
  }
  for (let i = 0; i < placeCount; i++) sum += int(at(get(NAMED, i)), ORDER_NAME_HASH)
  seen += sum
}

function readLevels(): void {
  let sum = 0
  for (let i = 0; i < placeCount; i++) {
    sum += int(at(get(JOINED, i)), 0)
    put(PARTNERS, i, int(at(get(OPPOSITES, i)), LEVEL_HEAD))
  }
  seen += sum
}

/** Touches what stands beside an order that is to be cancelled. */
function readNeighbours(): void {
  const ids = registersOf(IDS)
  let sum = 0
  for (let i = 0; i < cancelCount; i++) {
    const order = at(get(FOUND, i))
    sum += int(at(get(LEFT, i)), LEVEL_COUNT) + load<i32>(headOf(ids, idBits(double(order, ORDER_ID))))
    sum += int(at(int(order, ORDER_NEXT)), ORDER_PREVIOUS) + int(at(int(order, ORDER_PREVIOUS)), ORDER_NEXT)
    sum += int(at(int(order, ORDER_SEAT_NEXT)), ORDER_SEAT_PREVIOUS) + int(at(int(order, ORDER_SEAT_PREVIOUS)), ORDER_SEAT_NEXT)
  }
  seen += sum
}

/** Touches the newest orders of the levels that new ones join, and forgets whom those that do not cross could trade with. */
function readTails(): void {
  let sum = 0
  for (let i = 0; i < placeCount; i++) {
    const frame = <usize>get(PLACES, i)
    const opposite = at(get(OPPOSITES, i))
    const price = load<i64>(frame, PLACE_PRICE)
    const side = load<i32>(frame, PLACE_SIDE) & 1
    const best = long(opposite, LEVEL_ORDER_PRICE)
    if (opposite != 0 && (side == 0 ? best <= price : best >= price)) continue
    put(PARTNERS, i, 0)
    let level = at(get(JOINED, i))
    if (long(level, LEVEL_ORDER_PRICE) != price) {
      const market = marketOf(frame)
      const known = double(market, MARKET_KEY_UNIT) > 0 && price > 0 && price < MOST_PRICE
      level = known ? findLevel(market, side, tickOf(market, price)) : 0
      if (level != 0) store<i32>(recentPlace(market, side, <i32>price), referenceOf(level))
    }
    sum += int(at(int(level, LEVEL_TAIL)), ORDER_NEXT)
  }
  seen += sum
}

/** Touches the first makers that an order will trade with. */
function readMakers(): void {
  let sum = 0
  for (let i = 0; i < placeCount; i++) {
    let maker = at(get(PARTNERS, i))
    for (let passed = 0; maker != 0 && passed < MAKERS; passed++) {
      const seat = at(int(maker, ORDER_SEAT))
      sum += int(at(int(seat, SEAT_QUOTE)), 0) + int(at(int(seat, SEAT_BASE)), 0) + int(maker, ORDER_HELD << 1) + int(maker, ORDER_NAME_HASH)
      maker = at(int(maker, ORDER_NEXT))
    }
  }
  seen += sum
  put(SEEN, 0, seen)
}

@inline
function marketOf(frame: usize): usize {
  const markets = registersOf(MARKETS)
  const marketId = <i32>load<u16>(frame, 24)
  return marketId < int(markets, ROWS_END) ? at(load<i32>((<usize>int(markets, ROWS_FIRST) << 2) + (<usize>marketId << 3))) : 0
}

@inline
function get(list: usize, place: i32): i32 {
  return load<i32>(lists + list * LIST_BYTES + (<usize>place << 2))
}

@inline
function put(list: usize, place: i32, value: i32): void {
  store<i32>(lists + list * LIST_BYTES + (<usize>place << 2), value)
}
