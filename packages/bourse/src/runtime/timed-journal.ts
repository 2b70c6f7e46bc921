/** A journal that tells how long each append took. */
import type { Journal } from '@bourse/plugin'

/** The same journal; `appended` is told the seconds from an append's call until it was durable. */
export function timedJournal(journal: Journal, appended: (seconds: number) => void): Journal {
  return {
    get lastSequence() {
      return journal.lastSequence
    },
    get firstSequence() {
      return journal.firstSequence ?? 1
    },
    async append(frames, firstSequence, lastSequence) {
      const startedMs = performance.now()
      await journal.append(frames, firstSequence, lastSequence)
      appended((performance.now() - startedMs) / 1000)
    },
    read: (fromSequence) => journal.read(fromSequence),
    ...(journal.archiveBelow && { archiveBelow: (belowSequence: number) => journal.archiveBelow!(belowSequence) }),
    close: () => journal.close(),
  }
}
