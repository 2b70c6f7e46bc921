/** The books of all markets, as `matching/order-books.ts` and `matching/price-index.ts` keep them. */
import {
  LEVEL_COUNT,
  LEVEL_HEAD,
  LEVEL_HIGHER,
  LEVEL_LOWER,
  LEVEL_MARKET,
  LEVEL_ORDER_PRICE,
  LEVEL_PRICE,
  LEVEL_QUANTITY,
  LEVEL_SIDE,
  LEVEL_TAIL,
  LEVEL_WORDS,
  LEVELS,
  MARKET_INDEX,
  MARKET_KEY_UNIT,
  MARKET_LEVELS,
  NODE_BITS,
  NODE_WORDS,
  NODES,
  ORDER_LEAVES,
  ORDER_LEVEL,
  ORDER_NEXT,
  ORDER_PREVIOUS,
  ORDER_PRICE,
  RECENT,
  ROW_BITS,
  SPREAD,
  SPREAD_BOOKS,
  TABLE_FIRST,
  TABLE_MASK,
} from './layouts'
import { at, double, int, long, referenceOf, registersOf, releaseRow, setDouble, setInt, setLong, takeRow } from './memory'

/** Puts an order at the tail of its level. */
export function addOrder(order: usize, market: usize, side: i32): void {
  const price = long(order, ORDER_PRICE)
  const recent = recentPlace(market, side, <i32>price)
  let level = at(load<i32>(recent) & ROW_BITS)
  if (long(level, LEVEL_ORDER_PRICE) != price || int(level, LEVEL_MARKET) != referenceOf(market) || int(level, LEVEL_SIDE) != side) {
    const tick = tickOf(market, price)
    level = findLevel(market, side, tick)
    if (level == 0) level = addLevel(market, side, price, tick)
    store<i32>(recent, referenceOf(level))
  }
  const tail = at(int(level, LEVEL_TAIL) & ROW_BITS)
  setInt(order, ORDER_LEVEL, referenceOf(level))
  setInt(order, ORDER_PREVIOUS, referenceOf(tail))
  setInt(order, ORDER_NEXT, 0)
  if (tail == 0) setInt(level, LEVEL_HEAD, referenceOf(order))
  else setInt(tail, ORDER_NEXT, referenceOf(order))
  setInt(level, LEVEL_TAIL, referenceOf(order))
  setInt(level, LEVEL_COUNT, int(level, LEVEL_COUNT) + 1)
  setLong(level, LEVEL_QUANTITY, long(level, LEVEL_QUANTITY) + long(order, ORDER_LEAVES))
}

/** Takes an order out of its level, and the level away with its last order. */
export function removeOrder(order: usize): void {
  const level = at(int(order, ORDER_LEVEL) & ROW_BITS)
  setInt(order, ORDER_LEVEL, 0)
  const count = int(level, LEVEL_COUNT) - 1
  if (count == 0) {
    removeLevel(level)
    return
  }
  setInt(level, LEVEL_COUNT, count)
  const next = int(order, ORDER_NEXT) & ROW_BITS
  const previous = int(order, ORDER_PREVIOUS) & ROW_BITS
  if (previous == 0) setInt(level, LEVEL_HEAD, next)
  else setInt(at(previous), ORDER_NEXT, next)
  if (next == 0) setInt(level, LEVEL_TAIL, previous)
  else setInt(at(next), ORDER_PREVIOUS, previous)
  setLong(level, LEVEL_QUANTITY, long(level, LEVEL_QUANTITY) - long(order, ORDER_LEAVES))
}

function addLevel(market: usize, side: i32, price: i64, tick: i64): usize {
  const level = takeRow(registersOf(LEVELS), LEVEL_WORDS, LEVEL_HEAD)
  const ends = market + ((MARKET_LEVELS + ((<usize>side) << 1)) << 2)
  const lower = insertLevel(indexOf(market, side), tick, referenceOf(level))
  const higher = lower == 0 ? load<i32>(ends) : int(at(lower), LEVEL_HIGHER)
  setDouble(level, LEVEL_PRICE, <f64>price)
  setLong(level, LEVEL_ORDER_PRICE, price)
  setLong(level, LEVEL_QUANTITY, 0)
  setInt(level, LEVEL_HEAD, 0)
  setInt(level, LEVEL_TAIL, 0)
  setInt(level, LEVEL_COUNT, 0)
  setInt(level, LEVEL_LOWER, lower)
  setInt(level, LEVEL_HIGHER, higher)
  setInt(level, LEVEL_MARKET, referenceOf(market))
  setInt(level, LEVEL_SIDE, side)
  if (lower == 0) store<i32>(ends, referenceOf(level))
  else setInt(at(lower), LEVEL_HIGHER, referenceOf(level))
  if (higher == 0) store<i32>(ends, referenceOf(level), 4)
  else setInt(at(higher), LEVEL_LOWER, referenceOf(level))
  return level
}

function removeLevel(level: usize): void {
  const market = at(int(level, LEVEL_MARKET))
  const side = int(level, LEVEL_SIDE)
  const ends = market + ((MARKET_LEVELS + ((<usize>side) << 1)) << 2)
  const lower = int(level, LEVEL_LOWER)
  const higher = int(level, LEVEL_HIGHER)
  if (lower == 0) store<i32>(ends, higher)
  else setInt(at(lower), LEVEL_HIGHER, higher)
  if (higher == 0) store<i32>(ends, lower, 4)
  else setInt(at(higher), LEVEL_LOWER, lower)
  forgetLevel(indexOf(market, side), tickOf(market, long(level, LEVEL_ORDER_PRICE)))
  setInt(level, LEVEL_MARKET, 0)
  releaseRow(registersOf(LEVELS), level, LEVEL_HEAD)
}

/** The level at a tick, or 0. */
export function findLevel(market: usize, side: i32, tick: i64): usize {
  const index = indexOf(market, side)
  let tier = load<i32>(index, 4)
  if (tick >> (5 * tier) != 0) return 0
  let node = at(load<i32>(index))
  while (--tier >= 0 && node != 0) node = at(int(node, branchOf(tick, tier)))
  return node
}

/** Adds a level to the index. @returns the next lower one, or 0. */
function insertLevel(index: usize, tick: i64, level: i32): i32 {
  while (tick >> (5 * load<i32>(index, 4)) != 0) raise(index)
  let node = at(load<i32>(index))
  let lowerTier = -1
  let lower = 0
  for (let tier = load<i32>(index, 4) - 1; tier >= 0; tier--) {
    const branch = branchOf(tick, tier)
    const bits = int(node, NODE_BITS)
    const below = bits & ((1 << <i32>branch) - 1)
    if (below != 0) {
      lowerTier = tier
      lower = int(node, 31 - <usize>clz(below))
    }
    setInt(node, NODE_BITS, bits | (1 << <i32>branch))
    if (tier == 0) {
      setInt(node, branch, level)
    } else {
      let child = at(int(node, branch))
      if (child == 0) {
        child = takeNode()
        setInt(node, branch, referenceOf(child))
      }
      node = child
    }
  }
  for (; lowerTier > 0; lowerTier--) lower = int(at(lower), 31 - <usize>clz(int(at(lower), NODE_BITS)))
  return lower
}

/** Takes a level that is there out of the index. */
function forgetLevel(index: usize, tick: i64): void {
  leaveNode(at(load<i32>(index)), tick, load<i32>(index, 4) - 1, true)
}

/** @returns whether the node has no children left, and is released: the top stays. */
function leaveNode(node: usize, tick: i64, tier: i32, isTop: bool): bool {
  const branch = branchOf(tick, tier)
  if (tier > 0 && !leaveNode(at(int(node, branch)), tick, tier - 1, false)) return false
  setInt(node, branch, 0)
  const bits = int(node, NODE_BITS) & ~(1 << <i32>branch)
  setInt(node, NODE_BITS, bits)
  if (bits != 0 || isTop) return false
  releaseRow(registersOf(NODES), node, 0)
  return true
}

/** Puts a new top above the old one, which covers the lowest branch of it. */
function raise(index: usize): void {
  const top = takeNode()
  const old = load<i32>(index)
  if (old != 0 && int(at(old), NODE_BITS) != 0) {
    setInt(top, 0, old)
    setInt(top, NODE_BITS, 1)
  } else if (old != 0) {
    releaseRow(registersOf(NODES), at(old), 0)
  }
  store<i32>(index, referenceOf(top))
  store<i32>(index, load<i32>(index, 4) + 1, 4)
}

function takeNode(): usize {
  const node = takeRow(registersOf(NODES), NODE_WORDS, 0)
  setInt(node, 0, 0)
  return node
}

@inline
function branchOf(tick: i64, tier: i32): usize {
  return <usize>(tick >> (5 * tier)) & 31
}

@inline
function indexOf(market: usize, side: i32): usize {
  return market + ((MARKET_INDEX + ((<usize>side) << 1)) << 2)
}

@inline
export function tickOf(market: usize, price: i64): i64 {
  return <i64>(<f64>price / double(market, MARKET_KEY_UNIT))
}

/** Where the level of a price that was used lately may stand. */
@inline
export function recentPlace(market: usize, side: i32, priceBits: i32): usize {
  const hash: u32 = (priceBits * SPREAD) ^ ((referenceOf(market) ^ side) * SPREAD_BOOKS)
  const table = registersOf(RECENT)
  return <usize>(int(table, TABLE_FIRST) + <i32>(hash >>> clz(int(table, TABLE_MASK)))) << 2
}
