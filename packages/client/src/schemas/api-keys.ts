/** The keys with which programs act for a person. */
import { z } from 'zod'
import { TimestampMs } from './common.js'

/** What a key may do; every key may read. */
export const ApiScope = z.enum(['read', 'trade', 'withdraw'])
export type ApiScope = z.infer<typeof ApiScope>

export const ApiKeyView = z.object({
  key: z.string(),
  label: z.string(),
  /** `hmac`: signs with a secret that was shown once. `ed25519`: signs with a private key that never left its owner. */
  kind: z.enum(['hmac', 'ed25519']),
  scopes: z.array(ApiScope),
  /** Addresses and ranges that it may be used from; empty: from anywhere. */
  allowedAddresses: z.array(z.string()),
  createdMs: TimestampMs,
  /** Null: it does not expire. */
  expiresMs: TimestampMs.nullable(),
})
export type ApiKeyView = z.infer<typeof ApiKeyView>

/** POST /api/v1/api-keys -> {@link CreatedApiKey}. */
export const NewApiKey = z.strictObject({
  label: z.string(),
  /** Beside reading. */
  scopes: z.array(ApiScope).max(3).default([]),
  /** Required for `withdraw`: addresses or ranges such as `192.0.2.0/24`. */
  allowedAddresses: z.array(z.string().max(64)).max(64).default([]),
  expiresMs: TimestampMs.optional(),
  /** An Ed25519 public key, PEM or base64: the secret then stays with its owner. */
  publicKey: z.string().max(1_000).optional(),
})
export type NewApiKey = z.input<typeof NewApiKey>

/** The secret is here and nowhere else: it cannot be shown again. Null for a key that brought its own public key. */
export const CreatedApiKey = z.object({ apiKey: ApiKeyView, secret: z.string().nullable() })
export type CreatedApiKey = z.infer<typeof CreatedApiKey>
