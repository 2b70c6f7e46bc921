/** One simulated person at the public door: sends orders, knows what it has, and never lets an error through. */
import { ApiRequestError, type PlaceOrder } from '@bourse/client'
import { REJECT_CODES, type Side } from '@bourse/core'
import type { MarketTerms } from './market-terms.js'
import type { RestingOrder, RestingOrders } from './resting-orders.js'
import type { ListedOrder, SimulatorClient, TakenOrder } from './simulator-client.js'

export const SIMULATOR_ROLES = ['maker', 'deep-maker', 'taker', 'noise', 'momentum'] as const
export type SimulatorRole = (typeof SIMULATOR_ROLES)[number]

/** The codes that mean "wait", not "wrong". */
const OVERLOAD_CODES = new Set(['queue_full', 'too_many_requests', 'unavailable', 'internal'])
const REJECTS = new Set<string>(REJECT_CODES)

/** What the traders of a simulator share. */
export interface TraderContext {
  /** Unique for every order of every run on an exchange. */
  nextOrderId(): string
  /** The exchange asks for less, or is away. */
  onOverload(error: unknown): void
  /** Something that a person should look into; said once for each kind. */
  onTrouble(error: unknown): void
  onReject(code: string): void
}

export interface QuoteOrder {
  readonly side: Side
  readonly ticks: number
  readonly lots: number
}

export class Trader {
  /** Estimated balances by asset, as plain numbers: for deciding on sizes only. */
  private readonly available = new Map<string, number>()
  private readonly totals = new Map<string, number>()
  private pending: Promise<void>[] = []

  constructor(
    readonly role: SimulatorRole,
    private readonly client: SimulatorClient,
    private readonly context: TraderContext,
  ) {}

  /** Waits for the answers to everything that was sent since the last call. */
  async settled(): Promise<void> {
    const pending = this.pending
    this.pending = []
    await Promise.all(pending)
  }

  /** Asks the exchange what the trader has. */
  refreshBalances(): void {
    this.attempt(async () => {
      const { balances } = await this.client.balances()
      for (const { asset, available, held } of balances) {
        this.available.set(asset, Number(available))
        this.totals.set(asset, Number(available) + Number(held))
      }
    })
  }

  /** All that the trader has of an asset, what is held for orders included. */
  total(asset: string): number {
    return this.totals.get(asset) ?? 0
  }

  /** What could be set aside for one more order, in the asset that the side gives. */
  spendable(market: MarketTerms, side: Side): number {
    return this.available.get(side === 'buy' ? market.quote : market.base) ?? 0
  }

  /** Cuts a size to what the balance can carry, or undefined when that would be too small to place. */
  affordable(market: MarketTerms, order: QuoteOrder): QuoteOrder | undefined {
    const unit = order.side === 'buy' ? order.ticks * market.tick * market.lot : market.lot
    const lots = Math.min(order.lots, Math.floor((this.spendable(market, order.side) * 0.98) / unit))
    return market.isTooSmall(lots, order.ticks) ? undefined : { ...order, lots }
  }

  /** Rests an order without ever taking; what becomes of it shows in `resting`. */
  quote(market: MarketTerms, resting: RestingOrders, order: QuoteOrder): void {
    const affordable = this.affordable(market, order)
    if (affordable === undefined) return
    const clientOrderId = this.context.nextOrderId()
    const { side, ticks, lots } = affordable
    resting.add({ clientOrderId, owner: this.role, side, ticks, lots })
    this.spend(market, affordable)
    const price = market.priceText(ticks)
    const quantity = market.quantityText(lots)
    this.attempt(
      () => this.client.placeOrder({ market: market.symbol, clientOrderId, side, orderType: 'limit', price, quantity, timeInForce: 'gtc', postOnly: true }),
      (code) => {
        resting.remove(clientOrderId)
        if (code !== 'insufficient_balance') this.spend(market, { side, ticks, lots: -lots })
        else this.ranOut(market, side)
      },
    )
  }

  /** Gives a resting order another price and keeps its size. */
  move(market: MarketTerms, resting: RestingOrders, order: RestingOrder, ticks: number): void {
    const { clientOrderId, side, lots, ticks: before } = order
    const more = { side, ticks: ticks - before, lots }
    if (side === 'buy' && more.ticks > 0 && this.affordable(market, more)?.lots !== lots) return this.cancel(market, resting, clientOrderId)
    resting.move(order, ticks)
    if (side === 'buy') this.spend(market, more)
    const price = market.priceText(ticks)
    this.attempt(
      () => this.client.changeOrder({ market: market.symbol, clientOrderId, price }),
      (code) => {
        if (side === 'buy') this.spend(market, { ...more, lots: -lots })
        if (code === 'unknown_order') resting.remove(clientOrderId)
        else resting.restore({ ...order, lots }, before)
        if (code === 'insufficient_balance') this.ranOut(market, side)
      },
    )
  }

  cancel(market: MarketTerms, resting: RestingOrders, clientOrderId: string): void {
    const order = resting.remove(clientOrderId)
    this.attempt(
      async () => {
        await this.client.cancelOrder({ market: market.symbol, clientOrderId })
        if (order !== undefined) this.spend(market, { ...order, lots: -order.lots })
      },
      (code) => {
        if (order !== undefined && code !== 'unknown_order') resting.restore(order)
      },
    )
  }

  /** Takes what is there up to a limit price; the rest is cancelled. The fills come out of `resting` with the answer. */
  take(market: MarketTerms, resting: RestingOrders, order: QuoteOrder): void {
    const affordable = this.affordable(market, order)
    if (affordable !== undefined) this.send(market, resting, this.immediate(market, affordable))
  }

  /** The same where nobody else trades and more is sent before the answer: the fills come out of `resting` at once. */
  sweep(market: MarketTerms, resting: RestingOrders, order: QuoteOrder): void {
    const affordable = this.affordable(market, order)
    if (affordable === undefined) return
    resting.sweep(affordable.side === 'buy' ? 'sell' : 'buy', affordable.ticks, affordable.lots)
    this.send(market, undefined, this.immediate(market, affordable))
  }

  private immediate(market: MarketTerms, { side, ticks, lots }: QuoteOrder): PlaceOrder {
    return { market: market.symbol, side, orderType: 'limit', price: market.priceText(ticks), quantity: market.quantityText(lots), timeInForce: 'ioc' }
  }

  /** Takes at any price that the market's band allows. */
  takeAtMarket(market: MarketTerms, resting: RestingOrders, order: QuoteOrder): void {
    const affordable = this.affordable(market, { ...order, ticks: order.side === 'buy' ? Math.ceil(order.ticks * 1.06) : order.ticks })
    if (affordable === undefined) return
    this.send(market, resting, { market: market.symbol, side: order.side, orderType: 'market', quantity: market.quantityText(affordable.lots) })
  }

  private send(market: MarketTerms, resting: RestingOrders | undefined, order: PlaceOrder): void {
    const clientOrderId = this.context.nextOrderId()
    this.attempt(
      async () => {
        const placed = await this.client.placeOrder({ ...order, clientOrderId })
        if (resting !== undefined) this.filled(market, resting, placed)
      },
      (code) => {
        if (code === 'insufficient_balance') this.ranOut(market, order.side)
      },
    )
  }

  /** The estimate was wrong: nothing more of that asset is spent until the exchange has been asked again. */
  private ranOut(market: MarketTerms, side: Side): void {
    this.available.set(side === 'buy' ? market.quote : market.base, 0)
  }

  private filled(market: MarketTerms, resting: RestingOrders, placed: TakenOrder): void {
    const makerSide = placed.order.side === 'buy' ? 'sell' : 'buy'
    for (const fill of placed.fills) {
      const ticks = market.ticksOf(fill.price)
      if (ticks !== undefined) resting.fill(makerSide, ticks, market.lotsOf(fill.quantity))
    }
  }

  /** Asks for the trader's live orders in a market and brings `resting` in line; tells what others took. */
  reconcile(market: MarketTerms, resting: RestingOrders, onTakenByOthers: (lots: { buy: number; sell: number }) => void): void {
    const epoch = ++resting.epoch
    this.attempt(async () => {
      const orders = await this.client.openOrders(market.symbol)
      onTakenByOthers(resting.reconcile(this.role, orders.flatMap((order) => listed(market, order)), epoch))
    })
  }

  /** Takes every own order out of a market. */
  withdraw(market: MarketTerms, resting: RestingOrders): void {
    for (const order of resting.of(this.role)) resting.remove(order.clientOrderId)
    this.attempt(() => this.client.cancelAll({ market: market.symbol }))
  }

  private spend(market: MarketTerms, order: QuoteOrder): void {
    const asset = order.side === 'buy' ? market.quote : market.base
    const amount = order.lots * market.lot * (order.side === 'buy' ? order.ticks * market.tick : 1)
    this.available.set(asset, (this.available.get(asset) ?? 0) - amount)
  }

  /** Starts a request whose failure is a fact to live with. */
  private attempt(request: () => Promise<unknown>, onFailure?: (code: string | undefined) => void): void {
    const outcome = (async () => {
      try {
        await request()
      } catch (error) {
        onFailure?.(error instanceof ApiRequestError ? error.code : undefined)
        this.judge(error)
      }
    })()
    this.pending.push(outcome)
  }

  private judge(error: unknown): void {
    if (!(error instanceof ApiRequestError)) {
      this.context.onTrouble(error)
      this.context.onOverload(error)
    } else if (REJECTS.has(error.code)) {
      this.context.onReject(error.code)
    } else if (OVERLOAD_CODES.has(error.code)) {
      this.context.onOverload(error)
    } else if (error.code !== 'not_found' && error.code !== 'conflict') {
      this.context.onTrouble(error)
      this.context.onOverload(error)
    }
  }
}

function listed(market: MarketTerms, order: ListedOrder): { clientOrderId: string; side: Side; ticks: number; lots: number }[] {
  const ticks = market.ticksOf(order.price)
  if (ticks === undefined) return []
  return [{ clientOrderId: order.clientOrderId, side: order.side, ticks, lots: market.lotsOf(order.leavesQuantity) }]
}
