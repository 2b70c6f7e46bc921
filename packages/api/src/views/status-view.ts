/** Whether the exchange and its markets trade, as the API writes it. */
import type { SystemStatus } from '@bourse/client'
import type { TradingService } from '../services.js'

export function statusView(exchange: TradingService, nowMs: number): SystemStatus {
  const { halted, readOnly, durableSequence } = exchange.status()
  return {
    status: halted !== undefined ? 'halted' : readOnly !== undefined ? 'read-only' : 'trading',
    sequence: durableSequence,
    timestampMs: nowMs,
    markets: exchange.catalog.markets().map(({ symbol, state }) => ({ market: symbol, state })),
  }
}
