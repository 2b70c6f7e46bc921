/** Slows down who guesses passwords: failures are counted per e-mail, per address and per both. */
import type { CountedName, FailureCounts } from './failure-counters.js'

const FAILURES_FOR_ONE_FROM_ONE_ADDRESS = 5
const FAILURES_FOR_ONE = 50
const FAILURES_FROM_ONE_ADDRESS = 100

/** The limit for one e-mail from anywhere is higher than the one from one address: a stranger must not be able to lock somebody out cheaply. */
export class LogInThrottle {
  constructor(private readonly failures: FailureCounts) {}

  /** @returns 0 when the try may go on (and counts it), else milliseconds until the next one. */
  async begin(email: string, address: string, nowMs: number): Promise<number> {
    return this.failures.begin(throttleNames(email, address), nowMs)
  }

  /** The try was right: it and the failures of this person from this address are forgotten. */
  async succeeded(email: string, address: string): Promise<void> {
    const [own, ...shared] = throttleNames(email, address)
    await Promise.all([this.failures.forget(own!.key), ...shared.map(({ key }) => this.failures.takeBack(key))])
  }
}

function throttleNames(email: string, address: string): readonly CountedName[] {
  return [
    { key: `both ${email} ${address}`, limit: FAILURES_FOR_ONE_FROM_ONE_ADDRESS },
    { key: `email ${email}`, limit: FAILURES_FOR_ONE },
    { key: `address ${address}`, limit: FAILURES_FROM_ONE_ADDRESS },
  ]
}
