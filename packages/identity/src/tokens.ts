/** Random names and secrets, and the form in which a secret is kept. */
import { createHash } from 'node:crypto'

export type RandomBytes = (size: number) => Uint8Array

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const USER_ID_BYTES = 16
const TOKEN_BYTES = 32
/** What {@link newToken} makes: nothing else is looked up. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** An opaque name without personal data that is also the engine account's: it stays in the journal for ever. */
export function newUserId(randomBytes: RandomBytes): string {
  return `u_${base32(randomBytes(USER_ID_BYTES))}`
}

export function newToken(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(TOKEN_BYTES)).toString('base64url')
}

export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** What is stored of a token: 256 random bits need no salt and no slow hash. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function base32(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(buffer >> bits) & 31]
    }
  }
  return bits > 0 ? text + BASE32[(buffer << (5 - bits)) & 31] : text
}
