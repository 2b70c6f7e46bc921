/** Commands that move money and set it aside. */

/** Moves money from one account to another; deposits come from `world`. The requestId makes it happen once. */
export interface LedgerTransfer {
  type: 'ledger.transfer'
  requestId: string
  from: string
  to: string
  asset: string
  amount: string
  /** `family`: only between a parent and its sub-accounts, or two of them. */
  within?: 'family'
}

/** Sets money of an account aside under a name of its own (a withdrawal, for example). */
export interface LedgerHold {
  type: 'ledger.hold'
  holdId: string
  account: string
  asset: string
  amount: string
}

/** Pays a whole hold out to another account. */
export interface LedgerSettle {
  type: 'ledger.settle'
  holdId: string
  to: string
}

/** Gives a whole hold back to its account. */
export interface LedgerRelease {
  type: 'ledger.release'
  holdId: string
}
