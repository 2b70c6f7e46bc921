/** Binance's words for orders and ours. */
import type { Order, OrderType, SelfTradePrevention } from '@bourse/client'

export const SIDES = ['BUY', 'SELL'] as const
export const ORDER_TYPES = ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'] as const
export type BinanceOrderType = (typeof ORDER_TYPES)[number]
export const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK'] as const
export type BinanceTimeInForce = (typeof TIMES_IN_FORCE)[number]
export const RESPONSE_TYPES = ['ACK', 'RESULT', 'FULL'] as const
export type ResponseType = (typeof RESPONSE_TYPES)[number]

export const SELF_TRADE_MODES = ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'DECREMENT'] as const
const PREVENTIONS: Readonly<Record<(typeof SELF_TRADE_MODES)[number], SelfTradePrevention>> = {
  NONE: 'none',
  EXPIRE_TAKER: 'cancel-taker',
  EXPIRE_MAKER: 'cancel-maker',
  EXPIRE_BOTH: 'cancel-both',
  DECREMENT: 'decrement',
}

export function preventionOf(mode: (typeof SELF_TRADE_MODES)[number]): SelfTradePrevention {
  return PREVENTIONS[mode]
}

export function selfTradeModeOf(prevention: SelfTradePrevention): string {
  return SELF_TRADE_MODES.find((mode) => PREVENTIONS[mode] === prevention)!
}

const TYPES: Readonly<Record<Exclude<OrderType, 'limit' | 'trailing-stop'>, BinanceOrderType>> = {
  market: 'MARKET',
  'stop-market': 'STOP_LOSS',
  'stop-limit': 'STOP_LOSS_LIMIT',
  'take-profit': 'TAKE_PROFIT',
  'take-profit-limit': 'TAKE_PROFIT_LIMIT',
}

/** A trailing stop that waits for an activation price takes profit, one that follows at once stops losses. */
export function typeOf({ orderType, postOnly, activationPrice }: Pick<Order, 'orderType' | 'postOnly' | 'activationPrice'>): BinanceOrderType {
  if (orderType === 'limit') return postOnly ? 'LIMIT_MAKER' : 'LIMIT'
  if (orderType === 'trailing-stop') return activationPrice === null ? 'STOP_LOSS' : 'TAKE_PROFIT'
  return TYPES[orderType]
}

/** Whether an order of this type trades without a limit of its own. */
export function hasNoLimit(type: BinanceOrderType): boolean {
  return type === 'MARKET' || type === 'STOP_LOSS' || type === 'TAKE_PROFIT'
}

export function timeInForceOf({ timeInForce }: Order, type: BinanceOrderType): BinanceTimeInForce {
  if (hasNoLimit(type) || timeInForce === 'gtd' || timeInForce === 'gtc') return 'GTC'
  return timeInForce === 'ioc' ? 'IOC' : 'FOK'
}

/** Whether an order can still trade. */
export function isLive({ status }: Pick<Order, 'status'>): boolean {
  return status === 'waiting' || status === 'open' || status === 'partially_filled'
}

/** Ends that the exchange brought about by itself, not by a wish of the owner. */
const EXPIRING_REASONS = new Set(['ioc_remainder', 'fok_not_filled', 'market_remainder', 'protection_price', 'price_band', 'circuit_breaker', 'rule_changed', 'market_delisted', 'linked_order', 'insufficient_balance'])

/** @param isSpent of a market order by quote amount, see `OrderNotes`. */
export function statusOf({ status, reason }: Pick<Order, 'status' | 'reason'>, isSpent = false): string {
  switch (status) {
    case 'waiting':
    case 'open':
      return 'NEW'
    case 'partially_filled':
      return 'PARTIALLY_FILLED'
    case 'filled':
      return 'FILLED'
    case 'expired':
      return 'EXPIRED'
    case 'cancelled':
      if (isSpent) return 'FILLED'
      if (reason === 'self_trade_prevention') return 'EXPIRED_IN_MATCH'
      return reason !== null && EXPIRING_REASONS.has(reason) ? 'EXPIRED' : 'CANCELED'
  }
}
