/** The orders with which the liquidity accounts quote a venue's book, one order a level, and the command frames that change them. */
import {
  ORDER_TYPES,
  PLACE_HAS_PRICE,
  SELF_TRADE_PREVENTIONS,
  SIDES,
  TIMES_IN_FORCE,
  writeOrderCancel,
  writeOrderPlace,
  writeOrderReduce,
  type FrameBuffer,
  type LiveOrder,
  type MarketSpec,
  type Side,
} from '@bourse/core'
import type { VenueUnits } from './venue-units.js'

const LIMIT = ORDER_TYPES.indexOf('limit')
const GTC = TIMES_IN_FORCE.indexOf('gtc')
const IOC = TIMES_IN_FORCE.indexOf('ioc')
/** Lets the maker go where a level would meet another of the same accounts: that is what a moving book means. */
const CANCEL_MAKER = SELF_TRADE_PREVENTIONS.indexOf('cancel-maker')

interface Quote {
  leaves: number
  readonly account: number
}

/** One account that quotes, and how many orders it has. */
interface QuotingAccount {
  readonly id: number
  orders: number
}

/** What a batch of commands can need at most, for funding: units of base and quote by account. */
export type Needs = Map<number, { base: bigint; quote: bigint }>

export class VenueQuotes {
  private readonly sides = { buy: new Map<number, Quote>(), sell: new Map<number, Quote>() }
  private accounts: QuotingAccount[] = []
  /** Commands written since {@link VenueQuotes.begin}. */
  commands = 0
  needs: Needs = new Map()

  constructor(
    private readonly market: MarketSpec,
    private readonly units: VenueUnits,
    private readonly takerAccount: number,
  ) {}

  addAccount(id: number): void {
    this.accounts.push({ id, orders: 0 })
  }

  /** Room for more orders under the market's bound. */
  freeOrders(): number {
    return this.accounts.reduce((free, { orders }) => free + this.market.maxOpenOrders - orders, 0)
  }

  /** Forgets what was counted for the batch before. */
  begin(): void {
    this.commands = 0
    this.needs = new Map()
  }

  leaves(side: Side, price: number): number {
    return this.sides[side].get(price)?.leaves ?? 0
  }

  prices(side: Side): IterableIterator<number> {
    return this.sides[side].keys()
  }

  count(): number {
    return this.sides.buy.size + this.sides.sell.size
  }

  /** Takes what the engine says over what was believed. */
  adopt(orders: readonly LiveOrder[]): void {
    this.sides.buy.clear()
    this.sides.sell.clear()
    for (const account of this.accounts) account.orders = 0
    for (const order of orders) {
      this.sides[order.side].set(Number(order.price), { leaves: Number(order.leavesQuantity), account: order.account })
      const account = this.accounts.find(({ id }) => id === order.account)
      if (account !== undefined) account.orders += 1
    }
  }

  /** Writes what brings a level down to a quantity; does nothing where it is not above it. */
  lower(frames: FrameBuffer, side: Side, price: number, quantity: number): void {
    const quote = this.sides[side].get(price)
    if (quote === undefined || quote.leaves <= quantity) return
    const reference = { account: quote.account, market: this.market.id, orderId: 0, clientOrderId: quoteId(side, price) }
    this.commands += 1
    if (quantity > 0) {
      writeOrderReduce(frames, { ...reference, leavesQuantity: BigInt(quantity) })
      quote.leaves = quantity
    } else {
      writeOrderCancel(frames, reference)
      this.forget(side, price)
    }
  }

  /** Writes what brings a level up to a quantity: its order is replaced; does nothing where it is not below it. */
  raise(frames: FrameBuffer, side: Side, price: number, quantity: number): void {
    const present = this.leaves(side, price)
    if (present >= quantity) return
    if (present > 0) this.lower(frames, side, price, 0)
    const account = this.accounts.find(({ orders }) => orders < this.market.maxOpenOrders)
    if (account === undefined) throw new RangeError('No liquidity account has room for another order; the room is made before a batch is written.')
    const placed = Math.max(quantity, this.units.leastQuantity(price))
    this.place(frames, { account: account.id, side, price, quantity: placed, timeInForce: GTC, clientOrderId: quoteId(side, price) })
    account.orders += 1
    this.sides[side].set(price, { leaves: placed, account: account.id })
    // The venue's level may be smaller than what may be placed here: it is placed larger and reduced at once.
    if (placed > quantity) this.lower(frames, side, price, quantity)
  }

  /** Writes the taker's order and takes what it must fill out of the level. */
  take(frames: FrameBuffer, side: Side, price: number, fill: { quantity: number; ordered: number }): void {
    this.place(frames, { account: this.takerAccount, side, price, quantity: fill.ordered, timeInForce: IOC, clientOrderId: '' })
    const makerSide = side === 'buy' ? 'sell' : 'buy'
    const quote = this.sides[makerSide].get(price)
    if (quote === undefined) return
    quote.leaves -= fill.quantity
    if (quote.leaves <= 0) this.forget(makerSide, price)
  }

  private place(frames: FrameBuffer, order: { account: number; side: Side; price: number; quantity: number; timeInForce: number; clientOrderId: string }): void {
    const price = BigInt(order.price)
    const quantity = BigInt(order.quantity)
    this.commands += 1
    writeOrderPlace(frames, {
      account: order.account,
      market: this.market.id,
      side: SIDES.indexOf(order.side),
      orderType: LIMIT,
      timeInForce: order.timeInForce,
      selfTradePrevention: CANCEL_MAKER,
      flags: PLACE_HAS_PRICE,
      price,
      quantity,
      clientOrderId: order.clientOrderId,
    })
    const needs = this.needs.get(order.account) ?? { base: 0n, quote: 0n }
    if (order.side === 'buy') needs.quote += price * quantity * this.market.notionalUnit
    else needs.base += quantity * this.market.baseUnit
    this.needs.set(order.account, needs)
  }

  private forget(side: Side, price: number): void {
    const quote = this.sides[side].get(price)
    if (quote === undefined) return
    this.sides[side].delete(price)
    const account = this.accounts.find(({ id }) => id === quote.account)
    if (account !== undefined) account.orders -= 1
  }
}

/** One order a level, so the level names it. */
function quoteId(side: Side, price: number): string {
  return `${side === 'buy' ? 'bid' : 'ask'}-${price}`
}
