/** What every kind of log-in ends with: the account exists, the cookie is new, and the session before it is over. */
import type { Session, User } from '@bourse/client'
import type { Identity, NewSession, Person } from '@bourse/identity'
import type { Admission } from '../http/admission.js'
import type { Caller } from '../http/route.js'

export type BeginSession = (caller: Caller<'public'> | Caller, opened: NewSession) => Promise<Session>

export function sessionBeginner(identity: Pick<Identity, 'logOut'>, admission: Pick<Admission, 'prepareAccount'>): BeginSession {
  return async (caller, { session, token, deviceToken }) => {
    // A log-in never goes on with a session that was there before it.
    if (caller.session !== undefined) await identity.logOut(caller.session.sessionId)
    await admission.prepareAccount(session.user.userId)
    caller.keepSession(token, session.expiresMs)
    if (caller.fromPage && deviceToken !== undefined) caller.keepDevice(deviceToken)
    return { user: userView(session.user), token: caller.fromPage ? '' : token, expiresMs: session.expiresMs }
  }
}

export function userView({ userId, email, createdMs, emailVerified, withdrawalsHeldUntilMs, role }: Person): User {
  return { userId, email, createdMs, emailVerified, withdrawalsHeldUntilMs: withdrawalsHeldUntilMs === 0 ? null : withdrawalsHeldUntilMs, role }
}
