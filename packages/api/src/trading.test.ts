import { expect } from 'chai'
import type { BourseClient } from '@bourse/client'
import { refusal } from '../test/refusal.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

const market = 'BTC-USDT'

for (const orderEntry of ['rest', 'socket'] as const) {
  describe(`trading over ${orderEntry}`, () => {
    let running: RunningGateway
    let maker: BourseClient
    let taker: BourseClient
    before(async () => {
      running = await startGateway()
      maker = (await running.trader('maker', { BTC: '10', USDT: '1000000' }, { orderEntry })).client
      taker = (await running.trader('taker', { BTC: '10', USDT: '1000000' }, { orderEntry })).client
      if (orderEntry === 'socket') await Promise.all([maker.connect(), taker.connect()])
    })
    after(async () => {
      expect(running.faults).to.deep.equal([])
      await running.remove()
    })
    afterEach(() => Promise.all([maker.cancelAll(), taker.cancelAll()]))
    const sell = (price: string, quantity: string, more: object = {}) => maker.placeOrder({ market, side: 'sell', orderType: 'limit', price, quantity, ...more })
    const buy = (price: string, quantity: string, more: object = {}) => taker.placeOrder({ market, side: 'buy', orderType: 'limit', price, quantity, ...more })

    it('rests an order, shows it, and cancels it', async () => {
      const { order, fills, repeated } = await sell('60000.00', '0.50000', { clientOrderId: 'resting-1', postOnly: true })
      expect(order).to.include({ clientOrderId: 'resting-1', market, side: 'sell', orderType: 'limit', timeInForce: 'gtc', postOnly: true, price: '60000.00', quantity: '0.50000', quoteQuantity: null })
      expect(order).to.include({ filledQuantity: '0.00000', leavesQuantity: '0.50000', filledQuote: '0.00000000', averagePrice: null, fee: '0.00000000', feeAsset: 'USDT', status: 'open', reason: null })
      expect({ fills, repeated }).to.deep.equal({ fills: [], repeated: false })
      const open = await maker.openOrders(market)
      expect(open).to.have.length(1)
      expect(open[0]).to.deep.equal({ ...order, sequence: open[0]!.sequence })
      const held = (await maker.balances()).balances.find(({ asset }) => asset === 'BTC')
      expect(held?.held).to.equal('0.50000000')
      const cancelled = await maker.cancelOrder({ market, orderId: order.orderId })
      expect(cancelled).to.deep.include({ orderId: order.orderId, status: 'cancelled', reason: 'requested', createdMs: order.createdMs, leavesQuantity: '0.00000' })
      expect(await maker.openOrders()).to.deep.equal([])
    })

    it('keeps a stop waiting outside the book until its price is met, and tells each step', async () => {
      const stop = { market, side: 'sell', orderType: 'stop-limit', price: '58900.00', stopPrice: '59000.00', quantity: '0.20000' } as const
      const { order } = await maker.placeOrder({ ...stop, clientOrderId: `stop-${orderEntry}` })
      expect(order).to.include({ status: 'waiting', stopPrice: '59000.00', price: '58900.00', displayQuantity: null, trailingBps: null })
      expect((await maker.depth(market)).asks).to.deep.equal([])
      expect((await maker.openOrders(market)).map(({ orderId, status }) => [orderId, status])).to.deep.equal([[order.orderId, 'waiting']])
      expect((await maker.orders({ limit: 1 })).items[0]).to.include({ orderId: order.orderId, status: 'waiting', stopPrice: '59000.00' })
      await sell('59000.00', '0.10000')
      await buy('59000.00', '0.10000')
      expect((await maker.openOrders(market)).map(({ orderId, status, stopPrice }) => [orderId, status, stopPrice])).to.deep.equal([[order.orderId, 'open', '59000.00']])
      expect((await maker.depth(market)).asks).to.deep.equal([['58900.00', '0.20000']])
      expect((await maker.orders({ limit: 2 })).items.find(({ orderId }) => orderId === order.orderId)).to.include({ status: 'open', stopPrice: '59000.00' })
      expect((await refusal(maker.placeOrder({ ...stop, stopPrice: '70000.00' }))).code).to.equal('stop_would_trigger')
      const cancelled = await maker.cancelOrder({ market, orderId: order.orderId })
      expect(cancelled).to.include({ status: 'cancelled', stopPrice: '59000.00' })
    })

    it('follows the market with a trailing stop, and lets an order expire at its time', async () => {
      const trailing = await maker.placeOrder({ market, side: 'sell', orderType: 'trailing-stop', trailingBps: 700, quantity: '0.10000' })
      expect(trailing.order).to.include({ status: 'waiting', trailingBps: 700, stopPrice: null, price: null })
      await sell('50000.00', '0.10000')
      await buy('50000.00', '0.10000')
      expect((await maker.openOrders(market))[0]).to.include({ orderId: trailing.order.orderId, stopPrice: '46500.00' })
      await maker.cancelOrder({ market, orderId: trailing.order.orderId })

      const expiresMs = Date.now() + 300
      const { order } = await sell('65000.00', '0.10000', { timeInForce: 'gtd', expiresMs })
      expect(order).to.include({ timeInForce: 'gtd', expiresMs, status: 'open' })
      let gone = (): void => undefined
      const expired = new Promise<void>((resolve) => (gone = resolve))
      const end = await maker.subscribe({ channel: 'account' }, {
        onSnapshot: () => undefined,
        onMessage: ({ data }) => data.orders.some(({ orderId, status }) => orderId === order.orderId && status === 'expired') && gone(),
      })
      await expired
      end()
      expect((await maker.orders({ limit: 1 })).items[0]).to.include({ orderId: order.orderId, status: 'expired', expiresMs })
      expect((await refusal(sell('65000.00', '0.10000', { timeInForce: 'gtd', expiresMs: 1 }))).status).to.equal(422)
    })

    it('places a batch in which each order stands or falls by itself', async () => {
      const order = { market, side: 'sell', orderType: 'limit', price: '61000.00', quantity: '0.10000' } as const
      const results = await maker.placeOrders([order, { ...order, quantity: '0.000001' }, { ...order, price: '61001.00' }])
      expect(results.map((result) => (result.ok ? result.placed.order.price : result.error.code))).to.deep.equal(['61000.00', 'quantity_not_multiple_of_lot_size', '61001.00'])
      expect((await maker.openOrders(market)).length).to.equal(2)
    })

    it('places two exits of which one takes the other with it', async () => {
      const pair = await maker.placeOco({ market, side: 'sell', quantity: '0.10000', takeProfit: { orderType: 'limit', price: '64000.00' }, stopLoss: { orderType: 'stop-market', stopPrice: '30000.00' } })
      expect([pair.takeProfit.order.status, pair.stopLoss.order.status]).to.deep.equal(['open', 'waiting'])
      expect((await maker.balances()).balances.find(({ asset }) => asset === 'BTC')?.held).to.equal('0.10000000')
      await buy('64000.00', '0.01000')
      expect((await maker.openOrders(market)).map(({ orderId, filledQuantity }) => [orderId, filledQuantity])).to.deep.equal([[pair.takeProfit.order.orderId, '0.01000']])
      expect((await maker.orders({ limit: 5 })).items.find(({ orderId }) => orderId === pair.stopLoss.order.orderId)).to.include({ status: 'cancelled', reason: 'linked_order' })
    })

    it('lets two exits follow what an entry bought', async () => {
      await sell('65000.00', '0.04000')
      const { order, fills } = await taker.placeBracket({ market, side: 'buy', orderType: 'limit', price: '65000.00', quantity: '0.10000', takeProfit: { orderType: 'limit', price: '69000.00' }, stopLoss: { orderType: 'stop-market', stopPrice: '31000.00' } })
      expect([order.status, fills.length]).to.deep.equal(['partially_filled', 1])
      const exits = (await taker.openOrders(market)).filter(({ side }) => side === 'sell')
      expect(exits.map(({ orderType, quantity, status }) => [orderType, quantity, status])).to.have.deep.members([['limit', '0.03996', 'open'], ['stop-market', '0.03996', 'waiting']])
    })

    it('lets two exits buy back what an entry sold', async () => {
      await buy('65000.00', '0.04000')
      const { order, fills } = await maker.placeBracket({ market, side: 'sell', orderType: 'limit', price: '65000.00', quantity: '0.10000', takeProfit: { orderType: 'limit', price: '31000.00' }, stopLoss: { orderType: 'stop-limit', stopPrice: '68000.00', price: '69000.00' } })
      expect([order.status, fills.length]).to.deep.equal(['partially_filled', 1])
      const exits = (await maker.openOrders(market)).filter(({ side }) => side === 'buy')
      expect(exits.map(({ orderType, quantity, status }) => [orderType, quantity, status])).to.have.deep.members([['limit', '0.04000', 'open'], ['stop-limit', '0.04000', 'waiting']])
    })

    it('replaces an order by another one in one step, or leaves it where it is', async () => {
      const { order } = await sell('62000.00', '0.10000')
      const next = { side: 'sell', orderType: 'limit', price: '61900.00', quantity: '0.20000' } as const
      const replaced = await maker.replaceOrder({ market, orderId: order.orderId, order: next })
      expect(replaced.cancelled).to.include({ orderId: order.orderId, status: 'cancelled', reason: 'replaced', createdMs: order.createdMs })
      expect(replaced.placed?.order).to.include({ price: '61900.00', quantity: '0.20000', status: 'open' })
      const { orderId } = replaced.placed!.order
      expect((await refusal(maker.replaceOrder({ market, orderId, order: { ...next, quantity: '9999' } }))).status).to.equal(422)
      expect((await maker.openOrders(market)).map((open) => open.orderId)).to.deep.equal([orderId])
      const failed = await maker.replaceOrder({ market, orderId: orderId + 1_000, mode: 'allow_failure', order: { ...next, price: '61800.00' } })
      expect(failed.failed.map(({ step, code }) => [step, code])).to.deep.equal([['cancel', 'unknown_order']])
      expect(failed.cancelled).to.equal(null)
      expect(failed.placed?.order.price).to.equal('61800.00')
    })

    it('cancels everything when a program does not call again in time', async () => {
      await sell('63000.00', '0.10000')
      expect((await maker.cancelAllAfter({ timeoutMs: 60_000 })).firesMs).to.be.greaterThan(Date.now())
      expect(await maker.cancelAllAfter({ timeoutMs: 0 })).to.deep.equal({ firesMs: null })
      let gone = (): void => undefined
      const cancelled = new Promise<void>((resolve) => (gone = resolve))
      const end = await maker.subscribe({ channel: 'account' }, {
        onSnapshot: () => undefined,
        onMessage: ({ data }) => data.orders.some(({ reason }) => reason === 'dead_man_switch') && gone(),
      })
      await maker.cancelAllAfter({ market, timeoutMs: 1 })
      await cancelled
      end()
      expect(await maker.openOrders()).to.deep.equal([])
    })

    it('replaces a ladder of quotes, and withdraws it once its protection is reached', async () => {
      const first = await maker.placeQuotes({ market, bids: [['50000.00', '0.10000']], asks: [['70000.00', '0.10000'], ['70010.00', '0.10000']], postOnly: true })
      expect(first.orders.map(({ price, status }) => [price, status])).to.deep.equal([['50000.00', 'open'], ['70000.00', 'open'], ['70010.00', 'open']])
      await maker.protectQuotes({ market, fills: 1, windowMs: 60_000 })
      const second = await maker.placeQuotes({ market, bids: [['50000.00', '0.10000']], asks: [['70000.00', '0.05000']], postOnly: true })
      expect(second.orders.map(({ price, status, reason }) => [price, status, reason])).to.deep.equal([['70000.00', 'open', null], ['70010.00', 'cancelled', 'quote_replaced']])
      await buy('70000.00', '0.01000', { timeInForce: 'ioc' })
      expect(await maker.openOrders(market)).to.deep.equal([])
      expect((await refusal(maker.placeQuotes({ market, bids: [['50000.00', '0.10000']], asks: [] }))).status).to.equal(422)
      await maker.resetQuoteProtection(market)
      expect((await maker.placeQuotes({ market, bids: [['50000.00', '0.10000']], asks: [] })).orders.length).to.equal(1)
      await maker.protectQuotes({ market, windowMs: 0 })
      expect((await maker.placeQuotes({ market, bids: [], asks: [] })).orders.map(({ status }) => status)).to.deep.equal(['cancelled'])
    })

    it('trades at the price of the maker and tells both sides exactly', async () => {
      await sell('60000.00', '0.30000')
      await sell('60001.00', '0.30000')
      const { order, fills } = await buy('60010.00', '0.40000', { clientOrderId: 'sweep' })
      expect(order).to.include({ status: 'filled', filledQuantity: '0.40000', leavesQuantity: '0.00000', filledQuote: '24000.10000000', averagePrice: '60000.25', fee: '0.00040000', feeAsset: 'BTC' })
      expect(fills.map(({ price, quantity, quoteAmount, fee, liquidity }) => ({ price, quantity, quoteAmount, fee, liquidity }))).to.deep.equal([
        { price: '60000.00', quantity: '0.30000', quoteAmount: '18000.00000000', fee: '0.00030000', liquidity: 'taker' },
        { price: '60001.00', quantity: '0.10000', quoteAmount: '6000.10000000', fee: '0.00010000', liquidity: 'taker' },
      ])
      const theirs = (await taker.fills()).items.slice(0, 2)
      expect(theirs.reverse()).to.deep.equal(fills)
      const ours = (await maker.fills({ market })).items.slice(0, 2).reverse()
      expect(ours.map(({ liquidity, side, fee, feeAsset }) => ({ liquidity, side, fee, feeAsset }))).to.deep.equal([
        { liquidity: 'maker', side: 'sell', fee: '14.40000000', feeAsset: 'USDT' },
        { liquidity: 'maker', side: 'sell', fee: '4.80008000', feeAsset: 'USDT' },
      ])
      const [newest] = (await taker.orders({ limit: 1 })).items
      expect(newest).to.deep.equal(order)
      expect((await maker.openOrders(market))[0]).to.include({ status: 'partially_filled', filledQuantity: '0.10000', leavesQuantity: '0.20000' })
    })

    it('spends a quote amount in a market order and says what became of the rest', async () => {
      await sell('60000.00', '0.00100')
      const { order } = await taker.placeOrder({ market, side: 'buy', orderType: 'market', quoteQuantity: '90' })
      expect(order).to.include({ orderType: 'market', timeInForce: 'ioc', quantity: null, quoteQuantity: '90.00000000', filledQuantity: '0.00100', filledQuote: '60.00000000', status: 'cancelled', reason: 'market_remainder' })
    })

    it('reduces in place, amends by price, and addresses orders by either name', async () => {
      const { order } = await sell('61000.00', '0.50000', { clientOrderId: 'mine' })
      const reduced = await maker.changeOrder({ market, clientOrderId: 'mine', leavesQuantity: '0.20000' })
      expect(reduced.order).to.include({ orderId: order.orderId, leavesQuantity: '0.20000', quantity: '0.20000', status: 'open', createdMs: order.createdMs })
      const amended = await maker.changeOrder({ market, orderId: order.orderId, price: '60900.00', quantity: '0.30000' })
      expect(amended.order).to.include({ orderId: order.orderId, price: '60900.00', quantity: '0.30000', leavesQuantity: '0.30000', createdMs: order.createdMs })
      const crossing = await buy('60000.00', '0.10000').then(() => maker.changeOrder({ market, orderId: order.orderId, price: '60000.00' }))
      expect(crossing.fills).to.have.length(1)
      expect(crossing.order).to.include({ status: 'partially_filled', filledQuantity: '0.10000' })
      expect(await maker.cancelOrder({ market, clientOrderId: 'mine' })).to.include({ status: 'cancelled', filledQuantity: '0.10000' })
    })

    it('gives a waiting order another stop price and an order that expires another time', async () => {
      const { order } = await maker.placeOrder({ market, side: 'sell', orderType: 'stop-limit', price: '20000.00', stopPrice: '21000.00', quantity: '0.10000' })
      const stop = await maker.changeOrder({ market, orderId: order.orderId, stopPrice: '22000.00', price: '21500.00' })
      expect(stop.order).to.include({ status: 'waiting', stopPrice: '22000.00', price: '21500.00', quantity: '0.10000' })
      const [from, until] = [Date.now() + 60_000, Date.now() + 90_000]
      const { order: dated } = await sell('61000.00', '0.50000', { timeInForce: 'gtd', expiresMs: from, displayQuantity: '0.10000' })
      expect((await maker.changeOrder({ market, orderId: dated.orderId, expiresMs: until })).order).to.include({ status: 'open', expiresMs: until, leavesQuantity: '0.50000', displayQuantity: '0.10000' })
      expect((await maker.changeOrder({ market, orderId: dated.orderId, displayQuantity: '0.20000' })).order).to.include({ status: 'open', expiresMs: until, displayQuantity: '0.20000' })
      expect((await maker.openOrders(market)).find(({ orderId }) => orderId === dated.orderId)).to.include({ expiresMs: until, displayQuantity: '0.20000' })
      expect((await refusal(maker.changeOrder({ market, orderId: dated.orderId, stopPrice: '1.00' }))).code).to.equal('invalid_combination')
      expect((await refusal(maker.changeOrder({ market, orderId: dated.orderId }))).code).to.equal('invalid_request')
    })

    it('cancels everything in one market or in all', async () => {
      await sell('60000.00', '0.10000')
      await sell('60001.00', '0.10000')
      await maker.placeOrder({ market: 'ETH-USDT', side: 'buy', orderType: 'limit', price: '2000.00', quantity: '1.0000' })
      expect(await maker.cancelAll({ market })).to.deep.equal({ cancelled: 2 })
      expect(await maker.openOrders()).to.have.length(1)
      expect(await maker.cancelAll()).to.deep.equal({ cancelled: 1 })
    })

    it('makes one order of fifty equal requests at once', async () => {
      const results = await Promise.all(Array.from({ length: 50 }, () => sell('62000.00', '0.10000', { clientOrderId: 'fifty' })))
      expect(new Set(results.map(({ order }) => order.orderId)).size).to.equal(1)
      expect(results.filter(({ repeated }) => !repeated)).to.have.length(1)
      expect(results.map(({ order }) => order)).to.deep.equal(results.map(() => results[0]!.order))
      expect(await maker.openOrders(market)).to.have.length(1)
      const other = await refusal(sell('62000.00', '0.20000', { clientOrderId: 'fifty' }))
      expect(other).to.include({ status: 409 })
      expect(['duplicate_request', 'duplicate_client_order_id']).to.include(other.code)
    })

    it('gives a repeated market order its first fills', async () => {
      await sell('60000.00', '0.10000')
      const order = { market, side: 'buy', orderType: 'market', quantity: '0.05000', clientOrderId: 'again' } as const
      const first = await taker.placeOrder(order)
      const second = await taker.placeOrder(order)
      expect(second).to.deep.equal({ ...first, repeated: true })
    })

    for (const [what, order, expected] of [
      ['a price off the tick', { price: '60000.001', quantity: '0.10000' }, { code: 'price_not_multiple_of_tick_size', field: 'price', says: ['60000.001', '0.01'] }],
      ['a quantity off the lot', { price: '60000.00', quantity: '0.000001' }, { code: 'quantity_not_multiple_of_lot_size', field: 'quantity', says: ['0.000001', '0.00001'] }],
      ['too small an order', { price: '60000.00', quantity: '0.00001' }, { code: 'notional_below_minimum', field: 'quantity', says: ['5.00000000 USDT'] }],
      ['too large a quantity', { price: '60000.00', quantity: '5000' }, { code: 'quantity_above_maximum', field: 'quantity', says: ['5000', '1000.00000'] }],
      ['a price of zero', { price: '0', quantity: '0.10000' }, { code: 'price_not_positive', field: 'price', says: ['0'] }],
      ['a quantity of zero', { price: '60000.00', quantity: '0.00000' }, { code: 'quantity_not_positive', field: 'quantity', says: ['0.00000'] }],
      ['more than the balance', { price: '60000.00', quantity: '900' }, { code: 'insufficient_balance', field: undefined, says: ['BTC'] }],
      ['a limit order without a price', { quantity: '0.10000' }, { code: 'invalid_combination', field: undefined, says: ['limit order needs price'] }],
      ['no self-trade prevention', { price: '60000.00', quantity: '0.10000', selfTradePrevention: 'none' }, { code: 'self_trade_prevention_required', field: undefined, says: [market] }],
    ] as const) {
      it(`refuses ${what} and names the rule`, async () => {
        const error = await refusal(maker.placeOrder({ market, side: 'sell', orderType: 'limit', ...order }))
        expect(error).to.include({ status: 422, code: expected.code, field: expected.field })
        for (const words of expected.says) expect(error.message).to.include(words)
      })
    }

    it('refuses a post-only order that would trade, a market without the other side, and an order that is not there', async () => {
      await sell('60000.00', '0.10000')
      expect(await refusal(buy('60000.00', '0.10000', { postOnly: true }))).to.include({ status: 422, code: 'would_take_liquidity' })
      expect(await refusal(maker.placeOrder({ market, side: 'sell', orderType: 'market', quantity: '0.10000' }))).to.include({ status: 422, code: 'no_liquidity' })
      expect(await refusal(maker.cancelOrder({ market, orderId: 999_999 }))).to.include({ status: 404, code: 'unknown_order' })
      expect(await refusal(maker.placeOrder({ market: 'XYZ-USDT', side: 'buy', orderType: 'market', quantity: '1' }))).to.include({ status: 404, code: 'unknown_market' })
    })

    it('never lets one person touch the orders of another', async () => {
      const { order } = await sell('60000.00', '0.10000', { clientOrderId: 'private' })
      expect(await refusal(taker.cancelOrder({ market, orderId: order.orderId }))).to.include({ status: 404, code: 'unknown_order' })
      expect(await refusal(taker.cancelOrder({ market, clientOrderId: 'private' }))).to.include({ status: 404, code: 'unknown_order' })
      expect(await refusal(taker.changeOrder({ market, orderId: order.orderId, leavesQuantity: '0.05000' }))).to.include({ status: 404, code: 'unknown_order' })
      await taker.cancelAll()
      expect(await maker.openOrders(market)).to.have.length(1)
      expect(await taker.openOrders(market)).to.deep.equal([])
    })

    it('pages through the history without a gap or a repetition', async () => {
      const placed: number[] = []
      for (let i = 0; i < 7; i++) placed.push((await sell('63000.00', '0.10000')).order.orderId)
      const listed: number[] = []
      let cursor: string | undefined
      do {
        const page = await maker.orders({ market, limit: 3, ...(cursor === undefined ? {} : { cursor }) })
        listed.push(...page.items.map(({ orderId }) => orderId))
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      expect(listed.slice(0, 7)).to.deep.equal(placed.reverse())
      expect(new Set(listed).size).to.equal(listed.length)
    })

    it('accounts for every change in the ledger', async () => {
      const entries = [...(await taker.ledger({ limit: 1000 })).items].reverse()
      const totals = new Map<string, bigint>()
      for (const { asset, amount } of entries) totals.set(asset, (totals.get(asset) ?? 0n) + BigInt(amount.replace('.', '')))
      for (const { asset, available, held } of (await taker.balances()).balances) {
        expect(totals.get(asset) ?? 0n, asset).to.equal(BigInt(available.replace('.', '')) + BigInt(held.replace('.', '')))
      }
      expect((await taker.ledger({ asset: 'ETH' })).items).to.deep.equal([])
      expect(entries.map(({ kind }) => kind)).to.include.members(['deposit', 'trade', 'fee'])
    })
  })
}
