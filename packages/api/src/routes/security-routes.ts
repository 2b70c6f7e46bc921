/** Mailbox, password, freeze, sessions and devices of the one who is logged in, or who holds the link of a mail. */
import { ROUTES, type ActivityEntry, type DeviceView, type SecurityView, type SessionView } from '@bourse/client'
import { notFound } from '../http/failures.js'
import { serveRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'
import type { BeginSession } from './begin-session.js'
import { linkExpired, weakPassword } from './refusals.js'

const ACTIVITY = 100

export function securityRoutes(services: GatewayServices, begin: BeginSession): Route[] {
  return [...linkRoutes(services), ...protectionRoutes(services, begin), ...sessionRoutes(services)]
}

/** What the secret of a mail's link can do; nobody has to be logged in. */
function linkRoutes({ accounts: { security } }: GatewayServices): Route[] {
  return [
    serveRoute(ROUTES.verifyEmail, async ({ caller, body }) => {
      const result = await security.verifyEmail(body.token, caller.origin)
      if (!result.ok) throw linkExpired(result)
    }),
    serveRoute(ROUTES.forgotPassword, ({ caller, body }) => security.requestReset(body.email, caller.origin)),
    serveRoute(ROUTES.resetPassword, async ({ caller, body }) => {
      const result = await security.resetPassword(body.token, body.password, caller.origin)
      if (!result.ok) throw result.code === 'weak_password' ? weakPassword(result) : linkExpired(result)
    }),
    serveRoute(ROUTES.freezeAccount, async ({ caller, body }) => {
      const result = await security.freezeByLink(body.token, caller.origin)
      if (!result.ok) throw linkExpired(result)
    }),
  ]
}

function protectionRoutes({ accounts: { security, audit } }: GatewayServices, begin: BeginSession): Route[] {
  return [
    serveRoute(ROUTES.security, async ({ caller }): Promise<SecurityView> => {
      const { passkeyList, emailVerified, antiPhishingCode, totp, recoveryCodesLeft, withdrawalsHeldUntilMs, provedUntilMs } = await security.overview(caller.session)
      const passkeys = passkeyList.map(({ lastUsedMs, ...passkey }) => ({ ...passkey, lastUsedMs: lastUsedMs ?? null }))
      return { emailVerified, antiPhishingCode: antiPhishingCode ?? null, totp, recoveryCodesLeft, passkeys, withdrawalsHeldUntilMs: withdrawalsHeldUntilMs === 0 ? null : withdrawalsHeldUntilMs, provedUntilMs }
    }),
    serveRoute(ROUTES.sendVerification, ({ caller }) => (caller.user.emailVerified ? undefined : security.sendVerification(caller.user.userId, caller.origin))),
    serveRoute(ROUTES.changePassword, async ({ caller, body }) => {
      const result = await security.changePassword(caller.session, body.password, caller.origin)
      if (!result.ok) throw weakPassword(result)
      return begin(caller, result)
    }),
    serveRoute(ROUTES.setAntiPhishingCode, ({ caller, body }) => security.setAntiPhishingCode(caller.user.userId, body.code ?? undefined, caller.origin)),
    serveRoute(ROUTES.activity, async ({ caller }): Promise<ActivityEntry[]> => {
      const { userId } = caller.user
      return (await audit.list({ subject: userId, limit: ACTIVITY })).map(({ sequence, timestampMs, action, actor, details }) => ({ sequence, timestampMs, action, byOwner: actor === userId, details: JSON.parse(details) as Record<string, unknown> }))
    }),
  ]
}

function sessionRoutes({ identity, accounts: { security } }: GatewayServices): Route[] {
  return [
    serveRoute(ROUTES.sessions, async ({ caller }): Promise<SessionView[]> =>
      (await identity.sessions(caller.user.userId)).map(({ address, device, ...session }) => ({ ...session, address: address ?? null, device: device ?? null, current: session.sessionId === caller.session.sessionId })),
    ),
    serveRoute(ROUTES.endSession, async ({ caller, params }) => {
      const mine = await identity.sessions(caller.user.userId)
      if (!mine.some(({ sessionId }) => sessionId === params.sessionId)) throw notFound('There is no such session of yours; it may have ended before.')
      await identity.logOut(params.sessionId)
    }),
    serveRoute(ROUTES.endOtherSessions, ({ caller }) => identity.endSessions(caller.user.userId, caller.session.sessionId)),
    serveRoute(ROUTES.devices, async ({ caller }): Promise<DeviceView[]> => [...(await security.devices(caller.user.userId))]),
    serveRoute(ROUTES.forgetDevice, async ({ caller, params }) => {
      if (!(await security.forgetDevice(caller.user.userId, params.deviceId))) throw notFound('There is no such device of yours.')
    }),
  ]
}
