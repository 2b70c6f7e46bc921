/** The part of the client for those who work for the operator; each call needs a role. */
import type { CallRoute } from './rest-calls.js'
import { ROUTES } from './routes/index.js'
import type { ApprovalRequest, ApprovalView, AuditEntryView, AuditVerdictView, PersonView } from './schemas/index.js'

export interface OperatorClient {
  findPerson(email: string): Promise<PersonView>
  /** Freezes an account at once. */
  freezePerson(userId: string): Promise<void>
  auditLog(query?: { subject?: string; before?: number; limit?: number }): Promise<AuditEntryView[]>
  verifyAudit(): Promise<AuditVerdictView>
  approvals(): Promise<ApprovalView[]>
  /** Requests something that another person has to approve. */
  requestApproval(request: ApprovalRequest): Promise<ApprovalView>
  decideApproval(approvalId: string, decision: 'approve' | 'reject'): Promise<ApprovalView>
  /** Takes back a request of one's own. */
  withdrawApproval(approvalId: string): Promise<ApprovalView>
}

export function createOperatorClient(call: CallRoute): OperatorClient {
  return {
    findPerson: (email) => call(ROUTES.findPerson, { query: { email } }),
    freezePerson: (userId) => call(ROUTES.freezePerson, { params: { userId } }),
    auditLog: (query = {}) => call(ROUTES.auditLog, { query }),
    verifyAudit: () => call(ROUTES.verifyAudit),
    approvals: () => call(ROUTES.approvals),
    requestApproval: (body) => call(ROUTES.requestApproval, { body }),
    decideApproval: (approvalId, decision) => call(ROUTES.decideApproval, { params: { approvalId }, body: { decision } }),
    withdrawApproval: (approvalId) => call(ROUTES.withdrawApproval, { params: { approvalId } }),
  }
}
