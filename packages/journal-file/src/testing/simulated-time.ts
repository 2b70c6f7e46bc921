/** Time that passes only when everything waits for it: the order of what happens follows from a seed. */

interface Alarm {
  readonly atUs: number
  readonly order: number
  readonly ring: () => void
  cancelled: boolean
}

/**
 * An event loop of its own. What waits here is woken one after another, by time and then in the order of the
 * calls; between two of them every promise that can go on does so. A program that waits for nothing else
 * (no file, no socket, no real timer) runs the same way each time.
 *
 * @example
 * const time = new SimulatedTime()
 * time.after(5_000, () => console.log('five milliseconds later'))
 * await time.runUntil(program())
 */
export class SimulatedTime {
  /** Microseconds since the beginning. */
  nowUs = 0
  /** Alarms that have rung. */
  steps = 0
  /** A program that takes more alarms than this is taken for one that never ends. */
  maxSteps = Infinity
  private order = 0
  /** A binary heap, the next one first. */
  private readonly alarms: Alarm[] = []

  /** Calls back after a while; the returned function prevents that. */
  after(us: number, ring: () => void): () => void {
    const alarm: Alarm = { atUs: this.nowUs + us, order: this.order++, ring, cancelled: false }
    this.push(alarm)
    return () => void (alarm.cancelled = true)
  }

  sleep(us: number): Promise<void> {
    return new Promise((resolve) => void this.after(us, resolve))
  }

  /**
   * Lets time pass until a promise settles, and gives its value or its rejection.
   *
   * @throws Error when nothing is left to happen and the promise still waits, a deadlock of the program under test,
   * or when {@link SimulatedTime.maxSteps} is reached.
   */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    const settle = (): void => void (settled = true)
    promise.then(settle, settle)
    for (;;) {
      // A turn of the real event loop lets every promise that can go on do so.
      await new Promise((resolve) => setImmediate(resolve))
      if (settled) return promise
      const alarm = this.next()
      if (alarm === undefined) throw new Error(`Nothing is left to happen after ${this.nowUs} simulated microseconds, but the program still waits.`)
      if (this.steps >= this.maxSteps) throw new Error(`The program has not ended after ${this.steps} steps and ${this.nowUs} simulated microseconds.`)
      this.nowUs = alarm.atUs
      this.steps++
      alarm.ring()
    }
  }

  private push(alarm: Alarm): void {
    const { alarms } = this
    let at = alarms.push(alarm) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(alarm, alarms[parent]!)) break
      alarms[at] = alarms[parent]!
      at = parent
    }
    alarms[at] = alarm
  }

  private next(): Alarm | undefined {
    for (;;) {
      const first = this.pop()
      if (first === undefined || !first.cancelled) return first
    }
  }

  private pop(): Alarm | undefined {
    const { alarms } = this
    const first = alarms[0]
    const last = alarms.pop()
    if (last === undefined || last === first) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= alarms.length) break
      if (child + 1 < alarms.length && before(alarms[child + 1]!, alarms[child]!)) child++
      if (!before(alarms[child]!, last)) break
      alarms[at] = alarms[child]!
      at = child
    }
    alarms[at] = last
    return first
  }
}

function before(one: Alarm, other: Alarm): boolean {
  return one.atUs < other.atUs || (one.atUs === other.atUs && one.order < other.order)
}
