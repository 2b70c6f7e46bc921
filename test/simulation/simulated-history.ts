/** A projection that outlives the process: a digest of all events and its cursor, committed together at one moment of an apply. */
import type { Event } from '@bourse/core'
import type { SimulatedTime } from '@bourse/journal-file/testing'
import type { Projection } from '@bourse/plugin'
import { digestOf } from './model.js'

export class SimulatedHistory {
  cursor = 0
  digest = ''
  /** What becomes of the next transaction: it fails before its commit, or its answer is lost behind it. */
  failure: 'before' | 'after' | undefined

  /** The projection as one life of the process sees it. */
  open(time: SimulatedTime): Projection {
    return {
      name: 'history',
      cursor: async () => {
        await time.sleep(50)
        return this.cursor
      },
      apply: async (events, throughSequence) => {
        await time.sleep(200)
        const { failure } = this
        this.failure = undefined
        if (failure === 'before') throw new Error('the database is not there')
        this.commit(events, throughSequence)
        await time.sleep(200)
        if (failure === 'after') throw new Error('the database did not answer')
      },
      reset: async () => {
        await time.sleep(200)
        this.cursor = 0
        this.digest = ''
      },
    }
  }

  private commit(events: readonly Event[], throughSequence: number): void {
    let last = this.cursor
    for (const { sequence } of events) {
      if (sequence <= this.cursor || sequence < last || sequence > throughSequence) {
        throw new Error(`the projection stands at ${this.cursor} and was given an event of ${sequence} behind ${last} in a transaction up to ${throughSequence}`)
      }
      last = sequence
    }
    this.digest = digestOf(this.digest, events)
    this.cursor = throughSequence
  }
}
