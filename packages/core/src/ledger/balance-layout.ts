/** Where the fields of a balance stand in its row of 32 bytes; see {@link RowMemory}. */

export const BALANCE_WORDS = 4
/** i64, units of the asset. */
export const AVAILABLE = 0
/** i64, units of the asset: held for orders and by name. */
export const HELD = 1
/** 32-bit fields, counted in 32-bit words from the row's start: account, then asset, as the index expects. */
export const BALANCE_ACCOUNT = 4
export const BALANCE_ASSET = 5
