/** Counts failed log-ins per e-mail and per address, in bounded memory, and says when the next try is allowed. */

const WINDOW_MS = 15 * 60_000
/** Failures within the window after which the next tries are refused. */
const FAILURES_FOR_ONE_FROM_ONE_ADDRESS = 5
const FAILURES_FOR_ONE = 50
const FAILURES_FROM_ONE_ADDRESS = 100
const MAX_COUNTERS = 30_000

interface Counter {
  failures: number
  /** When the window of its first failure ends. */
  endsMs: number
}

/**
 * A try is counted before its password is checked and taken back when it was right, so that a hundred tries at
 * the same moment get no further than five in a row. The limit for one e-mail from anywhere is higher than the one
 * from one address: a stranger must not be able to lock somebody out cheaply.
 */
export class LogInThrottle {
  private readonly counters = new Map<string, Counter>()

  /** @returns 0 when the try may go on (and counts it), else milliseconds until the next one. */
  begin(email: string, address: string, nowMs: number): number {
    const keys = throttleKeys(email, address)
    let waitMs = 0
    for (const { key, limit } of keys) {
      const counter = this.counters.get(key)
      if (counter !== undefined && counter.endsMs > nowMs && counter.failures >= limit) waitMs = Math.max(waitMs, counter.endsMs - nowMs)
    }
    if (waitMs > 0) return waitMs
    for (const { key } of keys) this.count(key, nowMs)
    return 0
  }

  /** The try was right: it and the failures of this person from this address are forgotten. */
  succeeded(email: string, address: string): void {
    const [own, ...shared] = throttleKeys(email, address)
    this.counters.delete(own!.key)
    for (const { key } of shared) {
      const counter = this.counters.get(key)
      if (counter !== undefined && counter.failures > 0) counter.failures--
    }
  }

  /** Counters in memory. */
  get size(): number {
    return this.counters.size
  }

  private count(key: string, nowMs: number): void {
    const counter = this.counters.get(key)
    if (counter !== undefined && counter.endsMs > nowMs) {
      counter.failures++
      return
    }
    this.counters.delete(key)
    if (this.counters.size >= MAX_COUNTERS) this.makeRoom(nowMs)
    this.counters.set(key, { failures: 1, endsMs: nowMs + WINDOW_MS })
  }

  /** Windows are equally long, so the oldest entries are the first to end: those that ended go, and at least one. */
  private makeRoom(nowMs: number): void {
    for (const [key, counter] of this.counters) {
      if (counter.endsMs > nowMs && this.counters.size < MAX_COUNTERS) return
      this.counters.delete(key)
    }
  }
}

function throttleKeys(email: string, address: string): readonly { key: string; limit: number }[] {
  return [
    { key: `both ${email} ${address}`, limit: FAILURES_FOR_ONE_FROM_ONE_ADDRESS },
    { key: `email ${email}`, limit: FAILURES_FOR_ONE },
    { key: `address ${address}`, limit: FAILURES_FROM_ONE_ADDRESS },
  ]
}
