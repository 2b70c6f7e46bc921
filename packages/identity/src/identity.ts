/** Who people are and whether they are logged in: sign-up, log-in, sessions and their end. */
import { randomBytes as cryptoRandomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { FailureCounters, type FailureCounts } from './failure-counters.js'
import { LogInThrottle } from './log-in-throttle.js'
import { Passwords } from './passwords.js'
import { PERSON_COLUMNS, personById, personOf, withSecurity, type Person, type PersonRow, type Role } from './people.js'
import { recogniseDevice, type SessionOrigin } from './security/devices.js'
import type { SecondFactors } from './security/second-factors.js'
import type { Note, SecurityJournal } from './security/security-journal.js'
import { isToken, newToken, newUserId, tokenHash, type RandomBytes } from './tokens.js'
import { weakPassword, weakPasswordAdvice, type WeakPasswordReason } from './weak-passwords.js'

export { identityMigrations } from './migrations.js'

const SESSION_MS = 30 * 24 * 3_600_000
/** Over the bound the oldest session ends. */
const MAX_SESSIONS_OF_ONE = 50

/** A session as its token proves it. */
export interface OpenSession {
  /** Names the session without being its secret. */
  readonly sessionId: string
  readonly user: Person
  readonly expiresMs: number
  /** When the person last proved who they are. */
  readonly provedMs: number
}

/** A session as its owner sees it in a list. */
export interface ListedSession {
  readonly sessionId: string
  readonly createdMs: number
  readonly expiresMs: number
  readonly address: string | undefined
  readonly device: string | undefined
}

export interface NewSession {
  readonly session: OpenSession
  readonly token: string
  /** What the browser keeps to be known again. */
  readonly deviceToken: string | undefined
}

export interface WeakPasswordRefusal {
  readonly ok: false
  readonly code: 'weak_password'
  readonly reason: WeakPasswordReason
  readonly message: string
}

export type SignUpResult = { readonly ok: true; readonly user: Person } | { readonly ok: false; readonly code: 'email_taken'; readonly message: string } | WeakPasswordRefusal

export type SetPasswordResult = { readonly ok: true } | { readonly ok: false; readonly code: 'unknown_user'; readonly message: string } | WeakPasswordRefusal

export type LogInResult =
  | ({ readonly ok: true } & NewSession)
  | { readonly ok: false; readonly code: 'wrong_credentials' | 'second_factor_required' | 'wrong_code' | 'account_frozen' | 'conflict' | 'too_many_requests'; readonly message: string; readonly retryAfterMs?: number }

/** Where the request came from; failures are counted by its address. */
export interface LogInInput extends SessionOrigin {
  readonly email: string
  readonly password: string
  /** Of the authenticator app, or a recovery code; needed where the account has a second factor. */
  readonly code?: string | undefined
}

export interface NewUser {
  readonly email: string
  readonly password: string
  readonly role?: Role
  /** False for whoever signs up and has still to prove that the mailbox is theirs; a mail asks them to. */
  readonly emailVerified?: boolean
  readonly language?: string | undefined
  readonly origin?: SessionOrigin
  /** Who makes them, when that is not the person. */
  readonly actor?: string
}

export type CheckPasswordResult = { readonly ok: true } | { readonly ok: false; readonly code: 'wrong_credentials' | 'too_many_requests'; readonly message: string; readonly retryAfterMs?: number }

export interface SessionEnd {
  readonly sessionId: string
  readonly userId: string
}

export interface IdentityOptions {
  /** A handle whose migrations ({@link identityMigrations}) have run. */
  readonly knex: Knex
  /** Milliseconds since 1970. */
  now(): number
  readonly randomBytes?: RandomBytes
  /** Where sensitive changes are written down; without it nobody is told of them. */
  readonly journal?: SecurityJournal
  readonly secondFactors?: SecondFactors
  /** Counts failed log-ins; in the memory of this process by default. */
  readonly failures?: FailureCounts
}

export interface Identity {
  /** Creates a person. */
  createUser(input: NewUser): Promise<SignUpResult>
  /** Checks a password and opens a session. Throws PasswordsBusyError when too many do so at once. */
  logIn(input: LogInInput): Promise<LogInResult>
  /** Opens a session for a person who has just proved who they are otherwise, by signing up for example. */
  openSession(user: Person, origin?: SessionOrigin): Promise<NewSession>
  /** The session that a token opens, or undefined: unknown, expired or ended. */
  sessionByToken(token: string): Promise<OpenSession | undefined>
  /** Ends a session; one that has ended already stays so. */
  logOut(sessionId: string): Promise<void>
  /** Ends all sessions of a person, but for one. */
  endSessions(userId: string, except?: string): Promise<void>
  /** Tells of those of these sessions that somebody else has ended: another process over the same database. */
  endGone(sessions: readonly SessionEnd[]): Promise<void>
  /** Tells of a session that another process has ended. */
  tellEnd(end: SessionEnd): void
  /** The live sessions of a person, newest first. */
  sessions(userId: string): Promise<ListedSession[]>
  /** Notes that the one who holds the session has just proved who they are. */
  noteProof(sessionId: string): Promise<void>
  /** Whether this is the person's password; wrong ones count like failed log-ins. */
  checkPassword(user: Person, password: string, address: string): Promise<CheckPasswordResult>
  /** Gives a person a new password and ends all their sessions. */
  setPassword(userId: string, password: string, cause?: { event: 'password.changed' | 'password.reset'; origin: SessionOrigin }): Promise<SetPasswordResult>
  userByEmail(email: string): Promise<Person | undefined>
  userById(userId: string): Promise<Person | undefined>
  /** Calls the listener whenever a session ends before its time; returns the function that stops that. */
  onSessionEnd(listener: (end: SessionEnd) => void): () => void
}

/** Makes the service over a database; it holds nothing but the counters of failed log-ins. */
export function createIdentity(options: IdentityOptions): Identity {
  return new SqlIdentity(options)
}

/** One spelling for one mailbox: case and surrounding space do not tell people apart. */
export function normaliseEmail(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase()
}

interface SessionRow extends PersonRow {
  session_id: string
  created_ms: bigint | number | string
  expires_ms: bigint | number | string
  proved_ms: bigint | number | string
}

class SqlIdentity implements Identity {
  private readonly knex: Knex
  private readonly now: () => number
  private readonly randomBytes: RandomBytes
  private readonly passwords: Passwords
  private readonly throttle: LogInThrottle
  private readonly endListeners = new Set<(end: SessionEnd) => void>()

  constructor(private readonly options: IdentityOptions) {
    this.knex = options.knex
    this.now = () => options.now()
    this.throttle = new LogInThrottle(options.failures ?? new FailureCounters())
    this.randomBytes = options.randomBytes ?? cryptoRandomBytes
    this.passwords = new Passwords(newToken(this.randomBytes))
  }

  async createUser(input: NewUser): Promise<SignUpResult> {
    const email = normaliseEmail(input.email)
    const weak = refuseWeak(input.password, email)
    if (weak !== undefined) return weak
    const passwordHash = await this.passwords.hash(input.password)
    const emailVerified = input.emailVerified ?? true
    const user: Person = { userId: newUserId(this.randomBytes), email, role: input.role ?? 'customer', createdMs: this.now(), emailVerified, frozen: false, withdrawalsHeldUntilMs: 0 }
    const { userId, role, createdMs } = user
    const isNew = await this.change(async (trx, note) => {
      await trx('users').insert({ user_id: userId, email, role, password_hash: passwordHash, created_ms: createdMs }).onConflict('email').ignore()
      const kept = await trx('users').where({ email }).first<{ user_id: string } | undefined>('user_id')
      if (kept?.user_id !== userId) return false
      await trx('user_security').insert({ user_id: userId, email_verified_ms: emailVerified ? createdMs : null, language: input.language ?? null })
      await note({ event: 'account.created', userId, origin: input.origin, details: { role }, ...(input.actor !== undefined && { actor: input.actor }) })
      if (!emailVerified) await note({ event: 'email.verification_requested', userId, origin: input.origin })
      return true
    })
    if (isNew) return { ok: true, user }
    return { ok: false, code: 'email_taken', message: 'There is already a log-in with this e-mail address. Log in instead.' }
  }

  async logIn({ email: given, password, code, ...origin }: LogInInput): Promise<LogInResult> {
    const email = normaliseEmail(given)
    const waitMs = await this.throttle.begin(email, origin.address, this.now())
    if (waitMs > 0) return tooMany(waitMs)
    const row = await this.knex('users').where({ email }).first<{ user_id: string; password_hash: string } | undefined>('user_id', 'password_hash')
    if (!(await this.passwords.fits(password, row?.password_hash)) || row === undefined) {
      return { ok: false, code: 'wrong_credentials', message: 'E-mail address or password is wrong. Check both, then try again.' }
    }
    await this.throttle.succeeded(email, origin.address)
    const user = await this.userById(row.user_id)
    if (user === undefined || user.frozen) return { ok: false, code: 'account_frozen', message: 'This account is frozen. Write to the support of the exchange.' }
    const refusal = await this.refuseWithoutSecondFactor(user.userId, code, origin)
    return refusal ?? { ok: true, ...(await this.openSession(user, origin)) }
  }

  async openSession(user: Person, origin?: SessionOrigin): Promise<NewSession> {
    const nowMs = this.now()
    const token = newToken(this.randomBytes)
    const session: OpenSession = { sessionId: tokenHash(token), user, expiresMs: nowMs + SESSION_MS, provedMs: nowMs }
    const { userId } = user
    const deviceToken = await this.change(async (trx, note) => {
      const device = origin === undefined ? undefined : await recogniseDevice(trx, userId, { origin, nowMs, randomBytes: this.randomBytes })
      await trx('sessions').where('expires_ms', '<=', nowMs).delete()
      await trx('sessions').insert({ session_id: session.sessionId, user_id: userId, created_ms: nowMs, expires_ms: session.expiresMs, proved_ms: nowMs, address: origin?.address ?? null, device_id: device?.deviceId ?? null })
      // The first log-in of an account is its owner's, who needs no mail about it.
      const isFirst = device?.isNew === true && (await trx('devices').where({ user_id: userId }).limit(2)).length === 1
      if (origin !== undefined) await note({ event: device?.isNew === true && !isFirst ? 'log-in.new_device' : 'log-in.succeeded', userId, origin })
      return device?.deviceToken
    })
    const older = await this.knex('sessions').where({ user_id: userId }).whereNot({ session_id: session.sessionId }).orderBy('created_ms', 'desc').offset(MAX_SESSIONS_OF_ONE - 1).limit(MAX_SESSIONS_OF_ONE).select('session_id')
    for (const row of older) await this.logOut(String(row.session_id))
    return { session, token, deviceToken }
  }

  async sessionByToken(token: string): Promise<OpenSession | undefined> {
    if (!isToken(token)) return undefined
    const sessionId = tokenHash(token)
    const row = await withSecurity(this.knex('sessions').join('users', 'users.user_id', 'sessions.user_id'))
      .where('sessions.session_id', sessionId)
      .first<SessionRow | undefined>(...PERSON_COLUMNS, 'sessions.expires_ms', 'sessions.proved_ms')
    if (row === undefined || Number(row.expires_ms) <= this.now()) return undefined
    const user = personOf(row)
    return user.frozen ? undefined : { sessionId, user, expiresMs: Number(row.expires_ms), provedMs: Number(row.proved_ms) }
  }

  async logOut(sessionId: string): Promise<void> {
    const row = await this.knex('sessions').where({ session_id: sessionId }).first('user_id')
    if (row === undefined) return
    await this.knex('sessions').where({ session_id: sessionId }).delete()
    this.tellEnd({ sessionId, userId: String(row.user_id) })
  }

  async endSessions(userId: string, except = ''): Promise<void> {
    const rows = await this.knex('sessions').where({ user_id: userId }).whereNot({ session_id: except }).select('session_id')
    await this.knex('sessions').where({ user_id: userId }).whereNot({ session_id: except }).delete()
    for (const row of rows) this.tellEnd({ sessionId: String(row.session_id), userId })
  }

  async endGone(sessions: readonly SessionEnd[]): Promise<void> {
    const rows = await this.knex('sessions').whereIn('session_id', sessions.map(({ sessionId }) => sessionId)).select<{ session_id: string }[]>('session_id')
    const live = new Set(rows.map((row) => row.session_id))
    for (const session of sessions) if (!live.has(session.sessionId)) this.tellEnd(session)
  }

  tellEnd(end: SessionEnd): void {
    for (const listener of [...this.endListeners]) listener(end)
  }

  async sessions(userId: string): Promise<ListedSession[]> {
    const rows = await this.knex('sessions')
      .leftJoin('devices', (join) => join.on('devices.device_id', 'sessions.device_id').andOn('devices.user_id', 'sessions.user_id'))
      .where('sessions.user_id', userId)
      .where('sessions.expires_ms', '>', this.now())
      .orderBy('sessions.created_ms', 'desc')
      .select<(Pick<SessionRow, 'session_id' | 'created_ms' | 'expires_ms'> & { address: string | null; label: string | null })[]>('sessions.session_id', 'sessions.created_ms', 'sessions.expires_ms', 'sessions.address', 'devices.label')
    return rows.map((row) => ({ sessionId: row.session_id, createdMs: Number(row.created_ms), expiresMs: Number(row.expires_ms), address: row.address ?? undefined, device: row.label ?? undefined }))
  }

  async noteProof(sessionId: string): Promise<void> {
    await this.knex('sessions').where({ session_id: sessionId }).update({ proved_ms: this.now() })
  }

  async checkPassword(user: Person, password: string, address: string): Promise<CheckPasswordResult> {
    const waitMs = await this.throttle.begin(user.email, address, this.now())
    if (waitMs > 0) return tooMany(waitMs)
    const row = await this.knex('users').where({ user_id: user.userId }).first<{ password_hash: string } | undefined>('password_hash')
    if (!(await this.passwords.fits(password, row?.password_hash))) return { ok: false, code: 'wrong_credentials', message: 'The password is wrong. Check it, then try again.' }
    await this.throttle.succeeded(user.email, address)
    return { ok: true }
  }

  async setPassword(userId: string, password: string, cause?: { event: 'password.changed' | 'password.reset'; origin: SessionOrigin }): Promise<SetPasswordResult> {
    const user = await this.userById(userId)
    if (user === undefined) return { ok: false, code: 'unknown_user', message: `There is no person with the id ${userId}.` }
    const weak = refuseWeak(password, user.email)
    if (weak !== undefined) return weak
    const passwordHash = await this.passwords.hash(password)
    await this.change(async (trx, note) => {
      await trx('users').where({ user_id: userId }).update({ password_hash: passwordHash })
      if (cause !== undefined) await note({ userId, ...cause })
    })
    await this.endSessions(userId)
    return { ok: true }
  }

  async userByEmail(email: string): Promise<Person | undefined> {
    const row = await withSecurity(this.knex('users')).where('users.email', normaliseEmail(email)).first<PersonRow | undefined>(...PERSON_COLUMNS)
    return row === undefined ? undefined : personOf(row)
  }

  userById(userId: string): Promise<Person | undefined> {
    return personById(this.knex, userId)
  }

  onSessionEnd(listener: (end: SessionEnd) => void): () => void {
    this.endListeners.add(listener)
    return () => this.endListeners.delete(listener)
  }

  /** Undefined when the person may go on: they have no second factor, or gave the right code. */
  private async refuseWithoutSecondFactor(userId: string, code: string | undefined, origin: SessionOrigin): Promise<Extract<LogInResult, { ok: false }> | undefined> {
    const { secondFactors } = this.options
    if (secondFactors === undefined || !(await secondFactors.protects(userId))) return undefined
    if (code === undefined) return { ok: false, code: 'second_factor_required', message: 'This account is protected by a second factor. Give a code of the authenticator app or a recovery code as well, or log in with a passkey.' }
    const checked = await secondFactors.check(userId, code, origin)
    return checked.ok ? undefined : checked
  }

  private change<Result>(work: (trx: Knex.Transaction, note: Note) => Promise<Result>): Promise<Result> {
    return this.options.journal?.change(work) ?? this.knex.transaction((trx) => work(trx, () => Promise.resolve()))
  }
}

function tooMany(waitMs: number): { ok: false; code: 'too_many_requests'; retryAfterMs: number; message: string } {
  const minutes = Math.ceil(waitMs / 60_000)
  return { ok: false, code: 'too_many_requests', retryAfterMs: waitMs, message: `Too many failed log-ins. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.` }
}

function refuseWeak(password: string, email: string): WeakPasswordRefusal | undefined {
  const reason = weakPassword(password, email)
  return reason === undefined ? undefined : { ok: false, code: 'weak_password', reason, message: weakPasswordAdvice(reason) }
}
