/** The log of everything sensitive that was done: each entry carries a mark over itself and the one before it, so that no entry can be altered, removed or put in. */
import type { Knex } from 'knex'
import type { SecretBox } from '../secret-box.js'

export interface AuditEntry {
  /** 1, 2, 3, ... without gaps. */
  readonly sequence: number
  readonly timestampMs: number
  /** Who did it: a person's id, or `operator` for the command line. */
  readonly actor: string
  /** What was done, for example `password.changed`. */
  readonly action: string
  /** Whom or what it was done to: a person's id, an approval's. */
  readonly subject: string
  /** JSON; never a secret. */
  readonly details: string
  readonly hash: string
}

export type NewAuditEntry = Omit<AuditEntry, 'sequence' | 'hash' | 'details'> & { readonly details?: Readonly<Record<string, unknown>> }

export type AuditVerdict =
  | { readonly ok: true; readonly entries: number; readonly head: string }
  /** The first entry that is not as it was written. */
  | { readonly ok: false; readonly sequence: number; readonly message: string }

export interface AuditQuery {
  readonly subject?: string | undefined
  /** Only entries before this one. */
  readonly before?: number | undefined
  readonly limit: number
}

interface AuditRow {
  sequence: bigint | number | string
  timestamp_ms: bigint | number | string
  actor: string
  action: string
  subject: string
  details: string
  hash: string
}

/** What the first entry names as the one before it. */
const BEGINNING = 'beginning'
const PURPOSE = 'audit log'
const PAGE = 5_000
/** Any number that no other program uses on the same database. */
const POSTGRES_LOCK = 7_326_502

export class AuditLog {
  constructor(
    private readonly knex: Knex,
    private readonly secrets: Pick<SecretBox, 'mark' | 'isMark'>,
  ) {}

  /**
   * Waits for the other writers, who then wait until the end of this transaction; SQLite has one connection anyway.
   * A transaction that locks rows must do this first: two that wait for each other would both fail.
   */
  async takeTurn(trx: Knex.Transaction): Promise<void> {
    if (isPostgres(trx)) await trx.raw(`select pg_advisory_xact_lock(${POSTGRES_LOCK})`)
  }

  /** Writes an entry in the transaction of what it tells of. */
  async append(trx: Knex.Transaction, entry: NewAuditEntry): Promise<void> {
    await this.takeTurn(trx)
    const last = await trx<AuditRow>('audit_log').orderBy('sequence', 'desc').first()
    await trx('audit_log').insert(rowOf(this.next(last === undefined ? undefined : entryOf(last), entry)))
  }

  /** The entry that follows another one. */
  next(last: Pick<AuditEntry, 'sequence' | 'hash'> | undefined, { details = {}, ...entry }: NewAuditEntry): AuditEntry {
    const unmarked = { ...entry, sequence: (last?.sequence ?? 0) + 1, details: JSON.stringify(details) }
    return { ...unmarked, hash: this.secrets.mark(textOf(unmarked, last?.hash ?? BEGINNING), PURPOSE) }
  }

  /** Newest first. */
  async list({ subject, before, limit }: AuditQuery): Promise<AuditEntry[]> {
    const query = this.knex<AuditRow>('audit_log').orderBy('sequence', 'desc').limit(limit)
    if (subject !== undefined) void query.where({ subject })
    if (before !== undefined) void query.where('sequence', '<', before)
    return (await query).map(entryOf)
  }

  /**
   * Reads the whole log and checks every mark.
   *
   * Entries that were cut off at the end leave no gap: keep `head` elsewhere and give it as `expectedHead`.
   */
  async verify(expectedHead?: string): Promise<AuditVerdict> {
    let hash = BEGINNING
    let sequence = 0
    let seen = expectedHead === undefined || expectedHead === BEGINNING
    for (;;) {
      const rows = await this.knex<AuditRow>('audit_log').where('sequence', '>', sequence).orderBy('sequence').limit(PAGE)
      for (const entry of rows.map(entryOf)) {
        sequence++
        if (entry.sequence !== sequence) return { ok: false, sequence, message: `Entry ${sequence} of the audit log is missing.` }
        if (!this.secrets.isMark(entry.hash, textOf(entry, hash), PURPOSE)) return { ok: false, sequence, message: `Entry ${sequence} of the audit log (${entry.action}) is not as it was written, or the one before it was replaced.` }
        hash = entry.hash
        if (hash === expectedHead) seen = true
      }
      if (rows.length < PAGE) break
    }
    if (!seen) return { ok: false, sequence: sequence + 1, message: `The audit log ends at entry ${sequence} and does not contain the head that was given: entries were cut off.` }
    return { ok: true, entries: sequence, head: hash }
  }
}

function textOf({ sequence, timestampMs, actor, action, subject, details }: Omit<AuditEntry, 'hash'>, previousHash: string): string {
  return JSON.stringify([sequence, timestampMs, actor, action, subject, details, previousHash])
}

function isPostgres(trx: Knex.Transaction): boolean {
  const client: unknown = trx.client
  return typeof client === 'object' && client !== null && 'dialect' in client && client.dialect === 'postgresql'
}

export function rowOf({ sequence, timestampMs, actor, action, subject, details, hash }: AuditEntry): AuditRow {
  return { sequence, timestamp_ms: timestampMs, actor, action, subject, details, hash }
}

function entryOf(row: AuditRow): AuditEntry {
  return { sequence: Number(row.sequence), timestampMs: Number(row.timestamp_ms), actor: row.actor, action: row.action, subject: row.subject, details: row.details, hash: row.hash }
}
