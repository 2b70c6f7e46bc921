/** The type bytes of the commands and the sizes of their frames; `command-frames.ts` shows the layouts. */

/** Type bytes of the commands: places in `COMMAND_TYPES`. */
export const ASSET_DEFINE = 1
export const MARKET_DEFINE = 2
export const MARKET_UPDATE = 3
export const ACCOUNT_OPEN = 4
export const ORDER_PLACE = 5
export const ORDER_CANCEL = 6
export const ORDER_REDUCE = 7
export const ORDER_AMEND = 8
export const ORDER_CANCEL_ALL = 9
export const LEDGER_TRANSFER = 10
export const LEDGER_HOLD = 11
export const LEDGER_SETTLE = 12
export const LEDGER_RELEASE = 13
export const CONTINUE = 14
export const FEES_DEFINE_TIER = 15
export const ACCOUNT_UPDATE = 16
export const ORDER_PLACE_SPECIAL = 17
export const ORDER_CANCEL_ALL_AFTER = 18
export const QUOTE_PLACE = 19
export const MARKET_SET_REFERENCE = 20
export const QUOTE_PROTECT = 21
export const QUOTE_RESET_PROTECTION = 22
export const ORDER_CANCEL_REPLACE = 23
export const MARKET_AUCTION = 24
export const FEES_SET_RATE = 25
export const ORDER_PLACE_OCO = 26
export const ORDER_PLACE_BRACKET = 27

/** Bytes of a frame by its type byte. */
export const COMMAND_BYTES: readonly number[] = [
  ...[0, 72, 184, 136, 112, 96, 80, 88, 120, 32, 88, 80, 72, 72, 32],
  // fees.define-tier, account.update
  ...[48, 48],
  // order.place-special
  160,
  // order.cancel-all-after
  40,
  // quote.place, without its entries
  40,
  // market.set-reference
  40,
  // quote.protect, quote.reset-protection
  ...[56, 32],
  // order.cancel-replace
  208,
  // market.auction
  40,
  // fees.set-rate
  56,
  // order.place-oco
  176,
  // order.place-bracket
  232,
]

/** Most entries of one `quote.place`, bids and asks together, and the bytes of each. */
export const MAX_QUOTE_ENTRIES = 100
export const QUOTE_ENTRY_BYTES = 16

/** How many entries a `quote.place` of so many bytes has. */
export function quoteEntries(size: number): number {
  return (size - COMMAND_BYTES[QUOTE_PLACE]!) / QUOTE_ENTRY_BYTES
}

/** Whether a frame of this type may have this size: one size for each type, but for `quote.place` by its count of entries. */
export function isCommandSize(type: number, size: number): boolean {
  if (type !== QUOTE_PLACE) return type !== 0 && size === COMMAND_BYTES[type]
  const entries = quoteEntries(size)
  return Number.isInteger(entries) && entries >= 0 && entries <= MAX_QUOTE_ENTRIES
}
