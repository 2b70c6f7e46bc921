/** The keys with which programs act for a person: made, listed, revoked, and their signatures checked. */
import { createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto'
import type { Knex } from 'knex'
import { addressMatcher, isAddressRange } from './address-list.js'
import { PERSON_COLUMNS, personOf, withSecurity, type Person, type PersonRow } from './people.js'
import { Remembered } from './remembered.js'
import type { SecretBox } from './secret-box.js'
import { newToken, type RandomBytes } from './tokens.js'
import type { SessionOrigin } from './security/devices.js'
import type { Note, SecurityJournal } from './security/security-journal.js'

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
  /** Who makes it, when that is not the person. */
  readonly actor?: string
  readonly origin?: SessionOrigin | undefined
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
  /** Where made and revoked keys are written down; without it nobody is told of them. */
  readonly journal?: SecurityJournal
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

type LoadedRow = KeyRow & PersonRow

/** A key that is ready to check signatures. */
interface LoadedKey {
  readonly apiKey: ApiKey
  readonly user: Person
  readonly isAllowedFrom: (address: string) => boolean
  readonly fits: (payload: string, signature: string) => boolean
}

export class ApiKeys {
  private readonly remembered: Remembered<LoadedKey>
  private readonly endListeners = new Set<(key: string) => void>()

  constructor(private readonly options: ApiKeysOptions) {
    this.remembered = new Remembered({ lookUp: (key) => this.load(key), now: () => options.now(), forMs: REMEMBERED_MS, most: MAX_REMEMBERED })
  }

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
    await this.change(async (trx, note) => {
      await trx('api_keys').insert(rowOf(apiKey, material))
      await note({ event: 'api_key.made', userId: input.userId, origin: input.origin, details: { label: apiKey.label, scopes: apiKey.scopes.join(', '), key }, ...(input.actor !== undefined && { actor: input.actor }) })
    })
    return { ok: true, apiKey, secret }
  }

  /** A person's keys, oldest first, without their secrets. */
  async list(userId: string): Promise<ApiKey[]> {
    const rows = await this.options.knex<KeyRow>('api_keys').where({ user_id: userId }).orderBy(['created_ms', 'key'])
    return rows.map(apiKeyOf)
  }

  /** Ends a key of a person at once. @returns whether there was one. */
  async revoke(userId: string, key: string, origin?: SessionOrigin): Promise<boolean> {
    const revoked = await this.change(async (trx, note) => {
      const row = await trx<KeyRow>('api_keys').where({ user_id: userId, key }).first()
      if (row === undefined || (await trx('api_keys').where({ user_id: userId, key }).delete()) === 0) return false
      await note({ event: 'api_key.revoked', userId, origin, details: { label: row.label, key } })
      return true
    })
    this.tellEnd(key)
    return revoked
  }

  /** Forgets what is remembered of a person's keys: something about the person has changed. */
  forgetPerson(userId: string): void {
    this.remembered.forgetAll(({ user }) => user.userId === userId)
  }

  /** Ends all keys of a person as part of something larger; call the result once that is committed. */
  async revokeAll(trx: Knex.Transaction, userId: string): Promise<() => void> {
    const rows = await trx<KeyRow>('api_keys').where({ user_id: userId })
    await trx('api_keys').where({ user_id: userId }).delete()
    return () => rows.forEach(({ key }) => this.tellEnd(key))
  }

  /** Checks that a request was signed with a live key from an address that the key allows. */
  async check({ key, signature, payload, address }: SignedRequest): Promise<CheckSignatureResult> {
    const found = await this.remembered.get(key)
    if (found === undefined) return fault('unknown_api_key')
    // Whoever cannot sign learns nothing about the key.
    if (!found.fits(payload, signature)) return fault('wrong_signature')
    return this.admitted(found, address)
  }

  /**
   * Tells whose key it is where nothing was signed: for old clients that open a private stream by naming their key.
   * It proves less than a signature, so nothing but reading may follow from it.
   */
  async recognise({ key, address }: Pick<SignedRequest, 'key' | 'address'>): Promise<CheckSignatureResult> {
    const found = await this.remembered.get(key)
    if (found === undefined) return fault('unknown_api_key')
    return this.admitted(found, address)
  }

  /** The key as it stands, for streams that name a key without signing each message; undefined when it is unknown or expired. */
  async find(key: string): Promise<ApiKey | undefined> {
    const found = await this.remembered.get(key)
    return found === undefined || (found.apiKey.expiresMs ?? Infinity) <= this.options.now() ? undefined : found.apiKey
  }

  /** Tells of those of these keys that somebody else has revoked: another process over the same database. */
  async endGone(keys: readonly string[]): Promise<void> {
    const rows = await this.options.knex('api_keys').whereIn('key', keys).select<{ key: string }[]>('key')
    const live = new Set(rows.map((row) => row.key))
    for (const key of keys) if (!live.has(key)) this.tellEnd(key)
  }

  /** Forgets a key and tells that it is no more: revoked here, or by another process. */
  tellEnd(key: string): void {
    this.remembered.forget(key)
    for (const listener of [...this.endListeners]) listener(key)
  }

  /** Calls the listener whenever a key is revoked; returns the function that stops that. */
  onEnd(listener: (key: string) => void): () => void {
    this.endListeners.add(listener)
    return () => this.endListeners.delete(listener)
  }

  private change<Result>(work: (trx: Knex.Transaction, note: Note) => Promise<Result>): Promise<Result> {
    return this.options.journal?.change(work) ?? this.options.knex.transaction((trx) => work(trx, () => Promise.resolve()))
  }

  private admitted({ apiKey, user, isAllowedFrom }: LoadedKey, address: string): CheckSignatureResult {
    if (apiKey.expiresMs !== undefined && apiKey.expiresMs <= this.options.now()) return fault('api_key_expired')
    if (!isAllowedFrom(address)) return fault('address_not_allowed')
    return { ok: true, apiKey, user }
  }

  private async load(key: string): Promise<LoadedKey | undefined> {
    const row = await withSecurity(this.options.knex('api_keys').join('users', 'users.user_id', 'api_keys.user_id')).where({ key }).first<LoadedRow | undefined>('api_keys.*', ...PERSON_COLUMNS)
    return row === undefined || row.frozen_ms !== null ? undefined : this.ready(row)
  }

  private ready(row: LoadedRow): LoadedKey {
    const apiKey = apiKeyOf(row)
    const user = personOf(row)
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

export function placeOf(key: string): string {
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
