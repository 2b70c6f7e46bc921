/**
 * The union of all commands and the list of their types. A person writes them in names and decimal strings;
 * `command-frames.ts` gives each its binary layout.
 */
import type { AccountOpen, AccountUpdate, FeesDefineTier, FeesSetRate } from './account-commands.js'
import type { LedgerHold, LedgerRelease, LedgerSettle, LedgerTransfer } from './ledger-commands.js'
import type { AssetDefine, MarketAuction, MarketDefine, MarketSetReference, MarketUpdate } from './market-commands.js'
import type { OrderAmend, OrderCancel, OrderCancelAll, OrderCancelAllAfter, OrderCancelReplace, OrderPlace, OrderPlaceBracket, OrderPlaceOco, OrderReduce } from './order-commands.js'
import type { QuotePlace, QuoteProtect, QuoteResetProtection } from './quote-commands.js'

export type * from './account-commands.js'
export type * from './ledger-commands.js'
export type * from './market-commands.js'
export type * from './order-commands.js'
export type * from './quote-commands.js'

/** Goes on with what one command could not finish within its bound of events, then with what is due; only the writer issues it. */
export interface ContinueBacklog {
  type: 'continue'
}

export type Command =
  | AssetDefine
  | MarketDefine
  | MarketUpdate
  | AccountOpen
  | OrderPlace
  | OrderCancel
  | OrderReduce
  | OrderAmend
  | OrderCancelAll
  | OrderCancelAllAfter
  | OrderCancelReplace
  | QuotePlace
  | QuoteProtect
  | QuoteResetProtection
  | LedgerTransfer
  | LedgerHold
  | LedgerSettle
  | LedgerRelease
  | ContinueBacklog
  | FeesDefineTier
  | AccountUpdate
  | MarketSetReference
  | MarketAuction
  | FeesSetRate
  | OrderPlaceOco
  | OrderPlaceBracket
/** `order.place` has two layouts, of which the second carries the terms of special orders. */
export type CommandType = Command['type'] | 'order.place-special'

/** The place in the list is the type byte of the frame, for ever. */
export const COMMAND_TYPES = [
  'none',
  'asset.define',
  'market.define',
  'market.update',
  'account.open',
  'order.place',
  'order.cancel',
  'order.reduce',
  'order.amend',
  'order.cancel-all',
  'ledger.transfer',
  'ledger.hold',
  'ledger.settle',
  'ledger.release',
  'continue',
  'fees.define-tier',
  'account.update',
  'order.place-special',
  'order.cancel-all-after',
  'quote.place',
  'market.set-reference',
  'quote.protect',
  'quote.reset-protection',
  'order.cancel-replace',
  'market.auction',
  'fees.set-rate',
  'order.place-oco',
  'order.place-bracket',
] as const satisfies readonly (CommandType | 'none')[]
