/** Makes streams of events that fit together, of any size and from a seed, without an engine. */
import type { AssetSpec, CancelReason, Catalog, Event, EventBase, MarketSpec, OrderState, Side, TradeParty } from '@bourse/core'

export const USERS = 40
const WORLD = 0
const FIRST_USER = 2
const START_US = 1_800_000_000_000_000

const BTC: AssetSpec = { id: 0, code: 'BTC', scale: 8 }
const USDT: AssetSpec = { id: 1, code: 'USDT', scale: 8 }
const ETH: AssetSpec = { id: 2, code: 'ETH', scale: 8 }
const RULES = {
  state: 'open',
  tickSize: 1n,
  lotSize: 1n,
  minQuantity: 1n,
  maxQuantity: 2n ** 40n,
  maxPrice: 2n ** 40n,
  minNotional: 0n,
  makerFeePpm: 1_000,
  takerFeePpm: 2_000,
  marketBandBps: 500,
  allowSelfTrade: false,
  maxOpenOrders: 1_000,
  maxNotional: 0n,
  priceBandBps: 0,
  breakerMoveBps: 0,
  breakerWindowMs: 0,
  haltMs: 0,
  auctionMs: 0,
  auctionRandomMs: 0,
} as const
export const ASSETS: readonly AssetSpec[] = [BTC, USDT, ETH]
export const MARKETS: readonly MarketSpec[] = [
  { ...RULES, id: 0, symbol: 'BTC-USDT', base: 0, quote: 1, priceScale: 2, quantityScale: 5, baseUnit: 1_000n, notionalUnit: 10n },
  { ...RULES, id: 1, symbol: 'ETH-BTC', base: 2, quote: 0, priceScale: 5, quantityScale: 3, baseUnit: 100_000n, notionalUnit: 1n },
]

export const CATALOG: Catalog = {
  asset: (id) => ASSETS[id],
  assetByCode: (code) => ASSETS.find((asset) => asset.code === code),
  assets: () => ASSETS,
  market: (id) => MARKETS[id],
  marketBySymbol: (symbol) => MARKETS.find((market) => market.symbol === symbol),
  markets: () => MARKETS,
  accountByName: () => undefined,
  accountName: (id) => ['world', 'fees'][id] ?? `user-${id}`,
}

/** The events of `commands` commands, in order; the same seed gives the same events. */
export function tradingEvents(commands: number, seed = 1): Event[] {
  return new Stream(seed).run(commands)
}

interface LiveOrder extends OrderState {
  filledQuantity: bigint
  leavesQuantity: bigint
  filledQuote: bigint
  fee: bigint
  quantity: bigint
}

class Stream {
  private readonly events: Event[] = []
  private readonly live: LiveOrder[][] = MARKETS.map(() => [])
  private readonly tradeIds = MARKETS.map(() => 0)
  private orderId = 0
  private index = 0
  private timestampUs = START_US
  private sequence = 0
  constructor(private state: number) {}

  run(commands: number): Event[] {
    for (this.sequence = 1; this.sequence <= commands; this.sequence++) {
      this.index = 0
      this.timestampUs += this.below(900_000)
      const kind = this.below(100)
      if (kind < 45) this.place(0)
      else if (kind < 75) this.place(1 + this.below(4))
      else if (kind < 90) this.change()
      else this.move()
    }
    return this.events
  }

  /** Xorshift: small, and the same everywhere. */
  private below(bound: number): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return (this.state >>> 0) % bound
  }

  private base(): EventBase {
    return { sequence: this.sequence, index: this.index++, timestampUs: this.timestampUs }
  }

  private place(trades: number): void {
    const market = this.below(MARKETS.length)
    const quantity = BigInt(1 + this.below(1_000))
    const orderId = ++this.orderId
    const order: LiveOrder = {
      orderId,
      clientOrderId: `c-${orderId}`,
      account: FIRST_USER + this.below(USERS),
      market,
      side: this.below(2) === 0 ? 'buy' : 'sell',
      orderType: 'limit',
      timeInForce: 'gtc',
      postOnly: this.below(2) === 0,
      selfTradePrevention: 'cancel-taker',
      price: BigInt(1 + this.below(100_000)),
      quantity,
      quoteQuantity: 0n,
      filledQuantity: 0n,
      leavesQuantity: quantity,
      filledQuote: 0n,
      fee: 0n,
    }
    this.events.push({ ...this.base(), ...order, type: 'order.accepted', held: 1n })
    for (let trade = 0; trade < trades && order.leavesQuantity > 0n; trade++) this.trade(order)
    if (order.leavesQuantity === 0n) return
    this.events.push({ ...this.base(), ...order, type: 'order.rested' })
    this.live[market]!.push(order)
  }

  private trade(taker: LiveOrder): void {
    const makers = this.live[taker.market]!
    const maker = makers[this.below(makers.length + 1)]
    if (maker === undefined) return
    const price = maker.price
    const most = maker.leavesQuantity < taker.leavesQuantity ? maker.leavesQuantity : taker.leavesQuantity
    const quantity = this.below(3) === 0 ? most : (most + 1n) / 2n
    const spec = MARKETS[taker.market]!
    const quoteAmount = price * quantity * spec.notionalUnit
    const parties = [maker, taker].map((order): TradeParty => {
      const fee = (taker.side === 'buy') === (order === taker) ? (quantity * spec.baseUnit) / 1_000n : quoteAmount / 1_000n
      order.filledQuantity += quantity
      order.leavesQuantity -= quantity
      order.filledQuote += quoteAmount
      order.fee += fee
      const { orderId, account, filledQuantity, leavesQuantity, filledQuote } = order
      return { orderId, account, fee, filledQuantity, leavesQuantity, filledQuote, totalFee: order.fee, released: 0n, done: leavesQuantity === 0n }
    })
    const tradeId = ++this.tradeIds[taker.market]!
    const side: Side = taker.side
    this.events.push({ ...this.base(), type: 'trade.executed', market: taker.market, tradeId, price, quantity, quoteAmount, takerSide: side, maker: parties[0]!, taker: parties[1]! })
    if (maker.leavesQuantity === 0n) makers.splice(makers.indexOf(maker), 1)
  }

  /** Cancels, reduces or amends an order that rests. */
  private change(): void {
    const market = this.below(MARKETS.length)
    const orders = this.live[market]!
    const place = this.below(orders.length + 1)
    const order = orders[place]
    if (order === undefined) return
    const reason: CancelReason = 'requested'
    const kind = this.below(3)
    if (kind === 0 || order.leavesQuantity < 2n) {
      orders.splice(place, 1)
      const cancelledQuantity = order.leavesQuantity
      this.events.push({ ...this.base(), ...order, leavesQuantity: 0n, type: 'order.cancelled', reason, rested: true, cancelledQuantity, released: 1n })
      return
    }
    const oldLeavesQuantity = order.leavesQuantity
    order.leavesQuantity -= 1n
    order.quantity -= 1n
    if (kind === 1) {
      this.events.push({ ...this.base(), ...order, type: 'order.reduced', rested: true, reducedQuantity: 1n, released: 1n, reason })
      return
    }
    const amended: LiveOrder = { ...order, price: order.price + 1n }
    orders[place] = amended
    this.events.push({ ...this.base(), ...amended, type: 'order.amended', rested: true, keepsPlace: false, oldPrice: order.price, oldLeavesQuantity, heldChange: 0n }, { ...this.base(), ...amended, type: 'order.rested' })
  }

  private move(): void {
    const account = FIRST_USER + this.below(USERS)
    const to = this.below(3) === 0 ? WORLD : this.below(FIRST_USER + USERS)
    const asset = this.below(ASSETS.length)
    const amount = BigInt(1 + this.below(1_000_000))
    const holdId = `h-${this.sequence}`
    if (to === account) return
    if (this.below(2) === 0) this.events.push({ ...this.base(), type: 'transfer.posted', requestId: `r-${this.sequence}`, from: to, to: account, asset, amount })
    else this.events.push({ ...this.base(), type: 'hold.placed', holdId, account, asset, amount }, { ...this.base(), type: 'hold.settled', holdId, account, to, asset, amount })
  }
}
