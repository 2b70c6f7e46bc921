/** Token buckets per caller: how much may be asked in how short a time, in bounded memory. */

export interface Budget {
  /** Requests that may come at once. */
  readonly burst: number
  readonly perSecond: number
}

/** Budgets by kind of request; each caller has one of each kind. */
export const BUDGETS = {
  read: { burst: 600, perSecond: 100 },
  order: { burst: 1_000, perSecond: 200 },
  wallet: { burst: 60, perSecond: 2 },
  logIn: { burst: 30, perSecond: 0.5 },
} as const satisfies Record<string, Budget>
export type BudgetKind = keyof typeof BUDGETS

export interface BudgetState {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Seconds until the next request is allowed, 0 when one is. */
  readonly retryAfterSeconds: number
  /** Seconds until the whole burst is there again. */
  readonly resetSeconds: number
}

interface Bucket {
  tokens: number
  atMs: number
}

const MAX_BUCKETS = 50_000

export class RateLimits {
  private readonly buckets = new Map<string, Bucket>()

  constructor(
    private readonly now: () => number,
    private readonly budgets: Readonly<Record<BudgetKind, Budget>> = BUDGETS,
  ) {}

  /** Takes one token from the caller's bucket. */
  take(kind: BudgetKind, caller: string): BudgetState {
    const { burst, perSecond } = this.budgets[kind]
    const nowMs = this.now()
    const key = `${kind} ${caller}`
    const bucket = this.buckets.get(key) ?? { tokens: burst, atMs: nowMs }
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) * perSecond) / 1_000)
    bucket.atMs = nowMs
    const allowed = bucket.tokens >= 1
    if (allowed) bucket.tokens--
    // The one that was used last goes to the end: those in front are the first that can be forgotten.
    this.buckets.delete(key)
    if (this.buckets.size >= MAX_BUCKETS) this.buckets.delete(this.buckets.keys().next().value!)
    this.buckets.set(key, bucket)
    return {
      allowed,
      limit: burst,
      remaining: Math.floor(bucket.tokens),
      retryAfterSeconds: allowed ? 0 : Math.ceil((1 - bucket.tokens) / perSecond),
      resetSeconds: Math.ceil((burst - bucket.tokens) / perSecond),
    }
  }

  get size(): number {
    return this.buckets.size
  }
}
