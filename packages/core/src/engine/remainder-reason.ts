/** Why what is left of an order does not rest. */
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { HALTED, OUT_OF_BAND, OUT_OF_LIMIT, STOPPED_BY_OWN_ORDER } from '../matching/taker-walk.js'

const IOC_REMAINDER = CANCEL_REASONS.indexOf('ioc_remainder')
const MARKET_REMAINDER = CANCEL_REASONS.indexOf('market_remainder')
const CIRCUIT_BREAKER = CANCEL_REASONS.indexOf('circuit_breaker')
const PRICE_BAND = CANCEL_REASONS.indexOf('price_band')
const PROTECTION_PRICE = CANCEL_REASONS.indexOf('protection_price')
const SELF_TRADE_PREVENTION = CANCEL_REASONS.indexOf('self_trade_prevention')

/**
 * The code of `CANCEL_REASONS` for an order whose walk ended so.
 *
 * @param isLimit whether it trades with a limit of its own; a market order has a protection price instead.
 */
export function remainderReason(isLimit: boolean, ended: number): number {
  if (ended === OUT_OF_BAND) return PRICE_BAND
  if (ended === HALTED) return CIRCUIT_BREAKER
  if (ended === STOPPED_BY_OWN_ORDER) return SELF_TRADE_PREVENTION
  if (isLimit) return IOC_REMAINDER
  return ended === OUT_OF_LIMIT ? PROTECTION_PRICE : MARKET_REMAINDER
}
