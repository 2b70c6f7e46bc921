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
      access: 'user',
      budget: 'wallet',
      body: DepositAddressRequest,
      handle: ({ caller, body }) => wallet.depositAddress(caller.session.user.userId, body.asset),
    }),
    defineRoute({
      method: 'GET',
      path: '/deposits',
      access: 'user',
      budget: 'read',
      query: PageOnly,
      handle: ({ caller, query }) => wallet.deposits(caller.session.user.userId, query),
    }),
    defineRoute({
      method: 'POST',
      path: '/withdrawals',
      access: 'user',
      budget: 'wallet',
      body: WithdrawRequest,
      status: 202,
      handle: ({ caller, body }) => wallet.withdraw(caller.session.user.userId, body),
    }),
    defineRoute({
      method: 'GET',
      path: '/withdrawals',
      access: 'user',
      budget: 'read',
      query: PageOnly,
      handle: ({ caller, query }) => wallet.withdrawals(caller.session.user.userId, query),
    }),
    defineRoute({
      method: 'POST',
      path: '/faucet',
      access: 'user',
      budget: 'wallet',
      body: FaucetRequest,
      status: 202,
      handle: ({ caller, body }) => wallet.faucet(caller.session.user.userId, body.asset, body.amount),
    }),
  ]
}
