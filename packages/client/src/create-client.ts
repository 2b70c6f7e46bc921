/** The typed client: REST for everything that is asked, the socket for streams and fast orders. */
import { z } from 'zod'
import type { BourseClient, ClientOptions, ConnectionState, PageOptions } from './bourse-client.js'
import { SigningClock, signRequest } from './request-signature.js'
import { callRest, Nothing, type QueryValues, type RestOptions } from './rest-calls.js'
import {
  ApiKeyView, Balances, BatchResult, CancelledCount, CreatedApiKey, Candle, CurrentSession, DeadManSwitch, Deposit, DepositAddress, Depth, Exchange, FaucetResult, Fill, LedgerEntry, Order, page, PlacedOrder, PlacedPair, QuotedLadder, ReplacedOrder,
  Session, Ticker, Trade, Withdrawal,
  type CancelAll, type CancelAllAfter, type CancelOrder, type CandleInterval, type ChangeOrder, type Credentials, type NewApiKey, type PlaceBracket, type PlaceOco, type PlaceOrder, type PlaceQuotes, type ProtectQuotes, type ReplaceOrder, type Subscription, type User, type WithdrawRequest,
} from './schemas/index.js'
import { SocketLink } from './socket-link.js'
import type { Page, StreamChannel, StreamListener } from './trading-client.js'

const OrderPage = page(Order)
const FillPage = page(Fill)
const DepositPage = page(Deposit)
const WithdrawalPage = page(Withdrawal)
const LedgerPage = page(LedgerEntry)
/** What a key signs to open the socket. */
const STREAM_PATH = '/api/v1/stream'

/**
 * Makes a client of one exchange. Nothing is sent before the first call.
 *
 * @example
 * const client = createClient({ baseUrl: 'http://localhost:3000' })
 * await client.logIn({ email: 'me@example.com', password })
 * await client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '64000.00', quantity: '0.50000' })
 */
export function createClient(options: ClientOptions): BourseClient {
  return new HttpBourseClient(options)
}

class HttpBourseClient implements BourseClient {
  private token: string
  private readonly rest: RestOptions
  private readonly link: SocketLink
  private readonly ordersOverSocket: boolean

  constructor(options: ClientOptions) {
    const timeoutMs = options.timeoutMs ?? 10_000
    const baseUrl = options.baseUrl.replace(/\/+$/, '')
    const token = (): string => this.token
    this.token = options.token ?? ''
    const apiKey = options.apiKey === undefined ? undefined : { credentials: options.apiKey, clock: new SigningClock(options.now ?? Date.now) }
    this.rest = { baseUrl, token, timeoutMs, fetch: options.fetch ?? ((input, init) => fetch(input, init)), ...(apiKey === undefined ? {} : { apiKey }) }
    const handshake = async (): Promise<object> => {
      if (apiKey !== undefined) return signRequest(apiKey.credentials, { timestampMs: apiKey.clock.next(), method: 'GET', path: STREAM_PATH, body: '' })
      return token() === '' ? {} : { token: token() }
    }
    this.link = new SocketLink({ baseUrl, handshake, timeoutMs, reconnectDelayMs: options.reconnectDelayMs ?? { first: 200, longest: 5_000 } })
    this.ordersOverSocket = options.orderEntry !== 'rest'
  }

  exchange(): Promise<Exchange> {
    return this.get('/exchange', Exchange)
  }

  depth(market: string, limit?: number): Promise<Depth> {
    return this.get(`/markets/${segment(market)}/depth`, Depth, { limit })
  }

  trades(market: string, options: { limit?: number; beforeId?: number } = {}): Promise<Trade[]> {
    return this.get(`/markets/${segment(market)}/trades`, z.array(Trade), { ...options })
  }

  candles(market: string, interval: CandleInterval, options: { fromMs?: number; toMs?: number; limit?: number } = {}): Promise<Candle[]> {
    return this.get(`/markets/${segment(market)}/candles`, z.array(Candle), { interval, ...options })
  }

  ticker(market: string): Promise<Ticker> {
    return this.get(`/markets/${segment(market)}/ticker`, Ticker)
  }

  tickers(): Promise<Ticker[]> {
    return this.get('/tickers', z.array(Ticker))
  }

  subscribe<Channel extends StreamChannel>(subscription: Extract<Subscription, { channel: Channel }>, listener: StreamListener<Channel>): Promise<() => void> {
    return this.link.subscribe(subscription, listener)
  }

  async placeOrder(order: PlaceOrder): Promise<PlacedOrder> {
    if (this.usesSocket()) return (await this.link.request('order.place', order)) as PlacedOrder
    return callRest(this.rest, { method: 'POST', path: '/orders', body: order, answer: PlacedOrder })
  }

  async cancelOrder(order: CancelOrder): Promise<Order> {
    if (this.usesSocket()) return (await this.link.request('order.cancel', order)) as Order
    const { path, query } = orderAddress(order)
    return callRest(this.rest, { method: 'DELETE', path, query, answer: Order })
  }

  async changeOrder(change: ChangeOrder): Promise<PlacedOrder> {
    if (this.usesSocket()) return (await this.link.request('order.change', change)) as PlacedOrder
    return callRest(this.rest, { method: 'PATCH', path: orderAddress(change).path, body: change, answer: PlacedOrder })
  }

  async cancelAll(scope: CancelAll = {}): Promise<{ cancelled: number }> {
    if (this.usesSocket()) return (await this.link.request('order.cancel-all', scope)) as { cancelled: number }
    return callRest(this.rest, { method: 'DELETE', path: '/orders', query: { market: scope.market }, answer: CancelledCount })
  }

  async placeOrders(orders: PlaceOrder[]): Promise<BatchResult> {
    if (this.usesSocket()) return (await this.link.request('order.batch', { orders })) as BatchResult
    return callRest(this.rest, { method: 'POST', path: '/orders/batch', body: { orders }, answer: BatchResult })
  }

  async placeOco(pair: PlaceOco): Promise<PlacedPair> {
    if (this.usesSocket()) return (await this.link.request('order.oco', pair)) as PlacedPair
    return callRest(this.rest, { method: 'POST', path: '/orders/oco', body: pair, answer: PlacedPair })
  }

  async placeBracket(bracket: PlaceBracket): Promise<PlacedOrder> {
    if (this.usesSocket()) return (await this.link.request('order.bracket', bracket)) as PlacedOrder
    return callRest(this.rest, { method: 'POST', path: '/orders/bracket', body: bracket, answer: PlacedOrder })
  }

  async replaceOrder(request: ReplaceOrder): Promise<ReplacedOrder> {
    if (this.usesSocket()) return (await this.link.request('order.replace', request)) as ReplacedOrder
    return callRest(this.rest, { method: 'POST', path: '/orders/replace', body: request, answer: ReplacedOrder })
  }

  async cancelAllAfter(request: CancelAllAfter): Promise<DeadManSwitch> {
    if (this.usesSocket()) return (await this.link.request('order.cancel-all-after', request)) as DeadManSwitch
    return callRest(this.rest, { method: 'POST', path: '/orders/cancel-all-after', body: request, answer: DeadManSwitch })
  }

  async placeQuotes(ladder: PlaceQuotes): Promise<QuotedLadder> {
    if (this.usesSocket()) return (await this.link.request('quote.place', ladder)) as QuotedLadder
    return callRest(this.rest, { method: 'POST', path: '/quotes', body: ladder, answer: QuotedLadder })
  }

  protectQuotes(limits: ProtectQuotes): Promise<void> {
    return callRest(this.rest, { method: 'POST', path: '/quotes/protection', body: limits, answer: Nothing })
  }

  resetQuoteProtection(market: string): Promise<void> {
    return callRest(this.rest, { method: 'DELETE', path: '/quotes/protection', query: { market }, answer: Nothing })
  }

  openOrders(market?: string): Promise<Order[]> {
    return this.get('/orders/open', z.array(Order), { market })
  }

  orders(query: { market?: string; cursor?: string; limit?: number } = {}): Promise<Page<Order>> {
    return this.get('/orders', OrderPage, { ...query })
  }

  fills(query: { market?: string; cursor?: string; limit?: number } = {}): Promise<Page<Fill>> {
    return this.get('/fills', FillPage, { ...query })
  }

  balances(): Promise<Balances> {
    return this.get('/balances', Balances)
  }

  signUp(credentials: Credentials): Promise<Session> {
    return this.enter('/auth/sign-up', credentials)
  }

  logIn(credentials: Credentials): Promise<Session> {
    return this.enter('/auth/log-in', credentials)
  }

  async logOut(): Promise<void> {
    await callRest(this.rest, { method: 'POST', path: '/auth/log-out', answer: Nothing })
    this.token = ''
    this.link.reconnect()
  }

  async session(): Promise<User | null> {
    return (await this.get('/auth/session', CurrentSession)).user
  }

  depositAddress(asset: string): Promise<DepositAddress> {
    return callRest(this.rest, { method: 'POST', path: '/deposit-addresses', body: { asset }, answer: DepositAddress })
  }

  deposits(options: PageOptions = {}): Promise<Page<Deposit>> {
    return this.get('/deposits', DepositPage, { ...options })
  }

  withdraw(request: WithdrawRequest): Promise<Withdrawal> {
    return callRest(this.rest, { method: 'POST', path: '/withdrawals', body: request, answer: Withdrawal })
  }

  withdrawals(options: PageOptions = {}): Promise<Page<Withdrawal>> {
    return this.get('/withdrawals', WithdrawalPage, { ...options })
  }

  faucet(request: { asset: string; amount: string }): Promise<{ txid: string }> {
    return callRest(this.rest, { method: 'POST', path: '/faucet', body: request, answer: FaucetResult })
  }

  ledger(options: PageOptions & { asset?: string } = {}): Promise<Page<LedgerEntry>> {
    return this.get('/ledger', LedgerPage, { ...options })
  }

  apiKeys(): Promise<ApiKeyView[]> {
    return this.get('/api-keys', z.array(ApiKeyView))
  }

  createApiKey(input: NewApiKey): Promise<CreatedApiKey> {
    return callRest(this.rest, { method: 'POST', path: '/api-keys', body: input, answer: CreatedApiKey })
  }

  revokeApiKey(key: string): Promise<void> {
    return callRest(this.rest, { method: 'DELETE', path: `/api-keys/${segment(key)}`, answer: Nothing })
  }

  get connection(): ConnectionState {
    return this.link.state
  }

  onConnection(listener: (state: ConnectionState) => void): () => void {
    return this.link.onState(listener)
  }

  connect(): Promise<void> {
    return this.link.connect()
  }

  close(): void {
    this.link.close()
  }

  private get<Answer extends z.ZodType>(path: string, answer: Answer, query: QueryValues = {}): Promise<z.output<Answer>> {
    return callRest(this.rest, { method: 'GET', path, query, answer })
  }

  private async enter(path: string, credentials: Credentials): Promise<Session> {
    const session = await callRest(this.rest, { method: 'POST', path, body: credentials, answer: Session })
    this.token = session.token
    this.link.reconnect()
    return session
  }

  private usesSocket(): boolean {
    return this.ordersOverSocket && this.link.state === 'connected'
  }
}

/** Orders are addressed by their number, or as `/orders?clientOrderId=`. */
function orderAddress(order: CancelOrder): { path: string; query: QueryValues } {
  const path = order.orderId === undefined ? '/orders/by-client-order-id' : `/orders/${order.orderId}`
  return { path, query: { market: order.market, clientOrderId: order.clientOrderId } }
}

function segment(text: string): string {
  return encodeURIComponent(text)
}
