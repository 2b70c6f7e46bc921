/** Signing up, logging in and out. */
import { Credentials, type CurrentSession, type Session } from '@bourse/client'
import type { OpenSession } from '@bourse/identity'
import { ApiFailure, tooManyRequests } from '../http/failures.js'
import { defineRoute, type Caller, type Route } from '../http/route.js'
import type { Admission } from '../http/admission.js'
import type { GatewayServices } from '../services.js'

export function authRoutes({ identity }: GatewayServices, admission: Admission): Route[] {
  /** A log-in never goes on with a session that was there before it. */
  async function begin(caller: Caller, opened: { session: OpenSession; token: string }): Promise<Session> {
    if (caller.session !== undefined) await identity.logOut(caller.session.sessionId)
    await admission.prepareAccount(opened.session.user.userId)
    const { session, token } = opened
    caller.keepSession(token, session.expiresMs)
    return { user: session.user, token: caller.fromPage ? '' : token, expiresMs: session.expiresMs }
  }

  return [
    defineRoute({
      method: 'POST',
      path: '/auth/sign-up',
      access: 'public',
      budget: 'logIn',
      body: Credentials,
      status: 201,
      async handle({ caller, body }) {
        const result = await identity.createUser(body)
        if (!result.ok) {
          const taken = result.code === 'email_taken'
          throw new ApiFailure({ status: taken ? 409 : 422, code: result.code, message: result.message, field: taken ? 'email' : 'password' })
        }
        return begin(caller, await identity.openSession(result.user))
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/log-in',
      access: 'public',
      budget: 'logIn',
      body: Credentials,
      async handle({ caller, body }) {
        const result = await identity.logIn({ ...body, address: caller.address })
        if (result.ok) return begin(caller, result)
        if (result.code === 'too_many_requests') throw tooManyRequests(Math.ceil(result.retryAfterMs / 1_000), result.message)
        throw new ApiFailure({ status: 401, code: result.code, message: result.message })
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/auth/log-out',
      access: 'public',
      budget: 'read',
      async handle({ caller }) {
        if (caller.session !== undefined) await identity.logOut(caller.session.sessionId)
        caller.clearSession()
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/auth/session',
      access: 'public',
      budget: 'read',
      handle: ({ caller }): CurrentSession => ({ user: caller.user ?? null }),
    }),
  ]
}
