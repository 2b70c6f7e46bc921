/** Limits of requests by weight and by number of orders, for each key, person and address: here in memory, bounded. */
import { RATE_LIMITS, type Cost, type RateBudget, type RateLimitRules } from '@bourse/client'

/** Who is counted; an API key spends its own budget, its owner's and that of its address. */
export interface LimitedCaller {
  readonly key?: string | undefined
  readonly userId?: string | undefined
  readonly address: string
}

export interface BudgetState {
  readonly limit: number
  readonly remaining: number
  /** Seconds until the whole budget is there again. */
  readonly resetSeconds: number
}

/** What became of a request: the budgets with the least left, of those that apply. */
export interface LimitState {
  readonly allowed: boolean
  /** Seconds until the request is allowed, 0 when it is. */
  readonly retryAfterSeconds: number
  readonly weight: BudgetState
  /** Where the request counts as orders. */
  readonly orders: BudgetState | undefined
}

export interface RateLimits {
  /** Spends what a request costs, unless a budget of its caller has not enough left. */
  take(cost: Cost, caller: LimitedCaller): LimitState | Promise<LimitState>
}

export type BudgetName = keyof RateLimitRules
type Subject = Exclude<keyof RateBudget, 'windowSeconds'>

/** A budget that a caller spends of, as `name:subject:of`, with its limit. */
interface CallersBudget {
  readonly id: string
  readonly limit: number
}

/** All of them. */
export function budgetsOf(rules: RateLimitRules, name: BudgetName, { key, userId, address }: LimitedCaller): readonly CallersBudget[] {
  if (userId === undefined) return [callersBudget(rules, name, 'anonymous', address)]
  const both = [callersBudget(rules, name, 'user', userId), callersBudget(rules, name, 'address', address)]
  return key === undefined ? both : [callersBudget(rules, name, 'key', key), ...both]
}

function callersBudget(rules: RateLimitRules, name: BudgetName, subject: Subject, of: string): CallersBudget {
  return { id: `${name}:${subject}:${of}`, limit: rules[name][subject] }
}

interface Bucket {
  left: number
  atMs: number
}

const MAX_BUCKETS = 100_000

export class MemoryRateLimits implements RateLimits {
  private readonly buckets = new Map<string, Bucket>()

  constructor(
    private readonly now: () => number,
    private readonly rules: RateLimitRules = RATE_LIMITS,
  ) {}

  take(cost: Cost, caller: LimitedCaller): LimitState {
    const weight = this.look('weight', cost.weight, caller)
    const orders = cost.orders === 0 ? undefined : this.look('orders', cost.orders, caller)
    const waitSeconds = Math.max(weight.waitSeconds, orders?.waitSeconds ?? 0)
    const allowed = waitSeconds === 0
    if (allowed) {
      for (const bucket of weight.buckets) bucket.left -= cost.weight
      for (const bucket of orders?.buckets ?? []) bucket.left -= cost.orders
    }
    return { allowed, retryAfterSeconds: Math.ceil(waitSeconds), weight: stateOf(weight, this.rules.weight), orders: orders && stateOf(orders, this.rules.orders) }
  }

  get size(): number {
    return this.buckets.size
  }

  /** The buckets of one budget, filled up to now, and how long the emptiest of them has to wait for the amount. */
  private look(name: BudgetName, amount: number, caller: LimitedCaller): Looked {
    const { windowSeconds } = this.rules[name]
    const nowMs = this.now()
    const looked: Looked = { buckets: [], tightest: undefined, waitSeconds: 0 }
    for (const { id, limit } of budgetsOf(this.rules, name, caller)) {
      const bucket = this.bucket(id, limit, nowMs)
      bucket.left = Math.min(limit, bucket.left + (Math.max(0, nowMs - bucket.atMs) * limit) / (windowSeconds * 1_000))
      bucket.atMs = nowMs
      looked.buckets.push(bucket)
      if (looked.tightest === undefined || bucket.left < looked.tightest.bucket.left) looked.tightest = { bucket, limit }
      // An amount above the whole budget waits for a full one, and is refused then too.
      if (bucket.left < amount) looked.waitSeconds = Math.max(looked.waitSeconds, Math.max(0.001, ((Math.min(amount, limit) - bucket.left) * windowSeconds) / limit))
    }
    return looked
  }

  /** The one that was used last goes to the end: those in front are the first that can be forgotten. */
  private bucket(id: string, limit: number, nowMs: number): Bucket {
    const bucket = this.buckets.get(id) ?? { left: limit, atMs: nowMs }
    this.buckets.delete(id)
    if (this.buckets.size >= MAX_BUCKETS) this.buckets.delete(this.buckets.keys().next().value!)
    this.buckets.set(id, bucket)
    return bucket
  }
}

interface Looked {
  readonly buckets: Bucket[]
  tightest: { readonly bucket: Bucket; readonly limit: number } | undefined
  waitSeconds: number
}

function stateOf({ tightest }: Looked, { windowSeconds }: RateBudget): BudgetState {
  if (tightest === undefined) throw new Error('A caller without any budget was let in.')
  const { bucket, limit } = tightest
  const left = Math.max(0, bucket.left)
  return { limit, remaining: Math.floor(left), resetSeconds: Math.ceil(((limit - left) * windowSeconds) / limit) }
}
