/** The words of every mail, by language; a brand overrides any of them as `mail.<key>` in `brand/texts.json`. */
import { de } from './texts-de.js'
import { en, type MailTextKey, type MailTexts } from './texts-en.js'
import { es } from './texts-es.js'

/** Every occasion on which a mail is written. */
export const MAIL_TEMPLATES = [
  'verify_email',
  'reset_password',
  'new_device',
  'password_changed',
  'totp_enabled',
  'totp_disabled',
  'recovery_codes_made',
  'recovery_code_used',
  'passkey_added',
  'passkey_removed',
  'second_factors_removed',
  'anti_phishing_code_changed',
  'api_key_made',
  'api_key_revoked',
  'withdrawal_requested',
  'account_frozen',
  'account_unfrozen',
] as const
export type MailTemplate = (typeof MAIL_TEMPLATES)[number]

export const MAIL_TEXTS: Readonly<Record<string, MailTexts>> = { en, de, es }

/** Texts by language and key, as `brand/texts.json` holds them. */
export type BrandTexts = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The brand's word in this language, else the built-in one, else English. */
export function mailText(key: MailTextKey, language: string, brandTexts: BrandTexts): string {
  return brandTexts[language]?.[`mail.${key}`] ?? MAIL_TEXTS[language]?.[key] ?? brandTexts['en']?.[`mail.${key}`] ?? en[key]
}
