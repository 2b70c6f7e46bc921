/** A whole exchange in memory for the simulator's tests: the real engine behind the interface that a trading client has. */
import { ApiRequestError, type Exchange, type Fill, type Order, type PlacedOrder, type PlaceOrder, type Ticker, type TradingClient } from '@bourse/client'
import { createEngine, decimal, execute, formatDecimal, type Command, type Event, type MarketSpec, type OrderState, type TradeExecuted } from '@bourse/core'

export interface TestMarket {
  readonly base: string
  readonly quote: string
  readonly tickSize: string
  readonly lotSize: string
}

/** Decides for each request whether it fails instead of reaching the engine. */
export type Fault = (call: string, count: number) => Error | undefined

const SCALE = 8

export class EngineExchange {
  readonly engine = createEngine()
  nowMs = 0
  fault: Fault = () => undefined
  /** Every request that reached the exchange, as text: two runs are compared by it. */
  readonly actions: string[] = []
  readonly trades: { readonly market: string; readonly timeMs: number; readonly price: number; readonly quantity: number; readonly takerSide: string }[] = []
  private requests = 0
  private readonly lastPrices = new Map<number, bigint>()

  constructor(markets: readonly TestMarket[]) {
    for (const code of new Set(markets.flatMap(({ base, quote }) => [base, quote]))) this.sure({ type: 'asset.define', code, scale: SCALE })
    for (const { base, quote, tickSize, lotSize } of markets) {
      this.sure({
        type: 'market.define', symbol: `${base}-${quote}`, base, quote, tickSize, lotSize,
        priceScale: places(tickSize), quantityScale: places(lotSize), state: 'open', minQuantity: lotSize, maxQuantity: '20000', maxPrice: '1000000',
        minNotional: quote === 'USDT' ? '5' : '0.0001', makerFee: '0.0008', takerFee: '0.001', marketBandBps: 500, allowSelfTrade: false, maxOpenOrders: 200,
      })
    }
  }

  fund(account: string, amounts: Readonly<Record<string, string>>): void {
    if (this.engine.catalog.accountByName(account) === undefined) this.sure({ type: 'account.open', account, kind: 'user' })
    for (const [asset, amount] of Object.entries(amounts)) {
      this.requests += 1
      this.sure({ type: 'ledger.transfer', requestId: `fund-${this.requests}`, from: 'world', to: account, asset, amount })
    }
  }

  /** All balances of an asset, the world's included; zero in a sound exchange. */
  sum(asset: string): bigint {
    let sum = 0n
    for (let account = 0; this.engine.catalog.accountName(account) !== undefined; account++) {
      const { available, held } = this.engine.balance(account, this.engine.catalog.assetByCode(asset)!.id)
      sum += available + held
    }
    return sum
  }

  market(symbol: string): MarketSpec {
    const spec = this.engine.catalog.marketBySymbol(symbol)
    if (spec === undefined) throw new ApiRequestError('unknown_market', `There is no market ${symbol}.`, 404)
    return spec
  }

  private sure(command: Command): readonly Event[] {
    const result = execute(this.engine, command, this.nowMs * 1000)
    if (!result.ok) throw new Error(`${command.type}: ${result.reject.code}`)
    return result.events
  }

  private async call(account: string, name: string, command: Command): Promise<readonly Event[]> {
    await Promise.resolve()
    this.requests += 1
    const fault = this.fault(name, this.requests)
    if (fault !== undefined) throw fault
    this.actions.push(`${account} ${JSON.stringify(command)}`)
    const result = execute(this.engine, command, this.nowMs * 1000)
    if (!result.ok) throw new ApiRequestError(result.reject.code, `Refused: ${result.reject.code}`, 422)
    for (const event of result.events) if (event.type === 'trade.executed') this.keepTrade(event)
    return result.events
  }

  private keepTrade(trade: TradeExecuted): void {
    const { symbol, priceScale, quantityScale } = this.engine.catalog.market(trade.market)!
    this.lastPrices.set(trade.market, trade.price)
    this.trades.push({
      market: symbol,
      timeMs: this.nowMs,
      price: Number(formatDecimal(trade.price, priceScale)),
      quantity: Number(formatDecimal(trade.quantity, quantityScale)),
      takerSide: trade.takerSide,
    })
  }

  client(account: string): TradingClient {
    const notServed = async (): Promise<never> => {
      throw new ApiRequestError('not_found', 'Not served by this test.', 404)
    }
    return {
      exchange: async () => this.describe(),
      tickers: async () => this.engine.catalog.markets().map((market) => this.ticker(market)),
      placeOrder: async (order) => this.placed(account, order),
      cancelOrder: async (order) => {
        const events = await this.call(account, 'cancelOrder', { type: 'order.cancel', account, market: order.market, clientOrderId: order.clientOrderId! })
        return this.order(events.find((event) => event.type === 'order.cancelled') as OrderState, 'cancelled')
      },
      changeOrder: async ({ market, clientOrderId, price }) => {
        const events = await this.call(account, 'changeOrder', { type: 'order.amend', account, market, clientOrderId: clientOrderId!, price: price! })
        return { order: this.order(events.find((event) => event.type === 'order.amended') as OrderState, 'open'), fills: [], repeated: false }
      },
      cancelAll: async (scope) => {
        const events = await this.call(account, 'cancelAll', { type: 'order.cancel-all', account, ...(scope?.market === undefined ? {} : { market: scope.market }) })
        return { cancelled: events.filter(({ type }) => type === 'order.cancelled').length }
      },
      openOrders: async (market) => {
        const orders = this.engine.openOrders(this.engine.catalog.accountByName(account)!, market === undefined ? undefined : this.market(market).id)
        return orders.map((order) => this.order(order, 'open'))
      },
      balances: async () => ({ sequence: this.engine.sequence, balances: this.balances(account) }),
      orders: notServed,
      fills: notServed,
      depth: notServed,
      trades: notServed,
      candles: notServed,
      subscribe: notServed,
    }
  }

  private async placed(account: string, order: PlaceOrder): Promise<PlacedOrder> {
    const events = await this.call(account, 'placeOrder', { type: 'order.place', account, ...order } as Command)
    const accepted = events.find((event) => event.type === 'order.accepted') as OrderState
    const cancelled = events.find((event) => event.type === 'order.cancelled' && event.orderId === accepted.orderId) as OrderState | undefined
    const rested = events.find((event) => event.type === 'order.rested') as OrderState | undefined
    const fills = events.flatMap((event) => (event.type === 'trade.executed' ? [this.fill(event, accepted)] : []))
    return { order: this.order(cancelled ?? rested ?? accepted, cancelled !== undefined ? 'cancelled' : rested !== undefined ? 'open' : 'filled'), fills, repeated: false }
  }

  private balances(account: string): { asset: string; available: string; held: string }[] {
    const id = this.engine.catalog.accountByName(account)!
    return this.engine.catalog.assets().map(({ id: asset, code, scale }) => {
      const { available, held } = this.engine.balance(id, asset)
      return { asset: code, available: formatDecimal(available, scale), held: formatDecimal(held, scale) }
    })
  }

  private order(state: OrderState, status: Order['status']): Order {
    const { priceScale, quantityScale, symbol, base, quote } = this.engine.catalog.market(state.market)!
    const scale = (units: bigint): string => formatDecimal(units, quantityScale)
    return {
      orderId: state.orderId, clientOrderId: state.clientOrderId, market: symbol, side: state.side, orderType: state.orderType, timeInForce: state.timeInForce,
      postOnly: state.postOnly, price: formatDecimal(state.price, priceScale), quantity: scale(state.quantity), quoteQuantity: null,
      filledQuantity: scale(state.filledQuantity), leavesQuantity: scale(state.leavesQuantity), filledQuote: formatDecimal(state.filledQuote, SCALE), averagePrice: null,
      stopPrice: null, displayQuantity: null, expiresMs: null, trailingOffset: null, trailingBps: null, activationPrice: null, linkedOrderId: null, selfTradePrevention: state.selfTradePrevention,
      fee: formatDecimal(state.fee, SCALE), feeAsset: this.engine.catalog.asset(state.side === 'buy' ? base : quote)!.code, status, reason: null,
      createdMs: this.nowMs, updatedMs: this.nowMs, sequence: this.engine.sequence,
    }
  }

  private fill(trade: TradeExecuted, taker: OrderState): Fill {
    const { priceScale, quantityScale, symbol, base, quote } = this.engine.catalog.market(trade.market)!
    return {
      tradeId: trade.tradeId, orderId: taker.orderId, clientOrderId: taker.clientOrderId, market: symbol, side: taker.side,
      price: formatDecimal(trade.price, priceScale), quantity: formatDecimal(trade.quantity, quantityScale), quoteAmount: formatDecimal(trade.quoteAmount, SCALE),
      fee: formatDecimal(trade.taker.fee, SCALE), feeAsset: this.engine.catalog.asset(taker.side === 'buy' ? base : quote)!.code, liquidity: 'taker',
      timestampMs: this.nowMs, sequence: trade.sequence,
    }
  }

  private ticker(market: MarketSpec): Ticker {
    const { bids, asks } = this.engine.depth(market.id, 1)
    const last = this.lastPrices.get(market.id)
    const price = (units: bigint | undefined): string | null => (units === undefined ? null : formatDecimal(units, market.priceScale))
    const quantity = (units: bigint | undefined): string | null => (units === undefined ? null : formatDecimal(units, market.quantityScale))
    return {
      market: market.symbol, lastPrice: price(last), open: null, high: null, low: null, volume: '0', quoteVolume: '0', trades: 0, change: null, changePercent: null,
      bid: price(bids[0]?.[0]), bidQuantity: quantity(bids[0]?.[1]), ask: price(asks[0]?.[0]), askQuantity: quantity(asks[0]?.[1]), timestampMs: this.nowMs, sequence: this.engine.sequence,
    }
  }

  private describe(): Exchange {
    const { catalog } = this.engine
    return {
      brand: { name: 'Test', tagline: '', logoUrl: '', theme: { light: {}, dark: {} }, defaultAppearance: 'dark', defaultLanguage: 'en', texts: {} },
      assets: catalog.assets().map(({ code, scale }) => ({ code, name: code, scale })),
      markets: catalog.markets().map((market) => ({
        symbol: market.symbol, base: catalog.asset(market.base)!.code, quote: catalog.asset(market.quote)!.code, state: market.state,
        tickSize: formatDecimal(market.tickSize, market.priceScale), lotSize: formatDecimal(market.lotSize, market.quantityScale),
        minQuantity: formatDecimal(market.minQuantity, market.quantityScale), maxQuantity: formatDecimal(market.maxQuantity, market.quantityScale),
        minNotional: formatDecimal(market.minNotional, SCALE), maxPrice: formatDecimal(market.maxPrice, market.priceScale),
        priceScale: market.priceScale, quantityScale: market.quantityScale, makerFee: '0.0008', takerFee: '0.001',
      })),
      time: this.nowMs,
      simulated: true,
    }
  }
}

function places(step: string): number {
  return step.split('.')[1]?.length ?? 0
}

/** Amount of an account in an asset, available and held, in units of 10^-8. */
export function holding(exchange: EngineExchange, account: string, asset: string): bigint {
  const { available, held } = exchange.engine.balance(exchange.engine.catalog.accountByName(account)!, exchange.engine.catalog.assetByCode(asset)!.id)
  return available + held
}

export const units = (text: string): bigint => decimal(text, SCALE)
