/** Secrets that work once, for one purpose and one person, and for a while: the links of mails, the challenges of passkeys. */
import type { Knex } from 'knex'
import { isToken, newToken, tokenHash, type RandomBytes } from './tokens.js'

export type TokenPurpose = 'verify-email' | 'reset-password' | 'freeze-account' | 'passkey-log-in' | 'passkey-add' | 'passkey-proof'

const MINUTE_MS = 60_000
const LIFETIME_MS: Readonly<Record<TokenPurpose, number>> = {
  'verify-email': 24 * 60 * MINUTE_MS,
  'reset-password': 30 * MINUTE_MS,
  'freeze-account': 7 * 24 * 60 * MINUTE_MS,
  'passkey-log-in': 5 * MINUTE_MS,
  'passkey-add': 5 * MINUTE_MS,
  'passkey-proof': 5 * MINUTE_MS,
}

export interface OneTimeTokensOptions {
  now(): number
  readonly randomBytes: RandomBytes
}

export interface NewOneTimeToken {
  readonly purpose: TokenPurpose
  /** Undefined where nobody is known yet. */
  readonly userId?: string
  /** What comes back when the token is taken. */
  readonly content?: string
}

export interface TakenToken {
  readonly userId: string | undefined
  readonly content: string
}

interface TokenRow {
  token_hash: string
  purpose: TokenPurpose
  user_id: string | null
  content: string
  expires_ms: bigint | number | string
}

export class OneTimeTokens {
  constructor(private readonly options: OneTimeTokensOptions) {}

  /** Makes a token; only its hash is kept. */
  async issue(knex: Knex, { purpose, userId, content = '' }: NewOneTimeToken): Promise<string> {
    const nowMs = this.options.now()
    const token = newToken(this.options.randomBytes)
    await knex('one_time_tokens').where('expires_ms', '<=', nowMs).delete()
    const row: TokenRow = { token_hash: tokenHash(token), purpose, user_id: userId ?? null, content, expires_ms: nowMs + LIFETIME_MS[purpose] }
    await knex('one_time_tokens').insert(row)
    return token
  }

  /** Takes a token, once, however many try at the same moment; undefined when it is unknown, used, too old or for something else. */
  async take(knex: Knex, purpose: TokenPurpose, token: string): Promise<TakenToken | undefined> {
    if (!isToken(token)) return undefined
    const row = await knex<TokenRow>('one_time_tokens').where({ token_hash: tokenHash(token), purpose }).first()
    if (row === undefined || Number(row.expires_ms) <= this.options.now()) return undefined
    const taken = await knex('one_time_tokens').where({ token_hash: row.token_hash }).delete()
    return taken === 1 ? { userId: row.user_id ?? undefined, content: row.content } : undefined
  }

  /** Makes the tokens of a person for one purpose worthless. */
  async cancel(knex: Knex, purpose: TokenPurpose, userId: string): Promise<void> {
    await knex('one_time_tokens').where({ purpose, user_id: userId }).delete()
  }
}
