/**
 * The layouts of what both sides of a TCP session say about the session itself; `docs/order-entry.md` shows every byte.
 *
 * All messages are little-endian, a multiple of 8 bytes long, and begin like command frames do: u16 size, u8 type,
 * u8 flags, u32 (a field of the type, else zero), f64 number. Commands have the types of core, answers those of
 * `answers.ts`, and these begin at {@link HELLO}.
 */
import type { FrameBuffer } from '@bourse/core'

export const PROTOCOL_VERSION = 1

export const HELLO = 200
export const LOG_ON = 201
export const LOGGED_ON = 202
export const HEARTBEAT = 203
export const LOG_OFF = 204
export const MARKET = 205
export const ASSET = 206

export const NUMBER = 8

export const HELLO_BYTES = 64
export const HELLO_VERSION = 16
export const HELLO_TIME = 24
export const HELLO_NONCE = 32
export const NONCE_BYTES = 32

export const LOG_ON_BYTES = 208
export const LOG_ON_VERSION = 16
export const LOG_ON_KIND = 18
export const LOG_ON_FLAGS = 19
export const LOG_ON_HEARTBEAT_MS = 20
export const LOG_ON_LAST_ANSWER = 24
export const LOG_ON_SESSION = 32
export const LOG_ON_KEY = 72
export const KEY_BYTES = 64
export const LOG_ON_SIGNATURE = 136
export const SIGNATURE_BYTES = 64

/** Flags of a log-on. */
export const CANCEL_ON_DISCONNECT = 1
export const FORGET_EARLIER = 2

/** How a log-on is signed; the place is the byte. */
export const SIGNATURE_KINDS = ['hmac', 'ed25519'] as const
export type SignatureKind = (typeof SIGNATURE_KINDS)[number]

export const LOGGED_ON_BYTES = 56
export const LOGGED_ON_FLAGS = 3
export const LOGGED_ON_ACCOUNT = 4
export const LOGGED_ON_NEXT_REQUEST = 16
export const LOGGED_ON_NEXT_ANSWER = 24
export const LOGGED_ON_RESENT_FROM = 32
export const LOGGED_ON_HEARTBEAT_MS = 40
export const LOGGED_ON_MAX_IN_FLIGHT = 44

/** Flag of `logged on`: the server knows nothing of a connection of the session before. */
export const SESSION_IS_NEW = 1

export const HEARTBEAT_BYTES = 16

export const LOG_OFF_BYTES = 24
export const LOG_OFF_REASON = 16

/** Why a session ends; the place is the byte, for ever. */
export const LOG_OFF_REASONS = [
  'requested',
  'not_admitted',
  'address_not_allowed',
  'key_expired',
  'scope_missing',
  'malformed_message',
  'wrong_number',
  'heartbeat_missed',
  'key_ended',
  'session_taken_over',
  'reader_too_slow',
  'closing',
  'too_many_sessions',
  'unknown_version',
  'log_on_too_late',
  'unavailable',
  'may_not_trade',
] as const
export type LogOffReason = (typeof LOG_OFF_REASONS)[number]

export const MARKET_BYTES = 120
export const MARKET_NUMBER = 4
export const MARKET_BASE = 16
export const MARKET_QUOTE = 18
export const MARKET_PRICE_SCALE = 20
export const MARKET_QUANTITY_SCALE = 21
export const MARKET_STATE = 22
export const MARKET_TICK_SIZE = 24
export const MARKET_LOT_SIZE = 32
export const MARKET_MIN_QUANTITY = 40
export const MARKET_MAX_QUANTITY = 48
export const MARKET_MAX_PRICE = 56
export const MARKET_MIN_NOTIONAL = 64
export const MARKET_SYMBOL = 72

export const ASSET_BYTES = 56
export const ASSET_NUMBER = 4
export const ASSET_SCALE = 16
export const ASSET_CODE = 20

/** What a client signs to log on. */
export interface LogOnTerms {
  /** Of this connection, as the server's hello gave it. */
  readonly nonce: Uint8Array
  readonly key: string
  /** The name that the client gives to the session: several may be open for one key. */
  readonly session: string
  /** Sum of {@link CANCEL_ON_DISCONNECT} and {@link FORGET_EARLIER}. */
  readonly flags: number
  /** How long each side may be silent. */
  readonly heartbeatMs: number
  /** Number of the last answer that arrived over an earlier connection; 0 for none. */
  readonly lastAnswer: number
}

/** The text that is signed: seven lines, the nonce in hexadecimal. */
export function logOnPayload({ nonce, key, session, flags, heartbeatMs, lastAnswer }: LogOnTerms): string {
  const nonceText = Array.from(nonce, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `bourse order entry ${PROTOCOL_VERSION}\n${nonceText}\n${key}\n${session}\n${flags}\n${heartbeatMs}\n${lastAnswer}`
}

export interface LogOnFields extends LogOnTerms {
  readonly kind: SignatureKind
  /** 32 bytes of an HMAC, or 64 of Ed25519. */
  readonly signature: Uint8Array
}

export function writeLogOn(frames: FrameBuffer, logOn: LogOnFields): void {
  const at = frames.append(LOG_ON_BYTES, LOG_ON)
  frames.u16[(at + LOG_ON_VERSION) >> 1] = PROTOCOL_VERSION
  frames.u8[at + LOG_ON_KIND] = SIGNATURE_KINDS.indexOf(logOn.kind)
  frames.u8[at + LOG_ON_FLAGS] = logOn.flags
  frames.u32[(at + LOG_ON_HEARTBEAT_MS) >> 2] = logOn.heartbeatMs
  frames.f64[(at + LOG_ON_LAST_ANSWER) >> 3] = logOn.lastAnswer
  frames.setText(at + LOG_ON_SESSION, logOn.session)
  for (let i = 0; i < Math.min(KEY_BYTES, logOn.key.length); i++) frames.u8[at + LOG_ON_KEY + i] = logOn.key.charCodeAt(i)
  frames.u8.set(logOn.signature.subarray(0, SIGNATURE_BYTES), at + LOG_ON_SIGNATURE)
}

/** The printable ASCII text in so many bytes, up to the first zero. */
export function textAt(frames: FrameBuffer, at: number, bytes: number): string {
  let text = ''
  for (let i = at; i < at + bytes && frames.u8[i] !== 0; i++) text += String.fromCharCode(frames.u8[i]!)
  return text
}

export function writeHeartbeat(frames: FrameBuffer): void {
  frames.append(HEARTBEAT_BYTES, HEARTBEAT)
}

export function writeLogOff(frames: FrameBuffer, reason: LogOffReason): void {
  const at = frames.append(LOG_OFF_BYTES, LOG_OFF)
  frames.u8[at + LOG_OFF_REASON] = LOG_OFF_REASONS.indexOf(reason)
}

export function logOffReason(frames: FrameBuffer, offset: number): LogOffReason {
  return LOG_OFF_REASONS[frames.u8[offset + LOG_OFF_REASON]!] ?? 'requested'
}
