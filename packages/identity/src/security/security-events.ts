/** Everything sensitive that can happen to an account, and what follows from it: an entry of the audit log always, a mail and a hold of withdrawals where it says so. */
import type { MailTemplate } from '../mail/mail-texts.js'

export interface SecurityEventRule {
  /** The mail that tells the person; absent: none. */
  readonly mail?: MailTemplate
  /** The mail carries a link with a secret for this, which works once. */
  readonly link?: 'verify-email' | 'reset-password'
  /** Withdrawals wait for a while afterwards. */
  readonly holdsWithdrawals?: true
}

export const SECURITY_EVENTS = {
  'account.created': {},
  'email.verification_requested': { mail: 'verify_email', link: 'verify-email' },
  'email.verified': {},
  'log-in.succeeded': {},
  'log-in.new_device': { mail: 'new_device' },
  'password.changed': { mail: 'password_changed', holdsWithdrawals: true },
  'password.reset_requested': { mail: 'reset_password', link: 'reset-password' },
  'password.reset': { mail: 'password_changed', holdsWithdrawals: true },
  'totp.enabled': { mail: 'totp_enabled', holdsWithdrawals: true },
  'totp.disabled': { mail: 'totp_disabled', holdsWithdrawals: true },
  'recovery_codes.made': { mail: 'recovery_codes_made', holdsWithdrawals: true },
  'recovery_code.used': { mail: 'recovery_code_used' },
  'passkey.added': { mail: 'passkey_added', holdsWithdrawals: true },
  'passkey.removed': { mail: 'passkey_removed', holdsWithdrawals: true },
  'second_factors.removed': { mail: 'second_factors_removed', holdsWithdrawals: true },
  'anti_phishing_code.changed': { mail: 'anti_phishing_code_changed' },
  'api_key.made': { mail: 'api_key_made' },
  'api_key.revoked': { mail: 'api_key_revoked' },
  'withdrawal.requested': { mail: 'withdrawal_requested' },
  'account.frozen': { mail: 'account_frozen' },
  'account.unfrozen': { mail: 'account_unfrozen', holdsWithdrawals: true },
} as const satisfies Record<string, SecurityEventRule>
export type SecurityEventName = keyof typeof SECURITY_EVENTS

export interface SecurityEvent {
  readonly event: SecurityEventName
  readonly userId: string
  /** Who did it, when that is not the person. */
  readonly actor?: string
  /** Where it came from. */
  readonly origin?: { readonly address: string; readonly userAgent?: string | undefined } | undefined
  /** For the audit log and the words of the mail; never a secret. */
  readonly details?: Readonly<Record<string, string>>
  /** The same cause under the same name is told by one mail. */
  readonly cause?: string
}
