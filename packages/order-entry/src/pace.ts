/** How fast a session may send: a second's worth at once, then so many a second. */

export class Pace {
  private tokens: number
  private atMs: number

  /** @param perSecond 0: any number. */
  constructor(
    private readonly perSecond: number,
    nowMs: number,
  ) {
    this.tokens = perSecond
    this.atMs = nowMs
  }

  /** Notes that time has passed: once for all that arrived together. */
  advance(nowMs: number): void {
    if (nowMs <= this.atMs) return
    this.tokens = Math.min(this.perSecond, this.tokens + ((nowMs - this.atMs) * this.perSecond) / 1_000)
    this.atMs = nowMs
  }

  /** Whether one more may come now. */
  take(): boolean {
    if (this.perSecond === 0) return true
    if (this.tokens < 1) return false
    this.tokens--
    return true
  }
}
