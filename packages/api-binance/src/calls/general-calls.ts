/** Whether the exchange is there, what time it has, and what it trades. */
import type { GatewayShare } from '@bourse/api'
import { RATE_LIMITS } from '@bourse/client'
import type { Symbols } from '../symbols.js'
import { symbolView } from '../views/symbol-view.js'
import { publicCall, type Call } from './call.js'

/** The limits of a key, as Binance describes limits. */
export const RATE_LIMIT_RULES = [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: RATE_LIMITS.weight.windowSeconds / 60, limit: RATE_LIMITS.weight.key },
  { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: RATE_LIMITS.orders.windowSeconds, limit: RATE_LIMITS.orders.key },
] as const

export function generalCalls({ services }: GatewayShare, symbols: Symbols): Call[] {
  return [
    publicCall('GET /api/v3/ping', { socket: 'ping' }, () => ({})),
    publicCall('GET /api/v3/time', { socket: 'time' }, () => ({ serverTime: services.now() })),
    publicCall('GET /api/v3/exchangeInfo', { socket: 'exchangeInfo', weight: 20 }, (parameters) => {
      const wanted = parameters.symbols()
      const scales = wanted === undefined ? symbols.all() : wanted.map((symbol) => symbols.scale(symbol))
      return { timezone: 'UTC', serverTime: services.now(), rateLimits: RATE_LIMIT_RULES, exchangeFilters: [], symbols: scales.map(symbolView) }
    }),
    publicCall('GET /sapi/v1/system/status', {}, () => ({ status: 0, msg: 'normal' })),
  ]
}
