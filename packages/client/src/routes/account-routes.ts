/** Routes about what one has and what happened to it: accounts, balances, orders, fills and the ledger. */
import { z } from 'zod'
import { AccountFacts, Balances, Fill, FillQuery, LedgerEntry, LedgerQuery, NewSubAccount, Order, OrderQuery, page, Preferences, SubAccount, Transfer, TransferRequest } from '../schemas/index.js'
import { route } from './route-contract.js'

const history = { method: 'GET', access: 'read', budget: 'history', tag: 'history', csv: true, subAccounts: true } as const

export const accountRoutes = {
  account: route({ name: 'account', method: 'GET', path: '/account', access: 'read', budget: 'read', tag: 'accounts', subAccounts: true, summary: 'Freezes, fee tier and fees of the account.', answer: AccountFacts }),
  balances: route({ name: 'balances', method: 'GET', path: '/balances', access: 'read', budget: 'read', tag: 'accounts', subAccounts: true, summary: 'What one has of every asset, zeros included.', answer: Balances }),
  subAccounts: route({ name: 'subAccounts', method: 'GET', path: '/sub-accounts', access: 'read', budget: 'read', tag: 'accounts', summary: "One's sub-accounts, oldest first.", answer: z.array(SubAccount) }),
  createSubAccount: route({ name: 'createSubAccount', method: 'POST', path: '/sub-accounts', access: 'account', budget: 'wallet', tag: 'accounts', summary: 'Opens a sub-account: balances and orders of its own, for which its owner acts.', body: NewSubAccount, answer: SubAccount, status: 201 }),
  transfer: route({ name: 'transfer', method: 'POST', path: '/transfers', access: 'trade', budget: 'read', tag: 'accounts', summary: "Moves money between one's own accounts.", body: TransferRequest, answer: Transfer }),
  preferences: route({ name: 'preferences', method: 'GET', path: '/preferences', access: 'account', budget: 'read', tag: 'accounts', summary: 'What one has chosen about how the exchange looks.', answer: Preferences }),
  savePreferences: route({ name: 'savePreferences', method: 'PUT', path: '/preferences', access: 'account', budget: 'read', tag: 'accounts', summary: 'Replaces the preferences.', body: Preferences, answer: Preferences }),
  orders: route({ name: 'orders', path: '/orders', ...history, summary: 'Orders, closed and open, newest first.', query: OrderQuery, answer: page(Order) }),
  fills: route({ name: 'fills', path: '/fills', ...history, summary: 'Fills, newest first.', query: FillQuery, answer: page(Fill) }),
  ledger: route({ name: 'ledger', path: '/ledger', ...history, summary: "Every change of the account's total in an asset, newest first.", query: LedgerQuery, answer: page(LedgerEntry) }),
} as const
