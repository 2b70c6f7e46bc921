/** Keeps secrets in a database so that the database alone does not reveal them: envelope encryption. */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from './tokens.js'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/** A sealed secret cannot be opened: it was altered, moved to another place, or sealed under a key that is not here. */
export class SealedSecretError extends Error {
  readonly code = 'sealed_secret'
  constructor(message: string) {
    super(message)
    this.name = 'SealedSecretError'
  }
}

export interface SecretBox {
  /** @param place what the secret belongs to (`api-key:abc`); it opens in the same place only. */
  seal(secret: Uint8Array, place: string): string
  /** @throws SealedSecretError */
  open(sealed: string, place: string): Buffer
  /** Marks a text as written by the holder of the master key; nothing of the text can be changed without it. */
  mark(text: string, purpose: string): string
  /** Whether a mark was made for this text and purpose, under the present master key or an earlier one. */
  isMark(mark: string, text: string, purpose: string): boolean
  /** Names the present master key without revealing anything of it; it stands in everything that is sealed. */
  readonly keyName: string
  /** Whether the master key is here that a secret was sealed under. */
  knows(sealed: string): boolean
}

export interface SecretBoxOptions {
  /** 32 random bytes that are kept outside the database. */
  readonly masterKey: Uint8Array
  /** Earlier master keys, which still open what was sealed under them. */
  readonly earlierKeys?: readonly Uint8Array[]
  readonly randomBytes: RandomBytes
}

/**
 * Makes a box under a master key.
 *
 * Every secret has a data key of its own, which the master key encrypts; both by AES-256-GCM, bound to the
 * place. The text names the master key by a short digest: `v1.<master>.<data key>.<secret>`.
 */
export function createSecretBox({ masterKey, earlierKeys = [], randomBytes }: SecretBoxOptions): SecretBox {
  const keys = new Map([masterKey, ...earlierKeys].map((key) => [nameOf(key), checkedKey(key)]))
  const current = nameOf(masterKey)
  const markKeys = new Map<string, Uint8Array>()
  const markKey = (name: string, purpose: string): Uint8Array => {
    const known = markKeys.get(`${name} ${purpose}`)
    if (known !== undefined) return known
    const derived = new Uint8Array(hkdfSync('sha256', keys.get(name)!, '', `bourse mark ${purpose}`, KEY_BYTES))
    markKeys.set(`${name} ${purpose}`, derived)
    return derived
  }
  return {
    seal(secret, place) {
      const dataKey = randomBytes(KEY_BYTES)
      return ['v1', current, encrypt(masterKey, dataKey, place, randomBytes), encrypt(dataKey, secret, place, randomBytes)].join('.')
    },
    keyName: current,
    knows: (sealed) => keys.has(sealed.split('.')[1] ?? ''),
    open(sealed, place) {
      const [version, name = '', wrapped = '', content = ''] = sealed.split('.')
      const master = keys.get(name)
      if (version !== 'v1') throw new SealedSecretError('The sealed secret has an unknown format. Start the version that wrote it.')
      if (master === undefined) throw new SealedSecretError(`The secret was sealed under the master key ${name}, which this exchange does not have. Restore that key, or make the secret anew.`)
      return decrypt(decrypt(master, wrapped, place), content, place)
    },
    mark: (text, purpose) => `${current}.${authenticate(markKey(current, purpose), text).toString('hex')}`,
    isMark(mark, text, purpose) {
      const [name = '', code = ''] = mark.split('.')
      if (!keys.has(name)) return false
      const given = Buffer.from(code, 'hex')
      const expected = authenticate(markKey(name, purpose), text)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}

function authenticate(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** Names a master key without revealing anything of it. */
function nameOf(key: Uint8Array): string {
  return createHash('sha256').update('bourse master key').update(key).digest('hex').slice(0, 8)
}

function checkedKey(key: Uint8Array): Uint8Array {
  if (key.length !== KEY_BYTES) throw new RangeError(`A master key has ${KEY_BYTES} bytes, not ${key.length}.`)
  return key
}

function encrypt(key: Uint8Array, plain: Uint8Array, place: string, randomBytes: RandomBytes): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(place))
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

function decrypt(key: Uint8Array, text: string, place: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    throw new SealedSecretError(`The sealed secret of ${place} was altered or belongs elsewhere. Make the secret anew.`)
  }
}
