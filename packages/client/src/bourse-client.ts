/** The whole surface of the typed client: trading, log-in, wallet and the connection's state. */
import type { OperatorClient } from './operator-client.js'
import type { ApiCredentials } from './request-signature.js'
import type { SecurityClient } from './security-client.js'
import type {
  AccountFacts, ApiKeyView, BatchResult, CancelAllAfter, CreatedApiKey, DeadManSwitch, Deposit, DepositAddress, DepositQuery, FillQuery, LedgerEntry, LedgerQuery, LogIn, NewApiKey, NewPriceAlert, NewSubAccount, OrderQuery, PlaceBracket, PlacedOrder, PlacedPair, PlaceOco, PlaceOrder, PlaceQuotes, Preferences, PriceAlert, ProtectQuotes, QuotedLadder, ReplacedOrder, ReplaceOrder, Session, SignUp, SubAccount, SystemStatus, Ticker, Transfer, TransferRequest, User, Withdrawal, WithdrawalQuery, WithdrawRequest,
} from './schemas/index.js'
import type { HistoryFilter, Page, TradingClient } from './trading-client.js'

/** `connecting` covers reconnecting; while it lasts, streams stand still and start again with a new snapshot. */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'closed'


/** Lists that can be had as a file. */
export interface HistoryQueries {
  orders: OrderQuery
  fills: FillQuery
  ledger: LedgerQuery
}
export type HistoryList = keyof HistoryQueries

export interface BourseClient extends TradingClient {
  /** The safety of one's account. */
  readonly security: SecurityClient
  /** For those who work for the operator. */
  readonly operator: OperatorClient

  ticker(market: string): Promise<Ticker>
  /** Whether the exchange and its markets trade. */
  status(): Promise<SystemStatus>
  /** The exchange's clock. */
  time(): Promise<{ timeMs: number }>

  /** In Node, logging in keeps the returned token for all later calls; in a browser the cookie does that. Either reconnects the socket as the new user. */
  signUp(input: SignUp): Promise<Session>
  /** Rejects with `second_factor_required` where a code is needed as well. */
  logIn(input: LogIn): Promise<Session>
  /** Begins a session with the answer of a passkey to `security.beginPasskeyLogIn()`. */
  logInByPasskey(answer: { ticket: string; response: object }): Promise<Session>
  /** Changes the password; every other session ends and this one goes on. */
  changePassword(password: string): Promise<Session>
  logOut(): Promise<void>
  /** The one who is logged in, or null. */
  session(): Promise<User | null>

  /** Places several orders, each by itself: one that is refused does not stop the others. */
  placeOrders(orders: PlaceOrder[]): Promise<BatchResult>
  /** Places two exits of one quantity, of which only one can happen. */
  placeOco(pair: PlaceOco): Promise<PlacedPair>
  /** Places an entry, with two exits that trade back what it bought or sold. */
  placeBracket(bracket: PlaceBracket): Promise<PlacedOrder>
  /** Cancels an order and places another one in one command. */
  replaceOrder(request: ReplaceOrder): Promise<ReplacedOrder>
  /** Has all orders cancelled unless it is called again in time; 0 ms disables that. */
  cancelAllAfter(request: CancelAllAfter): Promise<DeadManSwitch>
  /** Replaces all that one quotes in a market. */
  placeQuotes(ladder: PlaceQuotes): Promise<QuotedLadder>
  protectQuotes(limits: ProtectQuotes): Promise<void>
  /** Lets quotes in again after the protection has frozen them. */
  resetQuoteProtection(market: string): Promise<void>

  depositAddress(asset: string): Promise<DepositAddress>
  deposits(query?: HistoryFilter<DepositQuery>): Promise<Page<Deposit>>
  withdraw(request: WithdrawRequest): Promise<Withdrawal>
  withdrawals(query?: HistoryFilter<WithdrawalQuery>): Promise<Page<Withdrawal>>
  /** Sends test money to one's own deposit address, where the asset's network offers it. */
  faucet(request: { asset: string; amount: string }): Promise<{ txid: string }>
  ledger(query?: HistoryFilter<LedgerQuery>): Promise<Page<LedgerEntry>>
  /** A whole history, newest first, as a file of comma-separated values that is read as it comes. */
  historyFile<List extends HistoryList>(list: List, query?: Omit<HistoryFilter<HistoryQueries[List]>, 'limit'>): Promise<ReadableStream<Uint8Array>>

  /** Freezes, fee tier and fees of the account. */
  account(): Promise<AccountFacts>
  subAccounts(): Promise<SubAccount[]>
  createSubAccount(input: NewSubAccount): Promise<SubAccount>
  /** Moves money between one's own accounts; `main` is the person's own. */
  transfer(request: TransferRequest): Promise<Transfer>
  preferences(): Promise<Preferences>
  /** Replaces the preferences. */
  savePreferences(preferences: Preferences): Promise<Preferences>
  alerts(): Promise<PriceAlert[]>
  /** Wants to be told once when a trade reaches a price: by the stream `alerts`. */
  createAlert(alert: NewPriceAlert): Promise<PriceAlert>
  removeAlert(alertId: string): Promise<void>

  /** The keys of the one who is logged in. */
  apiKeys(): Promise<ApiKeyView[]>
  /** Makes a key for a program; its secret is in the answer and nowhere else. */
  createApiKey(input: NewApiKey): Promise<CreatedApiKey>
  /** Ends a key at once, its open sockets too. */
  revokeApiKey(key: string): Promise<void>

  readonly connection: ConnectionState
  /** Calls the listener at each change of the connection and returns the function that ends that. */
  onConnection(listener: (state: ConnectionState) => void): () => void
  /** Opens the socket now (otherwise the first stream does) and resolves once orders can travel over it. */
  connect(): Promise<void>
  /** Ends every stream and the socket; pending requests over it are rejected with `unavailable`. */
  close(): void
}

export interface ClientOptions {
  /** Origin of the exchange, for example `http://localhost:3000`; empty in a browser for the page's own origin. */
  baseUrl: string
  /** A session token: programs only. Browsers stay logged in by cookie. */
  token?: string
  /** Acts with an API key instead: every request and the socket are signed. */
  apiKey?: ApiCredentials
  /** Orders, balances and history are those of this sub-account; orders then travel over REST. */
  subAccount?: string
  /** Milliseconds since 1970, for signatures; the platform's clock by default. */
  now?: () => number
  /** Replaces the platform's fetch. */
  fetch?: typeof fetch
  /**
   * How orders travel: `socket` (default) over the open socket, falling back to REST while it is not open;
   * `rest` never uses the socket.
   */
  orderEntry?: 'socket' | 'rest'
  /** Longest wait for an answer, 10,000 by default. Then the call is rejected with `unavailable`; what it asked for may still happen. */
  timeoutMs?: number
  /** Milliseconds between attempts to reconnect, growing from the first to the second: 200 and 5,000 by default. */
  reconnectDelayMs?: { first: number; longest: number }
}
