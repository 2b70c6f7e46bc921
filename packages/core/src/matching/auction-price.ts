/** Finds the single price of an auction. */
import type { RowMemory } from '../values/row-memory.js'
import type { OrderBooks } from './order-books.js'
import { ORDER_FILLED, ORDER_NEXT, ORDER_QUANTITY } from './order-layout.js'

/** What an auction would come to now. */
export interface AuctionResult {
  /** Price units. */
  readonly price: bigint
  /** What trades, quantity units. */
  readonly quantity: bigint
  /** What is left at the price on one side, quantity units: positive of buyers, negative of sellers. */
  readonly surplus: bigint
}

interface Level {
  readonly price: number
  readonly quantity: bigint
}

/**
 * The price among the limits in the crossed range at which most is traded; of several the one with the
 * smallest surplus; of several the highest where all have buyers left, the lowest where all have sellers
 * left; else the nearest to the reference price, the higher of two. Without a reference price (0) the
 * middle candidate, the higher of two.
 *
 * Reads the levels of the crossed range once. @returns undefined where nothing can trade.
 */
export function auctionResult(memory: RowMemory, books: OrderBooks, market: number, reference: number): AuctionResult | undefined {
  const highestBid = books.best(market, 0)
  const lowestAsk = books.best(market, 1)
  if (highestBid === 0 || lowestAsk === 0 || books.price(highestBid) < books.price(lowestAsk)) return undefined
  const bids = levelsUpTo(memory, books, highestBid, (price) => price >= books.price(lowestAsk))
  const asks = levelsUpTo(memory, books, lowestAsk, (price) => price <= books.price(highestBid))
  const candidates = bestCandidates(outcomes(bids, asks))
  return chosen(candidates, reference)
}

/** The levels of one side from the best on, as far as they are in the crossed range. */
function levelsUpTo(memory: RowMemory, books: OrderBooks, best: number, isInside: (price: number) => boolean): Level[] {
  const levels: Level[] = []
  for (let level = best; level !== 0 && isInside(books.price(level)); level = books.worse(level)) {
    levels.push({ price: books.price(level), quantity: openQuantity(memory, books.head(level)) })
  }
  return levels
}

/** What the orders from one on have left, the hidden parts of icebergs too. */
function openQuantity({ i32, i64 }: RowMemory, head: number): bigint {
  let sum = 0n
  for (let order = head; order !== 0; order = i32[order * 2 + ORDER_NEXT]!) sum += i64[order + ORDER_QUANTITY]! - i64[order + ORDER_FILLED]!
  return sum
}

/** What each limit price would come to, the lowest first. */
function outcomes(bids: readonly Level[], asks: readonly Level[]): AuctionResult[] {
  const prices = Float64Array.from(new Set([...bids, ...asks].map(({ price }) => price))).sort()
  let demand = bids.reduce((sum, { quantity }) => sum + quantity, 0n)
  let supply = 0n
  let lowestBid = bids.length - 1
  let nextAsk = 0
  const results: AuctionResult[] = []
  for (const price of prices) {
    while (lowestBid >= 0 && bids[lowestBid]!.price < price) demand -= bids[lowestBid--]!.quantity
    while (nextAsk < asks.length && asks[nextAsk]!.price <= price) supply += asks[nextAsk++]!.quantity
    results.push({ price: BigInt(price), quantity: demand < supply ? demand : supply, surplus: demand - supply })
  }
  return results
}

/** Those with the largest quantity, and of these those with the smallest surplus; still the lowest price first. */
function bestCandidates(results: readonly AuctionResult[]): AuctionResult[] {
  let best: AuctionResult[] = []
  for (const result of results) {
    const than = best[0]
    const isBetter = than === undefined || result.quantity > than.quantity || (result.quantity === than.quantity && magnitude(result.surplus) < magnitude(than.surplus))
    if (isBetter) best = [result]
    else if (result.quantity === than.quantity && magnitude(result.surplus) === magnitude(than.surplus)) best.push(result)
  }
  return best
}

function chosen(candidates: readonly AuctionResult[], reference: number): AuctionResult {
  const lowest = candidates[0]!
  if (candidates.every(({ surplus }) => surplus > 0n)) return candidates.at(-1)!
  if (candidates.every(({ surplus }) => surplus < 0n)) return lowest
  if (reference === 0) return candidates[candidates.length >> 1]!
  const distance = ({ price }: AuctionResult): bigint => magnitude(price - BigInt(reference))
  return candidates.reduce((nearest, candidate) => (distance(candidate) <= distance(nearest) ? candidate : nearest), lowest)
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
