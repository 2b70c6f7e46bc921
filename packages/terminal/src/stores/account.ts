/** Balances, live orders and histories of the one who is logged in, kept by the account's stream. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BourseClient } from '@bourse/client'
import type { FrameBatch } from './frame-batch.js'
import { createPagedList, type PagedList } from './paged-list.js'
import { keepStream, type KeptStream } from './stream-keeper.js'
import type { Balance, Deposit, Fill, LedgerEntry, Order, Withdrawal } from './wire.js'

const PAGE_SIZE = 50

export interface AccountState {
  readonly ready: boolean
  readonly balances: ReadonlyMap<string, Balance>
  /** Newest first. */
  readonly openOrders: readonly Order[]
}

export interface AccountHistories {
  readonly orders: PagedList<Order>
  readonly fills: PagedList<Fill>
  readonly deposits: PagedList<Deposit>
  readonly withdrawals: PagedList<Withdrawal>
  readonly ledger: PagedList<LedgerEntry>
}

export interface AccountEvents {
  onFills(fills: readonly Fill[], orders: readonly Order[]): void
  onDeposits(deposits: readonly Deposit[]): void
  onWithdrawals(withdrawals: readonly Withdrawal[]): void
  /** The exchange says that nobody is logged in any more. */
  onLoggedOut(): void
}

export interface Account {
  readonly store: StoreApi<AccountState>
  readonly histories: AccountHistories
  /** Starts the stream: call it once somebody is logged in. */
  open(): void
  /** Ends the stream and forgets everything. */
  close(): void
  /** Takes over what a request answered, which may be ahead of the stream. */
  applyOrder(order: Order): void
}

export function isLive(order: Order): boolean {
  return order.status === 'waiting' || order.status === 'open' || order.status === 'partially_filled'
}

/** Brings a list of live orders, newest first, up to date; an older view of an order never replaces a newer one. */
export function mergeOpenOrders(open: ReadonlyMap<number, Order>, changed: readonly Order[]): Map<number, Order> {
  const merged = new Map(open)
  for (const order of changed) {
    const known = merged.get(order.orderId)
    if (known !== undefined && known.sequence > order.sequence) continue
    if (isLive(order)) merged.set(order.orderId, order)
    else merged.delete(order.orderId)
  }
  return merged
}

const EMPTY: AccountState = { ready: false, balances: new Map(), openOrders: [] }

export function createAccount(client: BourseClient, frames: FrameBatch, events: AccountEvents): Account {
  const store = createStore<AccountState>(() => EMPTY)
  const histories = createHistories(client)
  let stream: KeptStream | undefined
  let balances = new Map<string, Balance>()
  let open = new Map<number, Order>()
  /** Orders that ended, with the sequence at which they did: a late view from before must not bring them back. */
  let ended = new Map<number, number>()

  const publish = (): void => {
    if (stream === undefined) return
    store.setState({ ready: true, balances: new Map(balances), openOrders: [...open.values()].sort((a, b) => b.orderId - a.orderId) })
  }

  function takeOrders(orders: readonly Order[]): void {
    open = mergeOpenOrders(open, orders.filter((order) => !isLive(order) || (ended.get(order.orderId) ?? -1) < order.sequence))
    for (const order of orders) if (!isLive(order)) ended.set(order.orderId, order.sequence)
    if (ended.size > 5000) ended = new Map([...ended].slice(-1000))
    histories.orders.merge(orders)
    frames.schedule(publish)
  }

  return {
    store,
    histories,
    open() {
      if (stream !== undefined) return
      let started = false
      stream = keepStream(client, { channel: 'account' }, {
        onSnapshot(snapshot) {
          balances = new Map(snapshot.balances.map((balance) => [balance.asset, balance]))
          open = mergeOpenOrders(new Map(), snapshot.openOrders)
          ended = new Map()
          frames.schedule(publish)
          if (started) for (const list of Object.values(histories)) reload(list)
          started = true
        },
        onMessage({ data }) {
          for (const balance of data.balances) balances.set(balance.asset, balance)
          takeOrders(data.orders)
          histories.fills.merge(data.fills)
          histories.deposits.merge(data.deposits)
          histories.withdrawals.merge(data.withdrawals)
          if (data.fills.length > 0) events.onFills(data.fills, data.orders)
          if (data.deposits.length > 0) events.onDeposits(data.deposits)
          if (data.withdrawals.length > 0) events.onWithdrawals(data.withdrawals)
        },
        onEnd: () => events.onLoggedOut(),
      })
    },
    close() {
      stream?.stop()
      stream = undefined
      balances = new Map()
      open = new Map()
      ended = new Map()
      for (const list of Object.values(histories)) list.clear()
      store.setState(EMPTY, true)
    },
    applyOrder: (order) => takeOrders([order]),
  }
}

function createHistories(client: BourseClient): AccountHistories {
  const asks = (cursor: string | undefined): { limit: number; cursor?: string } => (cursor === undefined ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, cursor })
  return {
    orders: createPagedList<Order>({ load: (cursor) => client.orders(asks(cursor)), key: (order) => order.orderId }),
    fills: createPagedList<Fill>({ load: (cursor) => client.fills(asks(cursor)), key: (fill) => `${fill.market} ${fill.tradeId} ${fill.side}` }),
    deposits: createPagedList<Deposit>({ load: (cursor) => client.deposits(asks(cursor)), key: (deposit) => deposit.depositId }),
    withdrawals: createPagedList<Withdrawal>({ load: (cursor) => client.withdrawals(asks(cursor)), key: (withdrawal) => withdrawal.withdrawalId }),
    ledger: createPagedList<LedgerEntry>({ load: (cursor) => client.ledger(asks(cursor)), key: (entry) => entry.entryId }),
  }
}

/** After a lost connection the lists may have missed something: those that were shown are loaded anew. */
function reload(list: PagedList<Order> | PagedList<Fill> | PagedList<Deposit> | PagedList<Withdrawal> | PagedList<LedgerEntry>): void {
  if (list.store.getState().status !== 'idle') void list.load()
}
