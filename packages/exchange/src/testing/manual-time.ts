/** Time that stands still until a test moves it. */
import type { Timers } from '../timers.js'

interface Waiting {
  readonly atUs: number
  readonly callback: () => void
}

export class ManualTime {
  /** How often somebody asked to be called back later. */
  requests = 0
  private readonly waiting = new Set<Waiting>()

  constructor(public nowUs = 1_700_000_000_000_000) {}

  readonly clock = (): number => this.nowUs

  readonly timers: Timers = {
    nextTurn: (callback) => void setImmediate(callback),
    after: (ms, callback) => {
      this.requests++
      const entry = { atUs: this.nowUs + ms * 1000, callback }
      this.waiting.add(entry)
      return () => void this.waiting.delete(entry)
    },
  }

  /** How many callbacks wait. */
  get pending(): number {
    return this.waiting.size
  }

  /** Moves on, calls back what is due in the order of time, and lets everything happen that follows from it. */
  async pass(ms: number): Promise<void> {
    const endUs = this.nowUs + ms * 1000
    for (let next = this.next(endUs); next !== undefined; next = this.next(endUs)) {
      this.nowUs = next.atUs
      this.waiting.delete(next)
      next.callback()
      await turns()
    }
    this.nowUs = endUs
    await turns()
  }

  private next(endUs: number): Waiting | undefined {
    return [...this.waiting].filter(({ atUs }) => atUs <= endUs).sort((a, b) => a.atUs - b.atUs)[0]
  }
}

/** Lets everything happen that needs no time. */
async function turns(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
}
