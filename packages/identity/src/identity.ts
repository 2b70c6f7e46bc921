/** Who people are and whether they are logged in: sign-up, log-in, sessions and their end. */
import { randomBytes as cryptoRandomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { LogInThrottle } from './log-in-throttle.js'
import { Passwords } from './passwords.js'
import { isToken, newToken, newUserId, tokenHash, type RandomBytes } from './tokens.js'
import { weakPassword, weakPasswordAdvice, type WeakPasswordReason } from './weak-passwords.js'

export { identityMigrations } from './migrations.js'

const SESSION_MS = 30 * 24 * 3_600_000
/** Over the bound the oldest session ends. */
const MAX_SESSIONS_OF_ONE = 50

/** `customer` trades; the others work for the operator, each with what their task needs. */
export const ROLES = ['customer', 'viewer', 'support', 'compliance', 'finance', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** One person; `userId` is also the name of their account in the engine. */
export interface Person {
  readonly userId: string
  readonly email: string
  readonly role: Role
  readonly createdMs: number
}

/** A session as its token proves it. */
export interface OpenSession {
  /** Names the session without being its secret. */
  readonly sessionId: string
  readonly user: Person
  readonly expiresMs: number
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
  | { readonly ok: true; readonly session: OpenSession; readonly token: string }
  | { readonly ok: false; readonly code: 'wrong_credentials'; readonly message: string }
  | { readonly ok: false; readonly code: 'too_many_requests'; readonly message: string; readonly retryAfterMs: number }

export interface LogInInput {
  readonly email: string
  readonly password: string
  /** Where the request came from; failures are counted by it. */
  readonly address: string
}

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
}

export interface Identity {
  /** Creates a person. */
  createUser(input: { email: string; password: string; role?: Role }): Promise<SignUpResult>
  /** Checks a password and opens a session. Throws PasswordsBusyError when too many do so at once. */
  logIn(input: LogInInput): Promise<LogInResult>
  /** Opens a session for a person who has just proved who they are otherwise, by signing up for example. */
  openSession(user: Person): Promise<{ readonly session: OpenSession; readonly token: string }>
  /** The session that a token opens, or undefined: unknown, expired or ended. */
  sessionByToken(token: string): Promise<OpenSession | undefined>
  /** Ends a session; one that has ended already stays so. */
  logOut(sessionId: string): Promise<void>
  /** Ends all sessions of a person. */
  endSessions(userId: string): Promise<void>
  /** Gives a person a new password and ends all their sessions. */
  setPassword(userId: string, password: string): Promise<SetPasswordResult>
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

interface UserRow {
  user_id: string
  email: string
  role: Role
  password_hash: string
  created_ms: bigint | number | string
}

class SqlIdentity implements Identity {
  private readonly knex: Knex
  private readonly now: () => number
  private readonly randomBytes: RandomBytes
  private readonly passwords: Passwords
  private readonly throttle = new LogInThrottle()
  private readonly endListeners = new Set<(end: SessionEnd) => void>()

  constructor(options: IdentityOptions) {
    this.knex = options.knex
    this.now = () => options.now()
    this.randomBytes = options.randomBytes ?? cryptoRandomBytes
    this.passwords = new Passwords(newToken(this.randomBytes))
  }

  async createUser(input: { email: string; password: string; role?: Role }): Promise<SignUpResult> {
    const email = normaliseEmail(input.email)
    const weak = refuseWeak(input.password, email)
    if (weak !== undefined) return weak
    const passwordHash = await this.passwords.hash(input.password)
    const user: Person = { userId: newUserId(this.randomBytes), email, role: input.role ?? 'customer', createdMs: this.now() }
    const row = { user_id: user.userId, email, role: user.role, password_hash: passwordHash, created_ms: user.createdMs }
    await this.knex('users').insert(row).onConflict('email').ignore()
    const kept = await this.knex<UserRow>('users').where({ email }).first()
    if (kept?.user_id === user.userId) return { ok: true, user }
    return { ok: false, code: 'email_taken', message: 'There is already a log-in with this e-mail address. Log in instead.' }
  }

  async logIn(input: LogInInput): Promise<LogInResult> {
    const email = normaliseEmail(input.email)
    const waitMs = this.throttle.begin(email, input.address, this.now())
    if (waitMs > 0) {
      const minutes = Math.ceil(waitMs / 60_000)
      return { ok: false, code: 'too_many_requests', retryAfterMs: waitMs, message: `Too many failed log-ins. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.` }
    }
    const row = await this.knex<UserRow>('users').where({ email }).first()
    if (!(await this.passwords.fits(input.password, row?.password_hash)) || row === undefined) {
      return { ok: false, code: 'wrong_credentials', message: 'E-mail address or password is wrong. Check both, then try again.' }
    }
    this.throttle.succeeded(email, input.address)
    return { ok: true, ...(await this.openSession(person(row))) }
  }

  async openSession(user: Person): Promise<{ readonly session: OpenSession; readonly token: string }> {
    const nowMs = this.now()
    const token = newToken(this.randomBytes)
    const session: OpenSession = { sessionId: tokenHash(token), user, expiresMs: nowMs + SESSION_MS }
    await this.knex('sessions').where('expires_ms', '<=', nowMs).delete()
    await this.knex('sessions').insert({ session_id: session.sessionId, user_id: user.userId, created_ms: nowMs, expires_ms: session.expiresMs })
    const older = await this.knex('sessions').where({ user_id: user.userId }).whereNot({ session_id: session.sessionId }).orderBy('created_ms', 'desc').offset(MAX_SESSIONS_OF_ONE - 1).limit(MAX_SESSIONS_OF_ONE).select('session_id')
    for (const row of older) await this.logOut(String(row.session_id))
    return { session, token }
  }

  async sessionByToken(token: string): Promise<OpenSession | undefined> {
    if (!isToken(token)) return undefined
    const sessionId = tokenHash(token)
    const row = await this.knex('sessions')
      .join('users', 'users.user_id', 'sessions.user_id')
      .where('sessions.session_id', sessionId)
      .first<(UserRow & { expires_ms: bigint | number | string }) | undefined>('users.user_id', 'users.email', 'users.role', 'users.password_hash', 'users.created_ms', 'sessions.expires_ms')
    if (row === undefined || Number(row.expires_ms) <= this.now()) return undefined
    return { sessionId, user: person(row), expiresMs: Number(row.expires_ms) }
  }

  async logOut(sessionId: string): Promise<void> {
    const row = await this.knex('sessions').where({ session_id: sessionId }).first('user_id')
    if (row === undefined) return
    await this.knex('sessions').where({ session_id: sessionId }).delete()
    this.told({ sessionId, userId: String(row.user_id) })
  }

  async endSessions(userId: string): Promise<void> {
    const rows = await this.knex('sessions').where({ user_id: userId }).select('session_id')
    await this.knex('sessions').where({ user_id: userId }).delete()
    for (const row of rows) this.told({ sessionId: String(row.session_id), userId })
  }

  async setPassword(userId: string, password: string): Promise<SetPasswordResult> {
    const user = await this.userById(userId)
    if (user === undefined) return { ok: false, code: 'unknown_user', message: `There is no person with the id ${userId}.` }
    const weak = refuseWeak(password, user.email)
    if (weak !== undefined) return weak
    const passwordHash = await this.passwords.hash(password)
    await this.knex('users').where({ user_id: userId }).update({ password_hash: passwordHash })
    await this.endSessions(userId)
    return { ok: true }
  }

  async userByEmail(email: string): Promise<Person | undefined> {
    const row = await this.knex<UserRow>('users').where({ email: normaliseEmail(email) }).first()
    return row === undefined ? undefined : person(row)
  }

  async userById(userId: string): Promise<Person | undefined> {
    const row = await this.knex<UserRow>('users').where({ user_id: userId }).first()
    return row === undefined ? undefined : person(row)
  }

  onSessionEnd(listener: (end: SessionEnd) => void): () => void {
    this.endListeners.add(listener)
    return () => this.endListeners.delete(listener)
  }

  private told(end: SessionEnd): void {
    for (const listener of [...this.endListeners]) listener(end)
  }
}

function person(row: UserRow): Person {
  return { userId: row.user_id, email: row.email, role: row.role, createdMs: Number(row.created_ms) }
}

function refuseWeak(password: string, email: string): WeakPasswordRefusal | undefined {
  const reason = weakPassword(password, email)
  return reason === undefined ? undefined : { ok: false, code: 'weak_password', reason, message: weakPasswordAdvice(reason) }
}
