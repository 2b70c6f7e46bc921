/** What a client of the exchange knows from its events: names and numbers from which further commands can be made. */
import type { AssetSpec, Event, MarketSpec, OrderState, OrderTerms, TradeParty } from '@bourse/core'

export interface SceneOrder {
  readonly orderId: number
  readonly clientOrderId: string
  readonly account: number
  readonly market: number
  /** Place in `SIDES`. */
  readonly side: number
  /** A level of a ladder. */
  readonly quote: boolean
  /** Of a special order. */
  readonly terms: OrderTerms | undefined
  price: bigint
  leaves: bigint
  filled: bigint
}

export class CommandScene {
  readonly assets: AssetSpec[] = []
  readonly markets: MarketSpec[] = []
  /** Names by account number; the engine is born with the first two. */
  readonly accounts: string[] = ['world', 'fees']
  /** Live orders, in no order that means anything. */
  readonly orders: SceneOrder[] = []
  readonly holds: string[] = []
  /** The last holds that ended. */
  readonly endedHolds: string[] = []
  /** Order ids that are gone. */
  readonly goneOrders: number[] = []
  /** Market makers whose quotes were frozen and not reset since. */
  frozenQuoters: { readonly account: number; readonly market: number }[] = []
  newestOrderId = 0
  /** Time of the last event, microseconds. */
  nowUs = 0
  private readonly places = new Map<number, number>()
  private readonly terms = new Map<number, OrderTerms>()

  observe(event: Event): void {
    this.nowUs = event.timestampUs
    if ('terms' in event && event.terms !== undefined) this.terms.set(event.orderId, event.terms)
    switch (event.type) {
      case 'asset.defined':
        this.assets[event.asset.id] = event.asset
        return
      case 'market.defined':
      case 'market.updated':
        this.markets[event.market.id] = event.market
        return
      case 'market.state-changed':
        this.markets[event.market] = { ...this.markets[event.market]!, state: event.state }
        return
      case 'account.opened':
        this.accounts[event.account] = event.name
        return
      case 'hold.placed':
        this.holds.push(event.holdId)
        return
      case 'hold.settled':
      case 'hold.released':
        this.holds.splice(this.holds.indexOf(event.holdId), 1)
        this.endedHolds.push(event.holdId)
        if (this.endedHolds.length > 5) this.endedHolds.shift()
        return
      case 'quotes.frozen':
        this.frozenQuoters.push({ account: event.account, market: event.market })
        return
      case 'quotes.unfrozen':
        this.frozenQuoters = this.frozenQuoters.filter(({ account, market }) => account !== event.account || market !== event.market)
        return
      case 'order.accepted':
        this.newestOrderId = event.orderId
        // It waits outside the book, where it can be cancelled and changed as well.
        if (event.orderType !== 'limit' && event.orderType !== 'market') this.rest(event)
        return
      case 'order.refreshed':
        this.change(event.orderId, event.leavesQuantity, event.filledQuantity)
        return
      case 'order.rested':
        this.rest(event)
        return
      case 'order.amended':
        if (event.rested) this.remove(event.orderId)
        else this.rest(event)
        return
      case 'order.cancelled':
      case 'order.expired':
        this.end(event.orderId)
        return
      case 'order.reduced':
        this.change(event.orderId, event.leavesQuantity, event.filledQuantity)
        return
      case 'trade.executed':
        this.fill(event.maker)
        this.fill(event.taker)
        return
      default:
        return
    }
  }

  private rest(state: OrderState): void {
    this.remove(state.orderId)
    this.places.set(state.orderId, this.orders.length)
    const { orderId, clientOrderId, account, market, price } = state
    const side = state.side === 'buy' ? 0 : 1
    this.orders.push({ orderId, clientOrderId, account, market, side, quote: state.quote === true, terms: this.terms.get(orderId), price, leaves: state.leavesQuantity, filled: state.filledQuantity })
  }

  private fill({ orderId, done, leavesQuantity, filledQuantity }: TradeParty): void {
    if (done) this.end(orderId)
    else this.change(orderId, leavesQuantity, filledQuantity)
  }

  private change(orderId: number, leaves: bigint, filled: bigint): void {
    const order = this.orders[this.places.get(orderId) ?? -1]
    if (order === undefined) return
    order.leaves = leaves
    order.filled = filled
  }

  private end(orderId: number): void {
    this.remove(orderId)
    this.terms.delete(orderId)
  }

  private remove(orderId: number): void {
    const place = this.places.get(orderId)
    if (place === undefined) return
    this.places.delete(orderId)
    const last = this.orders.pop()!
    if (last.orderId !== orderId) {
      this.orders[place] = last
      this.places.set(last.orderId, place)
    }
    this.goneOrders.push(orderId)
    if (this.goneOrders.length > 100) this.goneOrders.shift()
  }
}
