import { mkdtemp, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { createExchange } from '../create-exchange.js'
import type { Exchange } from '../exchange.js'
import { createMemoryStorage } from '../memory-storage.js'
import { limitOrder, MARKET, seededRandom, setUpMarket, trade } from '../testing/market.js'
import { openEngineLink, type EngineLink } from './engine-link.js'
import { connectReplica, type ReplicaExchange } from './replica-exchange.js'

const exists = (file: string): Promise<boolean> => stat(file).then(() => true, () => false)

describe('the link between an engine and its gateways', () => {
  let dir: string
  let socketPath: string
  let storage: ReturnType<typeof createMemoryStorage>
  let exchange: Exchange
  let link: EngineLink
  const halts: Error[] = []
  const logged: string[] = []
  const replicas: ReplicaExchange[] = []
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-link-'))
    socketPath = path.join(dir, 'engine.sock')
    storage = createMemoryStorage()
    await open()
    await setUpMarket(exchange)
  })
  after(async () => {
    for (const replica of replicas) replica.close()
    await link.close()
    await exchange.close()
    await rm(dir, { recursive: true })
    expect(halts).to.deep.equal([])
    expect(logged).to.deep.equal([])
  })

  async function open(): Promise<void> {
    exchange = await createExchange(storage)
    const calls = { historyReached: (sequence: number) => exchange.historyReached(sequence), twice: (number: number) => number * 2, fail: () => Promise.reject(Object.assign(new Error('No.'), { code: 'conflict', status: 409, field: 'x' })) }
    link = await openEngineLink({ exchange, path: socketPath, calls, log: (message) => logged.push(message) })
  }
  async function shut(): Promise<void> {
    await link.close()
    await exchange.close()
  }
  async function replica(): Promise<ReplicaExchange> {
    const connected = await connectReplica({ path: socketPath, retryMs: 5, log: (message) => logged.push(message), onHalt: (error) => halts.push(error) })
    replicas.push(connected)
    return connected
  }
  const presence = (of: ReplicaExchange, wanted: boolean): Promise<void> =>
    new Promise((resolve) => {
      if (of.isPresent === wanted) return resolve()
      const stop = of.onPresence((present) => {
        if (present !== wanted) return
        stop()
        resolve()
      })
    })
  const reached = async (of: ReplicaExchange): Promise<void> => {
    const wanted = exchange.sequence
    while (of.sequence < wanted) await new Promise((resolve) => setImmediate(resolve))
  }
  const agree = async (of: ReplicaExchange): Promise<void> => {
    await reached(of)
    expect(of.engine.stateHash()).to.equal(exchange.engine.stateHash())
    expect(of.marketData.depth(0, 1_000)).to.deep.equal(exchange.marketData.depth(0, 1_000))
    expect(of.marketData.recentTrades(0, 50)).to.deep.equal(exchange.marketData.recentTrades(0, 50))
    of.engine.checkInvariants()
  }

  it('is open to its owner alone', async () => {
    expect((await stat(socketPath)).mode & 0o777).to.equal(0o600)
  })

  it('makes every gateway the twin of the engine, whenever it comes, whoever trades', async () => {
    const first = await replica()
    await trade(exchange, seededRandom(1), 300)
    const second = await replica()
    await Promise.all([trade(exchange, seededRandom(2), 300), trade({ submit: (command) => first.submit(command) }, seededRandom(3), 300), trade({ submit: (command) => second.submit(command) }, seededRandom(4), 300)])
    await agree(first)
    await agree(second)
  })

  it('answers commands with the events that the engine would give, once this process has applied them too', async () => {
    const gateway = await replica()
    const result = await gateway.submit(limitOrder('alice', 'buy', '50.00', '1', { clientOrderId: 'over-the-link' }))
    if (!result.ok) throw new Error(result.reject.code)
    const direct = await exchange.submit(limitOrder('alice', 'buy', '50.00', '1', { clientOrderId: 'direct' }))
    expect(result.events.map(({ type }) => type)).to.deep.equal(direct.ok && direct.events.map(({ type }) => type))
    expect(result.events[0]).to.include({ type: 'order.accepted', clientOrderId: 'over-the-link', price: 5_000n })
    expect(gateway.sequence).to.be.at.least(result.sequence)
    expect(gateway.engine.orderByClientOrderId(gateway.catalog.accountByName('alice')!, 'over-the-link')?.price).to.equal(5_000n)
    const many = await Promise.all(Array.from({ length: 50 }, (_, i) => gateway.submit(limitOrder('alice', 'buy', '40.00', '1', { clientOrderId: `many-${i}` }))))
    for (const [i, one] of many.entries()) expect(one.ok && one.events.map((event) => `${event.type} ${event.index} ${'clientOrderId' in event ? event.clientOrderId : ''}`)).to.deep.equal([`order.accepted 0 many-${i}`, `order.rested 1 many-${i}`])
    const refused = await gateway.submit(limitOrder('alice', 'buy', '50.001', '1'))
    expect(!refused.ok && refused.reject.code).to.equal('price_not_multiple_of_tick_size')
    const all = await gateway.submit({ type: 'order.cancel-all', account: 'alice' })
    expect(all.ok && all.events.filter(({ type }) => type === 'order.cancelled').length).to.be.greaterThan(0)
    expect(gateway.balance('alice', 'BTC')).to.deep.equal(exchange.balance('alice', 'BTC'))
  })

  it('carries calls, their refusals and notes', async () => {
    const [one, other] = [await replica(), await replica()]
    expect(await one.call('twice', 21)).to.equal(42)
    const refused = await one.call('fail').catch((error: unknown) => error)
    expect(refused).to.include({ code: 'conflict', message: 'No.' })
    expect((await one.call('constructor').catch((error: Error) => error.message))).to.include('may not ask')
    const noted = new Promise((resolve) => other.onNote(resolve))
    one.note({ ended: 'session' })
    expect(await noted).to.deep.equal({ ended: 'session' })
    const heard: unknown[] = []
    const stop = link.onNote((note) => heard.push(note))
    one.note('to all')
    await other.call('twice', 1)
    await one.call('twice', 1)
    expect(heard).to.deep.equal(['to all'])
    stop()
    const told = Promise.all([one, other].map((gateway) => new Promise((resolve) => gateway.onNote(resolve))))
    link.note('all')
    expect(await told).to.deep.equal(['all', 'all'])
  })

  it('lets a read at any gateway see what was acknowledged at any other, or by the engine itself', async () => {
    const [one, other] = [await replica(), await replica()]
    const everywhere = [exchange, one, other]
    for (let i = 0; i < 60; i++) {
      const clientOrderId = `seen-${i}`
      await everywhere[i % 3]!.submit(limitOrder('carol', 'buy', '2.00', '1', { clientOrderId }))
      const [first, second] = [other.caughtUp(), other.caughtUp()]
      expect(second).to.equal(first)
      await Promise.all([one.caughtUp(), first])
      for (const gateway of [one, other]) expect(gateway.engine.orderByClientOrderId(gateway.catalog.accountByName('carol')!, clientOrderId), clientOrderId).not.to.equal(undefined)
    }
    await exchange.submit({ type: 'order.cancel-all', account: 'carol' })
  })

  it('ends a gateway that cannot be caught up, because what it has opened refers to the state that it had', async () => {
    const elsewhere = path.join(dir, 'other.sock')
    const begin = async (commands: number): Promise<() => Promise<void>> => {
      const engine = await createExchange(createMemoryStorage())
      for (let i = 0; i < commands; i++) await engine.submit({ type: 'asset.define', code: `A${i}`, scale: 8 })
      const opened = await openEngineLink({ exchange: engine, path: elsewhere, calls: {}, log: () => undefined })
      return async () => {
        await opened.close()
        await engine.close()
      }
    }
    const end = await begin(3)
    const halted: Promise<Error> = new Promise((resolve, reject) => {
      connectReplica({ path: elsewhere, retryMs: 5, log: () => undefined, onHalt: resolve }).then(end).catch(reject)
    })
    while (await exists(elsewhere)) await new Promise((resolve) => setImmediate(resolve))
    // An exchange that has not come so far: restored from an older backup, say.
    const endOther = await begin(2)
    expect((await halted).message).to.include('must begin anew')
    await endOther()
  })

  it('refuses commands while the engine is away, and goes on where it stood when it comes back', async () => {
    const gateway = await replica()
    await gateway.submit(limitOrder('bob', 'sell', '900.00', '1', { clientOrderId: 'before' }))
    const { engine } = gateway
    const gone = presence(gateway, false)
    await shut()
    await gone
    const refused = await gateway.submit(limitOrder('bob', 'sell', '901.00', '1')).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'unavailable' })
    expect(gateway.status().halted).to.be.a('string')
    const back = presence(gateway, true)
    await open()
    await trade(exchange, seededRandom(5), 200)
    await back
    expect(gateway.engine).to.equal(engine)
    await agree(gateway)
    expect((await gateway.submit({ type: 'order.cancel', account: 'bob', market: MARKET, clientOrderId: 'before' })).ok).to.equal(true)
  })

  it('says that a command may have happened when the engine goes before it answers', async () => {
    const gateway = await replica()
    const answer = gateway.submit(limitOrder('carol', 'buy', '1.00', '1')).catch((error: Error) => error.message)
    const gone = presence(gateway, false)
    await link.close()
    await gone
    expect(await answer).to.include('may have happened')
    await exchange.close()
    await open()
    await presence(gateway, true)
  })

  it('cuts whoever speaks another language', async () => {
    const stranger = connect(socketPath)
    stranger.write(Buffer.alloc(64, 0xff))
    stranger.on('error', () => undefined)
    await once(stranger, 'close')
    await agree(await replica())
  })
})
