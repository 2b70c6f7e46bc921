/** A small exchange for tests: two assets, one market, three funded accounts, and commands in a line each. */
import { createEngine, execute, fireDue, type Command, type Engine, type EngineLimits, type Event, type MarketRulesInput, type OrderPlace, type RejectCode } from '@bourse/core'

export const RULES: MarketRulesInput = {
  state: 'open',
  tickSize: '0.01',
  lotSize: '0.001',
  minQuantity: '0.001',
  maxQuantity: '1000',
  maxPrice: '100000',
  minNotional: '0',
  makerFee: '0.001',
  takerFee: '0.002',
  marketBandBps: 500,
  allowSelfTrade: false,
  maxOpenOrders: 100,
}

export const BTC = 0
export const USD = 1
export const WORLD = 0
export const FEES = 1
export const ALICE = 2
export const BOB = 3
export const CAROL = 4

/** What a test may leave out of an order. */
export type Order = Pick<OrderPlace, 'side'> & Partial<Omit<OrderPlace, 'type'>>

export class SmallExchange {
  readonly engine: Engine
  private timeUs = 1_000_000

  constructor(options: { rules?: Partial<MarketRulesInput>; limits?: Partial<EngineLimits>; funded?: boolean; referencePrice?: string } = {}) {
    this.engine = createEngine(options.limits)
    this.run({ type: 'asset.define', code: 'BTC', scale: 8 })
    this.run({ type: 'asset.define', code: 'USD', scale: 6 })
    this.run({ type: 'market.define', symbol: 'BTC-USD', base: 'BTC', quote: 'USD', priceScale: 2, quantityScale: 3, ...RULES, ...options.rules, ...(options.referencePrice === undefined ? {} : { referencePrice: options.referencePrice }) })
    for (const account of ['alice', 'bob', 'carol']) {
      this.run({ type: 'account.open', account, kind: 'user' })
      if (options.funded === false) continue
      this.run({ type: 'ledger.transfer', requestId: `${account}-btc`, from: 'world', to: account, asset: 'BTC', amount: '100' })
      this.run({ type: 'ledger.transfer', requestId: `${account}-usd`, from: 'world', to: account, asset: 'USD', amount: '1000000' })
    }
  }

  /** Applies a command that must succeed; checks every invariant after it. */
  run(command: Command): readonly Event[] {
    const done = execute(this.engine, command, ++this.timeUs)
    this.engine.checkInvariants()
    if (!done.ok) throw new Error(`${command.type} was refused: ${done.reject.code}`)
    return done.events
  }

  /** Applies a command and tells why it was refused; it must leave balances and orders as they were. */
  refusal(command: Command): RejectCode | 'accepted' {
    const before = this.view()
    const done = execute(this.engine, command, ++this.timeUs)
    this.engine.checkInvariants()
    if (done.ok) return 'accepted'
    if (this.view() !== before) throw new Error(`${command.type} was refused with ${done.reject.code}, but changed something`)
    return done.reject.code
  }

  /** The time of the next command, less a microsecond. */
  get nowUs(): number {
    return this.timeUs
  }

  /** Lets time pass and gives what became due. */
  pass(ms: number): readonly Event[] {
    this.timeUs += ms * 1000
    const events = fireDue(this.engine, this.timeUs)
    this.engine.checkInvariants()
    return events
  }

  place(account: string, order: Order): readonly Event[] {
    return this.run(this.order(account, order))
  }

  /** A limit order of 1 BTC at 100.00 unless the order says otherwise. */
  order(account: string, order: Order): OrderPlace {
    const isByQuote = order.quoteQuantity !== undefined
    return {
      type: 'order.place',
      account,
      market: 'BTC-USD',
      orderType: 'limit',
      ...(order.orderType === 'market' ? {} : { price: '100.00' }),
      ...(isByQuote ? {} : { quantity: '1' }),
      ...order,
    }
  }

  /** The types of events, in order. */
  static types(events: readonly Event[]): string[] {
    return events.map((event) => event.type)
  }

  /** Everything that a refused command must leave alone. */
  private view(): string {
    const { engine } = this
    const accounts = [WORLD, FEES, ALICE, BOB, CAROL]
    const state = [
      engine.catalog.assets(),
      engine.catalog.markets(),
      accounts.map((account) => engine.catalog.assets().map(({ id }) => engine.balance(account, id))),
      accounts.map((account) => engine.openOrders(account)),
      engine.depth(0, 100),
    ]
    return JSON.stringify(state, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  }
}

/** Picks the events of one type. */
export function eventsOf<T extends Event['type']>(events: readonly Event[], type: T): Extract<Event, { type: T }>[] {
  return events.filter((event): event is Extract<Event, { type: T }> => event.type === type)
}
