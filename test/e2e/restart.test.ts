/** Kills a whole exchange at random moments under load, again and again, and checks that nothing acknowledged was lost. */
import { expect } from 'chai'
import { createClient, createOrderBook, type BourseClient, type PlacedOrder } from '@bourse/client'
import { randomBytes, randomInt } from 'node:crypto'
import { runExchange, startExchange, temporaryProject, type RunningProcess } from './running-exchange.js'
import { databaseFacts } from './database-facts.js'

const ROUNDS = 20 * Number(process.env['BOURSE_TEST_SCALE'] ?? '1')
const LIVE_ORDERS_KEPT = 40

describe('an exchange that is killed under load', function () {
  this.timeout(Math.max(300_000, ROUNDS * 12_000))
  let project: Awaited<ReturnType<typeof temporaryProject>>
  let running: RunningProcess | undefined
  before(async () => {
    project = await temporaryProject((config) => config.replace('historyDays: 3', 'historyDays: 0'))
  })
  after(async () => {
    await running?.kill()
    await project.remove()
  })

  it(`keeps every acknowledged order over ${ROUNDS} random kills`, async () => {
    const acknowledged = new Map<string, PlacedOrder['order']>()
    const open = new Set<string>()
    let lastSequence = 0
    for (let round = 0; round < ROUNDS; round++) {
      running = await startExchange({ project: project.dir, data: project.data })
      const client = createClient({ baseUrl: running.url })
      await client.logIn(running.logIn!)
      await client.connect()
      await checkNothingLost(client, acknowledged, open)
      lastSequence = await checkStreamsGoOn(client, lastSequence)
      await Promise.all([tradeUntilKilled(client, acknowledged, open), killSoon(running)])
      client.close()
      const facts = await databaseFacts(project.data)
      expect(Object.values(facts.sumsPerAsset).every((sum) => sum === 0n), 'each asset adds up to zero').to.equal(true)
      expect(facts.negativeCustomers).to.deep.equal([])
    }
  })

  it('has a history that equals one rebuilt from the journal, row for row', async () => {
    running = await startExchange({ project: project.dir, data: project.data })
    expect(await running.stop()).to.equal(0)
    const before = await databaseFacts(project.data)
    const rebuilt = await runExchange(['rebuild-history', '--project', project.dir, '--data', project.data])
    expect(rebuilt.code, rebuilt.output).to.equal(0)
    expect((await databaseFacts(project.data)).digests).to.deep.equal(before.digests)
  })

  it('refuses a second process on the same data, and names the first', async () => {
    running = await startExchange({ project: project.dir, data: project.data })
    const second = await runExchange(['start', '--project', project.dir, '--data', project.data, '--port', '0'])
    expect(second.code).to.equal(1)
    expect(second.output).to.contain(String(running.pid))
    expect(await running.stop()).to.equal(0)
  })

  it('stops cleanly on Ctrl-C and is ready again within three seconds', async () => {
    running = await startExchange({ project: project.dir, data: project.data })
    const before = await publicState(running.url)
    expect(await running.stop()).to.equal(0)
    running = await startExchange({ project: project.dir, data: project.data })
    expect(/Ready in ([0-9.]+) s/.exec(running.output())?.[1]).to.satisfy((seconds: string) => Number(seconds) < 3)
    const after = await publicState(running.url)
    expect(after.trades.slice(-before.trades.length)).to.deep.equal(before.trades)
    await running.stop()
  })
})

/** Keeps orders going until the connection breaks; only what was acknowledged counts. */
async function tradeUntilKilled(client: BourseClient, acknowledged: Map<string, PlacedOrder['order']>, open: Set<string>): Promise<void> {
  const ticker = await client.ticker('BTC-USDT')
  const middle = Math.floor(Number(ticker.lastPrice ?? '64000'))
  const worker = async (): Promise<void> => {
    for (;;) {
      const clientOrderId = `k-${randomBytes(9).toString('base64url')}`
      const resting = randomInt(3) > 0
      const price = resting ? `${middle - 2_000 - randomInt(500)}.00` : `${middle + 3_000}.00`
      const { order } = await client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price, quantity: '0.00010', clientOrderId, timeInForce: resting ? 'gtc' : 'ioc' })
      acknowledged.set(clientOrderId, order)
      if (order.status === 'open') open.add(clientOrderId)
      if (open.size <= LIVE_ORDERS_KEPT) continue
      const oldest = open.values().next().value!
      // Between this line and the answer nobody knows whether it is still there.
      open.delete(oldest)
      acknowledged.delete(oldest)
      await client.cancelOrder({ market: 'BTC-USDT', clientOrderId: oldest })
    }
  }
  await Promise.allSettled([worker(), worker(), worker(), worker()])
}

async function killSoon(running: RunningProcess): Promise<void> {
  const killAtMs = Date.now() + 150 + randomInt(700)
  while (Date.now() < killAtMs) await new Promise((resolve) => setTimeout(resolve, 10))
  await running.kill()
}

async function checkNothingLost(client: BourseClient, acknowledged: ReadonlyMap<string, PlacedOrder['order']>, open: ReadonlySet<string>): Promise<void> {
  const live = new Map((await client.openOrders('BTC-USDT')).map((order) => [order.clientOrderId, order]))
  for (const clientOrderId of open) expect(live.get(clientOrderId)?.orderId, `resting order ${clientOrderId}`).to.equal(acknowledged.get(clientOrderId)?.orderId)
  const history = new Map<string, number>()
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.orders({ market: 'BTC-USDT', limit: 1000, ...(cursor !== undefined && { cursor }) })
    for (const order of page.items) history.set(order.clientOrderId, order.orderId)
    cursor = page.nextCursor
  }
  for (const [clientOrderId, order] of acknowledged) expect(history.get(clientOrderId), `acknowledged order ${clientOrderId}`).to.equal(order.orderId)
}

/** A stream after the restart is numbered after everything before it, and its updates link to its snapshot. */
async function checkStreamsGoOn(client: BourseClient, lastSequence: number): Promise<number> {
  const book = createOrderBook()
  let updates = 0
  await new Promise<void>((resolve, reject) => {
    client
      .subscribe({ channel: 'depth', market: 'BTC-USDT' }, {
        onSnapshot: (snapshot) => {
          book.reset(snapshot)
          expect(snapshot.sequence).to.be.greaterThan(lastSequence)
        },
        onMessage: ({ data }) => {
          if (book.update(data) === 'gap') reject(new Error(`A gap in the stream: the book is at ${book.sequence}, the update begins at ${data.previousSequence}.`))
          else if (++updates === 3) resolve()
        },
      })
      .catch(reject)
  })
  return book.sequence
}

async function publicState(url: string): Promise<{ trades: unknown[] }> {
  const client = createClient({ baseUrl: url })
  const trades = await client.trades('BTC-USDT', { limit: 20 })
  client.close()
  return { trades }
}
