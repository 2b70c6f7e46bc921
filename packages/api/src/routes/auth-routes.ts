/** Signing up, logging in and out. */
import { ROUTES, type CurrentSession } from '@bourse/client'
import { ApiFailure } from '../http/failures.js'
import { serveRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'
import { userView, type BeginSession } from './begin-session.js'
import { refusedProof, weakPassword } from './refusals.js'

export function authRoutes({ identity }: GatewayServices, begin: BeginSession): Route[] {
  return [
    serveRoute(ROUTES.signUp, async ({ caller, body }) => {
      const result = await identity.createUser({ ...body, emailVerified: false, origin: caller.origin })
      if (result.ok) return begin(caller, await identity.openSession(result.user, caller.origin))
      if (result.code === 'weak_password') throw weakPassword(result)
      throw new ApiFailure({ status: 409, code: result.code, message: result.message, field: 'email' })
    }),
    serveRoute(ROUTES.logIn, async ({ caller, body }) => {
      const result = await identity.logIn({ ...body, ...caller.origin })
      if (!result.ok) throw refusedProof(result)
      return begin(caller, result)
    }),
    serveRoute(ROUTES.logOut, async ({ caller }) => {
      if (caller.session !== undefined) await identity.logOut(caller.session.sessionId)
      caller.clearSession()
    }),
    serveRoute(ROUTES.session, ({ caller }): CurrentSession => ({ user: caller.user === undefined ? null : userView(caller.user) })),
  ]
}
