/** The whole surface of the typed client: trading, log-in, wallet and the connection's state. */
import type { ApiCredentials } from './request-signature.js'
import type { ApiKeyView, BatchResult, CancelAllAfter, CreatedApiKey, Credentials, DeadManSwitch, Deposit, DepositAddress, LedgerEntry, NewApiKey, PlaceBracket, PlacedOrder, PlacedPair, PlaceOco, PlaceOrder, PlaceQuotes, ProtectQuotes, QuotedLadder, ReplacedOrder, ReplaceOrder, Session, Ticker, User, Withdrawal, WithdrawRequest } from './schemas/index.js'
import type { Page, TradingClient } from './trading-client.js'

/** `connecting` covers reconnecting; while it lasts, streams stand still and start again with a new snapshot. */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'closed'

export interface PageOptions {
  cursor?: string
  limit?: number
}

export interface BourseClient extends TradingClient {
  ticker(market: string): Promise<Ticker>

  /** In Node, logging in keeps the returned token for all later calls; in a browser the cookie does that. Either reconnects the socket as the new user. */
  signUp(credentials: Credentials): Promise<Session>
  logIn(credentials: Credentials): Promise<Session>
  logOut(): Promise<void>
  /** The one who is logged in, or null. */
  session(): Promise<User | null>

  /** Places several orders, each by itself: one that is refused does not stop the others. */
  placeOrders(orders: PlaceOrder[]): Promise<BatchResult>
  /** Places two exits of one quantity, of which only one can happen. */
  placeOco(pair: PlaceOco): Promise<PlacedPair>
  /** Places an entry that buys, with two exits that sell what it bought. */
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
  deposits(options?: PageOptions): Promise<Page<Deposit>>
  withdraw(request: WithdrawRequest): Promise<Withdrawal>
  withdrawals(options?: PageOptions): Promise<Page<Withdrawal>>
  /** Sends test money to one's own deposit address, where the asset's network offers it. */
  faucet(request: { asset: string; amount: string }): Promise<{ txid: string }>
  ledger(options?: PageOptions & { asset?: string }): Promise<Page<LedgerEntry>>

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
