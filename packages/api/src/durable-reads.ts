/** Reads of the engine that are given out only once what they show is durable. */
import { unavailable } from './http/failures.js'
import type { TradingService } from './services.js'

/** The journal answers within milliseconds; after this long it does not answer any more. */
const MAX_WAIT_MS = 5_000
/** How long a list may wait for the history to catch up; then it shows what is there. */
const MAX_HISTORY_WAIT_MS = 2_000

interface Waiter {
  readonly sequence: number
  readonly run: () => void
}

/**
 * The engine runs ahead of the journal by what is on its way to the disk. A balance read from it may show a command
 * that a crash would undo, so nothing leaves before the commands behind it are durable.
 */
export class DurableReads {
  private waiters: Waiter[] = []
  private readonly stop: () => void

  constructor(private readonly exchange: TradingService) {
    this.stop = exchange.onCommitted(({ lastSequence }) => this.advance(lastSequence))
  }

  close(): void {
    this.stop()
    this.waiters = []
  }

  /** Reads what stands, nothing older than what anybody has been told, and resolves when everything that the read could see is durable. */
  async read<Result>(read: () => Result): Promise<Result> {
    if (this.exchange.caughtUp !== undefined) await this.exchange.caughtUp()
    const result = read()
    await this.durable(this.exchange.engine.sequence)
    return result
  }

  /** Runs the hook once the sequence is durable and no later one is public, in the order of the calls; at once where that is so. */
  when(sequence: number, run: () => void): () => void {
    if (this.exchange.sequence >= sequence) {
      run()
      return () => undefined
    }
    const waiter = { sequence, run }
    this.waiters.push(waiter)
    return () => {
      this.waiters = this.waiters.filter((candidate) => candidate !== waiter)
    }
  }

  /** Resolves once everything that was acknowledged so far is in the history, or after a bounded wait. */
  async history(): Promise<void> {
    if (this.exchange.caughtUp !== undefined) await this.exchange.caughtUp()
    await withinTime(this.exchange.historyReached(this.exchange.sequence), MAX_HISTORY_WAIT_MS)
  }

  private async durable(sequence: number): Promise<void> {
    if (this.exchange.sequence >= sequence) return
    let forget = (): void => undefined
    const reached = await withinTime(
      new Promise<void>((resolve) => {
        forget = this.when(sequence, resolve)
      }),
      MAX_WAIT_MS,
    )
    if (reached) return
    forget()
    throw unavailable('The journal of the exchange does not answer. Try again in a moment.')
  }

  private advance(sequence: number): void {
    const ready = this.waiters.filter((waiter) => waiter.sequence <= sequence)
    if (ready.length === 0) return
    this.waiters = this.waiters.filter((waiter) => waiter.sequence > sequence)
    for (const { run } of ready) run()
  }
}

/** Whether the promise was settled in time. */
async function withinTime(promise: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs)
  })
  try {
    return await Promise.race([promise.then(() => true), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
