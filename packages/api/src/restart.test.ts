import { expect } from 'chai'
import { createOrderBook, type AccountSnapshot } from '@bourse/client'
import { PASSWORD, startGateway } from '../test/running-gateway.js'

const market = 'BTC-USDT'

describe('a restart', () => {
  it('keeps people, orders, balances, history and sequences', async () => {
    const first = await startGateway()
    const { client, token } = await first.trader('ann', { BTC: '10', USDT: '1000000' })
    const { client: other } = await first.trader('bob', { USDT: '1000000' })
    const { order } = await client.placeOrder({ market, side: 'sell', orderType: 'limit', price: '60000.00', quantity: '0.50000', clientOrderId: 'kept' })
    await other.placeOrder({ market, side: 'buy', orderType: 'market', quantity: '0.20000' })
    const before = {
      open: await client.openOrders(),
      balances: (await client.balances()).balances,
      orders: await client.orders(),
      fills: await client.fills(),
      ledger: await client.ledger(),
      trades: await client.trades(market),
      candles: await client.candles(market, '1h'),
      depth: await client.depth(market),
    }
    await first.stop()

    const second = await startGateway({ dir: first.dir })
    const again = second.client({ token })
    const after = {
      open: await again.openOrders(),
      balances: (await again.balances()).balances,
      orders: await again.orders(),
      fills: await again.fills(),
      ledger: await again.ledger(),
      trades: await again.trades(market),
      candles: await again.candles(market, '1h'),
      depth: await again.depth(market),
    }
    expect({ ...after, open: after.open.map(({ sequence: _, ...rest }) => rest) }).to.deep.equal({ ...before, open: before.open.map(({ sequence: _, ...rest }) => rest) })

    const book = createOrderBook()
    const updated = new Promise<string>((resolve, reject) => {
      again
        .subscribe({ channel: 'depth', market }, {
          onSnapshot: (snapshot) => {
            expect(snapshot.sequence).to.equal(before.depth.sequence)
            book.reset(snapshot)
          },
          onMessage: ({ data }) => resolve(book.update(data)),
        })
        .then(() => again.cancelOrder({ market, clientOrderId: 'kept' }), reject)
        .then((cancelled) => expect(cancelled).to.include({ orderId: order.orderId, createdMs: order.createdMs, filledQuantity: '0.20000' }))
        .catch(reject)
    })
    expect(await updated).to.equal('applied')
    expect(book.asks()).to.deep.equal([])
    const snapshot = await new Promise<AccountSnapshot>((resolve, reject) => {
      again.subscribe({ channel: 'account' }, { onSnapshot: resolve, onMessage: () => undefined }).catch(reject)
    })
    expect(snapshot.openOrders).to.deep.equal([])
    expect((await second.client().logIn({ email: 'ann@example.com', password: PASSWORD })).user.email).to.equal('ann@example.com')
    expect([...first.faults, ...second.faults]).to.deep.equal([])
    await second.remove()
  })

  it('answers a repeated placement from before with its first result', async () => {
    const first = await startGateway()
    const { client, token } = await first.trader('ann', { BTC: '10' })
    const order = { market, side: 'sell', orderType: 'limit', price: '60000.00', quantity: '0.50000', clientOrderId: 'once' } as const
    const placed = await client.placeOrder(order)
    await first.stop()
    const second = await startGateway({ dir: first.dir })
    const again = await second.client({ token }).placeOrder(order)
    expect(again).to.deep.equal({ ...placed, repeated: true })
    expect(await second.client({ token }).openOrders()).to.have.length(1)
    expect(second.faults).to.deep.equal([])
    await second.remove()
  })
})
