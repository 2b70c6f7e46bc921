/** Wakes the writer at the engine's next deadline, in case no command does so before. */
import type { Timers } from './timers.js'

/** Longer waits than timers can take are made in several. */
const MAX_WAIT_MS = 2 ** 31 - 1

export class DeadlineTimer {
  /** The deadline that the timer waits for; Infinity where none does. */
  private awaitedUs = Infinity
  private cancel: () => void = () => undefined

  constructor(
    private readonly timers: Timers,
    private readonly clock: () => number,
    private readonly wake: () => void,
  ) {}

  /**
   * @param deadlineUs Infinity: there is none.
   * @param engineUs time of the last command, which may be ahead of the clock.
   */
  await(deadlineUs: number, engineUs: number): void {
    if (deadlineUs === this.awaitedUs) return
    this.cancel()
    this.awaitedUs = deadlineUs
    if (deadlineUs === Infinity) return
    const waitMs = Math.ceil((deadlineUs - Math.max(engineUs, this.clock())) / 1000)
    const wake = (): void => {
      this.awaitedUs = Infinity
      this.wake()
    }
    this.cancel = this.timers.after(Math.min(Math.max(0, waitMs), MAX_WAIT_MS), wake, false)
  }
}
