/** What is asked of an e-mail address and a password before they are sent. */
import type { TextKey } from '../../i18n/text-keys.js'

export type CredentialField = 'email' | 'password' | 'code'

/** The exchange demands the same. */
export const SHORTEST_PASSWORD = 8

export function checkCredentials(typed: { email: string; password: string }, signUp: boolean): { field: CredentialField; text: TextKey } | null {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.email.trim())) return { field: 'email', text: 'logIn.problem.email' }
  if (typed.password === '') return { field: 'password', text: 'logIn.problem.password' }
  if (signUp && typed.password.length < SHORTEST_PASSWORD) return { field: 'password', text: 'logIn.problem.short' }
  return null
}

/** Where to show what the exchange refused; null for what concerns both fields. */
export function fieldOfError(error: { code: string; field?: string | undefined }): CredentialField | null {
  if (error.code === 'email_taken') return 'email'
  if (error.code === 'weak_password') return 'password'
  return error.field === 'email' || error.field === 'password' || error.field === 'code' ? error.field : null
}
