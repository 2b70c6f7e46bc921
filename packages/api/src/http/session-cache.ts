/** Remembers for a moment which session a token opens, so that not every request waits for the database. */
import type { Identity, OpenSession } from '@bourse/identity'

/** A session that another process has ended is noticed after this long; one that this process has ended, at once. */
const REMEMBERED_MS = 1_000
const MAX_SESSIONS = 10_000

interface Remembered {
  readonly session: OpenSession
  readonly untilMs: number
}

export class SessionCache {
  private readonly byToken = new Map<string, Remembered>()
  private readonly lookups = new Map<string, Promise<OpenSession | undefined>>()
  /** Counts the ends of sessions: a lookup that saw one come is not remembered. */
  private ends = 0

  constructor(
    private readonly identity: Pick<Identity, 'sessionByToken'>,
    private readonly now: () => number,
  ) {}

  async sessionByToken(token: string): Promise<OpenSession | undefined> {
    const remembered = this.byToken.get(token)
    const nowMs = this.now()
    if (remembered !== undefined && remembered.untilMs > nowMs && remembered.session.expiresMs > nowMs) return remembered.session
    const under = this.lookups.get(token)
    if (under !== undefined) return under
    const lookup = this.lookUp(token).finally(() => this.lookups.delete(token))
    this.lookups.set(token, lookup)
    return lookup
  }

  ended(sessionId: string): void {
    this.ends++
    this.lookups.clear()
    for (const [token, { session }] of this.byToken) if (session.sessionId === sessionId) this.byToken.delete(token)
  }

  /** Something about a person has changed: what is remembered of them counts no more. */
  personChanged(userId: string): void {
    this.ends++
    this.lookups.clear()
    for (const [token, { session }] of this.byToken) if (session.user.userId === userId) this.byToken.delete(token)
  }

  private async lookUp(token: string): Promise<OpenSession | undefined> {
    const { ends } = this
    const session = await this.identity.sessionByToken(token)
    this.byToken.delete(token)
    if (session === undefined || ends !== this.ends) return session
    if (this.byToken.size >= MAX_SESSIONS) this.byToken.delete(this.byToken.keys().next().value!)
    this.byToken.set(token, { session, untilMs: this.now() + REMEMBERED_MS })
    return session
  }
}
