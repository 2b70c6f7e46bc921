/** The accounts of the one who is logged in: facts, sub-accounts, transfers between them, preferences. */
import { ROUTES, type Preferences } from '@bourse/client'
import type { OwnAccounts } from '../accounts/own-accounts.js'
import { serveRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'

export function accountRoutes({ records }: GatewayServices, accounts: OwnAccounts): Route[] {
  return [
    serveRoute(ROUTES.account, ({ caller }) => accounts.facts(caller.account, caller.user.userId)),
    serveRoute(ROUTES.subAccounts, ({ caller }) => accounts.list(caller.user.userId)),
    serveRoute(ROUTES.createSubAccount, ({ caller, body }) => accounts.create(caller.user.userId, body)),
    serveRoute(ROUTES.transfer, ({ caller, body }) => accounts.transfer(caller.user.userId, body)),
    // What is kept was checked when it was written.
    serveRoute(ROUTES.preferences, async ({ caller }) => ((await records.preferences.get(caller.user.userId)) ?? {}) as Preferences),
    serveRoute(ROUTES.savePreferences, async ({ caller, body }) => {
      await records.preferences.set(caller.user.userId, body)
      return body
    }),
  ]
}
