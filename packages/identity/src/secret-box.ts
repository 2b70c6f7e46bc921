/** Keeps secrets in a database so that the database alone does not reveal them: envelope encryption. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
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
  return {
    seal(secret, place) {
      const dataKey = randomBytes(KEY_BYTES)
      return ['v1', current, encrypt(masterKey, dataKey, place, randomBytes), encrypt(dataKey, secret, place, randomBytes)].join('.')
    },
    open(sealed, place) {
      const [version, name = '', wrapped = '', content = ''] = sealed.split('.')
      const master = keys.get(name)
      if (version !== 'v1') throw new SealedSecretError('The sealed secret has an unknown format. Start the version that wrote it.')
      if (master === undefined) throw new SealedSecretError(`The secret was sealed under the master key ${name}, which this exchange does not have. Restore that key, or make the secret anew.`)
      return decrypt(decrypt(master, wrapped, place), content, place)
    },
  }
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
