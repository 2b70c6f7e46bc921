/** Shows the running exchange to the gateway. */
import type { TradingService } from '@bourse/api'
import type { Exchange } from '@bourse/exchange'

/** The gateway reads the exchange as it is: it knows by itself which reads must wait until they are durable. */
export function tradingService(exchange: Exchange): TradingService {
  return exchange
}
