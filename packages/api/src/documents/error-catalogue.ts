/** Every error of the API, for people: its status and what it means; each has a place of its own in the documentation. */
import type { API_ERROR_CODES } from '@bourse/client'
import type { RejectCode } from '@bourse/core'

export interface ErrorEntry {
  readonly status: number
  /** What it means and what to do. */
  readonly meaning: string
}

type ApiErrorCode = (typeof API_ERROR_CODES)[number]

/** Errors of the gateway and of what it serves. */
const API_ERRORS: Readonly<Record<ApiErrorCode, ErrorEntry>> = {
  invalid_request: { status: 400, meaning: 'The request is not of the form that its schema says; `field` names what is wrong. 413 for a body that is too large, 415 for one that is not JSON.' },
  not_logged_in: { status: 401, meaning: 'The route needs a log-in, or the signature of the API key is wrong. Log in, or check key, secret and what was signed.' },
  wrong_credentials: { status: 401, meaning: 'Email and password do not belong together.' },
  second_factor_required: { status: 401, meaning: 'The account is protected by a second factor: give `code` as well, or log in with a passkey.' },
  wrong_code: { status: 401, meaning: 'The code is wrong, too old, or was used before.' },
  passkey_refused: { status: 401, meaning: 'The passkey is unknown here, or the question was answered too late.' },
  request_out_of_time: { status: 401, meaning: "The signed request bears a time too far from the exchange's clock. Set the clock, or read `GET /time`." },
  forbidden: { status: 403, meaning: 'The log-in or the API key may not do this, or a foreign page sent the request.' },
  email_not_verified: { status: 403, meaning: 'The e-mail address has to be proved first. Follow the link in the mail, or have a new one sent.' },
  proof_required: { status: 403, meaning: 'A sensitive change needs a fresh proof of who you are: `POST /security/proof`, then again.' },
  withdrawals_held: { status: 403, meaning: 'After a change of password or second factor nothing can be withdrawn for a while; the message says until when.' },
  not_found: { status: 404, meaning: 'There is no such route or thing of yours.' },
  conflict: { status: 409, meaning: 'The same key or id was used for a request with other content. Use a new one.' },
  request_repeated: { status: 409, meaning: 'This signed request was taken before. Sign each request anew, with the present time.' },
  email_taken: { status: 409, meaning: 'Somebody has signed up with this address already. Log in instead.' },
  too_many_api_keys: { status: 409, meaning: 'One person has at most so many keys. Revoke one that is not used.' },
  too_many_passkeys: { status: 409, meaning: 'One person has at most so many passkeys. Remove one that is not used.' },
  link_expired: { status: 422, meaning: 'The link of a mail was used before, is too old, or was replaced by a newer one. Ask for a new one.' },
  too_many_sub_accounts: { status: 409, meaning: 'One person has at most so many sub-accounts.' },
  too_many_alerts: { status: 409, meaning: 'One person has at most so many price alerts. Remove some that have fired.' },
  weak_password: { status: 422, meaning: 'The password is too easy to guess; the message says why.' },
  deposit_unavailable: { status: 422, meaning: 'This asset cannot be deposited here now.' },
  withdrawal_unavailable: { status: 422, meaning: 'This asset cannot be withdrawn here now.' },
  invalid_address: { status: 422, meaning: "The address is none of the asset's network." },
  too_many_requests: { status: 429, meaning: 'A limit of requests or orders is spent. Wait as `Retry-After` says.' },
  queue_full: { status: 503, meaning: 'The exchange is over its capacity; nothing was changed. Try again in a moment; cancels are taken first.' },
  unavailable: { status: 503, meaning: 'The exchange, or a part of it, does not answer now; nothing was changed. Try again in a moment.' },
  internal: { status: 500, meaning: 'A fault of the exchange. Its operator finds the cause under the requestId.' },
}

/** Rejects of the engine: the order or command was never entered. */
const ENGINE_ERRORS: Readonly<Record<RejectCode, ErrorEntry>> = {
  unknown_command: refused('The exchange does not know this command.'),
  unknown_asset: { status: 404, meaning: 'There is no such asset. `GET /exchange` lists them.' },
  unknown_market: { status: 404, meaning: 'There is no such market. `GET /exchange` lists them.' },
  unknown_account: refused('There is no such account.'),
  unknown_order: { status: 404, meaning: 'No live order of yours has this name: it is filled, cancelled, or was never placed.' },
  unknown_hold: { status: 404, meaning: 'There is no such hold.' },
  asset_exists: refused('There is such an asset already.'),
  market_exists: refused('There is such a market already.'),
  account_exists: refused('There is an account of this name already.'),
  invalid_definition: refused('The definition breaks a rule of assets or markets.'),
  market_not_open: refused('The state of the market does not let this order in now.'),
  invalid_combination: refused('Options that do not go together: a limit order needs price and quantity, a market order quantity or quoteQuantity, postOnly goes with gtc.'),
  price_not_positive: refused('The price must be above zero.'),
  price_not_multiple_of_tick_size: refused("The price is not a multiple of the market's tickSize."),
  price_out_of_bounds: refused("The price is above the market's maxPrice."),
  quantity_not_positive: refused('The quantity must be above zero.'),
  quantity_not_multiple_of_lot_size: refused("The quantity is not a multiple of the market's lotSize."),
  quantity_below_minimum: refused("The quantity is below the market's minQuantity."),
  quantity_above_maximum: refused("The quantity is above the market's maxQuantity. Split the order."),
  notional_below_minimum: refused("Price times quantity is below the market's minNotional."),
  notional_above_maximum: refused('Price times quantity is above what the market can carry. Split the order.'),
  duplicate_client_order_id: { status: 409, meaning: 'The clientOrderId was used for another order. Send exactly the same order to get its result, or choose a new id.' },
  too_many_open_orders: refused('You have as many live orders in the market as it allows. Cancel some first.'),
  would_take_liquidity: refused('A post-only order at this price would trade at once.'),
  self_trade_prevention_required: refused('The market does not allow selfTradePrevention `none`.'),
  no_liquidity: refused('Nobody offers the other side within the price limits now.'),
  insufficient_balance: refused('The available balance does not cover this. Lower the amount, cancel orders that hold money, or deposit.'),
  amount_not_positive: refused('The amount must be above zero.'),
  amount_out_of_bounds: refused('The amount has too many decimals or is too large for the asset.'),
  duplicate_request: { status: 409, meaning: 'The requestId or clientOrderId was used for another request with other values.' },
  hold_exists: { status: 409, meaning: 'There is a hold of this name already.' },
  quantity_not_reduced: refused('leavesQuantity must be lower than what the order has left. To raise it, give a new total quantity.'),
  order_changed_nothing: refused('The order has this price and quantity already.'),
  not_permitted: { status: 403, meaning: 'This account may not do that.' },
  malformed_text: refused('A text of the command has characters or a length that it may not have.'),
  malformed_frame: refused('The command could not be read.'),
  not_a_decimal: refused('An amount is not a plain decimal, or has more decimals than the market or asset.'),
  unknown_fee_tier: refused('There is no such fee tier.'),
  timeout_out_of_bounds: refused('The time is longer than a day.'),
  quote_prices_not_sorted: refused('The levels of a ladder must be given best first, each price once.'),
  quote_crosses_itself: refused('The highest bid of the ladder reaches its lowest ask.'),
  price_outside_band: refused("The price is outside the market's price band."),
  rebate_not_covered: refused("The taker's fee would not cover the maker's rebate."),
  expiry_not_in_future: refused('expiresMs is not in the future.'),
  quotes_frozen: refused('The protection has withdrawn your quotes; new ones are refused until it is reset.'),
  protection_not_set: refused('No protection of quotes is set in this market.'),
  stop_would_trigger: refused('The last price has reached the stop price already.'),
  too_many_trailing_stops: refused('As many trailing stops as the market bears are waiting.'),
  display_quantity_out_of_bounds: refused('displayQuantity is below what the market allows, or above the quantity.'),
  account_frozen: { status: 403, meaning: 'The account is frozen and may not do this now. Orders can still be cancelled.' },
}

function refused(meaning: string): ErrorEntry {
  return { status: 422, meaning }
}

const CATALOGUE: ReadonlyMap<string, ErrorEntry> = new Map([...Object.entries(API_ERRORS), ...Object.entries(ENGINE_ERRORS)])

/** All errors, by code. */
export function errorCatalogue(): ReadonlyMap<string, ErrorEntry> {
  return CATALOGUE
}

/** The HTTP status of a reject of the engine. */
export function statusOfReject(code: RejectCode): number {
  return ENGINE_ERRORS[code].status
}

/** Where an error is explained, on this exchange. */
export function errorDocs(code: string): string {
  return CATALOGUE.has(code) ? `/docs#error-${code}` : '/docs#errors'
}

