/** People, passwords, sessions and API keys: import from here. */
export { createIdentity, identityMigrations, normaliseEmail, ROLES } from './identity.js'
export type { Identity, IdentityOptions, LogInInput, LogInResult, OpenSession, Person, Role, SessionEnd, SetPasswordResult, SignUpResult, WeakPasswordRefusal } from './identity.js'
export { PasswordsBusyError } from './passwords.js'
export type { WeakPasswordReason } from './weak-passwords.js'

export { API_KEY_KINDS, API_SCOPES, ApiKeys } from './api-keys.js'
export type { ApiKey, ApiKeyKind, ApiKeyRefusal, ApiKeysOptions, ApiScope, CheckSignatureResult, CreateApiKeyResult, NewApiKey, SignatureFault, SignedRequest } from './api-keys.js'
export { createSecretBox, SealedSecretError, type SecretBox, type SecretBoxOptions } from './secret-box.js'
export { isAddressRange } from './address-list.js'
