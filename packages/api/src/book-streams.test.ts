import { expect } from 'chai'
import { createOrderBook, createOrderQueue, levelsOf, STREAMS, type BourseClient, type StreamChannel, type StreamMessage, type Subscription } from '@bourse/client'
import { refusal } from '../test/refusal.js'
import { fund, startGateway, type RunningGateway } from '../test/running-gateway.js'

const MARKET = 'BTC-USDT'
const STEPS = 60 * Number(process.env['BOURSE_TEST_SCALE'] ?? 1)

/** Small numbers from a seed. */
function dice(seed: number): (below: number) => number {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

describe('the streams of a book', function () {
  this.timeout(30_000)
  let running: RunningGateway
  let ann: BourseClient
  let bob: BourseClient
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, isUnlimited: () => true }) })
    ann = (await running.trader('ann', { USDT: '100000000', BTC: '1000' })).client
    bob = (await running.trader('bob', { USDT: '100000000', BTC: '1000' })).client
    await Promise.all([ann.connect(), bob.connect()])
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  /** Random limits, icebergs, takers, reductions, amendments and cancels around 100.00. */
  async function trade(steps: number, seed: number): Promise<void> {
    const below = dice(seed)
    for (let step = 0; step < steps; step++) {
      const client = below(2) === 0 ? ann : bob
      const side = below(2) === 0 ? 'buy' : 'sell'
      const price = `${100 + (side === 'buy' ? -below(6) : below(6)) + (below(5) === 0 ? (side === 'buy' ? 4 : -4) : 0)}.${below(10)}0`
      const roll = below(10)
      const open = roll < 6 ? [] : await client.openOrders(MARKET)
      const order = open[below(Math.max(1, open.length))]
      if (order === undefined) {
        const iceberg = below(4) === 0 ? { quantity: '0.50000', displayQuantity: '0.10000' } : { quantity: `0.${1 + below(9)}0000` }
        await client.placeOrder({ market: MARKET, side, orderType: 'limit', price, ...iceberg }).catch(() => undefined)
      } else if (roll === 6) await client.changeOrder({ market: MARKET, orderId: order.orderId, price }).catch(() => undefined)
      else if (roll === 7) await client.changeOrder({ market: MARKET, orderId: order.orderId, leavesQuantity: '0.05000' }).catch(() => undefined)
      else await client.cancelOrder({ market: MARKET, orderId: order.orderId }).catch(() => undefined)
    }
  }

  /** Joins a stream and calls with everything that comes; resolves once it has its snapshot. */
  async function listen<Channel extends StreamChannel>(subscription: Extract<Subscription, { channel: Channel }>): Promise<{ snapshots: unknown[]; messages: Extract<StreamMessage, { channel: Channel }>[]; stop: () => void }> {
    const snapshots: unknown[] = []
    const messages: Extract<StreamMessage, { channel: Channel }>[] = []
    const stop = await ann.subscribe<Channel>(subscription, { onSnapshot: (snapshot) => snapshots.push(snapshot), onMessage: (message) => messages.push(message) })
    for (const snapshot of snapshots) STREAMS[subscription.channel].snapshot.parse(snapshot)
    return { snapshots, messages, stop }
  }

  async function until(met: () => boolean): Promise<void> {
    while (!met()) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  it('all lead to the book of the engine, joined at any moment', async () => {
    const seed = Date.now() & 0x7fffffff
    console.log(`      seed ${seed}`)
    await trade(STEPS, seed)
    const plain = await ann.subscribe({ channel: 'depth', market: MARKET, limit: 1000 }, bookListener())
    const feed = await listen({ channel: 'orders', market: MARKET })
    const grouped = await listen({ channel: 'depth', market: MARKET, grouping: '1', limit: 1000 })
    const coarse = await listen({ channel: 'depth', market: MARKET, grouping: '5', limit: 1000 })
    const top = await listen({ channel: 'top', market: MARKET, levels: 5 })
    const groupedTop = await listen({ channel: 'top', market: MARKET, levels: 5, grouping: '2' })
    const best = await listen({ channel: 'best', market: MARKET })
    const [, late] = await Promise.all([trade(STEPS, seed + 1), new Promise((resolve) => setTimeout(resolve, 20)).then(() => listen({ channel: 'orders', market: MARKET }))])

    const queue = queueOf(feed)
    await until(() => queueOf(feed).sequence >= running.exchange.sequence || JSON.stringify(queueOf(feed).orders('buy')) === JSON.stringify(engineOrders('buy')))
    const wanted = { buy: engineOrders('buy'), sell: engineOrders('sell') }
    await until(() => JSON.stringify(queueOf(feed).orders('sell')) === JSON.stringify(wanted.sell))
    for (const side of ['buy', 'sell'] as const) {
      expect(queueOf(feed).orders(side)).to.deep.equal(wanted[side])
      expect(queueOf(late).orders(side)).to.deep.equal(wanted[side])
    }
    expect(queue.ready).to.equal(true)

    const depth = await ann.depth(MARKET, 5000)
    expect(levelsOf(queueOf(feed).orders('buy'))).to.deep.equal(depth.bids)
    expect(levelsOf(queueOf(feed).orders('sell'))).to.deep.equal(depth.asks)
    for (const [stream, step] of [[grouped, 100n], [coarse, 500n]] as const) {
      await until(() => bookOf(stream).sequence >= depth.sequence)
      expect(bookOf(stream).bids()).to.deep.equal(joined(depth.bids, step, 'bid'))
      expect(bookOf(stream).asks()).to.deep.equal(joined(depth.asks, step, 'ask'))
    }
    // What was published together with the depths is here when an answer comes behind it on the same socket.
    const behind = await listen({ channel: 'top', market: MARKET, levels: 10 })
    expect(last(top)).to.deep.include({ bids: depth.bids.slice(0, 5), asks: depth.asks.slice(0, 5) })
    expect(last(groupedTop)).to.deep.include({ bids: joined(depth.bids, 200n, 'bid').slice(0, 5), asks: joined(depth.asks, 200n, 'ask').slice(0, 5) })
    expect(last(best)).to.include({ bid: depth.bids[0]?.[0] ?? null, bidQuantity: depth.bids[0]?.[1] ?? null, ask: depth.asks[0]?.[0] ?? null, askQuantity: depth.asks[0]?.[1] ?? null })
    for (const { messages } of [feed, grouped, top, best, late]) for (const message of messages) STREAMS[message.channel].data.parse(message.data)
    for (const { stop } of [feed, grouped, coarse, top, groupedTop, best, late, behind]) stop()
    plain()
  })

  it('say why a grouping is none', async () => {
    for (const grouping of ['0', '0.03', '0.015', '3', '1000000000000000']) {
      expect(await refusal(ann.subscribe({ channel: 'depth', market: MARKET, grouping }, bookListener())), grouping).to.include({ code: 'invalid_request', field: 'grouping' })
    }
  })

  it('tell the state of markets when it changes', async () => {
    const status = await listen({ channel: 'status' })
    expect(status.snapshots[0]).to.deep.include({ status: 'trading' })
    await running.exchange.submit({ type: 'market.update', market: 'ETH-USDT', tickSize: '0.05', lotSize: '0.0001', state: 'halted', minQuantity: '0.001', maxQuantity: '1000', maxPrice: '10000000', minNotional: '5', makerFee: '0.0008', takerFee: '0.0010', marketBandBps: 500, allowSelfTrade: false, maxOpenOrders: 1000 })
    await until(() => status.messages.length > 0)
    expect(status.messages[0]?.data.markets).to.deep.include({ market: 'ETH-USDT', state: 'halted' })
    expect((await ann.status()).markets).to.deep.include({ market: 'ETH-USDT', state: 'halted' })
    status.stop()
  })

  it('tell price alerts to their owner only', async () => {
    const mine = await listen({ channel: 'alerts' })
    let others = 0
    await bob.subscribe({ channel: 'alerts' }, { onSnapshot: () => undefined, onMessage: () => others++ })
    const stranger = running.client()
    expect(await refusal(stranger.subscribe({ channel: 'alerts' }, { onSnapshot: () => undefined, onMessage: () => undefined }))).to.include({ code: 'not_logged_in' })
    const alert = await ann.createAlert({ market: MARKET, direction: 'above', price: '0.01' })
    await ann.cancelAll()
    await bob.cancelAll()
    await fund(running.exchange, (await ann.session())!.userId, 'BTC', '1')
    await ann.placeOrder({ market: MARKET, side: 'sell', orderType: 'limit', price: '100.00', quantity: '0.10000' })
    await bob.placeOrder({ market: MARKET, side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' })
    await until(() => mine.messages.length > 0)
    expect(mine.messages[0]?.data).to.include({ alertId: alert.alertId, firedPrice: '100.00' })
    expect(others).to.equal(0)
    mine.stop()
  })

  function bookListener() {
    return { onSnapshot: () => undefined, onMessage: () => undefined }
  }

  function engineOrders(side: 'buy' | 'sell'): object[] {
    return running.exchange.engine
      .restingOrders(0)
      .filter((order) => order.side === side)
      .map(({ orderId, price, quantity }) => ({ orderId, side, price: fixed(price, 2), quantity: fixed(quantity, 5) }))
  }
})

function queueOf({ snapshots, messages }: { snapshots: unknown[]; messages: readonly Extract<StreamMessage, { channel: 'orders' }>[] }) {
  const queue = createOrderQueue()
  queue.reset(STREAMS.orders.snapshot.parse(snapshots.at(-1)))
  for (const { data } of messages) expect(queue.update(data)).to.be.oneOf(['applied'])
  return queue
}

function bookOf({ snapshots, messages }: { snapshots: unknown[]; messages: readonly Extract<StreamMessage, { channel: 'depth' }>[] }) {
  const book = createOrderBook()
  book.reset(STREAMS.depth.snapshot.parse(snapshots.at(-1)))
  for (const { data } of messages) book.update(data)
  return book
}

function last({ snapshots, messages }: { snapshots: unknown[]; messages: readonly { data: unknown }[] }): unknown {
  return messages.at(-1)?.data ?? snapshots.at(-1)
}

/** The levels of a depth in steps, joined by hand. */
function joined(levels: readonly (readonly [string, string])[], step: bigint, side: 'bid' | 'ask'): [string, string][] {
  const sums = new Map<bigint, bigint>()
  for (const [price, quantity] of levels) {
    const units = BigInt(price.replace('.', ''))
    const group = side === 'bid' ? (units / step) * step : ((units + step - 1n) / step) * step
    sums.set(group, (sums.get(group) ?? 0n) + BigInt(quantity.replace('.', '')))
  }
  return [...sums].map(([price, quantity]) => [fixed(price, 2), fixed(quantity, 5)])
}

function fixed(units: bigint, scale: number): string {
  const digits = String(units).padStart(scale + 1, '0')
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
