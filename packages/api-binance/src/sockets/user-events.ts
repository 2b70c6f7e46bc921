/** Turns what changed for an account into Binance's private events, step by step. */
import type { AccountSnapshot, AccountUpdate, Fill, Order } from '@bourse/client'
import type { OrderNotes } from '../orders/order-notes.js'
import { hasNoLimit, isLive, selfTradeModeOf, statusOf, timeInForceOf, typeOf } from '../orders/order-words.js'
import { ZERO } from '../orders/order-views.js'
import { symbolOf } from '../symbols.js'
import { addDecimals } from './add-decimals.js'
import { ListEvents } from './list-events.js'

type Execution = 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'REPLACED' | 'TRADE_PREVENTION'

/** What an order had traded by a step of its life. */
interface Progress {
  readonly filled: string
  readonly filledQuote: string
  readonly status: string
}

const MAX_TOLD = 1_000

export class UserEvents {
  private readonly live = new Map<number, Order>()
  /** Movements of the wallet that were told, each once. */
  private readonly told = new Set<string>()
  private readonly lists: ListEvents

  constructor(
    { openOrders }: AccountSnapshot,
    private readonly notes: OrderNotes,
    userId: string,
  ) {
    for (const order of openOrders) this.live.set(order.orderId, order)
    this.lists = new ListEvents(openOrders, notes, userId)
  }

  /** The events of an update, in order: what happened to orders, then to lists of them, then the balances after it. */
  of(update: AccountUpdate, nowMs: number): object[] {
    const reports = update.orders.flatMap((order) => this.reports(order, update.fills.filter(({ orderId }) => orderId === order.orderId), nowMs))
    const balances = update.balances.length === 0 ? [] : [positions(update, nowMs)]
    return [...reports, ...this.lists.of(update.orders, nowMs), ...balances, ...this.movements(update, nowMs)]
  }

  private reports(order: Order, fills: readonly Fill[], nowMs: number): object[] {
    const before = this.live.get(order.orderId)
    const reports: object[] = []
    const report = (execution: Execution, progress: Progress, fill?: Fill): void => {
      reports.push(executionReport(order, { execution, progress, fill, nowMs, orderListId: this.notes.listIdOf(order) }))
    }
    let progress: Progress = { filled: before?.filledQuantity ?? zeroLike(order.filledQuantity), filledQuote: before?.filledQuote ?? zeroLike(order.filledQuote), status: statusOf(before ?? { status: 'open', reason: null }) }
    const amended = before !== undefined && isAmended(before, order)
    const started = before?.status === 'waiting' && order.status !== 'waiting'
    if (before === undefined || started) report('NEW', progress)
    else if (amended) report('REPLACED', progress)
    for (const [index, fill] of fills.entries()) {
      const filled = addDecimals(progress.filled, fill.quantity)
      const isLast = index === fills.length - 1 && (order.status === 'filled' || this.notes.isSpent(order))
      progress = { filled, filledQuote: addDecimals(progress.filledQuote, fill.quoteAmount), status: isLast ? 'FILLED' : 'PARTIALLY_FILLED' }
      report('TRADE', progress, fill)
    }
    if (isLive(order)) {
      this.live.set(order.orderId, order)
      return reports
    }
    this.live.delete(order.orderId)
    if (order.status !== 'filled' && !this.notes.isSpent(order)) report(endOf(order), { ...progress, status: statusOf(order) })
    return reports
  }

  private movements({ deposits, withdrawals }: AccountUpdate, nowMs: number): object[] {
    const credited = deposits.filter(({ status }) => status === 'credited').map(({ depositId, asset, amount }) => ({ name: depositId, asset, amount }))
    const taken = withdrawals.map(({ withdrawalId, asset, amount, status }) => (status === 'failed' ? { name: `${withdrawalId} back`, asset, amount } : { name: withdrawalId, asset, amount: `-${amount}` }))
    return [...credited, ...taken].filter(({ name }) => this.tellOnce(name)).map(({ asset, amount }) => ({ e: 'balanceUpdate', E: nowMs, a: asset, d: amount, T: nowMs }))
  }

  private tellOnce(name: string): boolean {
    if (this.told.has(name)) return false
    if (this.told.size >= MAX_TOLD) this.told.delete(this.told.values().next().value!)
    this.told.add(name)
    return true
  }
}

/** The stop price of a trailing stop moves by itself. */
function isAmended(before: Order, order: Order): boolean {
  const hasMoved = before.stopPrice !== order.stopPrice && order.orderType !== 'trailing-stop'
  return before.quantity !== order.quantity || before.price !== order.price || before.displayQuantity !== order.displayQuantity || hasMoved
}

/** Zero with the decimals of an amount. */
function zeroLike(amount: string): string {
  const point = amount.indexOf('.')
  return point < 0 ? '0' : `0.${'0'.repeat(amount.length - 1 - point)}`
}

function endOf(order: Order): Execution {
  const status = statusOf(order)
  if (status === 'EXPIRED_IN_MATCH') return 'TRADE_PREVENTION'
  return status === 'EXPIRED' ? 'EXPIRED' : 'CANCELED'
}

function positions({ balances }: AccountUpdate, nowMs: number): object {
  return { e: 'outboundAccountPosition', E: nowMs, u: nowMs, B: balances.map(({ asset, available, held }) => ({ a: asset, f: available, l: held })) }
}

interface Step {
  readonly execution: Execution
  readonly progress: Progress
  readonly fill: Fill | undefined
  readonly nowMs: number
  readonly orderListId: number
}

function executionReport(order: Order, { execution, progress, fill, nowMs, orderListId }: Step): object {
  const type = typeOf(order)
  const ended = execution === 'CANCELED' || execution === 'REPLACED'
  return {
    e: 'executionReport',
    E: nowMs,
    s: symbolOf(order.market),
    c: order.clientOrderId,
    S: order.side === 'buy' ? 'BUY' : 'SELL',
    o: type,
    f: timeInForceOf(order, type),
    q: order.quantity ?? order.filledQuantity,
    p: hasNoLimit(type) ? ZERO : (order.price ?? ZERO),
    P: order.stopPrice ?? ZERO,
    F: order.displayQuantity ?? ZERO,
    g: orderListId,
    C: ended ? order.clientOrderId : '',
    x: execution,
    X: progress.status,
    r: 'NONE',
    i: order.orderId,
    l: fill?.quantity ?? ZERO,
    z: progress.filled,
    L: fill?.price ?? ZERO,
    n: fill?.fee ?? '0',
    N: fill?.feeAsset ?? null,
    T: fill?.timestampMs ?? order.updatedMs,
    t: fill?.tradeId ?? -1,
    I: order.sequence,
    w: execution !== 'TRADE' && order.status !== 'waiting' && isLive(order),
    m: fill?.liquidity === 'maker',
    M: false,
    O: order.createdMs,
    Z: progress.filledQuote,
    Y: fill?.quoteAmount ?? ZERO,
    Q: order.quoteQuantity ?? ZERO,
    W: order.createdMs,
    V: selfTradeModeOf(order.selfTradePrevention),
    ...(order.trailingBps === null ? {} : { d: order.trailingBps }),
  }
}
