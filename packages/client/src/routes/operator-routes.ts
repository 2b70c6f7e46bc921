/** Routes for those who work for the operator, each with the roles that may call it. */
import { z } from 'zod'
import { ApprovalDecision, ApprovalRequest, ApprovalView, AuditEntryView, AuditQuery, AuditVerdictView, PersonQuery, PersonView } from '../schemas/index.js'
import { Nothing, route } from './route-contract.js'

const EVERY_ROLE = ['viewer', 'support', 'compliance', 'finance', 'admin'] as const
const operator = { access: 'operator', tag: 'operators' } as const
const ApprovalParams = z.strictObject({ approvalId: z.string().max(60) })

export const operatorRoutes = {
  findPerson: route({ name: 'findPerson', method: 'GET', path: '/operator/people', ...operator, roles: EVERY_ROLE, budget: 'read', summary: 'A person, by e-mail address.', query: PersonQuery, answer: PersonView }),
  freezePerson: route({ name: 'freezePerson', method: 'POST', path: '/operator/people/:userId/freeze', ...operator, roles: ['support', 'compliance', 'admin'], needs: ['proof'], budget: 'wallet', summary: 'Freezes an account at once; to open it again takes two persons.', params: z.strictObject({ userId: z.string().max(60) }), answer: Nothing }),
  auditLog: route({ name: 'auditLog', method: 'GET', path: '/operator/audit', ...operator, roles: ['compliance', 'admin'], budget: 'history', summary: 'The audit log, newest first.', query: AuditQuery, answer: z.array(AuditEntryView) }),
  verifyAudit: route({ name: 'verifyAudit', method: 'GET', path: '/operator/audit/verification', ...operator, roles: ['compliance', 'admin'], budget: 'logIn', summary: 'Checks every entry of the audit log.', answer: AuditVerdictView }),
  approvals: route({ name: 'approvals', method: 'GET', path: '/operator/approvals', ...operator, roles: EVERY_ROLE, budget: 'read', summary: 'The last 100 requests that need two persons.', answer: z.array(ApprovalView) }),
  requestApproval: route({ name: 'requestApproval', method: 'POST', path: '/operator/approvals', ...operator, roles: ['support', 'compliance', 'finance', 'admin'], needs: ['proof'], budget: 'wallet', summary: 'Requests something that another person has to approve.', body: ApprovalRequest, answer: ApprovalView, status: 201 }),
  decideApproval: route({ name: 'decideApproval', method: 'POST', path: '/operator/approvals/:approvalId/decision', ...operator, roles: ['compliance', 'finance', 'admin'], needs: ['proof'], budget: 'wallet', summary: 'Approves or rejects the request of another person; what is approved is done at once.', params: ApprovalParams, body: ApprovalDecision, answer: ApprovalView }),
  withdrawApproval: route({ name: 'withdrawApproval', method: 'DELETE', path: '/operator/approvals/:approvalId', ...operator, roles: ['support', 'compliance', 'finance', 'admin'], budget: 'wallet', summary: 'Takes back a request of one\'s own.', params: ApprovalParams, answer: ApprovalView }),
} as const
