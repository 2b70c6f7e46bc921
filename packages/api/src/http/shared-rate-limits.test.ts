import { once } from 'node:events'
import { Redis } from 'ioredis'
import { expect } from 'chai'
import type { RateLimitRules } from '@bourse/client'
import type { Log } from '../log.js'
import { openRateLimits } from './open-rate-limits.js'
import { MemoryRateLimits } from './rate-limits.js'
import { SharedRateLimits } from './shared-rate-limits.js'

const REDIS_URL = process.env['BOURSE_TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const DATABASE = 11
const rules: RateLimitRules = {
  weight: { windowSeconds: 60, key: 10, user: 20, address: 100, anonymous: 5 },
  orders: { windowSeconds: 60, key: 4, user: 6, address: 100, anonymous: 1 },
}
const READ = { weight: 1, orders: 0 }
const ann = { userId: 'ann', address: '192.0.2.1' }

describe('limits that gateways share', () => {
  let redis: Redis
  let other: Redis
  let logged: string[]
  let prefix: string
  const log: Log = { info: (message) => logged.push(message), error: (message) => logged.push(message) }
  before(async function () {
    redis = new Redis(REDIS_URL, { db: DATABASE, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
    redis.on('error', () => undefined)
    const answers = await redis.connect().then(() => true, () => false)
    if (!answers) {
      console.log(`    skipped: no Redis answers at ${new URL(REDIS_URL).host} (BOURSE_TEST_REDIS_URL)`)
      this.skip()
    }
    other = redis.duplicate()
    await other.connect()
  })
  beforeEach(() => {
    logged = []
    prefix = `bourse-test-${process.pid}-${Date.now()}-${Math.random()}`
  })
  afterEach(async () => {
    const keys = redis.status === 'ready' ? await redis.keys(`${prefix}*`) : []
    if (keys.length > 0) await redis.del(keys)
  })
  after(() => {
    redis?.disconnect()
    other?.disconnect()
  })
  const gateway = (connection: Redis): SharedRateLimits => new SharedRateLimits({ redis: connection, prefix, whileAway: new MemoryRateLimits(() => 0, rules), log, rules })

  it('are spent by requests to any of them', async () => {
    const gateways = [gateway(redis), gateway(other)]
    const results = await Promise.all(Array.from({ length: 60 }, (_, index) => gateways[index % 2]!.take(READ, ann)))
    expect(results.filter(({ allowed }) => allowed)).to.have.length(20)
    const refused = results.find(({ allowed }) => !allowed)!
    expect(refused.retryAfterSeconds).to.be.within(1, 60)
    expect(refused.weight).to.deep.include({ limit: 20, remaining: 0 })
    expect((await gateways[0]!.take(READ, { ...ann, userId: 'bob' })).allowed).to.equal(true)
  })

  it('count every order of a list', async () => {
    const limits = gateway(redis)
    expect((await limits.take({ weight: 1, orders: 5 }, ann)).orders).to.deep.include({ limit: 6, remaining: 1 })
    expect((await limits.take({ weight: 1, orders: 2 }, ann)).allowed).to.equal(false)
    expect((await limits.take(READ, ann)).allowed).to.equal(true)
  })

  it('hold in each gateway alone while Redis is away, which is told once', async () => {
    const gone = redis.duplicate({ enableOfflineQueue: false, lazyConnect: true })
    gone.on('error', () => undefined)
    const limits = gateway(gone)
    const results = await Promise.all(Array.from({ length: 30 }, () => limits.take(READ, ann)))
    expect(results.filter(({ allowed }) => allowed)).to.have.length(20)
    expect(logged).to.deep.equal(['Redis does not answer: limits are counted by this gateway alone'])
    if (gone.status !== 'ready') await once(gone, 'ready')
    expect((await limits.take(READ, ann)).allowed).to.equal(true)
    expect(logged.at(-1)).to.equal('Redis answers again: limits are shared')
    gone.disconnect()
    await once(gone, 'end')
  })
})

describe('opening the limits', () => {
  const log: Log = { info: () => undefined, error: () => undefined }

  it('counts in the process without an address', () => {
    expect(openRateLimits({ redisUrl: undefined, exchange: 'x', now: () => 0, log }).limits).to.be.instanceOf(MemoryRateLimits)
  })

  it('waits for the first connection, so that the first request is counted for all', async function () {
    const known = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
    known.on('error', () => undefined)
    const answers = await known.connect().then(() => true, () => false)
    known.disconnect()
    if (!answers) {
      console.log(`      skipped: no Redis answers at ${new URL(REDIS_URL).host} (BOURSE_TEST_REDIS_URL)`)
      this.skip()
    }
    const logged: string[] = []
    const exchange = `test-${process.pid}-${Math.random()}`
    const opened = openRateLimits({ redisUrl: REDIS_URL, exchange, now: () => 0, log: { info: () => undefined, error: (message) => logged.push(message) } })
    await opened.connected()
    expect((await opened.limits.take(READ, ann)).allowed).to.equal(true)
    expect(logged).to.deep.equal([])
    opened.close()
  })

  it('says what is wrong with an address, and never its password', () => {
    expect(() => openRateLimits({ redisUrl: 'http://:secret@localhost', exchange: 'x', now: () => 0, log })).to.throw(/^REDIS_URL must look like (?!.*secret)/)
  })
})
