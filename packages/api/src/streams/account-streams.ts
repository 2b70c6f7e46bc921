/** The private stream: balances, orders, fills, deposits and withdrawals of the accounts that listen. */
import type { AccountSnapshot, AccountUpdate, Balance, Deposit, StreamMessage, Withdrawal } from '@bourse/client'
import { formatDecimal, type Event } from '@bourse/core'
import { isOrderEvent, liveRecord } from '../orders/order-record.js'
import type { CommittedBatch, TradingService } from '../services.js'
import { asset } from '../views/amounts.js'
import { fillView, orderView } from '../views/order-view.js'
import { AccountFollower, type AccountChanges } from './account-follower.js'

/** One connection that listens to its own account. */
export interface AccountListener {
  send(message: StreamMessage): void
}

interface Watched {
  readonly userId: string
  readonly follower: AccountFollower
  /** With the sequence of the snapshot that each of them began with. */
  readonly listeners: Map<AccountListener, number>
}

export class AccountStreams {
  /** Accounts with at least one listener, by their number. */
  private readonly watched = new Map<number, Watched>()

  constructor(private readonly exchange: TradingService) {}

  /** Begins to listen; the account must exist. The snapshot must reach the listener before this turn ends. */
  join(userId: string, listener: AccountListener): AccountSnapshot {
    const { exchange } = this
    const account = exchange.catalog.accountByName(userId)
    if (account === undefined) throw new RangeError(`There is no account ${userId}.`)
    const { sequence } = exchange
    const openOrders = exchange.openOrders(userId).map((order) => liveRecord(order, sequence))
    let watched = this.watched.get(account)
    if (watched === undefined) {
      watched = { userId, follower: new AccountFollower(account, sequence, openOrders), listeners: new Map() }
      this.watched.set(account, watched)
    }
    watched.listeners.set(listener, sequence)
    return {
      sequence,
      balances: exchange.catalog.assets().map(({ id }) => this.balance(userId, id)),
      openOrders: openOrders.map((order) => orderView(order, exchange.catalog)).sort((one, other) => other.createdMs - one.createdMs || other.orderId - one.orderId),
    }
  }

  leave(userId: string, listener: AccountListener): void {
    const account = this.exchange.catalog.accountByName(userId)
    const watched = account === undefined ? undefined : this.watched.get(account)
    if (account === undefined || watched === undefined) return
    watched.listeners.delete(listener)
    if (watched.listeners.size === 0) this.watched.delete(account)
  }

  /** Folds what became durable and tells those whom it concerns. */
  committed({ events, throughSequence }: CommittedBatch): void {
    if (this.watched.size === 0) return
    const touched = new Set<Watched>()
    for (const event of events) {
      for (const account of accountsOf(event)) {
        const watched = this.watched.get(account)
        if (watched === undefined) continue
        watched.follower.follow(event, this.exchange.catalog)
        touched.add(watched)
      }
    }
    for (const watched of touched) {
      const changes = watched.follower.take()
      if (changes !== undefined) this.send(watched, this.update(watched.userId, changes, throughSequence))
    }
  }

  /** A deposit or withdrawal of the account went a step further. */
  walletChanged(userId: string, changed: { deposits?: readonly Deposit[]; withdrawals?: readonly Withdrawal[] }): void {
    const account = this.exchange.catalog.accountByName(userId)
    const watched = account === undefined ? undefined : this.watched.get(account)
    if (watched === undefined) return
    this.send(watched, { sequence: this.exchange.sequence, balances: [], orders: [], fills: [], deposits: [...(changed.deposits ?? [])], withdrawals: [...(changed.withdrawals ?? [])] })
  }

  private update(userId: string, changes: AccountChanges, sequence: number): AccountUpdate {
    const { catalog } = this.exchange
    return {
      sequence,
      balances: [...changes.assets].map((id) => this.balance(userId, id)),
      orders: changes.orders.map((order) => orderView(order, catalog)),
      fills: changes.fills.map((fill) => fillView(fill, catalog)),
      deposits: [],
      withdrawals: [],
    }
  }

  private send({ listeners }: Watched, data: AccountUpdate): void {
    const message: StreamMessage = { channel: 'account', data }
    for (const listener of listeners.keys()) listener.send(message)
  }

  private balance(userId: string, assetId: number): Balance {
    const { code, scale } = asset(this.exchange.catalog, assetId)
    const { available, held } = this.exchange.balance(userId, code)
    return { asset: code, available: formatDecimal(available, scale), held: formatDecimal(held, scale) }
  }
}

/** The accounts whose orders or money an event concerns, each once. */
function accountsOf(event: Event): readonly number[] {
  if (event.type === 'trade.executed') return distinct(event.maker.account, event.taker.account)
  if (event.type === 'transfer.posted') return distinct(event.from, event.to)
  if (event.type === 'hold.settled') return distinct(event.account, event.to)
  if (isOrderEvent(event) || event.type === 'hold.placed' || event.type === 'hold.released') return [event.account]
  return []
}

function distinct(one: number, other: number): readonly number[] {
  return one === other ? [one] : [one, other]
}
