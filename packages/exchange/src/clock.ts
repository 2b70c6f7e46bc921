/** The system's time in microseconds. */

/** How far the steady clock may drift from the system's before it follows. */
const MAX_DRIFT_MS = 20

/** A clock with microseconds that follows the system's when that is set or corrected. */
export function createSystemClock(): () => number {
  let originMs = Date.now() - performance.now()
  return () => {
    const systemMs = Date.now()
    let nowMs = originMs + performance.now()
    if (Math.abs(nowMs - systemMs) > MAX_DRIFT_MS) {
      originMs += systemMs - nowMs
      nowMs = systemMs
    }
    return Math.floor(nowMs * 1000)
  }
}
