/** Calls markets that the circuit breaker halted to their auction, with an end that nobody can foresee. */
import { randomInt } from 'node:crypto'
import type { Command, Engine } from '@bourse/core'
import type { CommandResult } from '@bourse/plugin'
import { ExchangeClosedError, ExchangeHaltedError, ExchangeReadOnlyError } from './exchange-errors.js'
import type { Timers } from './timers.js'

export interface AuctionCallerOptions {
  readonly engine: () => Pick<Engine, 'breakerHalts' | 'catalog' | 'haltEndsUs'>
  readonly submit: (command: Command) => Promise<CommandResult>
  readonly timers: Timers
  /** Microseconds since 1970. */
  readonly clock: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  readonly log: (message: string) => void
}

/** Before a call that was not taken is tried again. */
const RETRY_MS = 1_000
/** Longer waits than timers can take are made in several. */
const MAX_WAIT_MS = 2 ** 31 - 1

/** Chance from the system, from 0 to below 1: the end of an auction is worth guessing. */
export function systemRandom(): number {
  return randomInt(2 ** 32) / 2 ** 32
}

/**
 * That a market waits for its auction, and since when, is in the engine's state: whatever of this is lost with the process
 * is made again at the next start.
 */
export class AuctionCaller {
  /** Takes back the timers, by market. */
  private readonly waiting = new Map<number, () => void>()
  private closed = false
  /** How many halts were taken up. */
  private seen = 0

  constructor(private readonly options: AuctionCallerOptions) {}

  /** Takes up every market that waits for its auction. */
  start(): void {
    for (const { id } of this.options.engine().catalog.markets()) this.await(id)
  }

  /** To be called when commands have been committed: takes up markets that were halted meanwhile. */
  observe(): void {
    const { breakerHalts } = this.options.engine()
    if (breakerHalts === this.seen) return
    this.seen = breakerHalts
    this.start()
  }

  /** Calls nobody any more. */
  close(): void {
    this.closed = true
    for (const cancel of this.waiting.values()) cancel()
    this.waiting.clear()
  }

  /** Waits for the end of a market's halt, unless it is not halted by the breaker. */
  private await(market: number): void {
    const endsUs = this.options.engine().haltEndsUs(market)
    this.forget(market)
    if (endsUs === undefined || this.closed) return
    const waitMs = Math.max(0, Math.ceil((endsUs - this.options.clock()) / 1000))
    this.wake(market, Math.min(waitMs, MAX_WAIT_MS))
  }

  private wake(market: number, afterMs: number): void {
    const cancel = this.options.timers.after(
      afterMs,
      () => {
        this.waiting.delete(market)
        void this.call(market)
      },
      false,
    )
    this.waiting.set(market, cancel)
  }

  private forget(market: number): void {
    this.waiting.get(market)?.()
    this.waiting.delete(market)
  }

  private async call(market: number): Promise<void> {
    const { clock, engine, log, random, submit } = this.options
    const endsUs = engine().haltEndsUs(market)
    // A command has changed the market's state since, or the wait was one of several.
    if (endsUs === undefined || endsUs > clock()) return this.await(market)
    const { symbol, auctionMs, auctionRandomMs } = engine().catalog.market(market)!
    const endsAt = Math.ceil(clock() / 1000) + auctionMs + Math.floor(random() * (auctionRandomMs + 1))
    try {
      const result = await submit({ type: 'market.auction', market: symbol, endsAt })
      if (!result.ok) log(`${symbol} was halted by its circuit breaker, and its auction was refused: ${result.reject.code}.`)
    } catch (error) {
      if (this.closed || error instanceof ExchangeClosedError || error instanceof ExchangeHaltedError || error instanceof ExchangeReadOnlyError) return
      log(`${symbol} was halted by its circuit breaker, and its auction could not be called: ${String(error)}. It is tried again in a second.`)
      this.wake(market, RETRY_MS)
    }
  }
}
