/** The keys with which programs act for a person: made, listed, revoked, and their signatures checked. */
import { createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto'
import type { Knex } from 'knex'
import { addressMatcher, isAddressRange } from './address-list.js'
import type { Person, Role } from './identity.js'
import type { SecretBox } from './secret-box.js'
import { newToken, type RandomBytes } from './tokens.js'

/** What a key may do; every key may read. `withdraw` needs a list of addresses. */
export const API_SCOPES = ['read', 'trade', 'withdraw'] as const
export type ApiScope = (typeof API_SCOPES)[number]

/** `hmac`: a shared secret, signatures are HMAC-SHA-256 in hexadecimal. `ed25519`: the person keeps the private key, signatures are base64. */
export const API_KEY_KINDS = ['hmac', 'ed25519'] as const
export type ApiKeyKind = (typeof API_KEY_KINDS)[number]

export interface ApiKey {
  /** Public: it names the key in requests. */
  readonly key: string
  readonly userId: string
  readonly label: string
  readonly kind: ApiKeyKind
  readonly scopes: readonly ApiScope[]
  /** Addresses or CIDR ranges that it may be used from; empty: from anywhere. */
  readonly allowedAddresses: readonly string[]
  readonly createdMs: number
  /** Undefined: it does not expire. */
  readonly expiresMs: number | undefined
}

export interface NewApiKey {
  readonly userId: string
  readonly label: string
  readonly scopes: readonly ApiScope[]
  readonly allowedAddresses?: readonly string[]
  readonly expiresMs?: number
  /** SPKI in PEM, or the 32 bytes of the key in base64: makes an Ed25519 key. */
  readonly publicKey?: string
}

export interface ApiKeyRefusal {
  readonly ok: false
  readonly code: 'invalid_request' | 'too_many_api_keys'
  readonly field?: string
  readonly message: string
}

/** The secret is shown once and cannot be read again; an Ed25519 key has none here. */
export type CreateApiKeyResult = { readonly ok: true; readonly apiKey: ApiKey; readonly secret: string | undefined } | ApiKeyRefusal

export interface SignedRequest {
  readonly key: string
  readonly signature: string
  /** Exactly the bytes that were signed. */
  readonly payload: string
  readonly address: string
}

export type SignatureFault = 'unknown_api_key' | 'api_key_expired' | 'address_not_allowed' | 'wrong_signature'
export type CheckSignatureResult = { readonly ok: true; readonly apiKey: ApiKey; readonly user: Person } | { readonly ok: false; readonly code: SignatureFault; readonly message: string }

export interface ApiKeysOptions {
  readonly knex: Knex
  readonly secrets: SecretBox
  /** Milliseconds since 1970. */
  now(): number
  readonly randomBytes: RandomBytes
}

const MAX_KEYS_OF_ONE = 30
const MAX_ADDRESSES = 30
const SECRET_BYTES = 48
/** A key that another process has revoked is noticed after this long. */
const REMEMBERED_MS = 1_000
const MAX_REMEMBERED = 10_000

const FAULTS: Readonly<Record<SignatureFault, string>> = {
  unknown_api_key: 'There is no such API key. It may have been revoked; make a new one in the account settings.',
  api_key_expired: 'The API key has expired. Make a new one in the account settings.',
  address_not_allowed: 'The API key may not be used from this address. Add the address to the key, or send from one of its own.',
  wrong_signature: 'The signature does not fit the request. Sign exactly the bytes that are sent, with the secret of this key.',
}

interface KeyRow {
  key: string
  user_id: string
  label: string
  kind: ApiKeyKind
  scopes: string
  allowed_addresses: string
  material: string
  created_ms: bigint | number | string
  expires_ms: bigint | number | string | null
}

type LoadedRow = KeyRow & { email: string; role: Role; user_created_ms: bigint | number | string }

/** A key that is ready to check signatures. */
interface LoadedKey {
  readonly apiKey: ApiKey
  readonly user: Person
  readonly isAllowedFrom: (address: string) => boolean
  readonly fits: (payload: string, signature: string) => boolean
}

export class ApiKeys {
  private readonly remembered = new Map<string, { readonly loaded: LoadedKey | undefined; readonly untilMs: number }>()
  private readonly endListeners = new Set<(key: string) => void>()

  constructor(private readonly options: ApiKeysOptions) {}

  /** Makes a key. */
  async create(input: NewApiKey): Promise<CreateApiKeyResult> {
    const { knex, secrets, now, randomBytes } = this.options
    const refusal = refuse(input, now())
    if (refusal !== undefined) return refusal
    const publicKey = input.publicKey === undefined ? undefined : readPublicKey(input.publicKey)
    if (input.publicKey !== undefined && publicKey === undefined) {
      return { ok: false, code: 'invalid_request', field: 'publicKey', message: 'This is no Ed25519 public key. Give it in PEM, as `openssl pkey -pubout` writes it, or its 32 bytes in base64.' }
    }
    const [{ count } = { count: 0 }] = await knex('api_keys').where({ user_id: input.userId }).count<{ count: number | string }[]>({ count: '*' })
    if (Number(count) >= MAX_KEYS_OF_ONE) return { ok: false, code: 'too_many_api_keys', message: `One person may have ${MAX_KEYS_OF_ONE} API keys. Revoke one that is not used any more.` }
    const key = newToken(randomBytes)
    const secret = publicKey === undefined ? Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url') : undefined
    const apiKey: ApiKey = {
      key,
      userId: input.userId,
      label: input.label.trim(),
      kind: publicKey === undefined ? 'hmac' : 'ed25519',
      scopes: API_SCOPES.filter((scope) => scope === 'read' || input.scopes.includes(scope)),
      allowedAddresses: input.allowedAddresses ?? [],
      createdMs: now(),
      expiresMs: input.expiresMs,
    }
    const material = secret === undefined ? publicKey!.export({ format: 'pem', type: 'spki' }).toString() : secrets.seal(Buffer.from(secret), placeOf(key))
    await knex('api_keys').insert(rowOf(apiKey, material))
    return { ok: true, apiKey, secret }
  }

  /** A person's keys, oldest first, without their secrets. */
  async list(userId: string): Promise<ApiKey[]> {
    const rows = await this.options.knex<KeyRow>('api_keys').where({ user_id: userId }).orderBy(['created_ms', 'key'])
    return rows.map(apiKeyOf)
  }

  /** Ends a key of a person at once. @returns whether there was one. */
  async revoke(userId: string, key: string): Promise<boolean> {
    const removed = await this.options.knex('api_keys').where({ user_id: userId, key }).delete()
    this.forget(key)
    return removed > 0
  }

  /** Ends all keys of a person. */
  async revokeAll(userId: string): Promise<void> {
    for (const { key } of await this.list(userId)) await this.revoke(userId, key)
  }

  /** Checks that a request was signed with a live key from an address that the key allows. */
  async check({ key, signature, payload, address }: SignedRequest): Promise<CheckSignatureResult> {
    const found = await this.load(key)
    if (found === undefined) return fault('unknown_api_key')
    // Whoever cannot sign learns nothing about the key.
    if (!found.fits(payload, signature)) return fault('wrong_signature')
    if (found.apiKey.expiresMs !== undefined && found.apiKey.expiresMs <= this.options.now()) return fault('api_key_expired')
    if (!found.isAllowedFrom(address)) return fault('address_not_allowed')
    return { ok: true, apiKey: found.apiKey, user: found.user }
  }

  /** The key as it stands, for streams that name a key without signing each message; undefined when it is unknown or expired. */
  async find(key: string): Promise<ApiKey | undefined> {
    const found = await this.load(key)
    return found === undefined || (found.apiKey.expiresMs ?? Infinity) <= this.options.now() ? undefined : found.apiKey
  }

  /** Calls the listener whenever this process revokes a key; returns the function that stops that. */
  onEnd(listener: (key: string) => void): () => void {
    this.endListeners.add(listener)
    return () => this.endListeners.delete(listener)
  }

  private forget(key: string): void {
    this.remembered.delete(key)
    for (const listener of [...this.endListeners]) listener(key)
  }

  private async load(key: string): Promise<LoadedKey | undefined> {
    const nowMs = this.options.now()
    const known = this.remembered.get(key)
    if (known !== undefined && known.untilMs > nowMs) return known.loaded
    const row = await this.options.knex('api_keys').join('users', 'users.user_id', 'api_keys.user_id').where({ key }).first<LoadedRow | undefined>('api_keys.*', 'users.email', 'users.role', 'users.created_ms as user_created_ms')
    const loaded = row === undefined ? undefined : this.ready(row)
    this.remembered.delete(key)
    // What is not there is not remembered: made-up keys must not push real ones out.
    if (loaded === undefined) return undefined
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value!)
    this.remembered.set(key, { loaded, untilMs: nowMs + REMEMBERED_MS })
    return loaded
  }

  private ready(row: LoadedRow): LoadedKey {
    const apiKey = apiKeyOf(row)
    const user = { userId: row.user_id, email: row.email, role: row.role, createdMs: Number(row.user_created_ms) }
    const isAllowedFrom = apiKey.allowedAddresses.length === 0 ? () => true : addressMatcher(apiKey.allowedAddresses)
    if (apiKey.kind === 'ed25519') return { apiKey, user, isAllowedFrom, fits: ed25519Check(createPublicKey(row.material)) }
    return { apiKey, user, isAllowedFrom, fits: hmacCheck(this.options.secrets.open(row.material, placeOf(row.key))) }
  }
}

function refuse(input: NewApiKey, nowMs: number): ApiKeyRefusal | undefined {
  const invalid = (field: string, message: string): ApiKeyRefusal => ({ ok: false, code: 'invalid_request', field, message })
  const addresses = input.allowedAddresses ?? []
  const label = input.label.trim()
  if (label === '' || label.length > 60) return invalid('label', 'Give the key a name of 1 to 60 characters.')
  if (addresses.length > MAX_ADDRESSES) return invalid('allowedAddresses', `A key takes at most ${MAX_ADDRESSES} addresses; name a range such as 192.0.2.0/24.`)
  const wrong = addresses.find((address) => !isAddressRange(address))
  if (wrong !== undefined) return invalid('allowedAddresses', `"${wrong}" is neither an address nor a range such as 192.0.2.0/24.`)
  if (input.scopes.includes('withdraw') && addresses.length === 0) return invalid('allowedAddresses', 'A key that may withdraw needs the addresses that it is used from.')
  if (input.expiresMs !== undefined && input.expiresMs <= nowMs) return invalid('expiresMs', 'The key would have expired already. Choose a time to come.')
  return undefined
}

function fault(code: SignatureFault): CheckSignatureResult {
  return { ok: false, code, message: FAULTS[code] }
}

function placeOf(key: string): string {
  return `api-key:${key}`
}

function hmacCheck(secret: Buffer): LoadedKey['fits'] {
  return (payload, signature) => {
    const expected = createHmac('sha256', secret).update(payload).digest()
    const given = Buffer.from(signature, 'hex')
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
}

function ed25519Check(publicKey: KeyObject): LoadedKey['fits'] {
  return (payload, signature) => {
    const given = Buffer.from(signature, 'base64')
    return given.length === 64 && verify(null, Buffer.from(payload), publicKey, given)
  }
}

function readPublicKey(text: string): KeyObject | undefined {
  try {
    const raw = Buffer.from(text, 'base64')
    const key = text.includes('BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
    return key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

function rowOf(apiKey: ApiKey, material: string): KeyRow {
  const { key, userId, label, kind, scopes, allowedAddresses, createdMs, expiresMs } = apiKey
  return { key, user_id: userId, label, kind, material, scopes: scopes.join(' '), allowed_addresses: allowedAddresses.join(' '), created_ms: createdMs, expires_ms: expiresMs ?? null }
}

function apiKeyOf(row: KeyRow): ApiKey {
  return {
    key: row.key,
    userId: row.user_id,
    label: row.label,
    kind: row.kind,
    scopes: API_SCOPES.filter((scope) => row.scopes.split(' ').includes(scope)),
    allowedAddresses: row.allowed_addresses === '' ? [] : row.allowed_addresses.split(' '),
    createdMs: Number(row.created_ms),
    expiresMs: row.expires_ms === null ? undefined : Number(row.expires_ms),
  }
}
