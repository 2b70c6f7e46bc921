/** Tries whether the sealed secrets of a database open: keys of programs, second factors, mails that wait. */
import type { Knex } from 'knex'
import { placeOf as placeOfKey } from './api-keys.js'
import { placeOf as placeOfMail } from './mail/mail-outbox.js'
import type { SecretBox } from './secret-box.js'
import { placeOf as placeOfSecondFactor } from './security/second-factors.js'

export interface SealedSecrets {
  readonly tried: number
  /** How many do not open. */
  readonly closed: number
  /** Why the first of them does not; nothing of a secret is in it. */
  readonly reason?: string
}

/** Of each kind at most so many are tried, the newest first where they have an order. */
const MOST_OF_A_KIND = 1_000

/** @throws what the database throws, for example when its schema is not up to date. */
export async function trySealedSecrets(knex: Knex, secrets: Pick<SecretBox, 'open'>): Promise<SealedSecrets> {
  const sealed: { readonly text: string; readonly place: string }[] = []
  for (const { key, material } of await knex<{ key: string; material: string; kind: string }>('api_keys').where({ kind: 'hmac' }).limit(MOST_OF_A_KIND)) sealed.push({ text: material, place: placeOfKey(key) })
  for (const { user_id, secret } of await knex<{ user_id: string; secret: string }>('totp_secrets').limit(MOST_OF_A_KIND)) sealed.push({ text: secret, place: placeOfSecondFactor(user_id) })
  for (const { mail_id, content } of await knex<{ mail_id: string; content: string | null }>('mails').whereNotNull('content').limit(MOST_OF_A_KIND)) sealed.push({ text: content ?? '', place: placeOfMail(mail_id) })
  const reasons = sealed.flatMap(({ text, place }) => {
    try {
      secrets.open(text, place)
      return []
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)]
    }
  })
  return { tried: sealed.length, closed: reasons.length, ...(reasons[0] !== undefined && { reason: reasons[0] }) }
}
