/** Turns what a venue did into commands: its book into quotes, its trades into takers. */
import type { FrameBuffer, Side } from '@bourse/core'
import type { CapturedBook } from './captured-book.js'
import type { VenueQuotes } from './venue-quotes.js'
import type { VenueUnits } from './venue-units.js'

export interface FollowedTrade {
  readonly takerSide: Side
  readonly price: number
  readonly quantity: number
}

export class VenueFollower {
  /** Levels that trades changed ahead of the book; the next diff puts them right. */
  private readonly dirty = { buy: new Set<number>(), sell: new Set<number>() }
  /** Prices that the venue quotes and this market cannot. */
  readonly unquotable = new Set<number>()

  constructor(
    private readonly book: CapturedBook,
    private readonly quotes: VenueQuotes,
    private readonly units: VenueUnits,
  ) {}

  /** Marks everything for comparison: what stands was found to differ from what was believed. */
  compareAll(): void {
    for (const side of ['buy', 'sell'] as const) {
      for (const price of this.quotes.prices(side)) this.dirty[side].add(price)
      for (const price of this.bookSide(side).prices()) this.dirty[side].add(price)
    }
  }

  /** Levels that may have to be placed for the next diff, for making room. */
  pending(): number {
    return this.dirty.buy.size + this.dirty.sell.size
  }

  private bookSide(side: Side): CapturedBook['bids'] {
    return side === 'buy' ? this.book.bids : this.book.asks
  }

  /** Writes what makes the quotes equal the book at the changed prices; all that shrinks comes first, so that nothing meets. */
  followBook(frames: FrameBuffer, changed: { bids: ReadonlySet<number>; asks: ReadonlySet<number> }): void {
    for (const price of changed.bids) this.dirty.buy.add(price)
    for (const price of changed.asks) this.dirty.sell.add(price)
    for (const side of ['buy', 'sell'] as const) {
      for (const price of this.dirty[side]) this.quotes.lower(frames, side, price, this.bookSide(side).quantity(price))
    }
    for (const side of ['buy', 'sell'] as const) {
      for (const price of this.dirty[side]) this.raise(frames, side, price)
      this.dirty[side].clear()
    }
  }

  private raise(frames: FrameBuffer, side: Side, price: number): void {
    const quantity = this.bookSide(side).quantity(price)
    if (this.units.isQuotable(price, quantity)) this.quotes.raise(frames, side, price, quantity)
    else this.unquotable.add(price)
  }

  /**
   * Writes what makes the trade happen at its price for its quantity: better levels go, the level is filled up if it
   * holds too little, and a taker comes with a limit at the price.
   *
   * A trade smaller than the market's minimum order is taken by a minimum order from a level that holds just the trade.
   */
  followTrade(frames: FrameBuffer, trade: FollowedTrade): void {
    const { takerSide, price, quantity } = trade
    const makerSide: Side = takerSide === 'buy' ? 'sell' : 'buy'
    this.clearBetter(frames, makerSide, price)
    const present = this.quotes.leaves(makerSide, price)
    if (present < quantity) {
      this.clearCrossed(frames, takerSide, price)
      this.quotes.raise(frames, makerSide, price, quantity)
    }
    this.dirty[makerSide].add(price)
    const least = this.units.leastQuantity(price)
    if (quantity >= least) {
      this.quotes.take(frames, takerSide, price, { quantity, ordered: quantity })
      return
    }
    this.quotes.lower(frames, makerSide, price, quantity)
    this.quotes.take(frames, takerSide, price, { quantity, ordered: least })
    if (present > quantity) this.quotes.raise(frames, makerSide, price, present - quantity)
  }

  /** Takes out the maker's levels that the taker would meet before the trade's price. */
  private clearBetter(frames: FrameBuffer, makerSide: Side, price: number): void {
    for (const other of this.quotes.prices(makerSide)) {
      if (makerSide === 'sell' ? other < price : other > price) this.clear(frames, makerSide, other)
    }
  }

  /** Takes out the taker's side's levels that a new level at the price would meet. */
  private clearCrossed(frames: FrameBuffer, takerSide: Side, price: number): void {
    for (const other of this.quotes.prices(takerSide)) {
      if (takerSide === 'buy' ? other >= price : other <= price) this.clear(frames, takerSide, other)
    }
  }

  private clear(frames: FrameBuffer, side: Side, price: number): void {
    this.quotes.lower(frames, side, price, 0)
    this.dirty[side].add(price)
  }
}
