/** A small exchange over HTTP: accounts, deposits, orders, depth and trades, with an engine and a ledger that cannot lose a coin. */
import { createServer } from 'node:http'
import { createVenue, formatDecimal, type Execution } from '@bourse/core'

const MARKET = 'BTC-USD'
const venue = createVenue({
  assets: { BTC: 8, USD: 8 },
  markets: { [MARKET]: { tickSize: '0.01', lotSize: '0.00001', minNotional: '1', makerFee: '0.0008', takerFee: '0.001' } },
  clock: () => Date.now() * 1000,
})

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  try {
    const answer = handle(`${request.method} ${url.pathname}`, { ...Object.fromEntries(url.searchParams), ...(await bodyOf(request)) })
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? { error: 'not_found' }))
  } catch (error) {
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: error instanceof Error ? error.message : 'bad_request' }))
  }
})
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => console.log('The exchange listens on', server.address()))

function handle(route: string, input: Record<string, string>): unknown {
  const account = input['account'] ?? ''
  switch (route) {
    case 'POST /accounts':
      return resultOf(venue.submit({ type: 'account.open', account, kind: 'user' }))
    case 'POST /deposits': {
      const asset = input['asset'] === 'BTC' ? 'BTC' : 'USD'
      return resultOf(venue.submit({ type: 'ledger.transfer', requestId: input['id'] ?? '', from: 'world', to: account, asset, amount: input['amount'] ?? '' }))
    }
    case 'POST /orders': {
      const side = input['side'] === 'sell' ? 'sell' : 'buy'
      const order = { type: 'order.place', account, market: MARKET, side, quantity: input['quantity'] ?? '' } as const
      return resultOf(venue.submit(input['price'] === undefined ? { ...order, orderType: 'market' } : { ...order, orderType: 'limit', price: input['price'] }))
    }
    case 'DELETE /orders':
      return resultOf(venue.submit({ type: 'order.cancel-all', account, market: MARKET }))
    case 'GET /balances':
      return { BTC: venue.balance(account, 'BTC'), USD: venue.balance(account, 'USD') }
    case 'GET /depth':
      return venue.depth(MARKET, 20)
    case 'GET /trades':
      return venue.marketData.recentTrades(0, 50).map(({ tradeId, price, quantity }) => ({ tradeId, price: formatDecimal(price, 2), quantity: formatDecimal(quantity, 5) }))
  }
  return undefined
}

function resultOf(execution: Execution): { events: string[] } {
  if (!execution.ok) throw new Error(execution.reject.code)
  return { events: execution.events.map(({ type }) => type) }
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<Record<string, string>> {
  let text = ''
  for await (const chunk of request) text += chunk.toString()
  return text === '' ? {} : (JSON.parse(text) as Record<string, string>)
}
