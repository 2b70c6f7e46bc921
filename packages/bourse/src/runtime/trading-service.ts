/** Shows the running exchange to the gateway. */
import { decodeEvent, type Event, type FrameBuffer } from '@bourse/core'
import type { TradingService } from '@bourse/api'
import type { Exchange } from '@bourse/exchange'

export function tradingService(exchange: Exchange): TradingService {
  const marketId = (symbol: string | undefined): number | undefined => (symbol === undefined ? undefined : exchange.catalog.marketBySymbol(symbol)?.id)
  return {
    submit: (command) => exchange.submit(command),
    catalog: exchange.catalog,
    balance: (account, asset) => exchange.balance(account, asset),
    get sequence() {
      return exchange.engine.sequence
    },
    marketData: exchange.marketData,
    openOrders(account, market) {
      const id = exchange.catalog.accountByName(account)
      return id === undefined ? [] : exchange.engine.openOrders(id, marketId(market))
    },
    order: (orderId) => exchange.engine.order(orderId),
    orderByClientOrderId(account, clientOrderId) {
      const id = exchange.catalog.accountByName(account)
      return id === undefined ? undefined : exchange.engine.orderByClientOrderId(id, clientOrderId)
    },
    onCommitted: (listener) => exchange.onCommitted((batch) => listener({ events: decodeAll(batch.events), throughSequence: batch.lastSequence })),
    historyReached: (sequence) => exchange.historyReached(sequence),
  }
}

function decodeAll(frames: FrameBuffer): Event[] {
  const events: Event[] = []
  for (let offset = 0; offset < frames.length; offset += frames.size(offset)) events.push(decodeEvent(frames, offset))
  return events
}
