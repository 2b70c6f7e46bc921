/** Follows what changes for one account: its live orders, fills and the assets whose balances moved. */
import type { Catalog, Event, TradeExecuted } from '@bourse/core'
import { bornWith, isLive, isOrderEvent, recordAfter, recordAfterTrade, type FillRecord, type OrderEvent, type OrderRecord } from '../orders/order-record.js'

/** What one batch of commands changed. */
export interface AccountChanges {
  /** The last state of each order that changed, in the order of their first change. */
  readonly orders: readonly OrderRecord[]
  readonly fills: readonly FillRecord[]
  /** Assets by number. */
  readonly assets: ReadonlySet<number>
}

export class AccountFollower {
  private readonly live = new Map<number, OrderRecord>()
  private orders = new Map<number, OrderRecord>()
  private fills: FillRecord[] = []
  private assets = new Set<number>()

  /**
   * @param sequence of the command after which the orders looked as given; events up to it are left out.
   */
  constructor(
    readonly account: number,
    private readonly sequence: number,
    openOrders: readonly OrderRecord[],
  ) {
    for (const order of openOrders) this.live.set(order.orderId, order)
  }

  /** @param event one that concerns the account. */
  follow(event: Event, catalog: Catalog): void {
    if (event.sequence <= this.sequence) return
    if (event.type === 'trade.executed') this.followTrade(event, catalog)
    else if (isOrderEvent(event)) this.followOrder(event, catalog)
    else if (event.type === 'transfer.posted' || event.type === 'hold.settled' || event.type === 'hold.placed' || event.type === 'hold.released' || event.type === 'order.fee-held') this.assets.add(event.asset)
  }

  /** What changed since the last call, or undefined. */
  take(): AccountChanges | undefined {
    if (this.orders.size === 0 && this.assets.size === 0) return undefined
    const changes = { orders: [...this.orders.values()], fills: this.fills, assets: this.assets }
    this.orders = new Map()
    this.fills = []
    this.assets = new Set()
    return changes
  }

  private followOrder(event: OrderEvent, catalog: Catalog): void {
    const known = this.live.get(event.orderId)
    this.changed(recordAfter(event, bornWith(event, known)))
    this.movedMoney(event.market, catalog)
  }

  private followTrade(trade: TradeExecuted, catalog: Catalog): void {
    for (const liquidity of ['maker', 'taker'] as const) {
      const party = trade[liquidity]
      // Fees and shares of them may be in assets of no side; a rebate is in that of the taker's fee.
      const feeAsset = party.special?.feeAsset
      if (feeAsset !== undefined) this.assets.add(feeAsset)
      if (party.account !== this.account) continue
      const known = this.live.get(party.orderId)
      if (known === undefined) continue
      const order = recordAfterTrade(known, trade, party)
      this.fills.push({ order, trade, party, liquidity })
      this.changed(order)
      this.movedMoney(trade.market, catalog)
    }
  }

  private changed(order: OrderRecord): void {
    this.orders.set(order.orderId, order)
    if (isLive(order)) this.live.set(order.orderId, order)
    else this.live.delete(order.orderId)
  }

  private movedMoney(market: number, catalog: Catalog): void {
    const spec = catalog.market(market)
    if (spec === undefined) return
    this.assets.add(spec.base)
    this.assets.add(spec.quote)
  }
}
