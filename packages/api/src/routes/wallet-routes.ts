/** Deposit addresses, deposits, withdrawals and test money of the one who is logged in. */
import { ROUTES } from '@bourse/client'
import { serveRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'

export function walletRoutes({ wallet }: GatewayServices): Route[] {
  return [
    serveRoute(ROUTES.depositAddress, ({ caller, body }) => wallet.depositAddress(caller.user.userId, body.asset)),
    serveRoute(ROUTES.deposits, ({ caller, query }) => wallet.deposits(caller.user.userId, query)),
    serveRoute(ROUTES.withdraw, ({ caller, body }) => wallet.withdraw(caller.user.userId, body)),
    serveRoute(ROUTES.withdrawals, ({ caller, query }) => wallet.withdrawals(caller.user.userId, query)),
    serveRoute(ROUTES.faucet, ({ caller, body }) => wallet.faucet(caller.user.userId, body.asset, body.amount)),
  ]
}
