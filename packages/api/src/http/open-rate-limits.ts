/** Opens the limits of requests: shared by all gateways through Redis where there is one, else in this process. */
import { Redis } from 'ioredis'
import type { Log } from '../log.js'
import { MemoryRateLimits, type RateLimits } from './rate-limits.js'
import { SharedRateLimits } from './shared-rate-limits.js'

/** An answer that takes longer is none: a request does not wait for its own limit. */
const ANSWER_MS = 250
const LONGEST_RETRY_MS = 2_000
/** A start waits for no longer. */
const FIRST_CONNECTION_MS = 2_000

export interface OpenRateLimitsOptions {
  /** `redis://host:port/database`; without it limits are counted in this process. */
  readonly redisUrl: string | undefined
  /** Names the exchange in Redis, which others may use too. */
  readonly exchange: string
  now(): number
  readonly log: Log
}

export interface OpenRateLimits {
  readonly limits: RateLimits
  /** Resolves once what counts is there, or after a while without it. */
  connected(): Promise<void>
  close(): void
}

/** @throws Error for an address that is none; one that does not answer is tried again while requests are counted here. */
export function openRateLimits({ redisUrl, exchange, now, log }: OpenRateLimitsOptions): OpenRateLimits {
  const memory = new MemoryRateLimits(now)
  if (redisUrl === undefined || redisUrl === '') return { limits: memory, connected: () => Promise.resolve(), close: () => undefined }
  if (!/^rediss?:\/\//.test(redisUrl) || !URL.canParse(redisUrl)) throw new Error('REDIS_URL must look like redis://host:port/database. Correct it, or remove it to count limits in each process.')
  const redis = new Redis(redisUrl, { commandTimeout: ANSWER_MS, enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RETRY_MS) })
  // What goes wrong is met by the next request that is to be counted.
  redis.on('error', () => undefined)
  return { limits: new SharedRateLimits({ redis, prefix: `bourse:${exchange}:limits`, whileAway: memory, log }), connected: () => ready(redis), close: () => redis.disconnect() }
}

function ready(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      redis.off('ready', done)
      resolve()
    }
    const timer = setTimeout(done, FIRST_CONNECTION_MS)
    redis.once('ready', done)
  })
}
