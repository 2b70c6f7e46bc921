/** Where the rates of a fee schedule, and the fee terms of an order that has some of its own, stand in their rows; see {@link RowMemory}. */

export const SCHEDULE_WORDS = 3
/** i64, parts per million. The taker's stands behind the maker's: some reckon with that. */
export const MAKER_RATE = 0
export const TAKER_RATE = 1
/** A 32-bit field, counted in 32-bit words from the row's start: schedules are never released, pools ask for it. */
export const SCHEDULE_LINK = 4

/** Fee terms of one order: its first two words are the rates, as in a schedule. */
export const TERMS_WORDS = 8
/** i64: charged so far in the chosen asset. */
export const ASSET_FEE = 2
/** i64, quote units: set aside for fees to come. */
export const FEE_HELD = 3
/** i64, in 10^-12 units: by how much the exact fee paid out of the hold exceeds a whole number of units. */
export const HELD_FRACTION = 4
/** 32-bit fields. The chosen asset plus 1, 0 for none. */
export const FEE_ASSET = 10
/** Number of the account that gets a share, plus 1; 0 for none. */
export const REFERRER = 11
/** Parts per million of the fee. */
export const REFERRAL_PPM = 12
/** 1: the fee is charged in the market's quote asset, out of what is set aside for it. */
export const CHARGED_IN_QUOTE = 13
/** Parts per million; of an order that is charged so. */
export const QUOTE_DISCOUNT_PPM = 14
/** The next free row. */
export const TERMS_LINK = 15
