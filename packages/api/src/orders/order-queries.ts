/** Orders and fills of one person as they are and as they were: live ones from the engine, ended ones from the history. */
import type { FillRow, HistoryWindow } from '@bourse/store'
import type { DurableReads } from '../durable-reads.js'
import type { GatewayServices } from '../services.js'
import { openOrders } from './order-entry.js'
import { liveRecord, type OrderRecord } from './order-record.js'

/** An order by one of its names. */
export interface OrderName {
  readonly market: number
  readonly orderId?: number | undefined
  readonly clientOrderId?: string | undefined
}

export interface OwnWindow extends HistoryWindow {
  readonly market: number
  readonly limit: number
}

export class OrderQueries {
  constructor(
    private readonly services: Pick<GatewayServices, 'exchange' | 'history'>,
    private readonly reads: DurableReads,
  ) {}

  /** The order if it is the person's; of several ended ones of a clientOrderId the newest. */
  async find(userId: string, { market, orderId, clientOrderId }: OrderName): Promise<OrderRecord | undefined> {
    const { exchange: { engine }, history } = this.services
    const account = this.account(userId)
    const live = await this.reads.read(() => {
      const order = orderId !== undefined ? engine.order(orderId) : engine.orderByClientOrderId(account, clientOrderId ?? '')
      return order === undefined ? undefined : liveRecord(order, engine.sequence)
    })
    if (live !== undefined) return live.account === account && live.market === market ? live : undefined
    await this.reads.history()
    if (orderId === undefined) return history.orderNamed({ account, market, clientOrderId: clientOrderId ?? '' })
    const ended = await history.order(market, orderId)
    return ended?.account === account ? ended : undefined
  }

  /** Live orders, newest first. */
  open(userId: string, market?: number): Promise<OrderRecord[]> {
    return this.reads.read(() => openOrders(this.services.exchange, userId, market))
  }

  /** By order id and time of placement, oldest first. */
  async within(userId: string, window: OwnWindow): Promise<readonly OrderRecord[]> {
    await this.reads.history()
    return this.services.history.ordersWithin({ account: this.account(userId), ...window })
  }

  /** By trade id and time, oldest first. */
  async fillsWithin(userId: string, window: OwnWindow): Promise<readonly FillRow[]> {
    await this.reads.history()
    return this.services.history.fillsWithin({ account: this.account(userId), ...window })
  }

  /** Oldest first; none where the order is not the person's. */
  async fillsOfOrder(userId: string, market: number, orderId: number): Promise<readonly FillRow[]> {
    await this.reads.history()
    const account = this.account(userId)
    return (await this.services.history.fillsOfOrder(market, orderId)).filter((fill) => fill.account === account)
  }

  /** When something of the person last changed, microseconds. */
  async lastChangeUs(userId: string): Promise<number> {
    await this.reads.history()
    const live = openOrders(this.services.exchange, userId).map(({ updatedUs }) => updatedUs)
    return Math.max(await this.services.history.lastChangeUs(this.account(userId)), ...live)
  }

  private account(userId: string): number {
    const account = this.services.exchange.catalog.accountByName(userId)
    if (account === undefined) throw new RangeError(`The account ${userId} was not opened.`)
    return account
  }
}
