/** Gives a demonstration a person who already owns something and has orders of their own. */
import type { LocalClient } from '@bourse/api'
import { decimal, formatDecimal } from '@bourse/core'
import type { Identity } from '@bourse/identity'
import { createDemoLogIn, readDemoLogIn } from './demo-log-in.js'
import type { OpenExchange } from './open-exchange.js'
import { fundOnce, openAccount, simulatedMarkets } from './simulator-host.js'

export interface DemoOptions {
  readonly open: OpenExchange
  readonly identity: Identity
  clientOf(userId: string): LocalClient
}

/** What the demo owns is worth this much of the first market's quote asset, in each asset. */
const WORTH = 50_000

/** Makes the demo's person, balances and first orders, once; a crash half way is made good at the next start. */
export async function prepareDemo(options: DemoOptions): Promise<void> {
  const { open, identity } = options
  const { data, store } = open
  if ((await store.settings.get('demo.prepared')) !== undefined) return
  const logIn = (await readDemoLogIn(data.demoLogIn)) ?? (await createDemoLogIn(data.demoLogIn))
  const created = await identity.createUser(logIn)
  const person = created.ok ? created.user : await identity.userByEmail(logIn.email)
  if (person === undefined) throw new Error(`The demonstration has no person: ${created.ok ? 'it vanished' : created.message}`)
  await openAccount(open, person.userId)
  for (const { asset, amount } of demoBalances(open)) await fundOnce(open, { account: person.userId, asset, amount, requestId: `demo-${asset}` })
  await placeDemoOrders(open, options.clientOf(person.userId))
  await store.settings.set('demo.prepared', true)
}

/** About the same worth of every asset that a simulated market knows a price of. */
function demoBalances({ project }: OpenExchange): { asset: string; amount: string }[] {
  const markets = simulatedMarkets(project)
  const quote = markets[0]?.quote
  const worthOf = new Map<string, number>(quote === undefined ? [] : [[quote, 1]])
  for (const market of markets) if (market.quote === quote) worthOf.set(market.base, Number(market.startPrice))
  return project.config.assets.flatMap(({ code, scale }) => {
    const price = worthOf.get(code)
    return price === undefined ? [] : [{ asset: code, amount: (WORTH / price).toFixed(Math.min(scale, 4)) }]
  })
}

/** One trade and two orders that rest a little away from the market, in the first market. */
async function placeDemoOrders({ project, exchange }: OpenExchange, client: LocalClient): Promise<void> {
  const first = simulatedMarkets(project)[0]
  const market = first === undefined ? undefined : exchange.catalog.marketBySymbol(first.symbol)
  if (first === undefined || market === undefined) return
  const quantity = first.typicalQuantity
  const ticker = (await client.tickers()).find((candidate) => candidate.market === market.symbol)
  if (ticker?.bid == null || ticker.ask == null) return
  const away = (price: string, percent: bigint): string => {
    const moved = (decimal(price, market.priceScale) * (100n + percent)) / 100n
    return formatDecimal(moved - (moved % market.tickSize), market.priceScale)
  }
  await client.placeOrder({ market: market.symbol, clientOrderId: 'demo-1', side: 'buy', orderType: 'market', quantity })
  await client.placeOrder({ market: market.symbol, clientOrderId: 'demo-2', side: 'buy', orderType: 'limit', price: away(ticker.bid, -1n), quantity })
  await client.placeOrder({ market: market.symbol, clientOrderId: 'demo-3', side: 'sell', orderType: 'limit', price: away(ticker.ask, 1n), quantity })
}
