/** The API keys of the one who is logged in. */
import { NewApiKey, type ApiKeyView, type CreatedApiKey } from '@bourse/client'
import type { ApiKey } from '@bourse/identity'
import { z } from 'zod'
import { ApiFailure, notFound } from '../http/failures.js'
import { defineRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'

const KeyParams = z.strictObject({ key: z.string().max(100) })

export function apiKeyRoutes({ apiKeys }: GatewayServices): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api-keys',
      access: 'account',
      budget: 'read',
      handle: async ({ caller }): Promise<ApiKeyView[]> => (await apiKeys.list(caller.user.userId)).map(apiKeyView),
    }),
    defineRoute({
      method: 'POST',
      path: '/api-keys',
      access: 'account',
      budget: 'wallet',
      body: NewApiKey,
      status: 201,
      async handle({ caller, body: { expiresMs, publicKey, ...input } }): Promise<CreatedApiKey> {
        const optional = { ...(expiresMs === undefined ? {} : { expiresMs }), ...(publicKey === undefined ? {} : { publicKey }) }
        const result = await apiKeys.create({ userId: caller.user.userId, ...input, ...optional })
        if (!result.ok) throw new ApiFailure({ status: result.code === 'invalid_request' ? 400 : 409, code: result.code, message: result.message, field: result.field })
        return { apiKey: apiKeyView(result.apiKey), secret: result.secret ?? null }
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/api-keys/:key',
      access: 'account',
      budget: 'wallet',
      params: KeyParams,
      async handle({ caller, params }) {
        if (!(await apiKeys.revoke(caller.user.userId, params.key))) throw notFound('There is no such API key of yours; it may have been revoked before.')
      },
    }),
  ]
}

function apiKeyView({ key, label, kind, scopes, allowedAddresses, createdMs, expiresMs }: ApiKey): ApiKeyView {
  return { key, label, kind, scopes: [...scopes], allowedAddresses: [...allowedAddresses], createdMs, expiresMs: expiresMs ?? null }
}
