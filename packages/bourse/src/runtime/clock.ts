/** The one clock of the process: real time, or a moment that the simulator's past sets. */
export interface SettableClock {
  /** Microseconds since 1970. */
  nowUs(): number
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Stands still at a moment (milliseconds) until the next call; undefined returns to real time. */
  setMs(ms: number | undefined): void
}

export function createClock(): SettableClock {
  let fixedMs: number | undefined
  // performance.timeOrigin + now() has microseconds, Date.now() only milliseconds; the origin is taken anew
  // when the two drift apart, so that a corrected system clock is followed.
  let originMs = Date.now() - performance.now()
  const realMs = (): number => {
    const ms = originMs + performance.now()
    if (Math.abs(ms - Date.now()) < 50) return ms
    originMs = Date.now() - performance.now()
    return originMs + performance.now()
  }
  const nowMs = (): number => fixedMs ?? realMs()
  return {
    nowUs: () => Math.floor(nowMs() * 1_000),
    nowMs: () => Math.floor(nowMs()),
    setMs: (ms) => {
      fixedMs = ms
    },
  }
}
