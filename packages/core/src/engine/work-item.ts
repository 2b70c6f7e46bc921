/** The kinds of work that one command begins and `continue` commands go on with. */

/** The place in the list is the code in a snapshot. */
export const WORK_KINDS = ['none', 'cancel-all', 'rule-change', 'uncross'] as const

/** One piece of work; what it still has to do follows from the state whenever it goes on. */
export interface WorkItem {
  readonly kind: Exclude<(typeof WORK_KINDS)[number], 'none'>
  /** Of a cancel-all; of a rule change the bits that say what became tighter, see `bulk-cancel.ts`; of an uncross the code of the state to enter. */
  readonly account: number
  /** Number of the market; `NONE_16`: all markets. */
  readonly market: number
  /** Code of `CANCEL_REASONS` that cancelled orders get; 0 where the work cancels none. */
  readonly reason: number
}
