/** The private stream: balances, orders, fills, deposits and withdrawals of the accounts that listen. */
import type { AccountSnapshot, AccountUpdate, Deposit, StreamMessage, Withdrawal } from '@bourse/client'
import {
  decodeFrame, NONE_32, HOLD_PLACED, HOLD_RELEASED, HOLD_SETTLED, ORDER_ACCEPTED, ORDER_AMENDED, ORDER_CANCELLED, ORDER_EXPIRED, ORDER_FEE_HELD, ORDER_REDUCED, ORDER_RESTED, PARTY_ACCOUNT,
  POSTED_TO, SETTLED_TO, SPECIAL_FEE_MAKER, SPECIAL_FEE_TAKER, SPECIAL_REFERRER, TRADE_EXECUTED, TRADE_HAS_SPECIAL_FEES, TRADE_MAKER, TRADE_TAKER, TRANSFER_POSTED, type FrameBuffer,
} from '@bourse/core'
import type { CommittedBatch } from '@bourse/exchange'
import type { DurableReads } from '../durable-reads.js'
import { openOrders } from '../orders/order-entry.js'
import type { TradingService } from '../services.js'
import { asset } from '../views/amounts.js'
import { balanceViews } from '../views/balance-view.js'
import { fillView, orderView } from '../views/order-view.js'
import { AccountFollower, type AccountChanges } from './account-follower.js'

/** One connection that listens to its own account. */
export interface AccountListener {
  /** False once it has gone. */
  readonly open: boolean
  start(snapshot: AccountSnapshot): void
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

  constructor(
    private readonly exchange: TradingService,
    private readonly reads: DurableReads,
  ) {}

  /**
   * Begins to listen; the account must exist.
   *
   * The snapshot is read now and given when it is durable. No later command is public at that moment, so what the
   * listener is sent from then on follows on it.
   */
  join(userId: string, listener: AccountListener): void {
    const { exchange } = this
    const { catalog } = exchange
    const account = catalog.accountByName(userId)
    if (account === undefined) throw new RangeError(`There is no account ${userId}.`)
    const { sequence } = exchange.engine
    const orders = openOrders(exchange, userId)
    const snapshot = { sequence, balances: balanceViews(exchange, userId, catalog.assets()), openOrders: orders.map((order) => orderView(order, catalog)) }
    this.reads.when(sequence, () => {
      if (!listener.open) return
      let watched = this.watched.get(account)
      if (watched === undefined) {
        watched = { userId, follower: new AccountFollower(account, sequence, orders), listeners: new Map() }
        this.watched.set(account, watched)
      }
      watched.listeners.set(listener, sequence)
      listener.start(snapshot)
    })
  }

  leave(userId: string, listener: AccountListener): void {
    const account = this.exchange.catalog.accountByName(userId)
    const watched = account === undefined ? undefined : this.watched.get(account)
    if (account === undefined || watched === undefined) return
    watched.listeners.delete(listener)
    if (watched.listeners.size === 0) this.watched.delete(account)
  }

  /** Folds what became durable and tells those whom it concerns. */
  committed({ events, lastSequence }: CommittedBatch): void {
    if (this.watched.size === 0) return
    const touched = new Set<Watched>()
    for (let offset = 0; offset < events.length; offset += events.size(offset)) {
      this.follow(events, offset, touched)
    }
    for (const watched of touched) {
      const changes = watched.follower.take()
      if (changes === undefined) continue
      const update = this.update(watched.userId, changes, lastSequence)
      // The balances were read just now, from an engine that may be ahead of the journal.
      this.reads.when(this.exchange.engine.sequence, () => send(watched, update))
    }
  }

  /** A deposit or withdrawal of the account went a step further. */
  walletChanged(userId: string, changed: { deposits?: readonly Deposit[]; withdrawals?: readonly Withdrawal[] }): void {
    const account = this.exchange.catalog.accountByName(userId)
    const watched = account === undefined ? undefined : this.watched.get(account)
    if (watched === undefined) return
    const update = { sequence: this.exchange.sequence, balances: [], orders: [], fills: [], deposits: [...(changed.deposits ?? [])], withdrawals: [...(changed.withdrawals ?? [])] }
    for (const listener of watched.listeners.keys()) listener.send({ channel: 'account', data: update })
  }

  /** Decodes an event only where somebody follows one of its accounts. */
  private follow(events: FrameBuffer, offset: number, touched: Set<Watched>): void {
    const followed = new Set<Watched>()
    for (const account of accountsOf(events, offset)) {
      const watched = this.watched.get(account)
      if (watched !== undefined) followed.add(watched)
    }
    if (followed.size === 0) return
    const decoded = decodeFrame(events, offset)
    for (const watched of followed) {
      for (const event of decoded) watched.follower.follow(event, this.exchange.catalog)
      touched.add(watched)
    }
  }

  private update(userId: string, changes: AccountChanges, sequence: number): AccountUpdate {
    const { catalog } = this.exchange
    return {
      sequence,
      balances: balanceViews(this.exchange, userId, [...changes.assets].map((id) => asset(catalog, id))),
      orders: changes.orders.map((order) => orderView(order, catalog)),
      fills: changes.fills.map((fill) => fillView(fill, catalog)),
      deposits: [],
      withdrawals: [],
    }
  }
}

/** Leaves out those whose snapshot contains it: a batch is always wholly before or wholly after a snapshot. */
function send({ listeners }: Watched, data: AccountUpdate): void {
  for (const [listener, since] of listeners) if (data.sequence > since) listener.send({ channel: 'account', data })
}

const NOBODY: readonly number[] = []

/** The accounts whose orders or money the event at `offset` concerns. */
function accountsOf(events: FrameBuffer, offset: number): readonly number[] {
  switch (events.type(offset)) {
    case ORDER_ACCEPTED:
    case ORDER_RESTED:
    case ORDER_CANCELLED:
    case ORDER_EXPIRED:
    case ORDER_REDUCED:
    case ORDER_AMENDED:
    case HOLD_PLACED:
    case HOLD_RELEASED:
    case ORDER_FEE_HELD:
      return [events.account(offset)]
    case TRADE_EXECUTED: {
      const parties = [events.u32[(offset + TRADE_MAKER + PARTY_ACCOUNT) >> 2]!, events.u32[(offset + TRADE_TAKER + PARTY_ACCOUNT) >> 2]!]
      return events.u8[offset + TRADE_HAS_SPECIAL_FEES] === 1 ? [...parties, ...referrersOf(events, offset)] : parties
    }
    case TRANSFER_POSTED:
      return [events.account(offset), events.u32[(offset + POSTED_TO) >> 2]!]
    case HOLD_SETTLED:
      return [events.account(offset), events.u32[(offset + SETTLED_TO) >> 2]!]
    default:
      return NOBODY
  }
}

/** Who got a share of the fees of a trade. */
function referrersOf(events: FrameBuffer, offset: number): readonly number[] {
  return [SPECIAL_FEE_MAKER, SPECIAL_FEE_TAKER].map((at) => events.u32[(offset + at + SPECIAL_REFERRER) >> 2]!).filter((referrer) => referrer !== NONE_32)
}
