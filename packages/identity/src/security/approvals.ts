/** Two persons for what one must not do alone: one requests, another one with the right role approves, and only then it is done. */
import type { Knex } from 'knex'
import { randomUUID } from 'node:crypto'
import type { AuditLog } from '../audit/audit-log.js'
import type { Person, Role } from '../people.js'

/** What can be requested: registered once, by name, by whoever owns the action. */
export interface ApprovableAction {
  /** For example `account.unfreeze`. */
  readonly name: string
  /** Roles that may request it. */
  readonly requestedBy: readonly Role[]
  /** Roles that may approve it. */
  readonly approvedBy: readonly Role[]
  /** Refuses an input by a sentence. */
  check(input: Readonly<Record<string, unknown>>): Promise<string | undefined>
  /** Does it; must do no harm when it is called twice for one approval. */
  perform(input: Readonly<Record<string, unknown>>, approval: Approval): Promise<void>
}

/** `approved`: decided, on its way; `done` and `failed`: what became of it. */
export type ApprovalState = 'requested' | 'approved' | 'done' | 'failed' | 'rejected' | 'withdrawn' | 'expired'

export interface Approval {
  readonly approvalId: string
  readonly action: string
  readonly input: Readonly<Record<string, unknown>>
  readonly reason: string
  readonly state: ApprovalState
  readonly requestedBy: string
  readonly requestedMs: number
  readonly expiresMs: number
  readonly decidedBy: string | undefined
  readonly decidedMs: number | undefined
  /** What went wrong, when it failed. */
  readonly outcome: string | undefined
}

export type ApprovalResult = { readonly ok: true; readonly approval: Approval } | { readonly ok: false; readonly code: 'forbidden' | 'not_found' | 'conflict' | 'invalid_request'; readonly message: string }

export interface ApprovalsOptions {
  readonly knex: Knex
  readonly audit: AuditLog
  now(): number
  readonly lifetimeMs?: number
}

const DAY_MS = 24 * 3_600_000

interface ApprovalRow {
  approval_id: string
  action: string
  input: string
  reason: string
  state: ApprovalState
  requested_by: string
  requested_ms: bigint | number | string
  expires_ms: bigint | number | string
  decided_by: string | null
  decided_ms: bigint | number | string | null
  outcome: string | null
}

type Operator = Pick<Person, 'userId' | 'role'>

export class Approvals {
  private readonly actions = new Map<string, ApprovableAction>()

  constructor(private readonly options: ApprovalsOptions) {}

  /** Makes an action known. @throws Error when its name is taken. */
  register(action: ApprovableAction): void {
    if (this.actions.has(action.name)) throw new Error(`The action ${action.name} is registered twice.`)
    this.actions.set(action.name, action)
  }

  /** Asks that something be done. */
  async request(operator: Operator, { action: name, input, reason }: { action: string; input: Readonly<Record<string, unknown>>; reason: string }): Promise<ApprovalResult> {
    const action = this.actions.get(name)
    if (action === undefined) return refused('not_found', `There is no action "${name}". Known are: ${[...this.actions.keys()].join(', ')}.`)
    if (!action.requestedBy.includes(operator.role)) return refused('forbidden', `Your role (${operator.role}) may not request ${name}.`)
    const fault = await action.check(input)
    if (fault !== undefined) return refused('invalid_request', fault)
    const nowMs = this.options.now()
    const row: ApprovalRow = {
      approval_id: randomUUID(), action: name, input: JSON.stringify(input), reason, state: 'requested', requested_by: operator.userId,
      requested_ms: nowMs, expires_ms: nowMs + (this.options.lifetimeMs ?? DAY_MS), decided_by: null, decided_ms: null, outcome: null,
    }
    await this.inTurn(async (trx) => {
      await trx('approvals').insert(row)
      await this.write(trx, operator.userId, 'approval.requested', row)
    })
    return { ok: true, approval: approvalOf(row) }
  }

  /** Decides and, when approved, does it. Nobody decides on their own request, whatever their role. */
  async decide(operator: Operator, approvalId: string, decision: 'approve' | 'reject'): Promise<ApprovalResult> {
    const decided = await this.inTurn(async (trx): Promise<ApprovalResult> => {
      const row = await this.find(trx, approvalId)
      if (row === undefined) return refused('not_found', 'There is no such request.')
      const action = this.actions.get(row.action)
      if (action === undefined || !action.approvedBy.includes(operator.role)) return refused('forbidden', `Your role (${operator.role}) may not decide on ${row.action}.`)
      if (row.requested_by === operator.userId) return refused('forbidden', 'Nobody decides on their own request. Ask somebody else who may.')
      return this.close(trx, row, { state: decision === 'approve' ? 'approved' : 'rejected', by: operator.userId })
    })
    return decided.ok && decided.approval.state === 'approved' ? this.perform(decided.approval) : decided
  }

  /** Takes one's own request back. */
  async withdraw(operator: Operator, approvalId: string): Promise<ApprovalResult> {
    return this.inTurn(async (trx) => {
      const row = await this.find(trx, approvalId)
      if (row === undefined || row.requested_by !== operator.userId) return refused('not_found', 'There is no such request of yours.')
      return this.close(trx, row, { state: 'withdrawn', by: operator.userId })
    })
  }

  /** Does what was approved before a crash kept it from being done; call it at every start. */
  async resume(): Promise<void> {
    const rows = await this.options.knex<ApprovalRow>('approvals').where({ state: 'approved' })
    for (const row of rows) await this.perform(approvalOf(row))
  }

  /** Newest first. */
  async list(limit: number): Promise<Approval[]> {
    const rows = await this.options.knex<ApprovalRow>('approvals').orderBy([{ column: 'requested_ms', order: 'desc' }, 'approval_id']).limit(limit)
    return rows.map((row) => ({ ...approvalOf(row), state: this.stateOf(row) }))
  }

  private inTurn<Result>(work: (trx: Knex.Transaction) => Promise<Result>): Promise<Result> {
    return this.options.knex.transaction(async (trx) => {
      await this.options.audit.takeTurn(trx)
      return work(trx)
    })
  }

  private async perform(approval: Approval): Promise<ApprovalResult> {
    const action = this.actions.get(approval.action)
    if (action === undefined) return { ok: true, approval }
    let outcome: string | null = null
    try {
      await action.perform(approval.input, approval)
    } catch (error) {
      outcome = error instanceof Error ? error.message : String(error)
    }
    const state: ApprovalState = outcome === null ? 'done' : 'failed'
    await this.inTurn(async (trx) => {
      const row = await this.find(trx, approval.approvalId)
      if (row === undefined || (await trx('approvals').where({ approval_id: approval.approvalId, state: 'approved' }).update({ state, outcome })) === 0) return
      await this.write(trx, approval.decidedBy ?? 'system', `approval.${state}`, { ...row, outcome })
    })
    return { ok: true, approval: { ...approval, state, outcome: outcome ?? undefined } }
  }

  /** One decision counts, however many come at the same moment. */
  private async close(trx: Knex.Transaction, row: ApprovalRow, { state, by }: { state: ApprovalState; by: string }): Promise<ApprovalResult> {
    const present = this.stateOf(row)
    if (present !== 'requested') return refused('conflict', `The request is ${present} already.`)
    const decidedMs = this.options.now()
    const closed = await trx('approvals').where({ approval_id: row.approval_id, state: 'requested' }).update({ state, decided_by: by, decided_ms: decidedMs })
    if (closed === 0) return refused('conflict', 'The request has just been decided.')
    const after = { ...row, state, decided_by: by, decided_ms: decidedMs }
    await this.write(trx, by, `approval.${state}`, after)
    return { ok: true, approval: approvalOf(after) }
  }

  private find(trx: Knex.Transaction, approvalId: string): Promise<ApprovalRow | undefined> {
    return trx<ApprovalRow>('approvals').where({ approval_id: approvalId }).first()
  }

  private stateOf(row: ApprovalRow): ApprovalState {
    return row.state === 'requested' && Number(row.expires_ms) <= this.options.now() ? 'expired' : row.state
  }

  private async write(trx: Knex.Transaction, actor: string, action: string, row: ApprovalRow): Promise<void> {
    const details = { approvalId: row.approval_id, action: row.action, input: JSON.parse(row.input) as unknown, reason: row.reason, ...(row.outcome !== null && { outcome: row.outcome }) }
    await this.options.audit.append(trx, { timestampMs: this.options.now(), actor, action, subject: row.approval_id, details })
  }
}

function refused(code: Extract<ApprovalResult, { ok: false }>['code'], message: string): ApprovalResult {
  return { ok: false, code, message }
}

function approvalOf(row: ApprovalRow): Approval {
  return {
    approvalId: row.approval_id,
    action: row.action,
    input: JSON.parse(row.input) as Record<string, unknown>,
    reason: row.reason,
    state: row.state,
    requestedBy: row.requested_by,
    requestedMs: Number(row.requested_ms),
    expiresMs: Number(row.expires_ms),
    decidedBy: row.decided_by ?? undefined,
    decidedMs: row.decided_ms === null ? undefined : Number(row.decided_ms),
    outcome: row.outcome ?? undefined,
  }
}
