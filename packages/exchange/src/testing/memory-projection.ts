/** A projection in memory that folds a digest of all events, with a cursor, and can be told to fail or to stall. */
import { createHash } from 'node:crypto'
import type { Event } from '@bourse/core'
import type { Projection } from '@bourse/plugin'

export class MemoryProjection implements Projection {
  readonly name = 'memory'
  digest = ''
  count = 0
  committed = 0
  resets = 0
  /** Asked before each transaction: throw to fail it, await to stall it. */
  before: () => void | Promise<void> = () => undefined
  /** Asked after the commit: throwing here models a lost answer. */
  after: () => void = () => undefined

  async cursor(): Promise<number> {
    return this.committed
  }

  async apply(events: readonly Event[], throughSequence: number): Promise<void> {
    await this.before()
    let { digest } = this
    let last = this.committed
    for (const event of events) {
      if (event.sequence < last || event.sequence > throughSequence || event.sequence <= this.committed) {
        throw new Error(`event of ${event.sequence} behind ${last} for a transaction from ${this.committed} to ${throughSequence}`)
      }
      last = event.sequence
      digest = digestOf(digest, event)
    }
    this.digest = digest
    this.count += events.length
    this.committed = throughSequence
    this.after()
  }

  async reset(): Promise<void> {
    this.resets++
    this.digest = ''
    this.count = 0
    this.committed = 0
  }
}

export function digestOf(before: string, event: Event): string {
  const text = JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
  return createHash('sha1').update(before).update(text).digest('hex')
}

export function digestOfAll(events: readonly Event[]): string {
  return events.reduce(digestOf, '')
}
