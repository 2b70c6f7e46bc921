/** What a person does for the safety of their account, and what the exchange does when somebody else is at it. */
import type { Knex } from 'knex'
import type { ApiKeys } from '../api-keys.js'
import { normaliseEmail, type Identity, type NewSession, type OpenSession, type WeakPasswordRefusal } from '../identity.js'
import { FailureCounters, type FailureCounts } from '../failure-counters.js'
import type { OneTimeTokens } from '../one-time-tokens.js'
import { listDevices, type Device, type SessionOrigin } from './devices.js'
import type { CodeFault, SecondFactors, SecondFactorStatus } from './second-factors.js'
import type { Passkey, PasskeyFault, Passkeys } from './passkeys.js'
import type { SecurityJournal } from './security-journal.js'

export interface AccountSecurityOptions {
  readonly knex: Knex
  readonly identity: Identity
  readonly apiKeys: ApiKeys
  readonly tokens: OneTimeTokens
  readonly journal: SecurityJournal
  readonly secondFactors: SecondFactors
  readonly passkeys: Passkeys
  now(): number
  /** For how long a proof of who one is opens sensitive actions. */
  readonly proofMs: number
  /** Counts mails that were asked for; in the memory of this process by default. */
  readonly failures?: FailureCounts
}

export interface SecurityOverview extends SecondFactorStatus {
  readonly emailVerified: boolean
  readonly antiPhishingCode: string | undefined
  readonly withdrawalsHeldUntilMs: number
  readonly passkeyList: readonly Passkey[]
  /** Until when sensitive actions need no further proof. */
  readonly provedUntilMs: number
}

export type TokenFault = { readonly ok: false; readonly code: 'link_expired'; readonly message: string }
export type Proof = { readonly password: string } | { readonly code: string } | { readonly ticket: string; readonly response: unknown }
export type ProofResult = { readonly ok: true; readonly provedUntilMs: number } | CodeFault | PasskeyFault | { readonly ok: false; readonly code: 'wrong_credentials' | 'second_factor_required' | 'too_many_requests'; readonly message: string; readonly retryAfterMs?: number }

/** Links of one kind that one person is mailed within 15 minutes. */
const MOST_LINKS = 5

const LINK_EXPIRED: TokenFault = { ok: false, code: 'link_expired', message: 'This link was used before, is too old, or was replaced by a newer one. Ask for a new one.' }

export class AccountSecurity {
  private readonly mailsAskedFor: FailureCounts
  private readonly freezeListeners = new Set<(userId: string, frozen: boolean) => void>()

  constructor(private readonly options: AccountSecurityOptions) {
    this.mailsAskedFor = options.failures ?? new FailureCounters()
  }

  async overview({ user, provedMs }: OpenSession): Promise<SecurityOverview> {
    const { knex, secondFactors, passkeys, proofMs } = this.options
    const row = await knex('user_security').where({ user_id: user.userId }).first<{ anti_phishing_code: string | null } | undefined>('anti_phishing_code')
    return {
      ...(await secondFactors.status(user.userId)),
      emailVerified: user.emailVerified,
      antiPhishingCode: row?.anti_phishing_code ?? undefined,
      withdrawalsHeldUntilMs: user.withdrawalsHeldUntilMs,
      passkeyList: await passkeys.list(user.userId),
      provedUntilMs: provedMs + proofMs,
    }
  }

  /** Whether the holder of the session has proved lately who they are. */
  isProved({ provedMs }: OpenSession): boolean {
    return provedMs + this.options.proofMs > this.options.now()
  }

  /**
   * Opens sensitive actions for a while. Whoever has a second factor proves themselves by it: a password alone is
   * what a thief may have.
   */
  async prove({ sessionId, user }: OpenSession, proof: Proof, origin: SessionOrigin): Promise<ProofResult> {
    const { identity, secondFactors, passkeys, journal, now, proofMs } = this.options
    if ('password' in proof && (await secondFactors.protects(user.userId))) return { ok: false, code: 'second_factor_required', message: 'Give a code of the authenticator app or a recovery code, or use a passkey.' }
    const result = 'password' in proof ? await identity.checkPassword(user, proof.password, origin.address) : 'code' in proof ? await secondFactors.check(user.userId, proof.code, origin) : await passkeys.prove({ ...proof, userId: user.userId })
    if (!result.ok) return result
    await identity.noteProof(sessionId)
    journal.changed(user.userId)
    return { ok: true, provedUntilMs: now() + proofMs }
  }

  /** Logs in by a passkey alone: it stands for device and person. */
  async logInByPasskey(answer: { ticket: string; response: unknown }, origin: SessionOrigin): Promise<({ ok: true } & NewSession) | PasskeyFault | { ok: false; code: 'account_frozen'; message: string }> {
    const { identity, passkeys } = this.options
    const proved = await passkeys.prove(answer)
    if (!proved.ok) return proved
    const user = await identity.userById(proved.userId)
    if (user === undefined || user.frozen) return { ok: false, code: 'account_frozen', message: 'This account is frozen. Write to the support of the exchange.' }
    return { ok: true, ...(await identity.openSession(user, origin)) }
  }

  /** Gives the person a new password; every session ends and this one goes on under a new token. */
  async changePassword({ user }: OpenSession, password: string, origin: SessionOrigin): Promise<({ ok: true } & NewSession) | WeakPasswordRefusal> {
    const { identity } = this.options
    const changed = await identity.setPassword(user.userId, password, { event: 'password.changed', origin })
    if (!changed.ok) {
      if (changed.code === 'weak_password') return changed
      throw new Error(changed.message)
    }
    return { ok: true, ...(await identity.openSession((await identity.userById(user.userId)) ?? user, origin)) }
  }

  /** Mails a link with which a new password can be chosen; says nothing about whether there is such a person. */
  async requestReset(email: string, origin: SessionOrigin): Promise<void> {
    const { identity, journal } = this.options
    const user = await identity.userByEmail(normaliseEmail(email))
    if (user === undefined || user.frozen || !(await this.mayMail('reset', user.userId))) return
    await journal.change((_trx, note) => note({ event: 'password.reset_requested', userId: user.userId, origin }))
  }

  /** Chooses a new password by the link of a mail, which proves the mailbox as well. */
  async resetPassword(token: string, password: string, origin: SessionOrigin): Promise<{ ok: true } | TokenFault | WeakPasswordRefusal> {
    const { identity, tokens, knex } = this.options
    const taken = await tokens.take(knex, 'reset-password', token)
    if (taken?.userId === undefined) return LINK_EXPIRED
    const changed = await identity.setPassword(taken.userId, password, { event: 'password.reset', origin })
    if (!changed.ok) return changed.code === 'weak_password' ? changed : LINK_EXPIRED
    await this.markVerified(taken.userId, origin)
    return { ok: true }
  }

  async verifyEmail(token: string, origin: SessionOrigin): Promise<{ ok: true } | TokenFault> {
    const taken = await this.options.tokens.take(this.options.knex, 'verify-email', token)
    if (taken?.userId === undefined) return LINK_EXPIRED
    await this.markVerified(taken.userId, origin)
    return { ok: true }
  }

  async sendVerification(userId: string, origin: SessionOrigin): Promise<void> {
    if (!(await this.mayMail('verification', userId))) return
    await this.options.journal.change((_trx, note) => note({ event: 'email.verification_requested', userId, origin }))
  }

  /** Nobody's mailbox is flooded with links: after a few within 15 minutes no more are sent. */
  private async mayMail(kind: string, userId: string): Promise<boolean> {
    return (await this.mailsAskedFor.begin([{ key: `${kind} ${userId}`, limit: MOST_LINKS }], this.options.now())) === 0
  }

  /** Notes that a mailbox is its person's; more than once does no harm. */
  async markVerified(userId: string, origin?: SessionOrigin): Promise<void> {
    const { journal, now } = this.options
    await journal.change(async (trx, note) => {
      const marked = await trx('user_security').where({ user_id: userId }).whereNull('email_verified_ms').update({ email_verified_ms: now() })
      if (marked > 0) await note({ event: 'email.verified', userId, origin })
    })
  }

  /** The word that stands in every mail; undefined removes it. */
  async setAntiPhishingCode(userId: string, code: string | undefined, origin: SessionOrigin): Promise<void> {
    await this.options.journal.change(async (trx, note) => {
      await trx('user_security').where({ user_id: userId }).update({ anti_phishing_code: code ?? null })
      await note({ event: 'anti_phishing_code.changed', userId, origin })
    })
  }

  devices(userId: string): Promise<Device[]> {
    return listDevices(this.options.knex, userId)
  }

  /** Forgets a device and ends its sessions: the next log-in from it counts as new. */
  async forgetDevice(userId: string, deviceId: string): Promise<boolean> {
    const { knex, identity } = this.options
    const removed = await knex('devices').where({ user_id: userId, device_id: deviceId }).delete()
    const sessions = await knex('sessions').where({ user_id: userId, device_id: deviceId }).select<{ session_id: string }[]>('session_id')
    for (const { session_id: sessionId } of sessions) await identity.logOut(sessionId)
    return removed > 0
  }

  /** Freezes an account by the link of a security mail. */
  async freezeByLink(token: string, origin: SessionOrigin): Promise<{ ok: true } | TokenFault> {
    const taken = await this.options.tokens.take(this.options.knex, 'freeze-account', token)
    if (taken?.userId === undefined) return LINK_EXPIRED
    await this.freeze(taken.userId, { origin })
    return { ok: true }
  }

  /** Ends every session and key of a person and keeps everybody out; trading and withdrawals stop with it. */
  async freeze(userId: string, by: { actor?: string; origin?: SessionOrigin }): Promise<void> {
    const { journal, apiKeys, identity, now } = this.options
    const endKeys = await journal.change(async (trx, note) => {
      const frozen = await trx('user_security').where({ user_id: userId }).whereNull('frozen_ms').update({ frozen_ms: now() })
      if (frozen > 0) await note({ event: 'account.frozen', userId, ...by })
      return apiKeys.revokeAll(trx, userId)
    })
    await identity.endSessions(userId)
    endKeys()
    for (const listener of [...this.freezeListeners]) listener(userId, true)
  }

  /** Removes app, passkeys and recovery codes of somebody who has lost them; the operator must know who asks. */
  async removeSecondFactors(userId: string, actor: string): Promise<void> {
    await this.options.journal.change(async (trx, note) => {
      for (const table of ['totp_secrets', 'passkeys', 'recovery_codes']) await trx(table).where({ user_id: userId }).delete()
      await note({ event: 'second_factors.removed', userId, actor })
    })
  }

  /** Opens a frozen account again; withdrawals stay held for a while. */
  async unfreeze(userId: string, actor: string): Promise<void> {
    await this.options.journal.change(async (trx, note) => {
      const opened = await trx('user_security').where({ user_id: userId }).whereNotNull('frozen_ms').update({ frozen_ms: null })
      if (opened > 0) await note({ event: 'account.unfrozen', userId, actor })
    })
    for (const listener of [...this.freezeListeners]) listener(userId, false)
  }

  /** Calls the listener when an account is frozen or opened again; returns the function that stops that. */
  onFreeze(listener: (userId: string, frozen: boolean) => void): () => void {
    this.freezeListeners.add(listener)
    return () => this.freezeListeners.delete(listener)
  }

  /** Everybody who is frozen, for whoever has to catch up after a restart. */
  async frozen(): Promise<string[]> {
    const rows = await this.options.knex('user_security').whereNotNull('frozen_ms').select<{ user_id: string }[]>('user_id')
    return rows.map((row) => row.user_id)
  }
}
