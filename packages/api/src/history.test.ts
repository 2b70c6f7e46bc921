import { expect } from 'chai'
import { Fill, LedgerEntry, Order, type BourseClient, type Page } from '@bourse/client'
import { rawRequest } from '../test/raw-request.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

/** More than a file reads at a time. */
const ORDERS = 1_050

describe('the history as lists and files', () => {
  let running: RunningGateway
  let ann: BourseClient
  let token: string
  let middleMs: number
  before(async function () {
    this.timeout(60_000)
    running = await startGateway({ services: (services) => ({ ...services, isUnlimited: () => true }) })
    const trader = await running.trader('ann', { USDT: '1000000', BTC: '100' })
    ann = trader.client
    token = trader.token
    const bob = (await running.trader('bob', { USDT: '1000000', BTC: '100' })).client
    await ann.connect()
    for (let i = 0; i < 10; i++) {
      await ann.placeOrder({ market: 'BTC-USDT', side: 'sell', orderType: 'limit', price: '100.00', quantity: '0.10000', clientOrderId: `=sell-${i}` })
      await bob.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' })
    }
    middleMs = (await ann.placeOrder({ market: 'ETH-USDT', side: 'buy', orderType: 'limit', price: '10.00', quantity: '1.0000' })).order.createdMs + 1
    // The exchange's clock may be 20 ms behind the system's before it follows.
    while (Date.now() <= middleMs + 20) await new Promise((resolve) => setImmediate(resolve))
    for (let i = 0; i < ORDERS; i += 10) {
      await ann.placeOrders(Array.from({ length: 10 }, () => ({ market: 'BTC-USDT', side: 'buy' as const, orderType: 'limit' as const, price: '50.00', quantity: '0.10000', timeInForce: 'ioc' as const })))
    }
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
  const file = async (path: string): Promise<string[]> => {
    const answer = await rawRequest(`${running.url}/api/v1${path}`, { token })
    expect(answer.status, answer.text.slice(0, 200)).to.equal(200)
    expect(answer.headers.get('content-type')).to.equal('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).to.match(/^attachment; filename="[a-z]+\.csv"$/)
    return answer.text.trimEnd().split('\r\n')
  }
  async function all<Item>(list: (cursor: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
    const items: Item[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Page<Item> = await list(cursor)
      items.push(...page.items)
      cursor = page.nextCursor
    }
    return items
  }
  const at = (cursor: string | undefined): { cursor?: string; limit: number } => ({ limit: 400, ...(cursor === undefined ? {} : { cursor }) })

  for (const [filter, count] of [
    [{}, ORDERS + 11], [{ market: 'ETH-USDT' }, 1], [{ side: 'sell' }, 10], [{ status: 'filled' }, 10], [{ status: 'cancelled', side: 'buy' }, ORDERS], [{ status: 'open' }, 1], [{ orderType: 'market' }, 0],
  ] as const) {
    it(`lists the orders with ${JSON.stringify(filter)}, and no other`, async () => {
      const orders = await all((cursor) => ann.orders({ ...filter, ...at(cursor) }))
      expect(orders).to.have.length(count)
      expect(new Set(orders.map(({ orderId }) => orderId)).size).to.equal(count)
      for (const order of orders) expect(order).to.include(filter)
    })
  }

  it('lists what happened within a time', async () => {
    expect(await all((cursor) => ann.orders({ toMs: middleMs, ...at(cursor) }))).to.have.length(11)
    expect(await all((cursor) => ann.orders({ fromMs: middleMs + 1, ...at(cursor) }))).to.have.length(ORDERS)
    expect(await all((cursor) => ann.fills({ toMs: middleMs, ...at(cursor) }))).to.have.length(10)
    expect(await all((cursor) => ann.fills({ fromMs: middleMs, ...at(cursor) }))).to.have.length(0)
    expect(await all((cursor) => ann.ledger({ kind: 'fee', toMs: middleMs, ...at(cursor) }))).to.have.length(10)
    expect(await all((cursor) => ann.ledger({ kind: 'deposit', asset: 'BTC', ...at(cursor) }))).to.have.length(1)
    expect(await all((cursor) => ann.ledger({ fromMs: middleMs + 1, ...at(cursor) }))).to.have.length(0)
  })

  it('gives every row as one file, the same as the pages', async () => {
    const [head, ...lines] = await file('/orders?format=csv')
    expect(head).to.equal(Object.keys(Order.shape).join(','))
    const orders = await all((cursor) => ann.orders(at(cursor)))
    expect(lines.map((line) => line.split(',')[0])).to.deep.equal(orders.map(({ orderId }) => String(orderId)))
    expect(lines.filter((line) => line.includes("'=sell-"))).to.have.length(10)
    expect((await file('/fills?format=csv'))[0]).to.equal(Object.keys(Fill.shape).join(','))
    const ledger = await file('/ledger?format=csv&asset=USDT')
    expect(ledger[0]).to.equal(Object.keys(LedgerEntry.shape).join(','))
    expect(ledger).to.have.length(1 + (await all((cursor) => ann.ledger({ asset: 'USDT', ...at(cursor) }))).length)
  })

  it('gives a file to the client as a stream', async () => {
    const text = await new Response(await ann.historyFile('fills', { side: 'sell' })).text()
    expect(text.trimEnd().split('\r\n')).to.have.length(11)
  })

  it('says what is wrong before a file begins', async () => {
    const answer = await rawRequest(`${running.url}/api/v1/orders?format=csv&cursor=nonsense`, { token })
    expect(answer.status).to.equal(400)
    expect(answer.error?.code).to.equal('invalid_request')
  })
})
