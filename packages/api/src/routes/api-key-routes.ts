/** The API keys of the one who is logged in. */
import { ROUTES, type ApiKeyView, type CreatedApiKey } from '@bourse/client'
import type { ApiKey } from '@bourse/identity'
import { ApiFailure, notFound } from '../http/failures.js'
import { serveRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'

export function apiKeyRoutes({ apiKeys }: GatewayServices): Route[] {
  return [
    serveRoute(ROUTES.apiKeys, async ({ caller }): Promise<ApiKeyView[]> => (await apiKeys.list(caller.user.userId)).map(apiKeyView)),
    serveRoute(ROUTES.createApiKey, async ({ caller, body: { expiresMs, publicKey, ...input } }): Promise<CreatedApiKey> => {
      const optional = { ...(expiresMs === undefined ? {} : { expiresMs }), ...(publicKey === undefined ? {} : { publicKey }) }
      const result = await apiKeys.create({ userId: caller.user.userId, ...input, ...optional, origin: caller.origin })
      if (!result.ok) throw new ApiFailure({ status: result.code === 'invalid_request' ? 400 : 409, code: result.code, message: result.message, field: result.field })
      return { apiKey: apiKeyView(result.apiKey), secret: result.secret ?? null }
    }),
    serveRoute(ROUTES.revokeApiKey, async ({ caller, params }) => {
      if (!(await apiKeys.revoke(caller.user.userId, params.key, caller.origin))) throw notFound('There is no such API key of yours; it may have been revoked before.')
    }),
  ]
}

function apiKeyView({ key, label, kind, scopes, allowedAddresses, createdMs, expiresMs }: ApiKey): ApiKeyView {
  return { key, label, kind, scopes: [...scopes], allowedAddresses: [...allowedAddresses], createdMs, expiresMs: expiresMs ?? null }
}
