/** Counts failures under names, in bounded memory, and says when the next try is allowed. */

const WINDOW_MS = 15 * 60_000
const MAX_COUNTERS = 30_000

interface Counter {
  failures: number
  /** When the window of its first failure ends. */
  endsMs: number
}

export interface CountedName {
  readonly key: string
  /** Failures within the window after which the next tries are refused. */
  readonly limit: number
}

/** Counts for one process, or for several together. */
export interface FailureCounts {
  /** @returns 0 when the try may go on (and counts it), else milliseconds until the next one. */
  begin(names: readonly CountedName[], nowMs: number): number | Promise<number>
  /** Forgets every failure under a name. */
  forget(key: string): void | Promise<void>
  /** Takes one failure back. */
  takeBack(key: string): void | Promise<void>
}

/** What is counted, each kind in a memory of its own: a flood of one must not push the others out. */
export const FAILURE_KINDS = ['logIns', 'codes', 'links'] as const
export type FailureKind = (typeof FAILURE_KINDS)[number]
export type Failures = Readonly<Record<FailureKind, FailureCounts>>

/** In the memory of this process. */
export function memoryFailures(): Failures {
  return { logIns: new FailureCounters(), codes: new FailureCounters(), links: new FailureCounters() }
}

/**
 * A try is counted before it is judged and taken back when it was right, so that a hundred tries at the same moment
 * get no further than as many in a row.
 */
export class FailureCounters implements FailureCounts {
  private readonly counters = new Map<string, Counter>()

  begin(names: readonly CountedName[], nowMs: number): number {
    let waitMs = 0
    for (const { key, limit } of names) {
      const counter = this.counters.get(key)
      if (counter !== undefined && counter.endsMs > nowMs && counter.failures >= limit) waitMs = Math.max(waitMs, counter.endsMs - nowMs)
    }
    if (waitMs > 0) return waitMs
    for (const { key } of names) this.count(key, nowMs)
    return 0
  }

  forget(key: string): void {
    this.counters.delete(key)
  }

  takeBack(key: string): void {
    const counter = this.counters.get(key)
    if (counter !== undefined && counter.failures > 0) counter.failures--
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
