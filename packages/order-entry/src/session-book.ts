/** The sessions that are open, and those that wait for a while for their client to come back. */
import type { Connection } from './connection.js'
import type { EntrySession } from './entry-session.js'

export interface KeptSession {
  readonly key: string
  readonly name: string
  readonly session: EntrySession
  connection: Connection | undefined
  /** When its connection was lost. */
  lostMs: number
}

export class SessionBook {
  private readonly byName = new Map<string, KeptSession>()

  /** @param onForgotten told when a session is no more. */
  constructor(private readonly onForgotten: (kept: KeptSession) => void) {}

  find(key: string, name: string): KeptSession | undefined {
    return this.byName.get(`${key}\n${name}`)
  }

  /** Sessions of a key. */
  ofKey(key: string): KeptSession[] {
    return [...this.byName.values()].filter((kept) => kept.key === key)
  }

  get size(): number {
    return this.byName.size
  }

  /** Whether an account may have one more; sessions of clients that are away make room for it. */
  hasRoom(account: number, limits: { ofOneAccount: number; total: number }): boolean {
    if ([...this.byName.values()].filter(({ session }) => session.account === account).length >= limits.ofOneAccount) return false
    if (this.size < limits.total) return true
    const away = [...this.byName.values()].filter(({ connection }) => connection === undefined).sort((one, other) => one.lostMs - other.lostMs)
    if (away[0] === undefined) return false
    this.forget(away[0])
    return true
  }

  add(kept: KeptSession): void {
    this.byName.set(`${kept.key}\n${kept.name}`, kept)
  }

  forget(kept: KeptSession): void {
    this.byName.delete(`${kept.key}\n${kept.name}`)
    this.onForgotten(kept)
  }

  /** Forgets those whose clients have been away since before a time. */
  forgetLostBefore(timeMs: number): void {
    for (const kept of [...this.byName.values()]) if (kept.connection === undefined && kept.lostMs < timeMs) this.forget(kept)
  }
}
