/** What a program signs to act with an API key, and the signature by a shared secret. Works in Node and in browsers. */

/** A program's key: with the secret of an HMAC key, or with a function that signs by another key of its own (Ed25519: base64). */
export type ApiCredentials = { readonly key: string; readonly secret: string } | { readonly key: string; sign(payload: string): Promise<string> | string }

/** Headers of a signed request. */
export const KEY_HEADER = 'x-api-key'
export const TIMESTAMP_HEADER = 'x-api-timestamp'
export const SIGNATURE_HEADER = 'x-api-signature'

/** A request is taken within this time of its timestamp, and once. */
export const SIGNATURE_WINDOW_MS = 5_000

export interface SignedParts {
  /** Milliseconds since 1970, as in the header. */
  readonly timestampMs: number
  readonly method: string
  /** With the query, exactly as sent: `/api/v1/orders?market=BTC-USDT`. */
  readonly path: string
  /** Exactly as sent; empty where there is none. */
  readonly body: string
}

/** The text that is signed: four lines. */
export function signedPayload({ timestampMs, method, path, body }: SignedParts): string {
  return `${timestampMs}\n${method}\n${path}\n${body}`
}

/** The headers that make a request the key's. */
export async function signRequest(credentials: ApiCredentials, parts: SignedParts): Promise<Record<string, string>> {
  const payload = signedPayload(parts)
  const signature = 'secret' in credentials ? await hmacSignature(credentials.secret, payload) : await credentials.sign(payload)
  return { [KEY_HEADER]: credentials.key, [TIMESTAMP_HEADER]: String(parts.timestampMs), [SIGNATURE_HEADER]: signature }
}

/** HMAC-SHA-256 in hexadecimal. */
async function hmacSignature(secret: string, payload: string): Promise<string> {
  const encoder = new TextEncoder()
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(payload)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Gives rising times: two requests of one program never carry the same one, so that neither looks like a repetition. */
export class SigningClock {
  private lastMs = 0

  constructor(private readonly now: () => number) {}

  next(): number {
    this.lastMs = Math.max(this.lastMs + 1, this.now())
    return this.lastMs
  }
}
