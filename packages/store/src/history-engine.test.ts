import { createEngine, execute, type Command, type Engine, type Event, type LiveOrder } from '@bourse/core'
import { expect } from 'chai'
import fc from 'fast-check'
import { onEveryDatabase } from '../test/databases.js'
import type { OrderRow, Store } from './index.js'

const TRADERS = ['ann', 'ben', 'cat', 'dan']
const ASSETS = ['BTC', 'USDT', 'ETH']
const RULES = { state: 'open', minQuantity: '0.001', maxQuantity: '1000', maxPrice: '10000', minNotional: '0', makerFee: '0.001', takerFee: '0.002', marketBandBps: 9_999, allowSelfTrade: true, maxOpenOrders: 50 } as const
const OPENING: readonly Command[] = [
  ...ASSETS.map((code): Command => ({ type: 'asset.define', code, scale: 8 })),
  { ...RULES, type: 'market.define', symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 4, tickSize: '0.01', lotSize: '0.001' },
  { ...RULES, type: 'market.define', symbol: 'ETH-BTC', base: 'ETH', quote: 'BTC', priceScale: 3, quantityScale: 3, tickSize: '0.001', lotSize: '0.001' },
  { type: 'fees.define-tier', tier: 1, makerFee: '-0.0005', takerFee: '0.0012' },
  { type: 'fees.define-tier', tier: 2, market: 'ETH-BTC', makerFee: '0', takerFee: '0.3' },
  { type: 'fees.set-rate', feeAsset: 'USDT', asset: 'USDT', feeAssetAmount: '1', assetAmount: '1', discount: '0.1' },
  { type: 'fees.set-rate', feeAsset: 'ETH', asset: 'BTC', feeAssetAmount: '7', assetAmount: '3', discount: '0.25' },
  { type: 'fees.set-rate', feeAsset: 'BTC', asset: 'USDT', feeAssetAmount: '1', assetAmount: '99', discount: '0.25' },
  ...TRADERS.flatMap((account): Command[] => [
    { type: 'account.open', account, kind: 'user' },
    ...ASSETS.map((asset): Command => ({ type: 'ledger.transfer', requestId: `${account}-${asset}`, from: 'world', to: account, asset, amount: '100000' })),
  ]),
]

const account = fc.constantFrom(...TRADERS)
const market = fc.constantFrom('BTC-USDT', 'ETH-BTC')
const quantity = fc.integer({ min: 1, max: 3_000 }).map((lots) => (lots / 1_000).toFixed(3))
const price = fc.integer({ min: 95, max: 105 }).map((whole) => `${whole}`)
const side = fc.constantFrom('buy' as const, 'sell' as const)
const selfTradePrevention = fc.constantFrom('cancel-taker' as const, 'cancel-maker' as const, 'cancel-both' as const, 'decrement' as const, 'none' as const)
/** Orders are named by a number drawn from those that the engine may have given out. */
const orderId = fc.integer({ min: 1, max: 120 })
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('order.place' as const), account, market, side, orderType: fc.constant('limit' as const), price, quantity, selfTradePrevention, timeInForce: fc.constantFrom('gtc' as const, 'gtc' as const, 'ioc' as const, 'fok' as const) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('order.place' as const), account, market, side, orderType: fc.constant('market' as const), quantity, selfTradePrevention }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('order.place' as const), account, market, side, orderType: fc.constant('market' as const), quoteQuantity: quantity, selfTradePrevention }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('order.place' as const), account, market, side, orderType: fc.constant('limit' as const), price, quantity, selfTradePrevention, expiresAt: fc.integer({ min: 1, max: 160 }).map((quarter) => 1_800_000_000_000 + quarter * 250) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('order.cancel-all-after' as const), account, timeoutMs: fc.constantFrom(0, 250, 2_000) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('order.cancel' as const), account, market, orderId }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('order.reduce' as const), account, market, orderId, leavesQuantity: quantity }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('order.amend' as const), account, market, orderId, price, quantity }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('order.cancel-all' as const), account }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('ledger.hold' as const), holdId: fc.constantFrom('h-1', 'h-2', 'h-3'), account, asset: fc.constantFrom(...ASSETS), amount: quantity }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('ledger.settle' as const), holdId: fc.constantFrom('h-1', 'h-2'), to: fc.constantFrom('world', 'fees', ...TRADERS) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('account.update' as const), account, feeTier: fc.constantFrom(0, 1, 2) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('account.update' as const), account, feeAsset: fc.constantFrom('USDT', 'BTC', 'ETH', null) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('account.update' as const), account, referrer: account, referralShare: fc.constantFrom('0.2', '0.333333') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('ledger.release' as const), holdId: fc.constantFrom('h-1', 'h-3') }) },
)

onEveryDatabase('history of a real engine', (create) => {
  it('closes an order that has expired, with what it filled before', async () => {
    const store = await (await create()).open()
    const engine = createEngine()
    const order = { type: 'order.place', market: 'BTC-USDT', orderType: 'limit', price: '100', quantity: '1' } as const
    const startMs = 1_800_000_000_000 + OPENING.length * 250
    const events = run(engine, [...OPENING, { ...order, account: 'ann', side: 'buy', expiresAt: startMs + 500 }, { ...order, account: 'ben', side: 'sell', quantity: '0.4' }, { type: 'order.cancel-all', account: 'cat' }])
    await store.projection.apply(events, engine.sequence, engine.catalog)
    const { rows } = await store.history.orders({ account: engine.catalog.accountByName('ann')!, limit: 10 })
    expect(rows).to.have.lengthOf(1)
    expect(rows[0]).to.include({ status: 'expired', reason: null, timeInForce: 'gtd', filledQuantity: 4_000n, leavesQuantity: 0n, updatedUs: (startMs + 500) * 1000 })
    await expectSameBalances(store, engine)
  })

  it('agrees with the engine about every balance and every order, after any commands', async function () {
    this.timeout(60_000)
    const store = await (await create()).open()
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 50, maxLength: 150 }), async (commands) => {
        const engine = createEngine()
        const events = run(engine, [...OPENING, ...commands])
        await store.projection.reset()
        const half = Math.floor(engine.sequence / 2)
        await store.projection.apply(events.filter(({ sequence }) => sequence <= half), half, engine.catalog)
        await store.projection.apply(events, engine.sequence, engine.catalog)
        await expectSameBalances(store, engine)
        await expectSameOrders(store, engine)
      }),
      { numRuns: 12 },
    )
  })
})

function run(engine: Engine, commands: readonly Command[]): Event[] {
  const events: Event[] = []
  for (const [index, next] of commands.entries()) {
    const result = execute(engine, next, 1_800_000_000_000_000 + index * 250_000)
    events.push(...result.due, ...(result.ok ? result.events : []))
  }
  return events
}

async function expectSameBalances(store: Store, engine: Engine): Promise<void> {
  const sums: Record<string, unknown>[] = await store.knex('ledger_entries').select('account', 'asset').sum('amount as total').groupBy('account', 'asset')
  const totals = new Map(sums.map(({ account: owner, asset, total }) => [`${String(owner)}/${String(asset)}`, BigInt(String(total))]))
  const perAsset = ASSETS.map(() => 0n)
  for (const name of ['world', 'fees', ...TRADERS]) {
    const id = engine.catalog.accountByName(name)!
    for (const asset of engine.catalog.assets()) {
      const { available, held } = engine.balance(id, asset.id)
      const total = totals.get(`${id}/${asset.id}`) ?? 0n
      expect(total, `${name} ${asset.code}`).to.equal(available + held)
      perAsset[asset.id]! += total
    }
  }
  expect(perAsset, 'sum over all accounts').to.deep.equal(ASSETS.map(() => 0n))
}

async function expectSameOrders(store: Store, engine: Engine): Promise<void> {
  for (const name of TRADERS) {
    const id = engine.catalog.accountByName(name)!
    const { rows } = await store.history.orders({ account: id, limit: 1_000 })
    const live = new Map(engine.openOrders(id).map((order) => [order.orderId, order]))
    for (const row of rows) {
      const order = live.get(row.orderId)
      live.delete(row.orderId)
      if (order === undefined) expect(row.status, `order ${row.orderId} is not live`).to.be.oneOf(['filled', 'cancelled', 'expired'])
      else expectSameOrder(row, order)
      const fills = await store.history.fillsOfOrder(row.market, row.orderId)
      expect(fills.reduce((sum, fill) => sum + fill.quantity, 0n), `fills of order ${row.orderId}`).to.equal(row.filledQuantity)
      // What was charged in an asset that the account chose is no part of the order's own fee.
      if (fills.every(({ feeAsset }) => feeAsset === null)) expect(fills.reduce((sum, fill) => sum + fill.fee, 0n), `fees of order ${row.orderId}`).to.equal(row.fee)
    }
    expect([...live.keys()], 'live orders that the history lacks').to.deep.equal([])
  }
}

function expectSameOrder(row: OrderRow, order: LiveOrder): void {
  const { market, orderId, account: owner, clientOrderId, side: orderSide, price: limit, quantity: total, filledQuantity, leavesQuantity, filledQuote, fee, createdUs, updatedUs } = order
  expect(row).to.include({ market, orderId, account: owner, clientOrderId, side: orderSide, price: limit, quantity: total, filledQuantity, leavesQuantity, filledQuote, fee, createdUs, updatedUs })
  expect(row.status).to.equal(filledQuantity > 0n ? 'partially_filled' : 'open')
  expect(row.reason).to.equal(null)
}
