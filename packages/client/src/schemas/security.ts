/** What keeps an account safe: proofs, second factors, passkeys, devices and sessions. */
import { z } from 'zod'
import { TimestampMs } from './common.js'

/** The secret of a link: 256 random bits in base64url. */
export const LinkToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is not the secret of a link')
export const NewPassword = z.string().min(8).max(200)
/** Six digits of an authenticator app, or a recovery code. */
export const SecondFactorCode = z.string().min(6).max(20)
/** What a browser's WebAuthn call returns; passed on as it is. */
export const PasskeyAnswer = z.record(z.string(), z.unknown())

export const LinkRequest = z.strictObject({ token: LinkToken })
export const ForgottenPassword = z.strictObject({ email: z.email().max(254) })
export const PasswordReset = z.strictObject({ token: LinkToken, password: NewPassword })
export const PasswordChange = z.strictObject({ password: NewPassword })
export const PasskeyResponse = z.strictObject({ ticket: LinkToken, response: PasskeyAnswer })
export const NewPasskey = z.strictObject({ ticket: LinkToken, response: PasskeyAnswer, label: z.string().trim().min(1).max(60) })

/** A question for `navigator.credentials`: `options` go to the browser, `ticket` comes back with its answer. */
export const PasskeyQuestion = z.object({ ticket: z.string(), options: z.record(z.string(), z.unknown()) })
export type PasskeyQuestion = z.infer<typeof PasskeyQuestion>

/** Proves again who one is: by password, or where there is a second factor by that. */
export const IdentityProof = z.union([z.strictObject({ password: z.string().min(1).max(200) }), z.strictObject({ code: SecondFactorCode }), PasskeyResponse])
export type IdentityProof = z.infer<typeof IdentityProof>
export const ProofGiven = z.object({ provedUntilMs: TimestampMs })
export type ProofGiven = z.infer<typeof ProofGiven>

export const PasskeyView = z.object({ passkeyId: z.string(), label: z.string(), createdMs: TimestampMs, lastUsedMs: TimestampMs.nullable() })
export type PasskeyView = z.infer<typeof PasskeyView>

/** GET /api/v1/security */
export const SecurityView = z.object({
  emailVerified: z.boolean(),
  antiPhishingCode: z.string().nullable().describe('Stands in every mail of the exchange.'),
  totp: z.boolean().describe('Whether codes of an authenticator app are asked for.'),
  recoveryCodesLeft: z.number().int(),
  passkeys: z.array(PasskeyView),
  withdrawalsHeldUntilMs: TimestampMs.nullable().describe('Null: nothing holds them.'),
  provedUntilMs: TimestampMs.describe('Until when sensitive changes need no further proof.'),
})
export type SecurityView = z.infer<typeof SecurityView>

export const TotpSetup = z.object({ secret: z.string(), uri: z.string().describe('What the QR code holds.') })
export type TotpSetup = z.infer<typeof TotpSetup>
export const TotpConfirmation = z.strictObject({ code: z.string().regex(/^\d{6}$/, 'must be six digits') })
/** Shown this once. */
export const RecoveryCodes = z.object({ codes: z.array(z.string()) })
export type RecoveryCodes = z.infer<typeof RecoveryCodes>

export const AntiPhishingCode = z.strictObject({ code: z.string().trim().min(4).max(40).regex(/^[\p{L}\p{N} .,'-]+$/u, 'must be letters, digits and spaces').nullable() })

export const SessionView = z.object({
  sessionId: z.string(),
  createdMs: TimestampMs,
  expiresMs: TimestampMs,
  address: z.string().nullable(),
  device: z.string().nullable(),
  current: z.boolean().describe('The one that asks.'),
})
export type SessionView = z.infer<typeof SessionView>

export const DeviceView = z.object({ deviceId: z.string(), label: z.string(), lastAddress: z.string(), firstSeenMs: TimestampMs, lastSeenMs: TimestampMs })
export type DeviceView = z.infer<typeof DeviceView>

/** One thing that was done to an account, from its audit log. */
export const ActivityEntry = z.object({ sequence: z.number().int(), timestampMs: TimestampMs, action: z.string(), byOwner: z.boolean(), details: z.record(z.string(), z.unknown()) })
export type ActivityEntry = z.infer<typeof ActivityEntry>

/** GET /api/v1/development/outbox: mails as they would have been sent; in development only. */
export const OutboxMail = z.object({ mailId: z.string(), recipient: z.string(), template: z.string(), subject: z.string(), text: z.string(), html: z.string(), createdMs: TimestampMs })
export type OutboxMail = z.infer<typeof OutboxMail>
