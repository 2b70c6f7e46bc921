/** Codes of an authenticator app, recovery codes and passkeys, and the proof by them. */
import { ROUTES } from '@bourse/client'
import { notFound } from '../http/failures.js'
import { serveRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'
import type { BeginSession } from './begin-session.js'
import { refusedProof } from './refusals.js'

export function secondFactorRoutes(services: GatewayServices, begin: BeginSession): Route[] {
  return [...proofRoutes(services, begin), ...codeRoutes(services), ...passkeyRoutes(services)]
}

function proofRoutes({ accounts: { security, passkeys } }: GatewayServices, begin: BeginSession): Route[] {
  return [
    serveRoute(ROUTES.proveIdentity, async ({ caller, body }) => {
      const result = await security.prove(caller.session, body, caller.origin)
      if (!result.ok) throw refusedProof(result)
      return { provedUntilMs: result.provedUntilMs }
    }),
    serveRoute(ROUTES.beginPasskeyProof, async ({ caller }) => questionView(await passkeys.beginProof(caller.user.userId))),
    serveRoute(ROUTES.beginPasskeyLogIn, async () => questionView(await passkeys.beginProof())),
    serveRoute(ROUTES.logInByPasskey, async ({ caller, body }) => {
      const result = await security.logInByPasskey(body, caller.origin)
      if (!result.ok) throw refusedProof(result)
      return begin(caller, result)
    }),
  ]
}

function codeRoutes({ accounts: { secondFactors } }: GatewayServices): Route[] {
  return [
    serveRoute(ROUTES.beginTotp, async ({ caller }) => {
      const result = await secondFactors.beginTotp(caller.user)
      if (!result.ok) throw refusedProof(result)
      return { secret: result.secret, uri: result.uri }
    }),
    serveRoute(ROUTES.confirmTotp, async ({ caller, body }) => {
      const result = await secondFactors.confirmTotp(caller.user.userId, body.code, caller.origin)
      if (!result.ok) throw refusedProof(result)
      return { codes: [...result.recoveryCodes] }
    }),
    serveRoute(ROUTES.disableTotp, async ({ caller }) => {
      if (!(await secondFactors.disableTotp(caller.user.userId, caller.origin))) throw notFound('No authenticator app is set up.')
    }),
    serveRoute(ROUTES.makeRecoveryCodes, async ({ caller }) => ({ codes: [...(await secondFactors.makeRecoveryCodes(caller.user.userId, caller.origin))] })),
  ]
}

function passkeyRoutes({ accounts: { passkeys } }: GatewayServices): Route[] {
  return [
    serveRoute(ROUTES.beginPasskey, async ({ caller }) => questionView(await passkeys.beginAdd(caller.user))),
    serveRoute(ROUTES.addPasskey, async ({ caller, body }) => {
      const result = await passkeys.add(caller.user.userId, { ...body, origin: caller.origin })
      if (!result.ok) throw refusedProof(result)
    }),
    serveRoute(ROUTES.removePasskey, async ({ caller, params }) => {
      if (!(await passkeys.remove(caller.user.userId, params.passkeyId, caller.origin))) throw notFound('There is no such passkey of yours.')
    }),
  ]
}

function questionView({ ticket, options }: { ticket: string; options: object }): { ticket: string; options: Record<string, unknown> } {
  return { ticket, options: { ...options } }
}
