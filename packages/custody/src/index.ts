/** Deposits and withdrawals of an exchange: import from here. */
export { createCustody, type Custody, type CustodyChange, type CustodyOptions, type CustodyPageQuery } from './custody.js'
export { CustodyError, type CustodyErrorCode } from './custody-error.js'
export { custodyMigrations } from './custody-schema.js'
export type { CustodyNetwork } from './networks.js'
export type { CustodyPage, Deposit, Withdrawal } from './views.js'
export type { WithdrawInput } from './withdrawals.js'
