/** What a failure of the services is called in Binance's interface. */
import { failureOf } from '@bourse/api'
import { BinanceError, internalError, rejectedKey } from './binance-error.js'

const PRICE_FILTER = [-1013, 'Filter failure: PRICE_FILTER'] as const
const LOT_SIZE = [-1013, 'Filter failure: LOT_SIZE'] as const
const NOTIONAL = [-1013, 'Filter failure: NOTIONAL'] as const
const DUPLICATE = [-2010, 'Duplicate order sent.'] as const
const DISABLED = [-2010, 'This action is disabled on this account.'] as const

/** By the code of the failure; see `docs/binance.md`. */
const TRANSLATIONS: Readonly<Record<string, readonly [code: number, message: string]>> = {
  unknown_market: [-1121, 'Invalid symbol.'],
  unknown_order: [-2011, 'Unknown order sent.'],
  market_not_open: [-2010, 'Market is closed.'],
  invalid_combination: [-1128, 'Combination of optional parameters invalid.'],
  price_not_positive: [-1013, 'Invalid price.'],
  price_not_multiple_of_tick_size: PRICE_FILTER,
  price_out_of_bounds: PRICE_FILTER,
  price_outside_band: [-1013, 'Filter failure: PERCENT_PRICE_BY_SIDE'],
  quantity_not_positive: [-1013, 'Invalid quantity.'],
  quantity_not_multiple_of_lot_size: LOT_SIZE,
  quantity_below_minimum: LOT_SIZE,
  quantity_above_maximum: LOT_SIZE,
  notional_below_minimum: NOTIONAL,
  notional_above_maximum: NOTIONAL,
  display_quantity_out_of_bounds: [-1013, 'Filter failure: ICEBERG_PARTS'],
  too_many_open_orders: [-1013, 'Filter failure: MAX_NUM_ORDERS'],
  too_many_trailing_stops: [-1013, 'Filter failure: MAX_NUM_ALGO_ORDERS'],
  duplicate_client_order_id: DUPLICATE,
  duplicate_request: DUPLICATE,
  would_take_liquidity: [-2010, 'Order would immediately match and take.'],
  self_trade_prevention_required: [-1013, 'This symbol does not allow the specified self trade prevention mode.'],
  insufficient_balance: [-2010, 'Account has insufficient balance for requested action.'],
  stop_would_trigger: [-2010, 'Stop price would trigger immediately.'],
  quantity_not_reduced: [-2038, 'Order amend (quantity increase) is not supported.'],
  order_changed_nothing: [-2038, 'The requested action would change no state; rejecting.'],
  not_permitted: DISABLED,
  account_frozen: DISABLED,
  email_not_verified: DISABLED,
  withdrawals_held: DISABLED,
  not_a_decimal: [-1100, 'Illegal characters found in a parameter.'],
  malformed_text: [-1100, 'Illegal characters found in a parameter.'],
  too_many_requests: [-1003, 'Too many requests.'],
  queue_full: [-1008, 'Server is currently overloaded with other requests. Please try again in a few minutes.'],
  unavailable: [-1001, 'Internal error; unable to process your request. Please try again.'],
  withdrawal_unavailable: [-4019, 'The current currency is not open for withdrawal'],
}

/** The error that goes out; undefined for a fault of the exchange itself, which belongs into the log. */
export function knownError(error: unknown): BinanceError | undefined {
  if (error instanceof BinanceError) return error
  const failure = failureOf(error)
  if (failure === undefined) return undefined
  if (failure.status === 401 || failure.code === 'forbidden') return rejectedKey(failure.message)
  const known = TRANSLATIONS[failure.code]
  const options = { status: failure.status >= 429 ? failure.status : 400, hint: failure.message, ...(failure.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failure.retryAfterSeconds }) }
  if (known !== undefined) return new BinanceError(known[0], known[1], options)
  return failure.status >= 500 ? internalError() : new BinanceError(-1130, failure.message, { status: 400 })
}
