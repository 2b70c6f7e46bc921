/** One exchange in several processes: an engine and two gateways, here served inside the process of the test over the same local socket. */
import { createHmac } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { expect } from 'chai'
import { ApiRequestError, followOrderBook, signedPayload, type BourseClient, type Order } from '@bourse/client'
import { Expectation } from '../../packages/api/test/event-wait.js'
import { startSplitExchange, PASSWORD, type SplitExchange } from './split-exchange.js'

const EMAIL = 'trader@example.com'
const ORDER = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '60000.00', quantity: '0.001' } as const

describe('an exchange that is split into an engine and gateways', function () {
  this.timeout(60_000)
  let exchange: SplitExchange
  let clients: [BourseClient, BourseClient]
  before(async () => {
    exchange = await startSplitExchange()
    const token = await exchange.trader(EMAIL, { USDT: '1000000' })
    clients = [exchange.client(0, token), exchange.client(1, token)]
  })
  after(() => exchange?.remove())

  const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', (error: unknown) => (error instanceof ApiRequestError ? error.code : String(error)))

  it('keeps the socket of the engine to its owner', async () => {
    expect((await stat(exchange.data.engineSocket)).mode & 0o777).to.equal(0o600)
  })

  it('is the same exchange behind every gateway: log-ins, orders, balances, streams and history', async () => {
    const [one, other] = clients
    const seen: string[] = []
    const cancelledThere = new Expectation(() => (seen.includes('cancelled') ? seen : undefined))
    await other.subscribe({ channel: 'account' }, { onSnapshot: () => undefined, onMessage: ({ data: { orders } }) => {
      seen.push(...orders.map(({ status }) => status))
      cancelledThere.changed()
    } })
    const { order } = await one.placeOrder(ORDER)
    expect((await other.openOrders()).map(({ orderId }) => orderId)).to.deep.equal([order.orderId])
    expect((await one.balances()).balances).to.deep.equal((await other.balances()).balances)
    expect((await other.depth('BTC-USDT')).bids[0]?.[0]).to.equal('60000.00')
    const cancelled = await other.cancelOrder({ market: 'BTC-USDT', orderId: order.orderId })
    expect(cancelled).to.include({ status: 'cancelled', createdMs: order.createdMs })
    expect((await one.orders()).items[0]).to.include({ orderId: order.orderId, status: 'cancelled' })
    expect(await cancelledThere.value).to.deep.equal(['open', 'cancelled'])
  })

  it('shows at every gateway at once what was acknowledged at another', async () => {
    const [one, other] = clients
    for (let i = 0; i < 20; i++) {
      const { order } = await one.placeOrder({ ...ORDER, price: '10000.00' })
      const [open, { order: cancelled }] = await Promise.all([other.openOrders(), other.cancelOrder({ market: 'BTC-USDT', orderId: order.orderId }).then((gone) => ({ order: gone }))])
      expect(open.filter(({ status }) => status === 'open').length).to.be.at.most(1)
      expect(cancelled.createdMs).to.equal(order.createdMs)
      expect(await one.openOrders()).to.deep.equal([])
    }
  })

  it('serves the wallet through the engine, refusals too', async () => {
    const { address } = await clients[1].depositAddress('BTC')
    expect(await clients[0].depositAddress('BTC')).to.include({ address })
    expect(await codeOf(clients[1].depositAddress('NOPE'))).to.equal('deposit_unavailable')
  })

  it('takes a signed request once, whichever gateway it is sent to', async () => {
    const { apiKey, secret } = await clients[0].createApiKey({ label: 'bot', scopes: ['trade'] })
    const timestampMs = Date.now()
    const body = JSON.stringify(ORDER)
    const signature = createHmac('sha256', secret!).update(signedPayload({ timestampMs, method: 'POST', path: '/api/v1/orders', body })).digest('hex')
    const send = (gateway: number): Promise<Response> => fetch(`${exchange.urlOf(gateway)}/api/v1/orders`, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-api-key': apiKey.key, 'x-api-timestamp': String(timestampMs), 'x-api-signature': signature } })
    expect((await send(0)).status).to.equal(200)
    expect((await send(1)).status).to.equal(409)
    await clients[0].cancelAll()
  })

  it('ends what a session has opened at other gateways', async () => {
    const { token } = await exchange.client(0).logIn({ email: EMAIL, password: PASSWORD })
    const [here, there] = [exchange.client(0, token), exchange.client(1, token)]
    await there.connect()
    const ended = new Promise<void>((resolve) => there.onConnection(() => resolve()))
    await here.logOut()
    await ended
    expect(await codeOf(there.balances())).to.equal('not_logged_in')
  })

  it('lists a new market at every gateway without a restart', async () => {
    await exchange.rewrite((config) => config.replace('  markets: [\n', "  markets: [\n    { base: 'SOL', quote: 'BTC', tickSize: '0.000001', lotSize: '0.01' },\n"))
    await exchange.task({ task: 'market.add', market: 'SOL-BTC' })
    for (const client of clients) {
      for (;;) {
        const { markets } = await client.exchange()
        if (markets.some(({ symbol }) => symbol === 'SOL-BTC')) break
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
  })

  it('tells of the engine itself: health, readiness and metrics, and nothing else', async () => {
    const url = exchange.urlOf('engine')
    expect((await fetch(`${url}/health`)).status).to.equal(200)
    expect(await (await fetch(`${url}/ready`)).json()).to.deep.equal({ status: 'ready', checks: { engine: 'ok', journal: 'ok', database: 'ok' } })
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).to.match(/^bourse_gateways 2$/m).and.match(/^bourse_queue_commands \d+$/m).and.match(/^bourse_projection_lag_commands\{projection="history"\} \d+$/m).and.match(/^bourse_journal_append_seconds_count [1-9]\d*$/m)
    expect((await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).to.equal(404)
    for (const path of ['/', '/api/v1/exchange', '/api/v3/ping']) expect((await fetch(`${url}${path}`)).status, path).to.equal(404)
  })

  for (const which of [0, 'engine'] as const) {
    const name = which === 'engine' ? 'the engine' : 'a gateway'
    it(`lets ${name} be started anew while clients go on trading: nothing acknowledged is lost, nothing done twice, streams resume`, async () => {
      const [busy] = clients
      const following = await follow(busy)
      const load = trade(busy)
      await load.reach(60)
      await exchange.stop(which)
      await exchange.start(which)
      await load.reach(load.acknowledged() + 60)
      const kept = await load.end()
      console.log(`      ${load.acknowledged()} acknowledged, ${load.retries()} sent again`)
      for (const client of clients) expect((await client.openOrders()).map(({ clientOrderId }) => clientOrderId)).to.have.members(kept).and.have.length(kept.length)
      await following.reach(kept)
      await busy.cancelAll()
      await following.reach([])
      following.stop()
    })
  }

  it('answers 503 while the engine is away, and goes on by itself when it is back', async () => {
    const [, other] = clients
    const { order } = await other.placeOrder({ ...ORDER, price: '9000.00' })
    await exchange.stop('engine')
    const url = exchange.urlOf(1)
    while ((await fetch(`${url}/ready`)).status === 200) await new Promise((resolve) => setImmediate(resolve))
    expect((await fetch(`${url}/api/v1/exchange`)).status).to.equal(503)
    expect(await codeOf(other.placeOrder(ORDER))).to.equal('unavailable')
    await exchange.start('engine')
    while ((await fetch(`${url}/ready`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await other.openOrders()).map(({ orderId }) => orderId)).to.deep.equal([order.orderId])
    expect((await other.cancelOrder({ market: 'BTC-USDT', orderId: order.orderId })).status).to.equal('cancelled')
  })
})

/** Four programs that place and cancel until they are ended; what is not answered is sent again under the same name. */
function trade(client: BourseClient): { reach(count: number): Promise<void>; acknowledged(): number; retries(): number; end(): Promise<string[]> } {
  const kept: string[] = []
  let acknowledged = 0
  let retries = 0
  let ended = false
  const waiting: Expectation<true>[] = []
  /** Names that are not known any more were cancelled by a request whose answer was lost. */
  const until = async (call: () => Promise<unknown>, alsoDone: readonly string[] = []): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      try {
        await call()
        return
      } catch (error) {
        if (!(error instanceof ApiRequestError)) throw error
        if (attempt > 0 && alsoDone.includes(error.code)) return
        if (error.code !== 'unavailable') throw error
        retries++
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
  }
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    for (let i = 0; !ended; i++) {
      const clientOrderId = `${Date.now()}-${lane}-${i}`
      await until(() => client.placeOrder({ ...ORDER, price: `${10_000 + lane}.00`, clientOrderId }))
      acknowledged++
      if (i % 10 === 0) kept.push(clientOrderId)
      else await until(() => client.cancelOrder({ market: ORDER.market, clientOrderId }), ['unknown_order'])
      for (const one of waiting) one.changed()
    }
  })
  return {
    acknowledged: () => acknowledged,
    retries: () => retries,
    reach(count) {
      const reached = new Expectation<true>(() => (acknowledged >= count ? true : undefined))
      waiting.push(reached)
      // A lane that fails must not leave the test waiting.
      return Promise.race([reached.value.then(() => undefined), Promise.all(lanes).then(() => undefined)])
    },
    async end() {
      ended = true
      await Promise.all(lanes)
      return kept
    },
  }
}

/** One's open orders and the market's book as the streams tell them, each kept by its own messages alone. */
async function follow(client: BourseClient): Promise<{ reach(names: readonly string[]): Promise<void>; stop(): void }> {
  const open = new Map<number, Order>()
  let changed = (): void => undefined
  const stopAccount = await client.subscribe({ channel: 'account' }, {
    onSnapshot(snapshot) {
      open.clear()
      for (const order of snapshot.openOrders) open.set(order.orderId, order)
      changed()
    },
    onMessage({ data: { orders } }) {
      for (const order of orders) {
        if (order.status === 'open') open.set(order.orderId, order)
        else open.delete(order.orderId)
      }
      changed()
    },
  })
  const { book, stop: stopBook } = await followOrderBook(client, ORDER.market, { onChange: () => changed() })
  return {
    async reach(names) {
      const wanted = [...names].sort().join()
      const reached = new Expectation<true>(() => {
        const told = [...open.values()].map(({ clientOrderId }) => clientOrderId).sort().join()
        const quantity = book.bids().reduce((sum, [, level]) => sum + Math.round(Number(level) * 1_000), 0)
        return told === wanted && quantity === names.length ? true : undefined
      })
      changed = () => reached.changed()
      await reached.value
    },
    stop() {
      stopAccount()
      stopBook()
    },
  }
}
