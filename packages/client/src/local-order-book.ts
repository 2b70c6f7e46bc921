/** A copy of a market's book that is kept by the stream `depth`. */
import type { Depth, DepthUpdate, Subscription } from './schemas/index.js'
import type { StreamListener } from './trading-client.js'

/** Price and quantity, as the exchange writes them. */
export type BookLevel = readonly [price: string, quantity: string]

/** What became of an update: `stale` is older than the book; after a `gap` the book waits for a new snapshot. */
export type BookUpdateResult = 'applied' | 'stale' | 'gap'

export interface LocalOrderBook {
  /** Of the last snapshot or update; 0 before the first. */
  readonly sequence: number
  /** False before the first snapshot and after a gap: the levels must not be relied on. */
  readonly ready: boolean
  /** Replaces the whole book. */
  reset(snapshot: Depth): void
  update(update: DepthUpdate): BookUpdateResult
  /** Best first. Levels worse than the worst of the snapshot are only known where they changed since. */
  bids(limit?: number): BookLevel[]
  asks(limit?: number): BookLevel[]
}

/** Levels a side that {@link followOrderBook} starts from: as many as the exchange gives. */
const FOLLOWED_LEVELS = 1000

const ZERO = /^0(?:\.0*)?$/

/** Compares two plain decimals that are written with the same number of decimals; exact at any length. */
export function compareDecimals(left: string, right: string): number {
  const leftWhole = wholeDigits(left)
  const rightWhole = wholeDigits(right)
  if (leftWhole !== rightWhole) return leftWhole - rightWhole
  return left < right ? -1 : left > right ? 1 : 0
}

function wholeDigits(text: string): number {
  const point = text.indexOf('.')
  return point < 0 ? text.length : point
}

/** One side, best first, in a sorted array: books are read far more often than they are deep. */
class BookSide {
  private readonly levels: BookLevel[] = []

  /** @param direction 1 where the lowest price is best (asks), -1 where the highest is (bids). */
  constructor(private readonly direction: 1 | -1) {}

  replace(levels: readonly BookLevel[]): void {
    this.levels.length = 0
    for (const level of levels) this.set(level)
  }

  set(level: BookLevel): void {
    const place = this.place(level[0])
    const found = this.levels[place]?.[0] === level[0]
    if (ZERO.test(level[1])) {
      if (found) this.levels.splice(place, 1)
    } else {
      this.levels.splice(place, found ? 1 : 0, level)
    }
  }

  best(limit: number): BookLevel[] {
    return this.levels.slice(0, limit)
  }

  /** Where the price stands, or would stand. */
  private place(price: string): number {
    let low = 0
    let high = this.levels.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareDecimals(this.levels[middle]![0], price) * this.direction < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

class StreamedOrderBook implements LocalOrderBook {
  sequence = 0
  ready = false
  private readonly bidSide = new BookSide(-1)
  private readonly askSide = new BookSide(1)

  reset(snapshot: Depth): void {
    this.bidSide.replace(snapshot.bids)
    this.askSide.replace(snapshot.asks)
    this.sequence = snapshot.sequence
    this.ready = true
  }

  update(update: DepthUpdate): BookUpdateResult {
    if (!this.ready) return 'gap'
    if (update.sequence <= this.sequence) return 'stale'
    if (update.previousSequence > this.sequence) {
      this.ready = false
      return 'gap'
    }
    // Quantities are absolute: an update that begins before the book's sequence and ends after it may be applied whole.
    for (const level of update.bids) this.bidSide.set(level)
    for (const level of update.asks) this.askSide.set(level)
    this.sequence = update.sequence
    return 'applied'
  }

  bids(limit = Infinity): BookLevel[] {
    return this.bidSide.best(limit)
  }

  asks(limit = Infinity): BookLevel[] {
    return this.askSide.best(limit)
  }
}

/** An empty book: give it the stream's snapshot, then each update; after `gap` subscribe anew. */
export function createOrderBook(): LocalOrderBook {
  return new StreamedOrderBook()
}

/** What {@link followOrderBook} needs of a client. */
export interface DepthSource {
  subscribe(subscription: Extract<Subscription, { channel: 'depth' }>, listener: StreamListener<'depth'>): Promise<() => void>
}

export interface FollowOptions {
  /** Joins levels into steps of this price; see the stream `depth`. */
  grouping?: string
  /** After each snapshot and each update that changed the book. */
  onChange?(book: LocalOrderBook): void
  /** The stream is over although nobody stopped it. */
  onEnd?(error: unknown): void
}

/** Keeps a book up to date over a client's stream; subscribes anew by itself after a gap. */
export async function followOrderBook(client: DepthSource, market: string, options: FollowOptions = {}): Promise<{ book: LocalOrderBook; stop: () => void }> {
  const book = createOrderBook()
  let stopped = false
  let end: () => void = () => undefined
  const listener: StreamListener<'depth'> = {
    onSnapshot(snapshot) {
      book.reset(snapshot)
      options.onChange?.(book)
    },
    onMessage(message) {
      const wasReady = book.ready
      const result = book.update(message.data)
      if (result === 'applied') options.onChange?.(book)
      else if (result === 'gap' && wasReady) restart().catch((error: unknown) => options.onEnd?.(error))
    },
    onEnd: (error) => options.onEnd?.(error),
  }
  const start = async (): Promise<void> => {
    const stop = await client.subscribe({ channel: 'depth', market, limit: FOLLOWED_LEVELS, ...(options.grouping === undefined ? {} : { grouping: options.grouping }) }, listener)
    if (stopped) stop()
    else end = stop
  }
  const restart = (): Promise<void> => {
    end()
    return start()
  }
  await start()
  return {
    book,
    stop() {
      stopped = true
      end()
    },
  }
}
