/** Codes beside the password: from an authenticator app (TOTP), each valid once, and recovery codes for the day when it is lost. */
import type { Knex } from 'knex'
import { Secret, TOTP } from 'otpauth'
import { FailureCounters, type FailureCounts } from '../failure-counters.js'
import type { SecretBox } from '../secret-box.js'
import type { RandomBytes } from '../tokens.js'
import type { SecurityEvent } from './security-events.js'
import type { Note, SecurityJournal } from './security-journal.js'

type Origin = SecurityEvent['origin']

export interface SecondFactorsOptions {
  readonly knex: Knex
  readonly secrets: SecretBox
  readonly journal: SecurityJournal
  /** Named in the authenticator app. */
  issuer(): string
  now(): number
  readonly randomBytes: RandomBytes
  /** Counts wrong codes; in the memory of this process by default. */
  readonly failures?: FailureCounts
}

export interface SecondFactorStatus {
  readonly totp: boolean
  readonly passkeys: number
  readonly recoveryCodesLeft: number
}

export type CodeFault = { readonly ok: false; readonly code: 'wrong_code' | 'too_many_requests' | 'conflict'; readonly message: string; readonly retryAfterMs?: number }

const STEP_SECONDS = 30
/** A code of the step before or after counts too: clocks differ. */
const WINDOW = 1
const SECRET_BYTES = 20
const RECOVERY_CODES = 10
const RECOVERY_CODE = /^[a-z2-7]{5}-[a-z2-7]{5}$/
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'
const FAILURES = 5

interface TotpRow {
  user_id: string
  secret: string
  confirmed_ms: bigint | number | string | null
  last_step: bigint | number | string
}

interface RecoveryRow {
  user_id: string
  code_hash: string
  used_ms: bigint | number | string | null
}

export class SecondFactors {
  private readonly failures: FailureCounts

  constructor(private readonly options: SecondFactorsOptions) {
    this.failures = options.failures ?? new FailureCounters()
  }

  async status(userId: string): Promise<SecondFactorStatus> {
    const { knex } = this.options
    const totp = await knex<TotpRow>('totp_secrets').where({ user_id: userId }).whereNotNull('confirmed_ms').first('user_id')
    return { totp: totp !== undefined, passkeys: await countOf(knex('passkeys').where({ user_id: userId })), recoveryCodesLeft: await countOf(knex('recovery_codes').where({ user_id: userId }).whereNull('used_ms')) }
  }

  /** Whether the password alone is not enough. */
  async protects(userId: string): Promise<boolean> {
    const { totp, passkeys } = await this.status(userId)
    return totp || passkeys > 0
  }

  /** Begins with a new secret, which counts once a code of it has been given; `uri` is what the QR code holds. */
  async beginTotp(user: { userId: string; email: string }): Promise<{ ok: true; secret: string; uri: string } | CodeFault> {
    const { knex, secrets, randomBytes } = this.options
    if ((await this.status(user.userId)).totp) return { ok: false, code: 'conflict', message: 'An authenticator app is set up already. Switch it off first to set up another one.' }
    const bytes = randomBytes(SECRET_BYTES)
    const sealed = secrets.seal(bytes, placeOf(user.userId))
    await knex('totp_secrets').insert({ user_id: user.userId, secret: sealed, confirmed_ms: null, last_step: 0 }).onConflict('user_id').merge().whereNull('totp_secrets.confirmed_ms')
    const totp = this.totp(bytes, user.email)
    return { ok: true, secret: totp.secret.base32, uri: totp.toString() }
  }

  /** Switches the codes on by the first of them. @returns recovery codes, which are shown this once. */
  async confirmTotp(userId: string, code: string, origin: Origin): Promise<{ ok: true; recoveryCodes: readonly string[] } | CodeFault> {
    return this.guarded(userId, () =>
      this.options.journal.change(async (trx, note) => {
        const row = await trx<TotpRow>('totp_secrets').where({ user_id: userId }).whereNull('confirmed_ms').first()
        if (row === undefined || !(await this.takeTotp(trx, row, code))) return undefined
        const confirmed = await trx('totp_secrets').where({ user_id: userId }).whereNull('confirmed_ms').update({ confirmed_ms: this.options.now() })
        if (confirmed === 0) return undefined
        await note({ event: 'totp.enabled', userId, origin })
        return { recoveryCodes: await this.writeRecoveryCodes(trx, userId) }
      }),
    )
  }

  /** Switches the codes off; recovery codes go too unless a passkey still needs them. */
  async disableTotp(userId: string, origin: Origin): Promise<boolean> {
    return this.options.journal.change(async (trx, note) => {
      const removed = await trx('totp_secrets').where({ user_id: userId }).delete()
      if (removed === 0) return false
      if ((await countOf(trx('passkeys').where({ user_id: userId }))) === 0) await trx('recovery_codes').where({ user_id: userId }).delete()
      await note({ event: 'totp.disabled', userId, origin })
      return true
    })
  }

  /** Makes new recovery codes in place of all before. They are shown this once. */
  async makeRecoveryCodes(userId: string, origin: Origin): Promise<readonly string[]> {
    return this.options.journal.change(async (trx, note) => {
      await note({ event: 'recovery_codes.made', userId, origin })
      return this.writeRecoveryCodes(trx, userId)
    })
  }

  /** Takes a code of the app or a recovery code: each works once, however many try it at the same moment. */
  async check(userId: string, code: string, origin: Origin): Promise<{ readonly ok: true } | CodeFault> {
    const plain = code.trim().toLowerCase().replace(/\s/g, '')
    return this.guarded(userId, async () => {
      if (RECOVERY_CODE.test(plain)) return this.options.journal.change(async (trx, note) => ((await this.takeRecoveryCode(trx, note, { userId, code: plain, origin })) ? {} : undefined))
      const row = await this.options.knex<TotpRow>('totp_secrets').where({ user_id: userId }).whereNotNull('confirmed_ms').first()
      return row !== undefined && (await this.takeTotp(this.options.knex, row, plain)) ? {} : undefined
    })
  }

  /** Five wrong codes, then a pause, however they arrive. */
  private async guarded<Result extends object>(userId: string, attempt: () => Promise<Result | undefined>): Promise<({ readonly ok: true } & Result) | CodeFault> {
    const waitMs = await this.failures.begin([{ key: userId, limit: FAILURES }], this.options.now())
    if (waitMs > 0) return { ok: false, code: 'too_many_requests', retryAfterMs: waitMs, message: `Too many wrong codes. Try again in ${Math.ceil(waitMs / 60_000)} minutes.` }
    const result = await attempt()
    if (result === undefined) return { ok: false, code: 'wrong_code', message: 'The code is wrong, or was used before. Wait for the next one, then try again.' }
    await this.failures.forget(userId)
    return { ok: true, ...result }
  }

  private async takeTotp(knex: Knex, row: TotpRow, code: string): Promise<boolean> {
    if (!/^\d{6}$/.test(code)) return false
    const nowMs = this.options.now()
    const delta = this.totp(this.options.secrets.open(row.secret, placeOf(row.user_id)), '').validate({ token: code, timestamp: nowMs, window: WINDOW })
    if (delta === null) return false
    const step = Math.floor(nowMs / 1_000 / STEP_SECONDS) + delta
    return (await knex('totp_secrets').where({ user_id: row.user_id }).where('last_step', '<', step).update({ last_step: step })) === 1
  }

  private async takeRecoveryCode(trx: Knex.Transaction, note: Note, { userId, code, origin }: { userId: string; code: string; origin: Origin }): Promise<boolean> {
    const rows = await trx<RecoveryRow>('recovery_codes').where({ user_id: userId }).whereNull('used_ms')
    const row = rows.find((candidate) => this.options.secrets.isMark(candidate.code_hash, code, placeOf(userId)))
    if (row === undefined) return false
    const taken = await trx('recovery_codes').where({ user_id: userId, code_hash: row.code_hash }).whereNull('used_ms').update({ used_ms: this.options.now() })
    if (taken === 0) return false
    await note({ event: 'recovery_code.used', userId, origin, details: { left: String(rows.length - 1) } })
    return true
  }

  /** Kept as marks under the master key: they are short, and a plain hash of them could be guessed from a copied database. */
  private async writeRecoveryCodes(trx: Knex.Transaction, userId: string): Promise<readonly string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => this.newRecoveryCode())
    await trx('recovery_codes').where({ user_id: userId }).delete()
    await trx('recovery_codes').insert(codes.map((code) => ({ user_id: userId, code_hash: this.options.secrets.mark(code, placeOf(userId)), used_ms: null })))
    return codes
  }

  private newRecoveryCode(): string {
    // 32 letters: each byte gives one without favouring any.
    const letters = [...this.options.randomBytes(10)].map((byte) => LETTERS[byte & 31]).join('')
    return `${letters.slice(0, 5)}-${letters.slice(5)}`
  }

  private totp(secret: Uint8Array, label: string): TOTP {
    const bytes = new Uint8Array(secret)
    return new TOTP({ issuer: this.options.issuer(), label, secret: new Secret({ buffer: bytes.buffer }), algorithm: 'SHA1', digits: 6, period: STEP_SECONDS })
  }
}

async function countOf(query: Knex.QueryBuilder): Promise<number> {
  const [row] = (await query.count({ count: '*' })) as { count: bigint | number | string }[]
  return Number(row?.count ?? 0)
}

export function placeOf(userId: string): string {
  return `second-factor:${userId}`
}
