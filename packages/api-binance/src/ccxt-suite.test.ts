import { expect } from 'chai'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ccxtClient, type CcxtBinance } from '../test/ccxt-client.js'
import { startBinance, type RunningBinance } from '../test/running-binance.js'

const SYMBOL = 'BTC/USDT'
const market = 'BTC-USDT'
const require = createRequire(import.meta.url)
/** ccxt's own tests of an exchange, which later versions of the package leave out. */
const SUITE = path.join(path.dirname(require.resolve('ccxt-exchange-tests/package.json')), 'js/test/Exchange')

type SuiteTest = (exchange: CcxtBinance, subject?: string) => Promise<unknown>

/**
 * Each with what it is called with: a symbol, a currency, or nothing. Left out: what they skip for Binance themselves
 * (fetchTickers, fetchOrderBooks, fetchTransactions), and trading fees, where the ccxt of today leaves fields empty that they want.
 */
const TESTS: readonly (readonly [name: string, subject?: string])[] = [
  ['loadMarkets'], ['fetchMarkets'], ['fetchCurrencies'], ['fetchStatus'], ['fetchTransactionFees'],
  ['fetchTicker', SYMBOL], ['fetchOHLCV', SYMBOL], ['fetchTrades', SYMBOL],
  ['fetchOrderBook', SYMBOL], ['fetchL2OrderBook', SYMBOL],
  ['fetchBalance'], ['fetchOrders', SYMBOL], ['fetchOpenOrders', SYMBOL], ['fetchClosedOrders', SYMBOL], ['fetchMyTrades', SYMBOL],
  ['fetchDeposits', 'BTC'], ['fetchWithdrawals', 'BTC'],
]

describe("ccxt's own tests of an exchange, with the ccxt of today", () => {
  let exchange: RunningBinance
  let client: CcxtBinance
  before(async () => {
    exchange = await startBinance()
    client = await ccxtClient(exchange)
    const { bot, maker, running } = exchange
    for (const price of ['60000', '60010', '59990']) {
      await maker.client.placeOrder({ market, side: 'sell', orderType: 'limit', price, quantity: '0.5' })
      await bot.client.placeOrder({ market, side: 'buy', orderType: 'limit', price, quantity: '0.2' })
      await maker.client.cancelAll()
    }
    await maker.client.placeOrder({ market, side: 'sell', orderType: 'limit', price: '60020', quantity: '1' })
    await maker.client.placeOrder({ market, side: 'buy', orderType: 'limit', price: '59980', quantity: '1' })
    await bot.client.placeOrder({ market, side: 'buy', orderType: 'limit', price: '59000', quantity: '0.1' })
    const { order } = await bot.client.placeOrder({ market, side: 'buy', orderType: 'limit', price: '58000', quantity: '0.1' })
    await bot.client.cancelOrder({ market, orderId: order.orderId })
    await bot.client.faucet({ asset: 'BTC', amount: '2' })
    await running.passBlocks(3)
    await bot.client.withdraw({ requestId: 'w-1', asset: 'BTC', address: (await maker.client.depositAddress('BTC')).address, amount: '20' })
    await running.passBlocks(3)
    await client.loadMarkets()
  })
  after(async () => {
    expect(exchange.running.faults).to.deep.equal([])
    await client.close()
    await exchange.stop()
  })

  for (const [name, subject] of TESTS) {
    it(`passes ${name}`, async () => {
      const run = require(path.join(SUITE, `test.${name}.js`)) as SuiteTest
      const said: unknown[][] = []
      const { log } = console
      console.log = (...words) => void said.push(words)
      try {
        await run(client, subject)
      } finally {
        console.log = log
      }
      expect(said.flat().join(' '), 'it was not left out').not.to.match(/not supported|skipping/)
    })
  }
})
