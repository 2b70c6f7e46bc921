/** The keys with which programs act for a person. */
import { z } from 'zod'
import { TimestampMs } from './common.js'

/** What a key may do; every key may read. */
export const ApiScope = z.enum(['read', 'trade', 'withdraw'])
export type ApiScope = z.infer<typeof ApiScope>

export const ApiKeyView = z.object({
  key: z.string(),
  label: z.string(),
  kind: z.enum(['hmac', 'ed25519']).describe('`hmac`: signs with a secret that was shown once. `ed25519`: signs with a private key that never left its owner.'),
  scopes: z.array(ApiScope),
  allowedAddresses: z.array(z.string()).describe('Addresses and ranges that it may be used from; empty: from anywhere.'),
  createdMs: TimestampMs,
  expiresMs: TimestampMs.nullable().describe('Null: it does not expire.'),
})
export type ApiKeyView = z.infer<typeof ApiKeyView>

/** POST /api/v1/api-keys -> {@link CreatedApiKey}. */
export const NewApiKey = z.strictObject({
  label: z.string(),
  scopes: z.array(ApiScope).max(3).default([]).describe('Beside reading.'),
  allowedAddresses: z.array(z.string().max(64)).max(64).default([]).describe('Required for `withdraw`: addresses or ranges such as `192.0.2.0/24`.'),
  expiresMs: TimestampMs.optional(),
  publicKey: z.string().max(1_000).optional().describe('An Ed25519 public key, PEM or base64: the secret then stays with its owner.'),
})
export type NewApiKey = z.input<typeof NewApiKey>

/** The secret is here and nowhere else: it cannot be shown again. Null for a key that brought its own public key. */
export const CreatedApiKey = z.object({ apiKey: ApiKeyView, secret: z.string().nullable() })
export type CreatedApiKey = z.infer<typeof CreatedApiKey>
