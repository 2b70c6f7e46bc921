/** What those who work for the operator may see and do; the table of routes says which role may do what. */
import { ROUTES, type ApprovalView, type AuditEntryView, type AuditVerdictView, type PersonView } from '@bourse/client'
import type { Approval, ApprovalResult } from '@bourse/identity'
import { ApiFailure, notFound } from '../http/failures.js'
import { serveRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'

const SHOWN_APPROVALS = 100
const STATUS = { forbidden: 403, not_found: 404, conflict: 409, invalid_request: 400 } as const

export function operatorRoutes({ identity, accounts: { audit, approvals, security } }: GatewayServices): Route[] {
  return [
    serveRoute(ROUTES.findPerson, async ({ query }): Promise<PersonView> => {
      const user = await identity.userByEmail(query.email)
      if (user === undefined) throw notFound('There is no person with this e-mail address.', 'email')
      return { ...user, withdrawalsHeldUntilMs: user.withdrawalsHeldUntilMs === 0 ? null : user.withdrawalsHeldUntilMs }
    }),
    serveRoute(ROUTES.freezePerson, async ({ caller, params }) => {
      if ((await identity.userById(params.userId)) === undefined) throw notFound('There is no such person.', 'userId')
      await security.freeze(params.userId, { actor: caller.user.userId })
    }),
    serveRoute(ROUTES.auditLog, async ({ query }): Promise<AuditEntryView[]> => (await audit.list(query)).map((entry) => ({ ...entry, details: JSON.parse(entry.details) as Record<string, unknown> }))),
    serveRoute(ROUTES.verifyAudit, async (): Promise<AuditVerdictView> => {
      const verdict = await audit.verify()
      return verdict.ok ? { ...verdict, sequence: null, message: null } : { ...verdict, entries: null, head: null }
    }),
    serveRoute(ROUTES.approvals, async (): Promise<ApprovalView[]> => (await approvals.list(SHOWN_APPROVALS)).map(approvalView)),
    serveRoute(ROUTES.requestApproval, async ({ caller, body }) => answered(await approvals.request(caller.user, body))),
    serveRoute(ROUTES.decideApproval, async ({ caller, params, body }) => answered(await approvals.decide(caller.user, params.approvalId, body.decision))),
    serveRoute(ROUTES.withdrawApproval, async ({ caller, params }) => answered(await approvals.withdraw(caller.user, params.approvalId))),
  ]
}

function answered(result: ApprovalResult): ApprovalView {
  if (result.ok) return approvalView(result.approval)
  throw new ApiFailure({ status: STATUS[result.code], code: result.code, message: result.message })
}

function approvalView({ decidedBy, decidedMs, outcome, ...approval }: Approval): ApprovalView {
  return { ...approval, decidedBy: decidedBy ?? null, decidedMs: decidedMs ?? null, outcome: outcome ?? null }
}
