/** What those who work for the operator see and do: the audit log, approvals, people. */
import { z } from 'zod'
import { queryNumber, TimestampMs } from './common.js'

export const OperatorRole = z.enum(['viewer', 'support', 'compliance', 'finance', 'admin'])
export type OperatorRole = z.infer<typeof OperatorRole>

export const AuditQuery = z.strictObject({ subject: z.string().max(100).optional(), before: queryNumber(1, Number.MAX_SAFE_INTEGER).optional(), limit: queryNumber(1, 1000).default(100) })
export const AuditEntryView = z.object({
  sequence: z.number().int(),
  timestampMs: TimestampMs,
  actor: z.string().describe('A person, `operator` for the command line, or `system`.'),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.unknown()),
  hash: z.string(),
})
export type AuditEntryView = z.infer<typeof AuditEntryView>
export const AuditVerdictView = z.object({ ok: z.boolean(), entries: z.number().int().nullable(), head: z.string().nullable(), sequence: z.number().int().nullable(), message: z.string().nullable() })
export type AuditVerdictView = z.infer<typeof AuditVerdictView>

export const ApprovalRequest = z.strictObject({ action: z.string().max(60), input: z.record(z.string().max(60), z.unknown()), reason: z.string().trim().min(3).max(500) })
export type ApprovalRequest = z.infer<typeof ApprovalRequest>
export const ApprovalDecision = z.strictObject({ decision: z.enum(['approve', 'reject']) })
export const ApprovalView = z.object({
  approvalId: z.string(),
  action: z.string(),
  input: z.record(z.string(), z.unknown()),
  reason: z.string(),
  state: z.enum(['requested', 'approved', 'done', 'failed', 'rejected', 'withdrawn', 'expired']),
  requestedBy: z.string(),
  requestedMs: TimestampMs,
  expiresMs: TimestampMs,
  decidedBy: z.string().nullable(),
  decidedMs: TimestampMs.nullable(),
  outcome: z.string().nullable(),
})
export type ApprovalView = z.infer<typeof ApprovalView>

export const PersonQuery = z.strictObject({ email: z.email().max(254) })
export const PersonView = z.object({ userId: z.string(), email: z.string(), role: z.string(), createdMs: TimestampMs, emailVerified: z.boolean(), frozen: z.boolean(), withdrawalsHeldUntilMs: TimestampMs.nullable() })
export type PersonView = z.infer<typeof PersonView>
