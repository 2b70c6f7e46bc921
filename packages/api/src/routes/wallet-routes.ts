/** Deposit addresses, deposits, withdrawals and test money of the one who is logged in. */
import { DepositAddressRequest, FaucetRequest, PageQuery, WithdrawRequest } from '@bourse/client'
import { defineRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'

const PageOnly = PageQuery.strict()

export function walletRoutes({ wallet }: GatewayServices): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/deposit-addresses',
      access: 'read',
      budget: 'wallet',
      body: DepositAddressRequest,
      handle: ({ caller, body }) => wallet.depositAddress(caller.user.userId, body.asset),
    }),
    defineRoute({
      method: 'GET',
      path: '/deposits',
      access: 'read',
      budget: 'read',
      query: PageOnly,
      handle: ({ caller, query }) => wallet.deposits(caller.user.userId, query),
    }),
    defineRoute({
      method: 'POST',
      path: '/withdrawals',
      access: 'withdraw',
      budget: 'wallet',
      body: WithdrawRequest,
      status: 202,
      handle: ({ caller, body }) => wallet.withdraw(caller.user.userId, body),
    }),
    defineRoute({
      method: 'GET',
      path: '/withdrawals',
      access: 'read',
      budget: 'read',
      query: PageOnly,
      handle: ({ caller, query }) => wallet.withdrawals(caller.user.userId, query),
    }),
    defineRoute({
      method: 'POST',
      path: '/faucet',
      access: 'account',
      budget: 'wallet',
      body: FaucetRequest,
      status: 202,
      handle: ({ caller, body }) => wallet.faucet(caller.user.userId, body.asset, body.amount),
    }),
  ]
}
