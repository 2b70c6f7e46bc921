/** People, passwords and sessions: import from here. */
export { createIdentity, identityMigrations, normaliseEmail } from './identity.js'
export type { Identity, IdentityOptions, LogInInput, LogInResult, OpenSession, Person, SessionEnd, SetPasswordResult, SignUpResult, WeakPasswordRefusal } from './identity.js'
export { PasswordsBusyError } from './passwords.js'
export type { WeakPasswordReason } from './weak-passwords.js'
