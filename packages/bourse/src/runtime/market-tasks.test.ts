import { expect } from 'chai'
import { createExchange, createMemoryStorage, type Exchange } from '@bourse/exchange'
import { MarketTask, runMarketTask } from './market-tasks.js'

const NOW_MS = 1_700_000_000_000

async function open(): Promise<Exchange> {
  const exchange = await createExchange({ ...createMemoryStorage(), clock: () => NOW_MS * 1000 })
  for (const code of ['BTC', 'USDT']) await exchange.submit({ type: 'asset.define', code, scale: 8 })
  await exchange.submit({
    type: 'market.define', symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 4, state: 'pre-open',
    tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0',
    makerFee: '0.001', takerFee: '0.002', marketBandBps: 500, allowSelfTrade: false, maxOpenOrders: 100,
  })
  return exchange
}

const failure = (promise: Promise<unknown>): Promise<string> => promise.then(() => expect.fail('should have been refused'), (error: Error) => error.message)

describe('what an operator may do to a market', () => {
  it('calls it to an auction that takes so many seconds', async () => {
    const exchange = await open()
    expect(await runMarketTask({ task: 'market.auction', market: 'BTC-USDT', seconds: 90 }, exchange, NOW_MS)).to.include({ market: 'BTC-USDT', endsAt: NOW_MS + 90_000 })
    expect(exchange.engine.auctionEndsUs(0)).to.equal((NOW_MS + 90_000) * 1000)
    await exchange.close()
  })

  it('gives it a reference price', async () => {
    const exchange = await open()
    expect(await runMarketTask({ task: 'market.set-reference', market: 'BTC-USDT', price: '64000' }, exchange, NOW_MS)).to.include({ referencePrice: '64000' })
    expect(exchange.engine.referencePrice(0)).to.equal(6_400_000n)
    await exchange.close()
  })

  it('is refused in words', async () => {
    const exchange = await open()
    expect(await failure(runMarketTask({ task: 'market.auction', market: 'DOGE-USDT', seconds: 1 }, exchange, NOW_MS))).to.equal('There is no market DOGE-USDT. This exchange has BTC-USDT.')
    expect(await failure(runMarketTask({ task: 'market.set-reference', market: 'BTC-USDT', price: '0' }, exchange, NOW_MS))).to.contain('price not positive')
    expect(MarketTask.safeParse({ task: 'market.auction', market: 'BTC-USDT', seconds: -1 }).success).to.equal(false)
    await exchange.close()
  })
})
