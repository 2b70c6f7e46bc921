/** The field's words and their one-byte codes: the glossary of the exchange in code. The place in a list is the code, for ever. */

export const SIDES = ['buy', 'sell'] as const
export type Side = (typeof SIDES)[number]

/** The five types after `market` wait for a trade at their stop price; see `docs/orders.md`. */
export const ORDER_TYPES = ['limit', 'market', 'stop-market', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop'] as const
export type OrderType = (typeof ORDER_TYPES)[number]

export const TIMES_IN_FORCE = ['gtc', 'ioc', 'fok', 'gtd'] as const
export type TimeInForce = (typeof TIMES_IN_FORCE)[number]

/** What happens when an order would trade with one of the same account group; `none` only where the market allows it. */
export const SELF_TRADE_PREVENTIONS = ['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement', 'none'] as const
export type SelfTradePrevention = (typeof SELF_TRADE_PREVENTIONS)[number]

/** When the exits of a bracket start: with every fill of the entry, or when it is filled in full. */
export const BRACKET_MODES = ['incremental', 'complete'] as const
export type BracketMode = (typeof BRACKET_MODES)[number]

export const LIQUIDITIES = ['maker', 'taker'] as const
export type Liquidity = (typeof LIQUIDITIES)[number]

/**
 * `open` trades; `post-only` takes orders that rest; `cancel-only` takes cancels; `halted` too, after an incident;
 * `delisted` is final; `pre-open` collects limit orders for an auction, which opens the market.
 */
export const MARKET_STATES = ['open', 'post-only', 'cancel-only', 'halted', 'delisted', 'pre-open'] as const
export type MarketState = (typeof MARKET_STATES)[number]

/** Why a market changed its state: a command changed the rules or called an auction, an auction came to its end, a price moved too far. */
export const STATE_REASONS = ['requested', 'auction_called', 'auction_ended', 'circuit_breaker'] as const
export type StateReason = (typeof STATE_REASONS)[number]

/** `user` balances are never negative; the one `world` account is the counterpart of everything that came in from outside. */
export const ACCOUNT_KINDS = ['user', 'system', 'world'] as const
export type AccountKind = (typeof ACCOUNT_KINDS)[number]

/** Where a fee was taken from: what the party received, its available balance of the chosen asset, or what its order held for fees. */
export const FEE_SOURCES = ['received', 'available', 'held'] as const
export type FeeSource = (typeof FEE_SOURCES)[number]

/** What a system account is there for. The ledger treats them alike, but those of the custody (`omnibus`, `dust`) do not trade. */
export const ACCOUNT_PURPOSES = ['none', 'fees', 'insurance', 'omnibus', 'dust'] as const
export type AccountPurpose = (typeof ACCOUNT_PURPOSES)[number]

/** What an account may not do: trade, pay and set aside (`transfers`), or both. The place in the list is the sum of bits 1 and 2. */
export const FREEZES = ['none', 'trading', 'transfers', 'all'] as const
export type Freeze = (typeof FREEZES)[number]

/** Why an order left the book, or never reached it, without trading in full. */
export const CANCEL_REASONS = [
  'requested',
  'ioc_remainder',
  'fok_not_filled',
  'market_remainder',
  'protection_price',
  'self_trade_prevention',
  'amended_below_filled',
  'rule_changed',
  'market_delisted',
  'dead_man_switch',
  'quote_replaced',
  'price_band',
  'market_maker_protection',
  'replaced',
  'linked_order',
  'circuit_breaker',
  'account_frozen',
  'insufficient_balance',
] as const
export type CancelReason = (typeof CANCEL_REASONS)[number]

/**
 * What an `order.cancel-replace` does where one of its two steps is refused: `atomic` does nothing at all;
 * `stop_on_failure` cancels though the new order is refused; `allow_failure` also places though there is nothing to cancel.
 */
export const REPLACE_MODES = ['atomic', 'stop_on_failure', 'allow_failure'] as const
export type ReplaceMode = (typeof REPLACE_MODES)[number]

/** The steps of an `order.cancel-replace`. */
export const REPLACE_STEPS = ['cancel', 'place'] as const
export type ReplaceStep = (typeof REPLACE_STEPS)[number]

/** The account that every engine is born with: the world outside, whose balances are the negative of all others. */
export const WORLD_ACCOUNT = 'world'
/** The account that every engine is born with: where trading fees go. */
export const FEES_ACCOUNT = 'fees'
