/** Every way in which a command can be refused. The place in the list is the code, for ever. */

export const REJECT_CODES = [
  'none',
  'unknown_command',
  'unknown_asset',
  'unknown_market',
  'unknown_account',
  'unknown_order',
  'unknown_hold',
  'asset_exists',
  'market_exists',
  'account_exists',
  'invalid_definition',
  'market_not_open',
  'invalid_combination',
  'price_not_positive',
  'price_not_multiple_of_tick_size',
  'price_out_of_bounds',
  'quantity_not_positive',
  'quantity_not_multiple_of_lot_size',
  'quantity_below_minimum',
  'quantity_above_maximum',
  'notional_below_minimum',
  'notional_above_maximum',
  'duplicate_client_order_id',
  'too_many_open_orders',
  'would_take_liquidity',
  'self_trade_prevention_required',
  'no_liquidity',
  'insufficient_balance',
  'amount_not_positive',
  'amount_out_of_bounds',
  'duplicate_request',
  'hold_exists',
  'quantity_not_reduced',
  'order_changed_nothing',
  'not_permitted',
  'malformed_text',
  'malformed_frame',
  'not_a_decimal',
  'unknown_fee_tier',
  'timeout_out_of_bounds',
  'quote_prices_not_sorted',
  'quote_crosses_itself',
  'price_outside_band',
  'rebate_not_covered',
  'expiry_not_in_future',
  'quotes_frozen',
  'protection_not_set',
  'stop_would_trigger',
  'too_many_trailing_stops',
  'display_quantity_out_of_bounds',
  'account_frozen',
] as const
export type RejectCode = Exclude<(typeof REJECT_CODES)[number], 'none'>

const CODES = new Map<string, number>(REJECT_CODES.map((code, index) => [code, index]))

/** The byte that stands for a reject in a frame. */
export function rejectByte(code: RejectCode): number {
  return CODES.get(code)!
}
