/** The typed client: REST for everything that is asked, the socket for streams and fast orders. */
import type { z } from 'zod'
import type { BourseClient, ClientOptions, ConnectionState, HistoryList, HistoryQueries } from './bourse-client.js'
import { SigningClock, signRequest } from './request-signature.js'
import { callRest, downloadRest, type RestOptions, type RouteInput } from './rest-calls.js'
import { ROUTES, type AccessPolicy, type RouteContract } from './routes/index.js'
import type {
  AccountFacts, ApiKeyView, Balances, BatchResult, CancelAll, CancelAllAfter, CancelOrder, Candle, CandleInterval, ChangeOrder, CreatedApiKey, DeadManSwitch, Deposit, DepositAddress, DepositQuery, Depth, Exchange, Fill, FillQuery, LedgerEntry,
  LedgerQuery, LogIn, NewApiKey, NewPriceAlert, NewSubAccount, Order, OrderQuery, PlaceBracket, PlacedOrder, PlacedPair, PlaceOco, PlaceOrder, PlaceQuotes, Preferences, PriceAlert, ProtectQuotes, QuotedLadder, ReplacedOrder, ReplaceOrder, Session, SignUp, SubAccount,
  Subscription, SystemStatus, Ticker, Trade, Transfer, TransferRequest, User, Withdrawal, WithdrawalQuery, WithdrawRequest,
} from './schemas/index.js'
import { createOperatorClient, type OperatorClient } from './operator-client.js'
import { createSecurityClient, type SecurityClient } from './security-client.js'
import { SocketLink } from './socket-link.js'
import type { HistoryFilter, Page, StreamChannel, StreamListener } from './trading-client.js'

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
  readonly security: SecurityClient
  readonly operator: OperatorClient
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
    this.rest = { baseUrl, token, timeoutMs, fetch: options.fetch ?? ((input, init) => fetch(input, init)), ...(apiKey === undefined ? {} : { apiKey }), ...(options.subAccount === undefined ? {} : { subAccount: options.subAccount }) }
    const handshake = async (): Promise<object> => {
      if (apiKey !== undefined) return signRequest(apiKey.credentials, { timestampMs: apiKey.clock.next(), method: 'GET', path: STREAM_PATH, body: '' })
      return token() === '' ? {} : { token: token() }
    }
    this.link = new SocketLink({ baseUrl, handshake, timeoutMs, reconnectDelayMs: options.reconnectDelayMs ?? { first: 200, longest: 5_000 } })
    // A socket acts for the person who opened it, never for a sub-account.
    this.ordersOverSocket = options.orderEntry !== 'rest' && options.subAccount === undefined
    this.security = createSecurityClient((route, input) => this.call(route, input))
    this.operator = createOperatorClient((route, input) => this.call(route, input))
  }

  exchange(): Promise<Exchange> {
    return this.call(ROUTES.exchange)
  }

  time(): Promise<{ timeMs: number }> {
    return this.call(ROUTES.time)
  }

  status(): Promise<SystemStatus> {
    return this.call(ROUTES.status)
  }

  depth(market: string, limit?: number): Promise<Depth> {
    return this.call(ROUTES.depth, { params: { market }, query: { limit } })
  }

  trades(market: string, options: { limit?: number; beforeId?: number } = {}): Promise<Trade[]> {
    return this.call(ROUTES.trades, { params: { market }, query: options })
  }

  candles(market: string, interval: CandleInterval, options: { fromMs?: number; toMs?: number; limit?: number } = {}): Promise<Candle[]> {
    return this.call(ROUTES.candles, { params: { market }, query: { interval, ...options } })
  }

  ticker(market: string): Promise<Ticker> {
    return this.call(ROUTES.ticker, { params: { market } })
  }

  tickers(): Promise<Ticker[]> {
    return this.call(ROUTES.tickers)
  }

  subscribe<Channel extends StreamChannel>(subscription: Extract<Subscription, { channel: Channel }>, listener: StreamListener<Channel>): Promise<() => void> {
    return this.link.subscribe(subscription, listener)
  }

  async placeOrder(order: PlaceOrder): Promise<PlacedOrder> {
    if (this.usesSocket()) return (await this.link.request('order.place', order)) as PlacedOrder
    return this.call(ROUTES.placeOrder, { body: order })
  }

  async cancelOrder(order: CancelOrder): Promise<Order> {
    if (this.usesSocket()) return (await this.link.request('order.cancel', order)) as Order
    const { market, orderId, clientOrderId } = order
    if (orderId === undefined) return this.call(ROUTES.cancelOrderByClientOrderId, { query: { market, clientOrderId } })
    return this.call(ROUTES.cancelOrder, { params: { orderId }, query: { market } })
  }

  async changeOrder(change: ChangeOrder): Promise<PlacedOrder> {
    if (this.usesSocket()) return (await this.link.request('order.change', change)) as PlacedOrder
    if (change.orderId === undefined) return this.call(ROUTES.changeOrderByClientOrderId, { body: change })
    return this.call(ROUTES.changeOrder, { params: { orderId: change.orderId }, body: change })
  }

  async cancelAll(scope: CancelAll = {}): Promise<{ cancelled: number }> {
    if (this.usesSocket()) return (await this.link.request('order.cancel-all', scope)) as { cancelled: number }
    return this.call(ROUTES.cancelAll, { query: scope })
  }

  async placeOrders(orders: PlaceOrder[]): Promise<BatchResult> {
    if (this.usesSocket()) return (await this.link.request('order.batch', { orders })) as BatchResult
    return this.call(ROUTES.placeOrders, { body: { orders } })
  }

  async placeOco(pair: PlaceOco): Promise<PlacedPair> {
    if (this.usesSocket()) return (await this.link.request('order.oco', pair)) as PlacedPair
    return this.call(ROUTES.placeOco, { body: pair })
  }

  async placeBracket(bracket: PlaceBracket): Promise<PlacedOrder> {
    if (this.usesSocket()) return (await this.link.request('order.bracket', bracket)) as PlacedOrder
    return this.call(ROUTES.placeBracket, { body: bracket })
  }

  async replaceOrder(request: ReplaceOrder): Promise<ReplacedOrder> {
    if (this.usesSocket()) return (await this.link.request('order.replace', request)) as ReplacedOrder
    return this.call(ROUTES.replaceOrder, { body: request })
  }

  async cancelAllAfter(request: CancelAllAfter): Promise<DeadManSwitch> {
    if (this.usesSocket()) return (await this.link.request('order.cancel-all-after', request)) as DeadManSwitch
    return this.call(ROUTES.cancelAllAfter, { body: request })
  }

  async placeQuotes(ladder: PlaceQuotes): Promise<QuotedLadder> {
    if (this.usesSocket()) return (await this.link.request('quote.place', ladder)) as QuotedLadder
    return this.call(ROUTES.placeQuotes, { body: ladder })
  }

  protectQuotes(limits: ProtectQuotes): Promise<void> {
    return this.call(ROUTES.protectQuotes, { body: limits })
  }

  resetQuoteProtection(market: string): Promise<void> {
    return this.call(ROUTES.resetQuoteProtection, { query: { market } })
  }

  openOrders(market?: string): Promise<Order[]> {
    return this.call(ROUTES.openOrders, { query: { market } })
  }

  orders(query: HistoryFilter<OrderQuery> = {}): Promise<Page<Order>> {
    return this.call(ROUTES.orders, { query })
  }

  fills(query: HistoryFilter<FillQuery> = {}): Promise<Page<Fill>> {
    return this.call(ROUTES.fills, { query })
  }

  balances(): Promise<Balances> {
    return this.call(ROUTES.balances)
  }

  signUp(input: SignUp): Promise<Session> {
    return this.enter(ROUTES.signUp, input)
  }

  logIn(input: LogIn): Promise<Session> {
    return this.enter(ROUTES.logIn, input)
  }

  logInByPasskey(answer: { ticket: string; response: object }): Promise<Session> {
    return this.enter(ROUTES.logInByPasskey, answer)
  }

  changePassword(password: string): Promise<Session> {
    return this.enter(ROUTES.changePassword, { password })
  }

  async logOut(): Promise<void> {
    await this.call(ROUTES.logOut)
    this.token = ''
    this.link.reconnect()
  }

  async session(): Promise<User | null> {
    return (await this.call(ROUTES.session)).user
  }

  depositAddress(asset: string): Promise<DepositAddress> {
    return this.call(ROUTES.depositAddress, { body: { asset } })
  }

  deposits(query: HistoryFilter<DepositQuery> = {}): Promise<Page<Deposit>> {
    return this.call(ROUTES.deposits, { query })
  }

  withdraw(request: WithdrawRequest): Promise<Withdrawal> {
    return this.call(ROUTES.withdraw, { body: request })
  }

  withdrawals(query: HistoryFilter<WithdrawalQuery> = {}): Promise<Page<Withdrawal>> {
    return this.call(ROUTES.withdrawals, { query })
  }

  faucet(request: { asset: string; amount: string }): Promise<{ txid: string }> {
    return this.call(ROUTES.faucet, { body: request })
  }

  ledger(query: HistoryFilter<LedgerQuery> = {}): Promise<Page<LedgerEntry>> {
    return this.call(ROUTES.ledger, { query })
  }

  historyFile<List extends HistoryList>(list: List, query?: Omit<HistoryFilter<HistoryQueries[List]>, 'limit'>): Promise<ReadableStream<Uint8Array>> {
    return downloadRest(this.rest, ROUTES[list], { query: { ...query, format: 'csv' } })
  }

  account(): Promise<AccountFacts> {
    return this.call(ROUTES.account)
  }

  subAccounts(): Promise<SubAccount[]> {
    return this.call(ROUTES.subAccounts)
  }

  createSubAccount(input: NewSubAccount): Promise<SubAccount> {
    return this.call(ROUTES.createSubAccount, { body: input })
  }

  transfer(request: TransferRequest): Promise<Transfer> {
    return this.call(ROUTES.transfer, { body: request })
  }

  preferences(): Promise<Preferences> {
    return this.call(ROUTES.preferences)
  }

  savePreferences(preferences: Preferences): Promise<Preferences> {
    return this.call(ROUTES.savePreferences, { body: preferences })
  }

  alerts(): Promise<PriceAlert[]> {
    return this.call(ROUTES.alerts)
  }

  createAlert(alert: NewPriceAlert): Promise<PriceAlert> {
    return this.call(ROUTES.createAlert, { body: alert })
  }

  removeAlert(alertId: string): Promise<void> {
    return this.call(ROUTES.removeAlert, { params: { alertId } })
  }

  apiKeys(): Promise<ApiKeyView[]> {
    return this.call(ROUTES.apiKeys)
  }

  createApiKey(input: NewApiKey): Promise<CreatedApiKey> {
    return this.call(ROUTES.createApiKey, { body: input })
  }

  revokeApiKey(key: string): Promise<void> {
    return this.call(ROUTES.revokeApiKey, { params: { key } })
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

  private call<Answer extends z.ZodType>(route: RouteContract<AccessPolicy, z.ZodType, z.ZodType, z.ZodType, Answer>, input?: RouteInput): Promise<z.output<Answer>> {
    return callRest(this.rest, route, input)
  }

  private async enter(route: RouteContract<AccessPolicy, z.ZodType, z.ZodType, z.ZodType, typeof ROUTES.logIn.answer>, body: object): Promise<Session> {
    const session = await callRest(this.rest, route, { body })
    this.token = session.token
    this.link.reconnect()
    return session
  }

  private usesSocket(): boolean {
    return this.ordersOverSocket && this.link.state === 'connected'
  }
}
