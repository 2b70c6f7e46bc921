/** What a batch of command frames from outside holds, checked before the writer touches it. */
import { CONTINUE, isCommandSize, ORDER_CANCEL, ORDER_CANCEL_ALL, ORDER_CANCEL_ALL_AFTER, QUOTE_PLACE, quoteEntries, type Command, type FrameBuffer } from '@bourse/core'

/** Most commands of one batch, a ladder of quotes counted by its levels: it is applied in one go, during which nothing else happens. */
export const MAX_BATCH_COMMANDS = 16_384

/** Commands that are taken also when the exchange is full: cancels, and the sign of life that prevents more of them. */
export const RELIEVING: ReadonlySet<Command['type']> = new Set<Command['type']>(['order.cancel', 'order.cancel-all', 'order.cancel-all-after'])

export interface BatchContent {
  readonly count: number
  /** Only commands that relieve the book: taken also when the exchange is full. */
  readonly onlyCancels: boolean
}

/** Walks the frames; a RangeError where they are not whole frames of commands that outsiders may give. */
export function inspectFrames(frames: FrameBuffer): BatchContent | RangeError {
  let count = 0
  let work = 0
  let onlyCancels = true
  let offset = 0
  while (offset < frames.length) {
    const type = frames.type(offset)
    const size = frames.size(offset)
    if (!isCommandSize(type, size) || offset + size > frames.length) {
      return new RangeError(`The batch holds no whole command frame at byte ${offset} (type ${type}, size ${size}). Nothing of it was taken.`)
    }
    if (type === CONTINUE) return new RangeError(`The batch holds "continue" at byte ${offset}, which only the writer issues. Nothing of it was taken.`)
    if (type !== ORDER_CANCEL && type !== ORDER_CANCEL_ALL && type !== ORDER_CANCEL_ALL_AFTER) onlyCancels = false
    count++
    work += type === QUOTE_PLACE ? 1 + quoteEntries(size) : 1
    offset += size
  }
  if (count === 0) return new RangeError('The batch holds no command.')
  if (work > MAX_BATCH_COMMANDS) return new RangeError(`The batch holds ${count} commands that count as ${work}; give at most ${MAX_BATCH_COMMANDS} at once.`)
  return { count, onlyCancels }
}
