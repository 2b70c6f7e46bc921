/** Collects changes of a book until they are sent: the last quantity of each level, and from where to where they lead. */
import type { DepthUpdate } from '@bourse/client'

export class DepthChanges {
  private readonly bids = new Map<string, string>()
  private readonly asks = new Map<string, string>()
  private first = 0
  private last = 0

  add({ previousSequence, sequence, bids, asks }: DepthUpdate): void {
    // Where something is missing before this change, what was collected is worthless: the gap shall be seen.
    if (this.last !== 0 && previousSequence !== this.last) this.take()
    if (this.last === 0) this.first = previousSequence + 1
    this.last = sequence
    for (const [price, quantity] of bids) this.bids.set(price, quantity)
    for (const [price, quantity] of asks) this.asks.set(price, quantity)
  }

  /** Each message begins right after the one before it: U is the u of that one plus one. Undefined when nothing changed. */
  take(): { U: number; u: number; b: [string, string][]; a: [string, string][] } | undefined {
    if (this.last === 0) return undefined
    const changes = { U: this.first, u: this.last, b: [...this.bids], a: [...this.asks] }
    this.bids.clear()
    this.asks.clear()
    this.last = 0
    return changes
  }
}
