/** The whole state of the naive engine, in plain objects, arrays and bigints. */
import {
  DEFAULT_SETTINGS,
  type AccountKind,
  type AccountPurpose,
  type AccountSettings,
  type AssetSpec,
  type CancelReason,
  type Event,
  type EventBase,
  type FeeRateFields,
  type MarketSpec,
  type OrderType,
  type RejectCode,
  type SelfTradePrevention,
  type Side,
  type TimeInForce,
} from '@bourse/core'
import type { FrameReader } from './frame-reader.js'
import type { NaiveOrder, NaiveTerms } from './naive-order.js'

export interface NaiveAccount {
  readonly name: string
  readonly kind: AccountKind
  readonly purpose: AccountPurpose
  readonly group: string
  readonly parent: number | undefined
  settings: AccountSettings
}

/** Rates of a fee tier, in one market or (undefined) in all others. */
export interface NaiveTier {
  readonly tier: number
  readonly market: number | undefined
  readonly makerFeePpm: number
  readonly takerFeePpm: number
}

/** An order as a command wants it: the fields of its frame, once their bytes make sense. */
export interface WantedOrder {
  readonly account: number
  readonly market: NaiveMarket
  readonly side: Side
  readonly orderType: OrderType
  readonly timeInForce: TimeInForce
  readonly selfTradePrevention: SelfTradePrevention
  readonly postOnly: boolean
  readonly idempotent: boolean
  /** A level of a ladder. */
  readonly quote: boolean
  readonly byQuote: boolean
  /** Undefined where the client gave none. */
  readonly price: bigint | undefined
  /** The price before it slid. */
  readonly askedPrice: bigint | undefined
  /** Post-only that goes a tick away from the other side where it would trade. */
  readonly slides: boolean
  /** In quote for an order by quote amount. */
  readonly quantity: bigint
  readonly name: string
  /** Of an `order.place-special`. */
  readonly terms: NaiveTerms | undefined
}

/** An entry with two exits, as long as the entry lives or has fills that the exits do not know of. */
export interface NaiveBracket {
  readonly entry: NaiveOrder
  /** Whether the exits wait until the entry is filled in full. */
  readonly complete: boolean
  /** The exits as they will be, without a quantity. */
  readonly takeProfit: WantedOrder
  readonly stopLoss: WantedOrder
  exits: readonly [NaiveOrder, NaiveOrder] | undefined
  /** Quantity that the exits got so far. */
  covered: bigint
}

export interface NaiveMarket {
  spec: MarketSpec
  lastTradeId: number
  /** 0 before the first trade. */
  lastPrice: bigint
  /** Given by a command after the last trade; 0 where none was. */
  givenReference: bigint
  /** Of the auction that is being uncrossed; 0 where none is. */
  auctionPrice: bigint
  /** What the circuit breaker remembers since its window began anew: the price before, and the trades by quarter of the window. */
  window: { before: bigint; trades: { quarter: number; price: bigint }[] } | undefined
  /** When the breaker halted the market; 0 where it did not. */
  haltedAtUs: number
  /** Resting orders in the order in which they would trade. */
  readonly bids: NaiveOrder[]
  readonly asks: NaiveOrder[]
  /** Orders that wait for their stop price, by their id. */
  readonly waiting: NaiveOrder[]
  /** Orders that met it and have not started, first in first out. */
  readonly triggered: NaiveOrder[]
}

export interface NaiveBalance {
  available: bigint
  held: bigint
}

export interface NaiveHold {
  readonly holdId: string
  readonly account: number
  readonly asset: number
  readonly amount: bigint
  readonly sequence: number
}

/** What an idempotent command did, for when it comes again. */
export interface NaiveRequest {
  /** Client order id, request id or hold id. */
  readonly text: string
  /** Keeps texts apart: the account of an order, the kind of a ledger command. */
  readonly scope: number
  readonly input: string
  /** Two unsigned halves; only for comparison with the fast engine, which keeps no more of the input. */
  readonly inputHash: readonly [number, number]
  readonly sequence: number
  /** 0 where it made no order. */
  readonly orderId: number
}

export interface NaiveState {
  sequence: number
  timestampUs: number
  readonly assets: AssetSpec[]
  readonly markets: NaiveMarket[]
  readonly accounts: NaiveAccount[]
  /** Keyed `account/asset`. */
  readonly balances: Map<string, NaiveBalance>
  readonly holds: NaiveHold[]
  readonly tiers: NaiveTier[]
  readonly rates: FeeRateFields[]
  /** Oldest first, never more than the limits say. */
  readonly ledgerRequests: NaiveRequest[]
  readonly orderRequests: NaiveRequest[]
  lastOrderId: number
  /** By the order id of the entry. */
  readonly brackets: NaiveBracket[]
  /** Oldest first. */
  readonly backlog: NaiveWork[]
  /** In no order that means anything. */
  deadlines: NaiveDeadline[]
  /** How many deadlines were ever set. */
  lastTicket: number
  protections: NaiveProtection[]
  readonly limits: NaiveLimits
}

/** Market-maker protection of an account in a market. */
export interface NaiveProtection {
  readonly account: number
  readonly market: number
  /** 0: no limit, and so of the fills. */
  readonly quantity: bigint
  readonly fills: number
  readonly windowMs: number
  readonly frozenMs: number
  /** Undefined where no fill has begun one. */
  window: { readonly startUs: number; readonly fills: number; readonly quantity: bigint } | undefined
  /** 0: never frozen. */
  frozenUntilUs: number
}

/** Bounds of memory and of one command; the same as those of the engine that it is compared with. */
export interface NaiveLimits {
  readonly cancelsPerCommand: number
  readonly activationsPerCommand: number
  readonly trailingStopsPerMarket: number
  readonly ledgerRequests: number
  readonly orderRequests: number
}

/** What `continue` goes on with. */
export interface NaiveWork {
  readonly kind: 'cancel-all' | 'rule-change' | 'uncross'
  /** Of the cancel-all; 0 for a rule change. */
  readonly account: number
  /** Undefined: all markets. */
  readonly market: number | undefined
  /** What cancelled orders are told. */
  readonly reason: CancelReason
}

/** What happens at a time. */
export interface NaiveDeadline {
  readonly kind: 'dead-man-switch' | 'order' | 'auction-end'
  readonly atUs: number
  /** Counts the deadlines as they were set. */
  readonly ticket: number
  readonly account: number
  /** Undefined: all markets. */
  readonly market: number | undefined
  /** The order that expires; else 0. */
  readonly orderId: number
}

type WithoutBase<E> = E extends Event ? Omit<E, keyof EventBase> : never

/** An event before it is numbered. */
export type NewEvent = WithoutBase<Event>

/** One command on its way: the state that it changes and the events that it made so far. */
export class NaiveRun {
  readonly events: Event[] = []
  /** Protections whose limits the command has reached, in that order. */
  readonly reached: NaiveProtection[] = []
  /** So many events have been searched for trades that trigger something. */
  examined = 0
  /** How many more orders the command may cancel in bulk, and deadlines it may fire. */
  room: number

  constructor(
    readonly state: NaiveState,
    readonly frame: FrameReader,
  ) {
    this.room = state.limits.cancelsPerCommand
  }

  /** The account that the command names, if it exists: results carry it. */
  get namedAccount(): number | undefined {
    return this.frame.namesAccount && this.state.accounts[this.frame.account] !== undefined ? this.frame.account : undefined
  }

  emit(event: NewEvent): void {
    this.events.push({ ...event, sequence: this.frame.sequence, index: this.events.length, timestampUs: this.frame.timestampUs })
  }
}

export const WORLD = 0
export const FEES = 1

export function createNaiveState(limits: NaiveLimits): NaiveState {
  return {
    sequence: 0,
    timestampUs: 0,
    assets: [],
    markets: [],
    accounts: [
      { name: 'world', kind: 'world', purpose: 'none', group: 'world', parent: undefined, settings: DEFAULT_SETTINGS },
      { name: 'fees', kind: 'system', purpose: 'fees', group: 'fees', parent: undefined, settings: DEFAULT_SETTINGS },
    ],
    balances: new Map(),
    holds: [],
    tiers: [],
    rates: [],
    ledgerRequests: [],
    orderRequests: [],
    lastOrderId: 0,
    brackets: [],
    backlog: [],
    deadlines: [],
    lastTicket: 0,
    protections: [],
    limits,
  }
}

export function balanceOf(state: NaiveState, account: number, asset: number): NaiveBalance {
  return state.balances.get(`${account}/${asset}`) ?? { available: 0n, held: 0n }
}

/** Changes both parts of a balance; negative amounts take away. */
export function changeBalance(state: NaiveState, change: { account: number; asset: number; available: bigint; held: bigint }): void {
  const { available, held } = balanceOf(state, change.account, change.asset)
  state.balances.set(`${change.account}/${change.asset}`, { available: available + change.available, held: held + change.held })
}

/** Every order that lives, in the book or outside. */
export function liveOrders(state: NaiveState): NaiveOrder[] {
  return state.markets.flatMap(({ bids, asks, waiting, triggered }) => [...bids, ...asks, ...waiting, ...triggered])
}

/** The list in which an order stands, and whether that is a side of the book; undefined for one on its way in. */
export function placeOf(state: NaiveState, order: NaiveOrder): { list: NaiveOrder[]; rests: boolean } | undefined {
  const { bids, asks, waiting, triggered } = state.markets[order.market]!
  for (const list of [bids, asks, waiting, triggered]) {
    if (list.includes(order)) return { list, rests: list === bids || list === asks }
  }
  return undefined
}

/** The asset that an order sets aside: quote for a buy, base for a sell. */
export function heldAssetOf(state: NaiveState, order: NaiveOrder): number {
  const { spec } = state.markets[order.market]!
  return order.side === 'buy' ? spec.quote : spec.base
}

/** Why an account may place no orders. */
export function faultOfTrader({ kind, purpose, settings }: NaiveAccount): RejectCode | undefined {
  if (kind === 'world' || purpose === 'omnibus' || purpose === 'dust') return 'not_permitted'
  return settings.frozen === 'trading' || settings.frozen === 'all' ? 'account_frozen' : undefined
}

/** Whether an account may neither pay nor set aside. */
export function mayNotPay({ settings }: NaiveAccount): boolean {
  return settings.frozen === 'transfers' || settings.frozen === 'all'
}
