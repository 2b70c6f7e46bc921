/** Routes for the safety of one's own account. */
import { z } from 'zod'
import {
  ActivityEntry, AntiPhishingCode, DeviceView, ForgottenPassword, IdentityProof, LinkRequest, NewPasskey, OutboxMail, PasskeyQuestion, PasskeyResponse, PasswordChange, PasswordReset, ProofGiven, RecoveryCodes, SecurityView, Session, SessionView, TotpConfirmation, TotpSetup,
} from '../schemas/index.js'
import { Nothing, route } from './route-contract.js'

const byLink = { method: 'POST', access: 'public', budget: 'logIn', tag: 'security' } as const
const own = { access: 'account', budget: 'wallet', tag: 'security' } as const
const list = { method: 'GET', access: 'account', budget: 'read', tag: 'security' } as const

export const securityRoutes = {
  verifyEmail: route({ name: 'verifyEmail', path: '/auth/verify-email', ...byLink, summary: 'Proves a mailbox by the link of a mail.', body: LinkRequest, answer: Nothing }),
  forgotPassword: route({ name: 'forgotPassword', path: '/auth/forgot-password', ...byLink, summary: 'Mails a link for a new password, where there is such a person; the answer does not tell.', body: ForgottenPassword, answer: Nothing }),
  resetPassword: route({ name: 'resetPassword', path: '/auth/reset-password', ...byLink, summary: 'Chooses a new password by the link of a mail; every session ends.', body: PasswordReset, answer: Nothing }),
  freezeAccount: route({ name: 'freezeAccount', path: '/auth/freeze-account', ...byLink, summary: 'Freezes an account by the link of a security mail.', body: LinkRequest, answer: Nothing }),
  beginPasskeyLogIn: route({ name: 'beginPasskeyLogIn', path: '/auth/passkey/begin', ...byLink, summary: 'Asks for a passkey to log in with.', answer: PasskeyQuestion }),
  logInByPasskey: route({ name: 'logInByPasskey', path: '/auth/passkey', ...byLink, summary: 'Begins a session by a passkey.', body: PasskeyResponse, answer: Session }),

  security: route({ name: 'security', path: '/security', ...list, summary: 'How the account is protected.', answer: SecurityView }),
  proveIdentity: route({ name: 'proveIdentity', method: 'POST', path: '/security/proof', ...own, summary: 'Proves again who one is, which opens sensitive changes for a while.', body: IdentityProof, answer: ProofGiven }),
  beginPasskeyProof: route({ name: 'beginPasskeyProof', method: 'POST', path: '/security/proof/passkey', ...own, summary: 'Asks for one of the passkeys as a proof.', answer: PasskeyQuestion }),
  sendVerification: route({ name: 'sendVerification', method: 'POST', path: '/security/verification', ...own, summary: 'Mails a new link that proves the mailbox.', answer: Nothing }),
  changePassword: route({ name: 'changePassword', method: 'POST', path: '/security/password', ...own, needs: ['proof'], summary: 'Changes the password; every other session ends and this one goes on under a new token.', body: PasswordChange, answer: Session }),
  beginTotp: route({ name: 'beginTotp', method: 'POST', path: '/security/totp', ...own, needs: ['proof'], summary: 'Makes a secret for an authenticator app.', answer: TotpSetup }),
  confirmTotp: route({ name: 'confirmTotp', method: 'POST', path: '/security/totp/confirmation', ...own, needs: ['proof'], summary: 'Switches the codes on by the first of them; gives recovery codes, shown this once.', body: TotpConfirmation, answer: RecoveryCodes }),
  disableTotp: route({ name: 'disableTotp', method: 'DELETE', path: '/security/totp', ...own, needs: ['proof'], summary: 'Switches the codes off.', answer: Nothing }),
  makeRecoveryCodes: route({ name: 'makeRecoveryCodes', method: 'POST', path: '/security/recovery-codes', ...own, needs: ['proof'], summary: 'Makes new recovery codes, shown this once; the ones before no longer work.', answer: RecoveryCodes }),
  beginPasskey: route({ name: 'beginPasskey', method: 'POST', path: '/security/passkeys/begin', ...own, needs: ['proof'], summary: 'Asks a device to make a passkey.', answer: PasskeyQuestion }),
  addPasskey: route({ name: 'addPasskey', method: 'POST', path: '/security/passkeys', ...own, needs: ['proof'], summary: 'Keeps a passkey that a device has made.', body: NewPasskey, answer: Nothing }),
  removePasskey: route({ name: 'removePasskey', method: 'DELETE', path: '/security/passkeys/:passkeyId', ...own, needs: ['proof'], summary: 'Removes a passkey.', params: z.strictObject({ passkeyId: z.string().max(1_500) }), answer: Nothing }),
  setAntiPhishingCode: route({ name: 'setAntiPhishingCode', method: 'PUT', path: '/security/anti-phishing-code', ...own, needs: ['proof'], summary: 'Sets the word that stands in every mail; null removes it.', body: AntiPhishingCode, answer: Nothing }),
  sessions: route({ name: 'sessions', path: '/security/sessions', ...list, summary: 'The sessions that are open.', answer: z.array(SessionView) }),
  endSession: route({ name: 'endSession', method: 'DELETE', path: '/security/sessions/:sessionId', ...own, summary: 'Ends a session at once, its sockets included.', params: z.strictObject({ sessionId: z.string().max(100) }), answer: Nothing }),
  endOtherSessions: route({ name: 'endOtherSessions', method: 'DELETE', path: '/security/sessions', ...own, summary: 'Ends every session but this one.', answer: Nothing }),
  devices: route({ name: 'devices', path: '/security/devices', ...list, summary: 'Devices that were logged in from.', answer: z.array(DeviceView) }),
  forgetDevice: route({ name: 'forgetDevice', method: 'DELETE', path: '/security/devices/:deviceId', ...own, summary: 'Forgets a device and ends its sessions.', params: z.strictObject({ deviceId: z.string().max(100) }), answer: Nothing }),
  activity: route({ name: 'activity', path: '/security/activity', ...list, summary: 'The last 100 sensitive things that were done to the account.', answer: z.array(ActivityEntry) }),
  outbox: route({ name: 'outbox', method: 'GET', path: '/development/outbox', access: 'public', budget: 'read', tag: 'security', summary: 'Mails that would have been sent; served in development, to programs of the same machine only.', answer: z.array(OutboxMail) }),
} as const
