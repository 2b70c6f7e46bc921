/** Routes for deposits and withdrawals. */
import { Deposit, DepositAddress, DepositAddressRequest, DepositQuery, FaucetRequest, FaucetResult, page, Withdrawal, WithdrawalQuery, WithdrawRequest } from '../schemas/index.js'
import { route } from './route-contract.js'

export const walletRoutes = {
  depositAddress: route({ name: 'depositAddress', method: 'POST', path: '/deposit-addresses', access: 'read', budget: 'wallet', tag: 'wallet', summary: 'The address to which an asset is sent for oneself; made at the first request.', body: DepositAddressRequest, answer: DepositAddress }),
  deposits: route({ name: 'deposits', method: 'GET', path: '/deposits', access: 'read', budget: 'history', tag: 'wallet', summary: 'Deposits, newest first.', query: DepositQuery, answer: page(Deposit) }),
  withdraw: route({ name: 'withdraw', method: 'POST', path: '/withdrawals', access: 'withdraw', needs: ['verified', 'proof'], budget: 'wallet', tag: 'wallet', summary: 'Begins a withdrawal; the same requestId with the same input returns the first one.', body: WithdrawRequest, answer: Withdrawal, status: 202 }),
  withdrawals: route({ name: 'withdrawals', method: 'GET', path: '/withdrawals', access: 'read', budget: 'history', tag: 'wallet', summary: 'Withdrawals, newest first.', query: WithdrawalQuery, answer: page(Withdrawal) }),
  faucet: route({ name: 'faucet', method: 'POST', path: '/faucet', access: 'account', budget: 'wallet', tag: 'wallet', summary: "Sends test money to one's own deposit address, where the asset's network gives it.", body: FaucetRequest, answer: FaucetResult, status: 202 }),
} as const
