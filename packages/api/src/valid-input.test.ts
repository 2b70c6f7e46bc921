import { expect } from 'chai'
import { ROUTES, type BourseClient, type ClientOptions, type RouteName } from '@bourse/client'
import { NO_LIMITS } from '../test/no-limits.js'
import { PASSWORD, startGateway, type RunningGateway } from '../test/running-gateway.js'

const MARKET = 'BTC-USDT'
const LIMIT = { market: MARKET, side: 'buy', orderType: 'limit', price: '1000.00', quantity: '0.10000' } as const
const EXITS = { takeProfit: { orderType: 'limit', price: '2000.00' }, stopLoss: { orderType: 'stop-market', stopPrice: '500.00' } } as const
/** Routes whose valid use takes a mail, a device or a role: their own tests are beside the safety of accounts. */
const ELSEWHERE = new Set<string>(Object.values(ROUTES).filter(({ tag }) => tag === 'security' || tag === 'operators').map(({ name }) => name))

describe('valid input', () => {
  let running: RunningGateway
  const succeeded = new Set<string>()
  /** Notes which routes answered with success. */
  const watching: Partial<ClientOptions> = {
    orderEntry: 'rest',
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      const path = new URL(input instanceof Request ? input.url : input).pathname.replace('/api/v1', '')
      const exact = Object.values(ROUTES).find((route) => route.method === init?.method && route.path === path)
      const route = exact ?? Object.values(ROUTES).find((candidate) => candidate.method === init?.method && new RegExp(`^${candidate.path.replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`).test(path))
      if (route !== undefined && response.status === route.status) succeeded.add(route.name)
      return response
    },
  }
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, limits: NO_LIMITS }) })
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  it('succeeds on every route, with answers that fit their schemas', async () => {
    const { client: ann } = await running.trader('ann', { USDT: '1000000', BTC: '10' }, watching)
    await readAll(ann)
    await tradeAll(ann)
    await ownAll(ann)
    await ann.logOut()
    await ann.logIn({ email: 'ann@example.com', password: PASSWORD })
    const wanted = (Object.keys(ROUTES) as RouteName[]).filter((name) => !ELSEWHERE.has(name))
    expect([...succeeded].filter((name) => !ELSEWHERE.has(name))).to.have.members(wanted)
    console.log(`      ${wanted.length} routes succeeded`)
  })

  async function readAll(ann: BourseClient): Promise<void> {
    await Promise.all([ann.exchange(), ann.time(), ann.status(), ann.tickers(), ann.ticker(MARKET), ann.depth(MARKET), ann.trades(MARKET), ann.candles(MARKET, '1m')])
    await Promise.all([ann.session(), ann.account(), ann.balances(), ann.orders(), ann.fills(), ann.ledger(), ann.deposits(), ann.withdrawals(), ann.openOrders(), ann.subAccounts(), ann.preferences(), ann.alerts(), ann.apiKeys()])
  }

  async function tradeAll(ann: BourseClient): Promise<void> {
    const { order } = await ann.placeOrder({ ...LIMIT, clientOrderId: 'one' })
    await ann.changeOrder({ market: MARKET, orderId: order.orderId, price: '1001.00' })
    await ann.changeOrder({ market: MARKET, clientOrderId: 'one', price: '1002.00' })
    await ann.cancelOrder({ market: MARKET, orderId: order.orderId })
    await ann.placeOrder({ ...LIMIT, clientOrderId: 'two' })
    await ann.cancelOrder({ market: MARKET, clientOrderId: 'two' })
    const [placed] = await ann.placeOrders([LIMIT])
    if (placed?.ok !== true) throw new Error('A valid order of a batch was refused.')
    await ann.replaceOrder({ market: MARKET, orderId: placed.placed.order.orderId, order: { side: 'buy', orderType: 'limit', price: '1003.00', quantity: '0.10000' } })
    await ann.cancelAll()
    await ann.cancelAllAfter({ timeoutMs: 0 })
    await ann.placeBracket({ ...LIMIT, ...EXITS })
    await ann.placeQuotes({ market: MARKET, bids: [['900.00', '0.10000']], asks: [['3000.00', '0.10000']] })
    await ann.protectQuotes({ market: MARKET, fills: 10, windowMs: 60_000 })
    await ann.resetQuoteProtection(MARKET)
    await trade(ann)
    await ann.placeOco({ market: MARKET, side: 'sell', quantity: '0.10000', ...EXITS, takeProfit: { orderType: 'limit', price: '4000.00' } })
  }

  /** A pair of exits needs a price from which they lie on both sides. */
  async function trade(ann: BourseClient): Promise<void> {
    const { client: bob } = await running.trader('bob', { USDT: '1000000' })
    await ann.placeOrder({ ...LIMIT, side: 'sell', price: '1500.00' })
    await bob.placeOrder({ ...LIMIT, price: '1500.00' })
  }

  async function ownAll(ann: BourseClient): Promise<void> {
    const { subAccountId } = await ann.createSubAccount({ label: 'bot' })
    await ann.transfer({ requestId: 'a', from: 'main', to: subAccountId, asset: 'BTC', amount: '1' })
    await ann.savePreferences({ language: 'de' })
    const { alertId } = await ann.createAlert({ market: MARKET, direction: 'above', price: '5000.00' })
    await ann.removeAlert(alertId)
    const { apiKey } = await ann.createApiKey({ label: 'bot' })
    await ann.revokeApiKey(apiKey.key)
    const { address } = await ann.depositAddress('BTC')
    await ann.faucet({ asset: 'BTC', amount: '1' })
    await ann.withdraw({ requestId: 'w', asset: 'BTC', address, amount: '0.5' })
  }
})
