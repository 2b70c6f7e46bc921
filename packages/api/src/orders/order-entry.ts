/** Placing, changing and cancelling orders for one person: the same for REST and for sockets. */
import type { Command, QuoteEntry } from '@bourse/core'
import type { BatchResult, CancelAll, CancelAllAfter, CancelOrder, ChangeOrder, DeadManSwitch, Order, PlacedOrder, PlacedPair, PlaceBracket, PlaceOco, PlaceOrder, PlaceOrders, PlaceQuotes, ProtectQuotes, QuotedLadder, ReplacedOrder, ReplaceOrder } from '@bourse/client'
import type { CommandResult } from '@bourse/plugin'
import type { HistoryQueries } from '@bourse/store'
import type { z } from 'zod'
import { ApiFailure, failureOf, unavailable } from '../http/failures.js'
import type { DurableReads } from '../durable-reads.js'
import type { TradingService } from '../services.js'
import { fillRowView, fillView, orderView } from '../views/order-view.js'
import { followOrder, isOrderEvent, liveRecord, recordAfter, type OrderBirth, type OrderRecord } from './order-record.js'
import { rejectFailure, type RejectedInput } from './reject-messages.js'

type Accepted = Extract<CommandResult, { ok: true }>

/** Results of placements that are kept for repetitions and for cancels that overtake the history. */
const KEPT_RESULTS = 20_000

export class OrderEntry {
  private readonly recent = new Map<number, PlacedOrder>()

  constructor(
    private readonly exchange: TradingService,
    private readonly history: HistoryQueries,
    private readonly reads: DurableReads,
  ) {}

  /** @param namesRepeat the same clientOrderId with the same input gives the first result; without it, every accepted order is a new one. */
  async place(userId: string, body: z.output<typeof PlaceOrder>, { namesRepeat = true } = {}): Promise<PlacedOrder> {
    const idempotent = namesRepeat && body.clientOrderId !== undefined
    const result = await this.submit({ type: 'order.place', account: userId, idempotent, ...orderInput(body) }, body)
    const first = result.events[0]
    if (first?.type === 'command.repeated') return this.repeated(first.orderId, first.firstSequence)
    if (first?.type !== 'order.accepted') throw new Error(`An accepted order.place began with the event ${first?.type ?? 'none'}.`)
    const placed = this.placed(result, first.orderId, undefined)
    this.remember(placed)
    return placed
  }

  async cancel(userId: string, body: z.output<typeof CancelOrder>): Promise<Order> {
    requireOneName(body)
    const birth = await this.birth(userId, body)
    const result = await this.submit({ type: 'order.cancel', account: userId, ...defined(body) }, body)
    const event = result.events.find((candidate) => candidate.type === 'order.cancelled')
    if (event === undefined) throw new Error('An accepted order.cancel cancelled nothing.')
    return orderView(recordAfter(event, birth ?? this.kept(event.orderId) ?? { createdUs: event.timestampUs }), this.exchange.catalog)
  }

  async change(userId: string, body: z.output<typeof ChangeOrder>): Promise<PlacedOrder> {
    requireOneName(body)
    const { leavesQuantity, market, orderId, clientOrderId, ...terms } = body
    const amended = orderInput(terms)
    const amends = Object.keys(amended).length > 0
    if (amends === (leavesQuantity !== undefined)) {
      throw new ApiFailure({ status: 400, code: 'invalid_request', message: 'Give either leavesQuantity alone, which reduces the order in place, or what shall be different: price, quantity (the total), stopPrice, displayQuantity, expiresMs.' })
    }
    const birth = await this.birth(userId, body)
    const order = { account: userId, ...defined({ market, orderId, clientOrderId }) }
    const command: Command = leavesQuantity === undefined ? { type: 'order.amend', ...order, ...amended } : { type: 'order.reduce', ...order, leavesQuantity }
    const result = await this.submit(command, body)
    const changed = result.events.find((event) => event.type === 'order.reduced' || event.type === 'order.amended' || event.type === 'order.cancelled')
    if (changed === undefined) throw new Error(`An accepted ${command.type} changed nothing.`)
    return this.placed(result, changed.orderId, recordAfter(changed, birth ?? this.kept(changed.orderId) ?? { createdUs: changed.timestampUs }))
  }

  async cancelAll(userId: string, body: z.output<typeof CancelAll>): Promise<{ cancelled: number }> {
    const result = await this.submit({ type: 'order.cancel-all', account: userId, ...defined(body) }, body)
    return { cancelled: result.events.filter((event) => event.type === 'order.cancelled').length }
  }

  /** Cancels like {@link cancelAll} and gives the orders themselves, as far as one command cancels them. */
  async cancelAllOrders(userId: string, body: z.output<typeof CancelAll>): Promise<Order[]> {
    if (this.exchange.caughtUp !== undefined) await this.exchange.caughtUp()
    const account = this.exchange.catalog.accountByName(userId)
    const births = new Map<number, OrderBirth>(account === undefined ? [] : this.exchange.engine.openOrders(account).map((order) => [order.orderId, order]))
    const result = await this.submit({ type: 'order.cancel-all', account: userId, ...defined(body) }, body)
    return result.events.flatMap((event) => (event.type === 'order.cancelled' ? [orderView(recordAfter(event, births.get(event.orderId) ?? this.kept(event.orderId) ?? { createdUs: event.timestampUs }), this.exchange.catalog)] : []))
  }

  /** Each order by itself; they reach the engine in the order given. */
  placeAll(userId: string, { orders }: z.output<typeof PlaceOrders>): Promise<BatchResult> {
    return Promise.all(orders.map((order) => this.place(userId, order).then((placed) => ({ ok: true, placed }) as const, refusalOf)))
  }

  /** Places two exits of which only one can happen. */
  async placeOco(userId: string, { takeProfit, stopLoss, ...rest }: z.output<typeof PlaceOco>): Promise<PlacedPair> {
    const command: Command = { type: 'order.place-oco', account: userId, ...rest, takeProfit: defined(takeProfit), stopLoss: defined(stopLoss) }
    const result = await this.submit(command, { market: rest.market, quantity: rest.quantity, price: takeProfit.price })
    const [first, second] = result.events.filter((event) => event.type === 'order.accepted')
    if (first === undefined || second === undefined) throw new Error(`The events of command ${result.sequence} do not name both exits.`)
    return { takeProfit: this.placed(result, first.orderId, undefined), stopLoss: this.placed(result, second.orderId, undefined) }
  }

  /** Places an entry whose exits follow what it buys. */
  async placeBracket(userId: string, { takeProfit, stopLoss, ...rest }: z.output<typeof PlaceBracket>): Promise<PlacedOrder> {
    const idempotent = rest.clientOrderId !== undefined
    const command: Command = { type: 'order.place-bracket', account: userId, idempotent, ...defined(rest), takeProfit: defined(takeProfit), stopLoss: defined(stopLoss) }
    const result = await this.submit(command, rest)
    const first = result.events[0]
    if (first?.type === 'command.repeated') return this.repeated(first.orderId, first.firstSequence)
    if (first?.type !== 'order.accepted') throw new Error(`An accepted order.place-bracket began with the event ${first?.type ?? 'none'}.`)
    const placed = this.placed(result, first.orderId, undefined)
    this.remember(placed)
    return placed
  }

  /** Cancels one order and places another one, in one command. */
  async replace(userId: string, body: z.output<typeof ReplaceOrder>, { namesRepeat = true } = {}): Promise<ReplacedOrder> {
    requireOneName(body)
    const { market, order, mode, orderId, clientOrderId } = body
    const birth = await this.birth(userId, body)
    const idempotent = namesRepeat && order.clientOrderId !== undefined
    const command: Command = { type: 'order.cancel-replace', account: userId, market, ...defined({ mode, orderId, clientOrderId }), order: { ...orderInput(order), idempotent } }
    const result = await this.submit(command, { ...order, market })
    const first = result.events[0]
    if (first?.type === 'command.repeated') return { cancelled: null, placed: await this.repeated(first.orderId, first.firstSequence), failed: [] }
    const gone = result.events.find((event) => event.type === 'order.cancelled' && event.reason === 'replaced')
    const accepted = result.events.find((event) => event.type === 'order.accepted')
    const placed = accepted === undefined ? null : this.placed(result, accepted.orderId, undefined)
    if (placed !== null) this.remember(placed)
    return {
      cancelled: gone?.type === 'order.cancelled' ? orderView(recordAfter(gone, birth ?? { createdUs: gone.timestampUs }), this.exchange.catalog) : null,
      placed,
      failed: result.events.flatMap((event) => (event.type === 'step.rejected' ? [{ step: event.step, code: event.code, message: rejectFailure({ code: event.code }, { ...order, market }, this.exchange.catalog).message }] : [])),
    }
  }

  /** Sets or disables the dead-man switch. */
  async cancelAllAfter(userId: string, body: z.output<typeof CancelAllAfter>): Promise<DeadManSwitch> {
    const result = await this.submit({ type: 'order.cancel-all-after', account: userId, timeoutMs: body.timeoutMs, ...defined({ market: body.market }) }, body)
    const event = result.events.find((candidate) => candidate.type === 'dead-man-switch.set')
    return { firesMs: event?.firesAtUs === undefined ? null : Math.floor(event.firesAtUs / 1_000) }
  }

  /** Replaces a person's ladder of quotes. */
  async quote(userId: string, { market, bids, asks, postOnly }: z.output<typeof PlaceQuotes>): Promise<QuotedLadder> {
    const entries = (levels: [string, string][]): QuoteEntry[] => levels.map(([price, quantity]) => ({ price, quantity }))
    const result = await this.submit({ type: 'quote.place', account: userId, market, bids: entries(bids), asks: entries(asks), ...defined({ postOnly }) }, { market })
    const account = this.exchange.catalog.accountByName(userId)
    const ids = new Set(result.events.flatMap((event) => (isOrderEvent(event) && event.account === account ? [event.orderId] : [])))
    const followed = [...ids].flatMap((orderId) => followOrder(result.events, orderId, undefined) ?? [])
    const { catalog } = this.exchange
    return { orders: followed.map(({ order }) => orderView(order, catalog)), fills: followed.flatMap(({ fills }) => fills.map((fill) => fillView(fill, catalog))) }
  }

  async protectQuotes(userId: string, { market, ...limits }: z.output<typeof ProtectQuotes>): Promise<void> {
    await this.submit({ type: 'quote.protect', account: userId, market, ...defined(limits) }, { market, quantity: limits.quantity })
  }

  async resetProtection(userId: string, market: string): Promise<void> {
    await this.submit({ type: 'quote.reset-protection', account: userId, market }, { market })
  }

  /** Live orders, newest first. */
  open(userId: string, market?: number): Promise<Order[]> {
    return this.reads.read(() => openOrders(this.exchange, userId, market).map((order) => orderView(order, this.exchange.catalog)))
  }

  private async submit(command: Command, input: RejectedInput): Promise<Accepted> {
    const result = await this.exchange.submit(command)
    if (!result.ok) throw rejectFailure(result.reject, input, this.exchange.catalog)
    return result
  }

  private placed(result: Accepted, orderId: number, known: OrderRecord | undefined): PlacedOrder {
    const { catalog } = this.exchange
    const followed = followOrder(result.events, orderId, known)
    if (followed === undefined) throw new Error(`The events of command ${result.sequence} do not name its order ${orderId}.`)
    return { order: orderView(followed.order, catalog), fills: followed.fills.map((fill) => fillView(fill, catalog)), repeated: false }
  }

  /** What the same placement gave the first time. */
  private async repeated(orderId: number, firstSequence: number): Promise<PlacedOrder> {
    const kept = this.recent.get(orderId)
    if (kept !== undefined) return { ...kept, repeated: true }
    const { exchange, history } = this
    const market = await this.marketOfOrder(orderId)
    const row = market === undefined ? undefined : await history.order(market, orderId)
    if (row === undefined) throw unavailable(`The order ${orderId} was placed before, but the history does not show it yet. Ask for it again in a moment.`)
    const fills = await history.fillsOfOrder(row.market, orderId)
    const first = fills.filter(({ sequence }) => sequence === firstSequence)
    return { order: orderView(row, exchange.catalog), fills: first.map((fill) => fillRowView(fill, exchange.catalog)), repeated: true }
  }

  /** Orders are numbered across markets, the history is kept by market. */
  private async marketOfOrder(orderId: number): Promise<number | undefined> {
    const { exchange, history } = this
    const live = exchange.engine.order(orderId)
    await this.reads.history()
    if (live !== undefined) return live.market
    for (const { id } of exchange.catalog.markets()) if ((await history.order(id, orderId)) !== undefined) return id
    return undefined
  }

  /** What is known of the order before the command is sent. */
  private async birth(userId: string, name: { market: string; orderId?: number | undefined; clientOrderId?: string | undefined }): Promise<OrderBirth | undefined> {
    const { exchange, history } = this
    const here = this.live(userId, name)
    if (here !== undefined) return here
    if (exchange.caughtUp !== undefined) {
      // It may have been placed at another gateway a moment ago.
      await exchange.caughtUp()
      const come = this.live(userId, name)
      if (come !== undefined) return come
    }
    const market = exchange.catalog.marketBySymbol(name.market)
    if (name.orderId === undefined || market === undefined) return undefined
    return history.order(market.id, name.orderId)
  }

  private live(userId: string, { orderId, clientOrderId }: { orderId?: number | undefined; clientOrderId?: string | undefined }): OrderBirth | undefined {
    const { engine, catalog } = this.exchange
    const account = catalog.accountByName(userId)
    if (account === undefined) return undefined
    return orderId === undefined ? engine.orderByClientOrderId(account, clientOrderId ?? '') : engine.order(orderId)
  }

  /** An order whose cancel was sent before its placement was acknowledged. */
  private kept(orderId: number): OrderBirth | undefined {
    const kept = this.recent.get(orderId)
    return kept === undefined ? undefined : { createdUs: kept.order.createdMs * 1_000 }
  }

  private remember(placed: PlacedOrder): void {
    if (this.recent.size >= KEPT_RESULTS) this.recent.delete(this.recent.keys().next().value!)
    this.recent.set(placed.order.orderId, placed)
  }
}

/** The live orders of a person as the engine holds them now, newest first. */
export function openOrders({ engine, catalog }: TradingService, userId: string, market?: number): OrderRecord[] {
  const account = catalog.accountByName(userId)
  if (account === undefined) return []
  return engine
    .openOrders(account, market)
    .map((order) => liveRecord(order, engine.sequence))
    .sort((one, other) => other.orderId - one.orderId)
}

function requireOneName({ orderId, clientOrderId }: { orderId?: number | undefined; clientOrderId?: string | undefined }): void {
  if ((orderId === undefined) === (clientOrderId === undefined)) {
    throw new ApiFailure({ status: 400, code: 'invalid_request', message: 'Name the order by exactly one of orderId and clientOrderId.' })
  }
}

function refusalOf(error: unknown): BatchResult[number] {
  const failure = failureOf(error)
  if (failure === undefined) throw error
  return { ok: false, error: { code: failure.code, message: failure.message, ...(failure.field === undefined ? {} : { field: failure.field }) } }
}

/** The order as the engine's commands name its fields. */
function orderInput<Input extends { expiresMs?: number | undefined }>({ expiresMs, ...order }: Input): Defined<Omit<Input, 'expiresMs'>> & { expiresAt?: number } {
  const input = defined(order)
  return expiresMs === undefined ? input : { ...input, expiresAt: expiresMs }
}

type Defined<Values> = { [Key in keyof Values]: Exclude<Values[Key], undefined> }

/** The same values without the keys that are undefined, which exact optional properties do not allow. */
function defined<Values extends object>(values: Values): Defined<Values> {
  return Object.values(values).includes(undefined) ? (Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>) : (values as Defined<Values>)
}
