import { expect } from 'chai'
import { createClient, type ClientOptions } from './index.js'
import { ApiRequestError, type BourseClient } from './index.js'

interface Sent {
  url: string
  init: RequestInit
}

/** A client whose requests are answered by the test. */
function answered(answer: () => Response | Promise<Response>, options: Partial<ClientOptions> = {}): { client: BourseClient; sent: Sent[] } {
  const sent: Sent[] = []
  const client = createClient({
    baseUrl: 'http://exchange.example/',
    fetch: async (input, init) => {
      sent.push({ url: input instanceof Request ? input.url : input.toString(), init: init ?? {} })
      return answer()
    },
    ...options,
  })
  return { client, sent }
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status })

async function failure(call: Promise<unknown>): Promise<ApiRequestError> {
  try {
    await call
  } catch (error) {
    if (error instanceof ApiRequestError) return error
    throw error
  }
  throw new Error('The call should have failed.')
}

describe('the client over REST', () => {
  it('sends nothing before the first call', () => {
    expect(answered(() => json({})).sent).to.deep.equal([])
  })

  it('writes addresses, bodies and the token', async () => {
    const user = { userId: 'u', email: 'ann@example.com', createdMs: 1, emailVerified: true, withdrawalsHeldUntilMs: null, role: 'customer' }
    const { client, sent } = answered(() => json({ user, token: 'secret', expiresMs: 2 }))
    await client.logIn({ email: 'ann@example.com', password: 'a password' })
    await failure(client.fills({ market: 'BTC-USDT', limit: 5 }))
    await failure(client.cancelOrder({ market: 'BTC-USDT', clientOrderId: 'a/b?c' }))
    expect(sent.map(({ url, init }) => [init.method, url, new Headers(init.headers).get('authorization')])).to.deep.equal([
      ['POST', 'http://exchange.example/api/v1/auth/log-in', null],
      ['GET', 'http://exchange.example/api/v1/fills?market=BTC-USDT&limit=5', 'Bearer secret'],
      ['DELETE', 'http://exchange.example/api/v1/orders/by-client-order-id?market=BTC-USDT&clientOrderId=a%2Fb%3Fc', 'Bearer secret'],
    ])
    expect(sent[0]?.init.body).to.equal('{"email":"ann@example.com","password":"a password"}')
  })

  it('uses the cookie where the exchange gives no token', async () => {
    const { client, sent } = answered(() => json({ user: null }))
    await client.session()
    expect(new Headers(sent[0]?.init.headers).has('authorization')).to.equal(false)
    expect(sent[0]?.init.credentials).to.equal('same-origin')
  })

  it('passes on what the exchange refused, with its code, status and field', async () => {
    const { client } = answered(() => json({ error: { code: 'price_not_multiple_of_tick_size', message: 'The price 1.001 is not ...', field: 'price', requestId: 'r' } }, 422))
    const error = await failure(client.balances())
    expect(error).to.include({ code: 'price_not_multiple_of_tick_size', status: 422, field: 'price', message: 'The price 1.001 is not ...' })
  })

  it('says that the exchange cannot be reached, or that something else answered', async () => {
    expect(await failure(answered(() => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }))).client.tickers())).to.include({ code: 'unavailable', status: 0 })
    const proxy = await failure(answered(() => new Response('<html>Bad Gateway</html>', { status: 502 })).client.tickers())
    expect(proxy).to.include({ code: 'unavailable', status: 502 })
    expect(await failure(answered(() => new Response('<html>Not here</html>', { status: 404 })).client.tickers())).to.include({ code: 'invalid_request', status: 404 })
  })

  it('refuses an answer that does not fit the schema and names what is wrong', async () => {
    const error = await failure(answered(() => json({ sequence: 1, balances: [{ asset: 'BTC', available: 1, held: '0' }] })).client.balances())
    expect(error.code).to.equal('internal')
    expect(error.message).to.include('balances[0].available')
  })

  it('gives up after its time', async () => {
    const { client } = answered(() => new Promise<Response>(() => undefined), { fetch: (_input, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))), timeoutMs: 5 })
    expect(await failure(client.tickers())).to.include({ code: 'unavailable' })
  })
})

describe('the client over its socket', () => {
  it('says that there is no connection, and rejects what waits when it is closed', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:9', timeoutMs: 10_000, reconnectDelayMs: { first: 5, longest: 5 } })
    const connecting = failure(client.connect())
    const subscribing = failure(client.subscribe({ channel: 'tickers' }, { onSnapshot: () => undefined, onMessage: () => undefined }))
    expect(client.connection).to.equal('connecting')
    client.close()
    expect(await connecting).to.include({ code: 'unavailable' })
    expect(await subscribing).to.include({ code: 'unavailable' })
    expect(client.connection).to.equal('closed')
  })

  it('gives up waiting for a connection after its time, and goes on trying', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:9', timeoutMs: 20, reconnectDelayMs: { first: 5, longest: 5 } })
    expect(await failure(client.connect())).to.include({ code: 'unavailable', status: 0 })
    expect(client.connection).to.equal('connecting')
    client.close()
  })
})
