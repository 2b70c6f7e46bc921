/** Decides whether a log-on is that of an API key which may trade. */
import type { FrameBuffer } from '@bourse/core'
import { isFrameText } from '@bourse/core'
import {
  CANCEL_ON_DISCONNECT, FORGET_EARLIER, KEY_BYTES, LOG_ON, LOG_ON_BYTES, LOG_ON_FLAGS, LOG_ON_HEARTBEAT_MS, LOG_ON_KEY, LOG_ON_KIND, LOG_ON_LAST_ANSWER, LOG_ON_SESSION, LOG_ON_SIGNATURE, LOG_ON_VERSION, logOnPayload,
  PROTOCOL_VERSION, SIGNATURE_BYTES, SIGNATURE_KINDS, textAt, type LogOffReason, type LogOnTerms,
} from '@bourse/client/tcp'
import type { ApiKey, SignatureFault } from '@bourse/identity'
import type { OrderEntryServices } from './services.js'

const HMAC_BYTES = 32
const LEAST_HEARTBEAT_MS = 500
const MOST_HEARTBEAT_MS = 60_000

export interface LoggedOn {
  readonly apiKey: ApiKey
  readonly session: string
  readonly cancelOnDisconnect: boolean
  readonly forgetEarlier: boolean
  readonly heartbeatMs: number
  readonly lastAnswer: number
}

const REASONS: Readonly<Record<SignatureFault, LogOffReason>> = {
  unknown_api_key: 'not_admitted',
  wrong_signature: 'not_admitted',
  api_key_expired: 'key_expired',
  address_not_allowed: 'address_not_allowed',
}

/** @returns what was agreed, or why not. */
export async function checkLogOn(frames: FrameBuffer, { apiKeys, mayTrade }: Pick<OrderEntryServices, 'apiKeys' | 'mayTrade'>, { nonce, address }: { nonce: Uint8Array; address: string }): Promise<LoggedOn | LogOffReason> {
  if (frames.type(0) !== LOG_ON || frames.size(0) !== LOG_ON_BYTES || frames.length !== LOG_ON_BYTES) return 'malformed_message'
  if (frames.u16[LOG_ON_VERSION >> 1] !== PROTOCOL_VERSION) return 'unknown_version'
  const terms = readTerms(frames, nonce)
  if (terms === undefined) return 'malformed_message'
  const result = await apiKeys.check({ key: terms.key, signature: signatureText(frames), payload: logOnPayload(terms), address })
  if (!result.ok) return REASONS[result.code]
  if (!result.apiKey.scopes.includes('trade')) return 'scope_missing'
  if (mayTrade?.(result.user) === false) return 'may_not_trade'
  return {
    apiKey: result.apiKey,
    session: terms.session,
    cancelOnDisconnect: (terms.flags & CANCEL_ON_DISCONNECT) !== 0,
    forgetEarlier: (terms.flags & FORGET_EARLIER) !== 0,
    heartbeatMs: Math.min(MOST_HEARTBEAT_MS, Math.max(LEAST_HEARTBEAT_MS, terms.heartbeatMs)),
    lastAnswer: terms.lastAnswer,
  }
}

function readTerms(frames: FrameBuffer, nonce: Uint8Array): LogOnTerms | undefined {
  const flags = frames.u8[LOG_ON_FLAGS]!
  const lastAnswer = frames.f64[LOG_ON_LAST_ANSWER >> 3]!
  const session = frames.text(LOG_ON_SESSION)
  const isWhole = frames.u8[LOG_ON_KIND]! < SIGNATURE_KINDS.length && flags <= (CANCEL_ON_DISCONNECT | FORGET_EARLIER) && isFrameText(session) && Number.isSafeInteger(lastAnswer) && lastAnswer >= 0
  return isWhole ? { nonce, key: textAt(frames, LOG_ON_KEY, KEY_BYTES), session, flags, heartbeatMs: frames.u32[LOG_ON_HEARTBEAT_MS >> 2]!, lastAnswer } : undefined
}

/** As requests over HTTP carry it. */
function signatureText(frames: FrameBuffer): string {
  const isHmac = SIGNATURE_KINDS[frames.u8[LOG_ON_KIND]!] === 'hmac'
  const bytes = Buffer.from(frames.u8.subarray(LOG_ON_SIGNATURE, LOG_ON_SIGNATURE + (isHmac ? HMAC_BYTES : SIGNATURE_BYTES)))
  return bytes.toString(isHmac ? 'hex' : 'base64')
}
