/** The table of all routes of version 1, by name: validation, types, client and documentation come from it. */
import { accountRoutes } from './account-routes.js'
import { alertRoutes } from './alert-routes.js'
import { marketRoutes } from './market-routes.js'
import { operatorRoutes } from './operator-routes.js'
import { orderRoutes } from './order-routes.js'
import { peopleRoutes } from './people-routes.js'
import { securityRoutes } from './security-routes.js'
import { walletRoutes } from './wallet-routes.js'

export const ROUTES = { ...marketRoutes, ...peopleRoutes, ...securityRoutes, ...orderRoutes, ...accountRoutes, ...walletRoutes, ...alertRoutes, ...operatorRoutes } as const
export type RouteName = keyof typeof ROUTES

export * from './route-contract.js'
