/** Tests of projections that follow, lag, fail and are rebuilt. */
import { expect } from 'chai'
import { OverloadedError } from '@bourse/plugin'
import { createExchange } from './create-exchange.js'
import type { Exchange } from './exchange.js'
import type { ExchangeOptions } from './exchange-options.js'
import { createMemoryStorage } from './memory-storage.js'
import { limitOrder, rejection, seededRandom, setUpMarket, trade } from './testing/market.js'
import { MemoryProjection } from './testing/memory-projection.js'

describe('projections of an exchange', () => {
  let projection: MemoryProjection
  let exchange: Exchange
  const start = async (more: Partial<ExchangeOptions> = {}): Promise<void> => {
    projection = new MemoryProjection()
    exchange = await createExchange({ ...createMemoryStorage(), projections: [projection], projectionRetryMs: 1, ...more })
    await setUpMarket(exchange)
  }

  async function expectComplete(): Promise<void> {
    await exchange.historyReached(exchange.sequence)
    const fresh = new MemoryProjection()
    await exchange.rebuildProjection(fresh)
    expect(projection).to.include({ committed: exchange.sequence, digest: fresh.digest, count: fresh.count })
  }

  it('gets every event once and in order', async () => {
    await start()
    await trade(exchange, seededRandom(1), 1000)
    await expectComplete()
    expect(exchange.status().projections).to.deep.equal([{ name: 'memory', cursor: exchange.sequence, lag: 0, waitingBytes: 0 }])
  })

  it('tries again after a failure, whether or not the transaction had been committed', async () => {
    await start()
    const random = seededRandom(5)
    const fail = (): void => {
      if (random() < 0.5) throw new Error('the database is away')
    }
    projection.before = fail
    projection.after = fail
    await trade(exchange, seededRandom(2), 500)
    await exchange.historyReached(exchange.sequence)
    projection.before = projection.after = () => undefined
    await expectComplete()
    expect(exchange.status().projections[0]).not.to.have.property('error')
  })

  it('holds new orders off while it is too far behind, serves cancels, and recovers', async () => {
    await start({ maxProjectionLagBytes: 20_000 })
    let release = (): void => undefined
    const stalled = new Promise<void>((resolve) => (release = resolve))
    projection.before = () => stalled
    let refused: Error | undefined
    for (let i = 0; i < 1000 && refused === undefined; i++) await exchange.submit(limitOrder('alice', 'sell', '100.00', '0.01')).catch((error: Error) => (refused = error))
    expect(refused).to.be.instanceOf(OverloadedError)
    expect(exchange.status().projections[0]!.waitingBytes).to.be.within(20_000, 30_000)
    expect(exchange.status().projections[0]!.lag).to.be.greaterThan(0)
    expect((await exchange.submit({ type: 'order.cancel-all', account: 'alice' })).ok).to.equal(true)
    expect(await rejection(exchange.submit(limitOrder('alice', 'sell', '100.00', '0.01')))).to.be.instanceOf(OverloadedError)
    release()
    await expectComplete()
    expect((await exchange.submit(limitOrder('alice', 'sell', '100.00', '0.01'))).ok).to.equal(true)
  })

  it('is rebuilt from the first command on while trading goes on', async () => {
    await start()
    await trade(exchange, seededRandom(3), 500)
    projection.digest = 'damaged'
    const progress: number[] = []
    const trading = trade(exchange, seededRandom(4), 1000)
    await exchange.rebuildProjection(projection, (done) => progress.push(done))
    await trading
    expect(projection.resets).to.equal(1)
    expect(progress.at(-1)).to.equal(1)
    await expectComplete()
  })

  it('is brought up to date before the exchange is closed', async () => {
    await start()
    await trade(exchange, seededRandom(6), 300)
    await exchange.close()
    expect(projection.committed).to.equal(exchange.sequence)
  })

  it('does not keep a closing exchange when it fails', async () => {
    await start({ projectionRetryMs: 1_000_000 })
    const failed = new Promise((resolve) => {
      projection.before = () => {
        setImmediate(resolve)
        throw new Error('the database is away')
      }
    })
    await trade(exchange, seededRandom(6), 300)
    await failed
    expect(exchange.status().projections[0]!.error).to.equal('the database is away')
    await exchange.close()
    expect(projection.committed).to.be.lessThan(exchange.sequence)
  })
})
