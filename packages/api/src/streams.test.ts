import { expect } from 'chai'
import { createOrderBook, followOrderBook, type AccountSnapshot, type AccountUpdate, type BourseClient, type Candle, type Depth, type DepthUpdate, type LocalOrderBook, type Ticker, type Trade } from '@bourse/client'
import { Expectation } from '../test/event-wait.js'
import { refusal } from '../test/refusal.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

const market = 'BTC-USDT'
const BALANCES = { BTC: '1000', USDT: '100000000' }

/** Numbers that look random and are the same in every run. */
function xorshift(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Sends orders, several at a time, some of which trade and some of which are cancelled. */
async function tradeRandomly(client: BourseClient, { orders, seed }: { orders: number; seed: number }): Promise<void> {
  const random = xorshift(seed)
  const batch = 10
  for (let sent = 0; sent < orders; sent += batch) {
    await Promise.all(
      Array.from({ length: batch }, async () => {
        const side = random(2) === 0 ? 'buy' : 'sell'
        const price = (60_000 + (side === 'buy' ? -1 : 1) * (random(20) - 4)).toFixed(2)
        const { order } = await client.placeOrder({ market, side, orderType: 'limit', price, quantity: `0.${String(1 + random(9))}0000` })
        if (order.status === 'open' && random(3) === 0) await client.cancelOrder({ market, orderId: order.orderId }).catch(() => undefined)
      }),
    )
  }
}

describe('public streams', () => {
  let running: RunningGateway
  let traders: BourseClient[]
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, isUnlimited: () => true }) })
    traders = [(await running.trader('ann', BALANCES)).client, (await running.trader('bob', BALANCES)).client]
    await Promise.all(traders.map((trader) => trader.connect()))
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
  const trade = (seed: number) => Promise.all(traders.map((trader, index) => tradeRandomly(trader, { orders: 150, seed: seed + index })))
  /** The sequence of the last change of the book. */
  const finalDepth = () => running.client().depth(market, 1000)

  it('join a book at any moment of busy trading without a gap, and end with the book of the engine', async () => {
    const books: { book: LocalOrderBook; changed: (test: () => void) => void }[] = []
    const follow = async (): Promise<void> => {
      const tests: (() => void)[] = []
      const { book } = await followOrderBook(running.client(), market, { onChange: () => tests.forEach((test) => test()), onEnd: (error) => expect.fail(String(error)) })
      books.push({ book, changed: (test) => tests.push(test) })
    }
    const trading = trade(1)
    for (let i = 0; i < 12; i++) {
      await follow()
      await running.client().trades(market, { limit: 1 })
    }
    await trading
    const depth = await finalDepth()
    for (const { book, changed } of books) {
      const done = new Expectation(() => (book.sequence === depth.sequence ? true : undefined))
      changed(() => done.changed())
      await done.value
      expect(book.ready).to.equal(true)
      expect(book.bids()).to.deep.equal(depth.bids)
      expect(book.asks()).to.deep.equal(depth.asks)
    }
  })

  it('links every update of the depth to the one before', async () => {
    const client = running.client()
    let last = 0
    const updates: DepthUpdate[] = []
    let wanted = Infinity
    const done = new Expectation(() => (last >= wanted ? true : undefined))
    await client.subscribe({ channel: 'depth', market, limit: 5 }, {
      onSnapshot(snapshot) {
        last = snapshot.sequence
        expect(snapshot.bids.length).to.be.at.most(5)
      },
      onMessage({ data }) {
        expect(data.previousSequence).to.equal(last)
        last = data.sequence
        updates.push(data)
        done.changed()
      },
    })
    await trade(2)
    wanted = (await finalDepth()).sequence
    await done.value
    expect(updates.length).to.be.at.least(1)
  })

  it('give every trade exactly once, whenever somebody joins', async () => {
    const streams: { ids: number[]; done: Expectation<true> }[] = []
    let lastTrade = Infinity
    const follow = async (): Promise<void> => {
      const ids: number[] = []
      const done = new Expectation<true>(() => ((ids.at(-1) ?? 0) >= lastTrade ? true : undefined))
      const take = (trades: readonly Trade[]): void => {
        for (const { tradeId } of trades) ids.push(tradeId)
        done.changed()
      }
      await running.client().subscribe({ channel: 'trades', market }, { onSnapshot: take, onMessage: ({ data }) => take(data) })
      streams.push({ ids, done })
    }
    const trading = trade(3)
    for (let i = 0; i < 8; i++) {
      await follow()
      await running.client().tickers()
    }
    await trading
    lastTrade = (await running.client().trades(market, { limit: 1 }))[0]!.tradeId
    for (const { ids, done } of streams) {
      await done.value
      expect(ids).to.deep.equal(Array.from({ length: lastTrade - ids[0]! + 1 }, (_, index) => ids[0]! + index))
    }
  })

  it('keep candles and tickers up to date', async () => {
    const client = running.client()
    let candle: Candle | null = null
    let ticker: Ticker | undefined
    let wanted = Infinity
    const candleDone = new Expectation<true>(() => ((candle?.trades ?? 0) >= wanted ? true : undefined))
    let price = ''
    const tickerDone = new Expectation<true>(() => (ticker?.lastPrice === price ? true : undefined))
    await client.subscribe({ channel: 'candles', market, interval: '1M' }, {
      onSnapshot: (snapshot) => (candle = snapshot),
      onMessage: ({ data }) => {
        candle = data
        candleDone.changed()
      },
    })
    const takeTickers = (tickers: readonly Ticker[]): void => {
      ticker = tickers.find((one) => one.market === market) ?? ticker
      tickerDone.changed()
    }
    await client.subscribe({ channel: 'tickers' }, { onSnapshot: takeTickers, onMessage: ({ data }) => takeTickers(data) })
    await trade(4)
    const [last] = await client.trades(market, { limit: 1 })
    wanted = last!.tradeId
    price = last!.price
    await candleDone.value
    await tickerDone.value
    const [current] = await client.candles(market, '1M')
    expect(candle).to.deep.equal(current)
  })

  it('refuse what is no stream, and markets that are not there', async () => {
    const client = running.client()
    const listener = { onSnapshot: () => undefined, onMessage: () => undefined }
    expect(await refusal(client.subscribe({ channel: 'depth', market: 'NO-SUCH' }, listener))).to.include({ code: 'unknown_market', status: 404 })
    expect(await refusal(client.subscribe({ channel: 'account' }, listener))).to.include({ code: 'not_logged_in', status: 401 })
    expect(await refusal(client.subscribe({ channel: 'depth', market, limit: 0 }, listener))).to.include({ code: 'invalid_request', field: 'limit' })
  })
})

describe('the stream of an account', () => {
  let running: RunningGateway
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, isUnlimited: () => true }) })
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  it('carries balances, live orders and fills from the snapshot on, each change once', async () => {
    const ann = await running.trader('ann', BALANCES)
    const bob = await running.trader('bob', BALANCES)
    await Promise.all([ann.client.connect(), bob.client.connect()])
    const views: AccountView[] = []
    const trading = Promise.all([tradeRandomly(ann.client, { orders: 200, seed: 7 }), tradeRandomly(bob.client, { orders: 200, seed: 8 })])
    for (let i = 0; i < 6; i++) {
      const view = new AccountView()
      await running.client({ token: ann.token }).subscribe({ channel: 'account' }, { onSnapshot: (snapshot) => view.start(snapshot), onMessage: ({ data }) => view.update(data) })
      views.push(view)
      await running.client().tickers()
    }
    await trading
    // Nothing trades any more, so the last of ann's own changes is the last that the streams will tell.
    const { order: last } = await ann.client.placeOrder({ market: 'ETH-USDT', side: 'buy', orderType: 'limit', price: '1000.00', quantity: '1.0000' })
    const open = await ann.client.openOrders()
    const { balances } = await ann.client.balances()
    const fills = (await ann.client.fills({ limit: 1000 })).items
    for (const view of views) {
      await view.sees(last.orderId)
      expect([...view.orders.values()].map(({ sequence: _, ...order }) => order).sort((a, b) => b.orderId - a.orderId)).to.deep.equal(open.map(({ sequence: _, ...order }) => order))
      expect([...view.balances.values()]).to.deep.equal(balances)
      const expected = fills.filter(({ sequence }) => sequence > view.startSequence).map(({ tradeId }) => tradeId).reverse()
      expect(view.fills.map(({ tradeId }) => tradeId)).to.deep.equal(expected)
    }
  })

  it('ends when the person logs out elsewhere, and the socket is anonymous from then on', async () => {
    const ann = await running.trader('leaver', { BTC: '1' })
    const stream = running.client({ token: ann.token, reconnectDelayMs: { first: 1, longest: 10 } })
    const ended = new Promise<{ code: string }>((resolve, reject) => {
      stream.subscribe({ channel: 'account' }, { onSnapshot: () => undefined, onMessage: () => undefined, onEnd: resolve }).then(() => ann.client.logOut(), reject)
    })
    expect((await ended).code).to.equal('not_logged_in')
    expect(await refusal(stream.placeOrder({ market, side: 'sell', orderType: 'limit', price: '60000.00', quantity: '0.10000' }))).to.include({ code: 'not_logged_in' })
  })

  it('tells nothing to others', async () => {
    const ann = await running.trader('private', BALANCES)
    const eve = await running.trader('eve', BALANCES)
    const seen: AccountUpdate[] = []
    await eve.client.subscribe({ channel: 'account' }, { onSnapshot: (snapshot) => expect(snapshot.openOrders).to.deep.equal([]), onMessage: ({ data }) => seen.push(data) })
    await ann.client.placeOrder({ market: 'ETH-USDT', side: 'sell', orderType: 'limit', price: '9000.00', quantity: '1.0000' }).catch(() => undefined)
    await eve.client.placeOrder({ market: 'ETH-USDT', side: 'buy', orderType: 'limit', price: '1000.00', quantity: '1.0000' })
    await eve.client.cancelAll()
    await eve.client.balances()
    const seenAccounts = new Set(seen.flatMap(({ orders }) => orders.map(({ price }) => price)))
    expect(seenAccounts.has('9000.00')).to.equal(false)
  })
})

describe('a lost connection', () => {
  it('gives every stream a new snapshot and goes on', async () => {
    const running = await startGateway({ services: (services) => ({ ...services, isUnlimited: () => true }) })
    const { client, token } = await running.trader('ann', BALANCES)
    const watcher = running.client({ token, reconnectDelayMs: { first: 1, longest: 10 } })
    const book = createOrderBook()
    let snapshots = 0
    let accountSnapshots = 0
    const again = new Expectation<true>(() => (snapshots >= 2 && accountSnapshots >= 2 ? true : undefined))
    const sees = new Expectation<true>(() => (book.bids()[0]?.[0] === '50000.00' ? true : undefined))
    await watcher.subscribe({ channel: 'depth', market }, {
      onSnapshot(snapshot: Depth) {
        snapshots++
        book.reset(snapshot)
        again.changed()
      },
      onMessage({ data }) {
        expect(book.update(data)).to.equal('applied')
        sees.changed()
      },
    })
    await watcher.subscribe({ channel: 'account' }, {
      onSnapshot() {
        accountSnapshots++
        again.changed()
      },
      onMessage: () => undefined,
    })
    const states: string[] = []
    watcher.onConnection((state) => states.push(state))
    running.dropConnections()
    await again.value
    await client.placeOrder({ market, side: 'buy', orderType: 'limit', price: '50000.00', quantity: '0.10000' })
    await sees.value
    expect(states).to.deep.equal(['connecting', 'connected'])
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
})

/** An account as its stream tells it. */
class AccountView {
  startSequence = 0
  readonly orders = new Map<number, AccountUpdate['orders'][number]>()
  readonly balances = new Map<string, AccountUpdate['balances'][number]>()
  readonly fills: AccountUpdate['fills'] = []
  private readonly waiting: Expectation<true>[] = []

  start(snapshot: AccountSnapshot): void {
    this.startSequence = snapshot.sequence
    for (const order of snapshot.openOrders) this.orders.set(order.orderId, order)
    for (const balance of snapshot.balances) this.balances.set(balance.asset, balance)
  }

  update(data: AccountUpdate): void {
    expect(data.sequence).to.be.above(this.startSequence)
    for (const order of data.orders) {
      if (order.status === 'open' || order.status === 'partially_filled') this.orders.set(order.orderId, order)
      else this.orders.delete(order.orderId)
    }
    for (const balance of data.balances) this.balances.set(balance.asset, balance)
    this.fills.push(...data.fills)
    for (const expectation of this.waiting) expectation.changed()
  }

  sees(orderId: number): Promise<true> {
    const expectation = new Expectation<true>(() => (this.orders.has(orderId) ? true : undefined))
    this.waiting.push(expectation)
    return expectation.value
  }
}
