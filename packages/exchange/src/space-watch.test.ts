/** Tests of an exchange whose disk fills up and is emptied again. */
import { expect } from 'chai'
import { createExchange } from './create-exchange.js'
import type { Exchange } from './exchange.js'
import type { ExchangeOptions } from './exchange-options.js'
import { ExchangeReadOnlyError } from './exchange-errors.js'
import { createMemoryStorage } from './memory-storage.js'
import { limitOrder, rejection, setUpMarket } from './testing/market.js'
import { systemTimers, type Timers } from './timers.js'

const MB = 1_000_000

/** A disk whose space a test sets, looked at when the test says so. */
class Space {
  freeBytes = 1000 * MB
  readonly log: string[] = []
  readonly told: Error[] = []
  private looks: (() => void)[] = []

  async look(): Promise<void> {
    for (const look of this.looks.splice(0)) look()
    await new Promise((resolve) => setImmediate(resolve))
  }

  options(): Partial<ExchangeOptions> {
    const timers: Timers = {
      nextTurn: systemTimers.nextTurn,
      after: (ms, callback, keepAlive) => {
        if (ms !== 777) return systemTimers.after(ms, callback, keepAlive)
        this.looks.push(callback)
        return () => void (this.looks = this.looks.filter((look) => look !== callback))
      },
    }
    const free = async (): Promise<number> => {
      if (this.freeBytes < 0) throw new Error('no such disk')
      return this.freeBytes
    }
    return { timers, log: (line) => this.log.push(line), onReadOnly: (error) => this.told.push(error), space: { free, warnBelowBytes: 500 * MB, readOnlyBelowBytes: 100 * MB, checkEveryMs: 777 } }
  }

  get waiting(): number {
    return this.looks.length
  }
}

const order = (exchange: Exchange) => exchange.submit(limitOrder('alice', 'buy', '99.00', '1'))

describe('an exchange whose disk fills up', () => {
  it('warns once, becomes read-only before the disk is full, and takes commands again when there is room', async () => {
    const space = new Space()
    const exchange = await createExchange({ ...createMemoryStorage(), ...space.options() })
    await setUpMarket(exchange)
    expect(exchange.status().space).to.deep.equal({ freeBytes: 1000 * MB, level: 'plenty' })

    space.freeBytes = 400 * MB
    await space.look()
    await space.look()
    expect(space.log).to.have.lengthOf(1)
    expect(space.log[0]).to.contain('Only 400 MB').and.contain('Below 100 MB')
    expect((await order(exchange)).ok).to.equal(true)

    space.freeBytes = 99 * MB
    await space.look()
    const refusal = await rejection(order(exchange))
    expect(refusal).to.be.instanceOf(ExchangeReadOnlyError).and.include({ code: 'exchange_read_only' })
    expect(refusal.message).to.contain('99 MB').and.contain('not acknowledged')
    expect(space.told).to.have.lengthOf(1)
    expect(exchange.status()).to.deep.include({ readOnly: refusal.message, space: { freeBytes: 99 * MB, level: 'read-only' } })
    expect(exchange.status().halted).to.equal(undefined)
    expect(exchange.balance('alice', 'USDT').held).to.not.equal(0n)
    expect(exchange.engine.openOrders(2)).to.have.lengthOf(1)

    // A little above the bound is not enough.
    space.freeBytes = 105 * MB
    await space.look()
    expect(await rejection(order(exchange))).to.be.instanceOf(ExchangeReadOnlyError)
    space.freeBytes = 900 * MB
    await space.look()
    expect(space.log.at(-1)).to.contain('room again')
    expect((await order(exchange)).ok).to.equal(true)
    expect(exchange.status().readOnly).to.equal(undefined)
    await exchange.close()
    expect(space.waiting).to.equal(0)
  })

  it('starts read-only on a full disk, serves what it has, and closes without a snapshot', async () => {
    const storage = createMemoryStorage()
    const first = await createExchange(storage)
    await setUpMarket(first)
    await order(first)
    const hash = first.engine.stateHash()
    await first.close()

    const space = new Space()
    space.freeBytes = 0
    let snapshots = 0
    const counted = { ...storage.snapshots, write: async () => void snapshots++, read: storage.snapshots.read.bind(storage.snapshots) }
    const exchange = await createExchange({ journal: storage.journal, snapshots: counted, ...space.options() })
    expect(exchange.engine.stateHash()).to.equal(hash)
    expect(await rejection(order(exchange))).to.be.instanceOf(ExchangeReadOnlyError)
    await exchange.close()
    expect(snapshots).to.equal(0)
  })

  it('goes on trading when nobody can tell how much is left', async () => {
    const space = new Space()
    space.freeBytes = -1
    const exchange = await createExchange({ ...createMemoryStorage(), ...space.options() })
    await setUpMarket(exchange)
    await space.look()
    expect(space.log.filter((line) => line.includes('cannot be told'))).to.have.lengthOf(1)
    await exchange.close()
  })
})
