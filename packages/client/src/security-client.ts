/** The part of the client that concerns the safety of one's account. */
import type { CallRoute } from './rest-calls.js'
import { ROUTES } from './routes/index.js'
import type { ActivityEntry, DeviceView, IdentityProof, OutboxMail, PasskeyQuestion, ProofGiven, RecoveryCodes, SecurityView, SessionView, TotpSetup } from './schemas/index.js'

/** Calls marked "needs a proof" are rejected with `proof_required` when the last one is too old; see {@link SecurityClient.prove}. */
export interface SecurityClient {
  /** How the account is protected. */
  overview(): Promise<SecurityView>
  /** Proves again who one is: by password, or where there is a second factor by that. */
  prove(proof: IdentityProof): Promise<ProofGiven>
  beginPasskeyProof(): Promise<PasskeyQuestion>

  /** These take the secret of a mail's link. */
  verifyEmail(token: string): Promise<void>
  resetPassword(input: { token: string; password: string }): Promise<void>
  freezeAccount(token: string): Promise<void>
  /** Mails a link for a new password, where there is such a person. */
  forgotPassword(email: string): Promise<void>
  sendVerification(): Promise<void>

  /** Needs a proof. */
  beginTotp(): Promise<TotpSetup>
  /** Needs a proof. */
  confirmTotp(code: string): Promise<RecoveryCodes>
  /** Needs a proof. */
  disableTotp(): Promise<void>
  /** Needs a proof. */
  makeRecoveryCodes(): Promise<RecoveryCodes>

  beginPasskeyLogIn(): Promise<PasskeyQuestion>
  /** Needs a proof. */
  beginPasskey(): Promise<PasskeyQuestion>
  /** Needs a proof. */
  addPasskey(input: { ticket: string; response: object; label: string }): Promise<void>
  /** Needs a proof. */
  removePasskey(passkeyId: string): Promise<void>

  /** Needs a proof; null removes the code. */
  setAntiPhishingCode(code: string | null): Promise<void>
  sessions(): Promise<SessionView[]>
  endSession(sessionId: string): Promise<void>
  endOtherSessions(): Promise<void>
  devices(): Promise<DeviceView[]>
  forgetDevice(deviceId: string): Promise<void>
  activity(): Promise<ActivityEntry[]>
  /** Mails that would have been sent; in development only. */
  outbox(): Promise<OutboxMail[]>
}

export function createSecurityClient(call: CallRoute): SecurityClient {
  return {
    overview: () => call(ROUTES.security),
    prove: (body) => call(ROUTES.proveIdentity, { body }),
    beginPasskeyProof: () => call(ROUTES.beginPasskeyProof),
    verifyEmail: (token) => call(ROUTES.verifyEmail, { body: { token } }),
    resetPassword: (body) => call(ROUTES.resetPassword, { body }),
    freezeAccount: (token) => call(ROUTES.freezeAccount, { body: { token } }),
    forgotPassword: (email) => call(ROUTES.forgotPassword, { body: { email } }),
    sendVerification: () => call(ROUTES.sendVerification),
    beginTotp: () => call(ROUTES.beginTotp),
    confirmTotp: (code) => call(ROUTES.confirmTotp, { body: { code } }),
    disableTotp: () => call(ROUTES.disableTotp),
    makeRecoveryCodes: () => call(ROUTES.makeRecoveryCodes),
    beginPasskeyLogIn: () => call(ROUTES.beginPasskeyLogIn),
    beginPasskey: () => call(ROUTES.beginPasskey),
    addPasskey: (body) => call(ROUTES.addPasskey, { body }),
    removePasskey: (passkeyId) => call(ROUTES.removePasskey, { params: { passkeyId } }),
    setAntiPhishingCode: (code) => call(ROUTES.setAntiPhishingCode, { body: { code } }),
    sessions: () => call(ROUTES.sessions),
    endSession: (sessionId) => call(ROUTES.endSession, { params: { sessionId } }),
    endOtherSessions: () => call(ROUTES.endOtherSessions),
    devices: () => call(ROUTES.devices),
    forgetDevice: (deviceId) => call(ROUTES.forgetDevice, { params: { deviceId } }),
    activity: () => call(ROUTES.activity),
    outbox: () => call(ROUTES.outbox),
  }
}
