/** Hashing and checking of passwords with argon2id, never more at a time than the machine should spend on it. */
import { hash, verify } from '@node-rs/argon2'

/** OWASP's recommendation for argon2id, the library's default algorithm: 19 MiB, two passes, one lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Hashing shares its threads with the journal's disk writes: leave some free. */
const MAX_AT_ONCE = 2
const MAX_WAITING = 200

/** Too many people log in at this moment. */
export class PasswordsBusyError extends Error {
  readonly code = 'unavailable'
  constructor() {
    super('Too many people are logging in right now. Try again in a few seconds.')
    this.name = 'PasswordsBusyError'
  }
}

export class Passwords {
  private running = 0
  private readonly waiting: (() => void)[] = []
  /** A hash that no password fits: checked for unknown people, so that they take as long as known ones. */
  private readonly decoy: Promise<string>

  constructor(decoyPassword: string) {
    this.decoy = hash(decoyPassword, ARGON2ID)
    // The first check that needs it tells of a failure.
    this.decoy.catch(() => undefined)
  }

  hash(password: string): Promise<string> {
    return this.withSlot(() => hash(normalised(password), ARGON2ID))
  }

  /** Whether the password fits; takes the same time when there is no hash. */
  async fits(password: string, passwordHash: string | undefined): Promise<boolean> {
    const known = passwordHash ?? (await this.decoy)
    const fits = await this.withSlot(() => verify(known, normalised(password)))
    return fits && passwordHash !== undefined
  }

  private async withSlot<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= MAX_AT_ONCE) {
      if (this.waiting.length >= MAX_WAITING) throw new PasswordsBusyError()
      // The one who leaves hands its slot over: `running` stays as it is.
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    } else {
      this.running++
    }
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      if (next === undefined) this.running--
      else next()
    }
  }
}

/** One form for what keyboards write in several. */
function normalised(password: string): string {
  return password.normalize('NFKC')
}
