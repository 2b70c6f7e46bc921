/** The same limits, counted in Redis for all gateways of an exchange together. */
import { RATE_LIMITS, type Cost, type RateLimitRules } from '@bourse/client'
import type { Redis } from 'ioredis'
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Log } from '../log.js'
import { budgetsOf, type BudgetName, type BudgetState, type LimitedCaller, type LimitState, type RateLimits } from './rate-limits.js'

export interface SharedRateLimitsOptions {
  readonly redis: Redis
  /** In front of every key in Redis. */
  readonly prefix: string
  /** Counts here while Redis does not answer: an outage must neither lock everybody out nor lift the limits. */
  readonly whileAway: RateLimits
  readonly log: Log
  readonly rules?: RateLimitRules
}

interface Spent {
  readonly name: BudgetName
  readonly limit: number
  readonly result: RateLimiterRes
  readonly allowed: boolean
}

export class SharedRateLimits implements RateLimits {
  private readonly limiters = new Map<string, RateLimiterRedis>()
  private readonly rules: RateLimitRules
  private away = false

  constructor(private readonly options: SharedRateLimitsOptions) {
    this.rules = options.rules ?? RATE_LIMITS
  }

  async take(cost: Cost, caller: LimitedCaller): Promise<LimitState> {
    try {
      const spent = await Promise.all([...this.spend('weight', cost.weight, caller), ...(cost.orders === 0 ? [] : this.spend('orders', cost.orders, caller))])
      if (this.away) this.options.log.info('Redis answers again: limits are shared')
      this.away = false
      const refused = spent.filter(({ allowed }) => !allowed)
      return {
        allowed: refused.length === 0,
        retryAfterSeconds: Math.ceil(Math.max(0, ...refused.map(({ result }) => result.msBeforeNext)) / 1_000),
        weight: tightest(spent, 'weight')!,
        orders: tightest(spent, 'orders'),
      }
    } catch (error) {
      if (!this.away) this.options.log.error('Redis does not answer: limits are counted by this gateway alone', { error: error instanceof Error ? error.message : String(error) })
      this.away = true
      return this.options.whileAway.take(cost, caller)
    }
  }

  private spend(name: BudgetName, amount: number, caller: LimitedCaller): Promise<Spent>[] {
    return budgetsOf(this.rules, name, caller).map(async ({ id, limit }) => {
      try {
        return { name, limit, result: await this.limiter(name, limit).consume(id, amount), allowed: true }
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return { name, limit, result: refusal, allowed: false }
        throw refusal
      }
    })
  }

  private limiter(name: BudgetName, limit: number): RateLimiterRedis {
    const key = `${name} ${limit}`
    let limiter = this.limiters.get(key)
    if (limiter === undefined) {
      limiter = new RateLimiterRedis({ storeClient: this.options.redis, keyPrefix: this.options.prefix, points: limit, duration: this.rules[name].windowSeconds })
      this.limiters.set(key, limiter)
    }
    return limiter
  }
}

function tightest(spent: readonly Spent[], of: BudgetName): BudgetState | undefined {
  const states = spent.filter(({ name }) => name === of).map(({ limit, result }) => ({ limit, remaining: Math.max(0, result.remainingPoints), resetSeconds: Math.ceil(result.msBeforeNext / 1_000) }))
  return states.sort((one, other) => one.remaining - other.remaining)[0]
}
