/** Remembers what was answered to a request that carried a key, so that the same request again changes nothing. */
import type { Knex } from 'knex'
import { IDEMPOTENT_ANSWERS } from './record-tables.js'

export interface KeyedRequest {
  readonly userId: string
  /** The client's. */
  readonly key: string
}

export interface Claim extends KeyedRequest {
  /** Digest of method, address and body. */
  readonly fingerprint: string
  /** Unique: names this attempt. */
  readonly claim: string
  readonly nowMs: number
  /** An attempt that began before this has ended without a word, and is taken over. */
  readonly abandonedMs: number
}

/** `begun`: the caller carries it out. `under way`: somebody else does. `other`: the key belongs to another request. */
export type ClaimResult = { readonly state: 'begun' | 'under way' | 'other' } | { readonly state: 'answered'; readonly status: number; readonly answer: string | null }

export interface IdempotentAnswers {
  claim(claim: Claim): Promise<ClaimResult>
  /** Keeps the answer; null where it must not be kept. */
  answered(request: KeyedRequest & { readonly status: number; readonly answer: string | null }): Promise<void>
  /** Nothing was changed: the key may be used again. */
  forget(request: KeyedRequest): Promise<void>
  /** Forgets what was claimed before an instant. */
  prune(beforeMs: number): Promise<void>
}

interface AnswerRecord {
  user_id: string
  key: string
  fingerprint: string
  claim: string
  created_ms: bigint | number
  status: bigint | number | null
  answer: string | null
}

export function createIdempotentAnswers(knex: Knex): IdempotentAnswers {
  const rows = (): Knex.QueryBuilder<AnswerRecord> => knex<AnswerRecord>(IDEMPOTENT_ANSWERS)
  return {
    async claim({ userId, key, fingerprint, claim, nowMs, abandonedMs }) {
      await rows().insert({ user_id: userId, key, fingerprint, claim, created_ms: nowMs, status: null, answer: null }).onConflict(['user_id', 'key']).ignore()
      const row: AnswerRecord | undefined = await rows().where({ user_id: userId, key }).first()
      if (row === undefined) return { state: 'under way' }
      if (row.claim === claim) return { state: 'begun' }
      if (row.fingerprint !== fingerprint) return { state: 'other' }
      if (row.status !== null) return { state: 'answered', status: Number(row.status), answer: row.answer }
      if (Number(row.created_ms) >= abandonedMs) return { state: 'under way' }
      const taken: number = await rows().where({ user_id: userId, key, claim: row.claim }).update({ claim, created_ms: nowMs })
      return { state: taken === 1 ? 'begun' : 'under way' }
    },
    async answered({ userId, key, status, answer }) {
      await rows().where({ user_id: userId, key }).update({ status, answer })
    },
    async forget({ userId, key }) {
      await rows().where({ user_id: userId, key }).delete()
    },
    async prune(beforeMs) {
      await rows().where('created_ms', '<', beforeMs).delete()
    },
  }
}
