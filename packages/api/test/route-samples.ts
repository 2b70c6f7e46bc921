/** A request of every route as the client sends it: well formed, whatever stands behind it. */
import { createClient, ROUTES, type BourseClient, type RouteName } from '@bourse/client'

const ORDER = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '1.00', quantity: '1.00000' } as const
const EXITS = { takeProfit: { orderType: 'limit', price: '2.00' }, stopLoss: { orderType: 'stop-market', stopPrice: '1.00' } } as const
const PASSWORD = 'a long password'

type Call = (client: BourseClient) => Promise<unknown>

/** How the client reaches each route; the type sees to it that none is missing. */
export const CALLS: Readonly<Record<RouteName, Call>> = {
  exchange: (client) => client.exchange(),
  time: (client) => client.time(),
  status: (client) => client.status(),
  tickers: (client) => client.tickers(),
  ticker: (client) => client.ticker('BTC-USDT'),
  depth: (client) => client.depth('BTC-USDT', 5),
  trades: (client) => client.trades('BTC-USDT', { limit: 5, beforeId: 7 }),
  candles: (client) => client.candles('BTC-USDT', '1m', { fromMs: 1, toMs: 2, limit: 3 }),
  signUp: (client) => client.signUp({ email: 'ann@example.com', password: PASSWORD }),
  logIn: (client) => client.logIn({ email: 'ann@example.com', password: PASSWORD }),
  logInByPasskey: (client) => client.logInByPasskey({ ticket: 't'.repeat(43), response: {} }),
  changePassword: (client) => client.changePassword(PASSWORD),
  verifyEmail: (client) => client.security.verifyEmail('t'.repeat(43)),
  forgotPassword: (client) => client.security.forgotPassword('ann@example.com'),
  resetPassword: (client) => client.security.resetPassword({ token: 't'.repeat(43), password: PASSWORD }),
  freezeAccount: (client) => client.security.freezeAccount('t'.repeat(43)),
  beginPasskeyLogIn: (client) => client.security.beginPasskeyLogIn(),
  security: (client) => client.security.overview(),
  proveIdentity: (client) => client.security.prove({ password: PASSWORD }),
  beginPasskeyProof: (client) => client.security.beginPasskeyProof(),
  sendVerification: (client) => client.security.sendVerification(),
  beginTotp: (client) => client.security.beginTotp(),
  confirmTotp: (client) => client.security.confirmTotp('123456'),
  disableTotp: (client) => client.security.disableTotp(),
  makeRecoveryCodes: (client) => client.security.makeRecoveryCodes(),
  beginPasskey: (client) => client.security.beginPasskey(),
  addPasskey: (client) => client.security.addPasskey({ ticket: 't'.repeat(43), response: {}, label: 'phone' }),
  removePasskey: (client) => client.security.removePasskey('p'),
  setAntiPhishingCode: (client) => client.security.setAntiPhishingCode(null),
  sessions: (client) => client.security.sessions(),
  endSession: (client) => client.security.endSession('s'),
  endOtherSessions: (client) => client.security.endOtherSessions(),
  devices: (client) => client.security.devices(),
  forgetDevice: (client) => client.security.forgetDevice('d'),
  activity: (client) => client.security.activity(),
  outbox: (client) => client.security.outbox(),
  findPerson: (client) => client.operator.findPerson('ann@example.com'),
  freezePerson: (client) => client.operator.freezePerson('u'),
  auditLog: (client) => client.operator.auditLog({ subject: 'u', before: 9, limit: 3 }),
  verifyAudit: (client) => client.operator.verifyAudit(),
  approvals: (client) => client.operator.approvals(),
  requestApproval: (client) => client.operator.requestApproval({ action: 'unfreeze', input: { userId: 'u' }, reason: 'asked by phone' }),
  decideApproval: (client) => client.operator.decideApproval('a', 'approve'),
  withdrawApproval: (client) => client.operator.withdrawApproval('a'),
  logOut: (client) => client.logOut(),
  session: (client) => client.session(),
  apiKeys: (client) => client.apiKeys(),
  createApiKey: (client) => client.createApiKey({ label: 'bot', scopes: ['trade'] }),
  revokeApiKey: (client) => client.revokeApiKey('k'),
  placeOrder: (client) => client.placeOrder(ORDER),
  placeOrders: (client) => client.placeOrders([ORDER]),
  placeOco: (client) => client.placeOco({ market: 'BTC-USDT', side: 'sell', quantity: '1.00000', ...EXITS }),
  placeBracket: (client) => client.placeBracket({ ...ORDER, ...EXITS }),
  replaceOrder: (client) => client.replaceOrder({ market: 'BTC-USDT', orderId: 1, order: { side: 'buy', orderType: 'limit', price: '1.00', quantity: '1.00000' } }),
  cancelAllAfter: (client) => client.cancelAllAfter({ timeoutMs: 1_000 }),
  cancelAll: (client) => client.cancelAll({ market: 'BTC-USDT' }),
  openOrders: (client) => client.openOrders('BTC-USDT'),
  changeOrder: (client) => client.changeOrder({ market: 'BTC-USDT', orderId: 1, price: '1.00' }),
  changeOrderByClientOrderId: (client) => client.changeOrder({ market: 'BTC-USDT', clientOrderId: 'a', price: '1.00' }),
  cancelOrder: (client) => client.cancelOrder({ market: 'BTC-USDT', orderId: 1 }),
  cancelOrderByClientOrderId: (client) => client.cancelOrder({ market: 'BTC-USDT', clientOrderId: 'a' }),
  placeQuotes: (client) => client.placeQuotes({ market: 'BTC-USDT', bids: [['1.00', '1.00000']], asks: [] }),
  protectQuotes: (client) => client.protectQuotes({ market: 'BTC-USDT', fills: 1, windowMs: 1_000 }),
  resetQuoteProtection: (client) => client.resetQuoteProtection('BTC-USDT'),
  account: (client) => client.account(),
  balances: (client) => client.balances(),
  subAccounts: (client) => client.subAccounts(),
  createSubAccount: (client) => client.createSubAccount({ label: 'bot' }),
  transfer: (client) => client.transfer({ requestId: 'a', from: 'main', to: 's_1', asset: 'BTC', amount: '1' }),
  preferences: (client) => client.preferences(),
  savePreferences: (client) => client.savePreferences({ language: 'de' }),
  orders: (client) => client.orders({ market: 'BTC-USDT', side: 'buy', status: 'open', orderType: 'limit', fromMs: 1, toMs: 2, limit: 3 }),
  fills: (client) => client.fills({ market: 'BTC-USDT', side: 'buy', fromMs: 1, toMs: 2, limit: 3 }),
  ledger: (client) => client.ledger({ asset: 'BTC', kind: 'fee', fromMs: 1, toMs: 2, limit: 3 }),
  depositAddress: (client) => client.depositAddress('BTC'),
  deposits: (client) => client.deposits({ asset: 'BTC', status: 'credited', fromMs: 1, toMs: 2, limit: 3 }),
  withdraw: (client) => client.withdraw({ requestId: 'a', asset: 'BTC', address: 'x', amount: '1' }),
  withdrawals: (client) => client.withdrawals({ asset: 'BTC', status: 'failed', fromMs: 1, toMs: 2, limit: 3 }),
  faucet: (client) => client.faucet({ asset: 'BTC', amount: '1' }),
  alerts: (client) => client.alerts(),
  createAlert: (client) => client.createAlert({ market: 'BTC-USDT', direction: 'above', price: '1.00' }),
  removeAlert: (client) => client.removeAlert('a'),
}

export interface SampleRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What the client asks for this route. */
export async function sampleOf(name: RouteName): Promise<SampleRequest> {
  const asked: SampleRequest[] = []
  const client = createClient({
    baseUrl: 'http://exchange.test',
    token: 't',
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input)
      const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
      asked.push({ method: init?.method ?? '', path: `${url.pathname}${url.search}`.replace('/api/v1', ''), query: Object.fromEntries(url.searchParams), body })
      return new Response(null, { status: 204 })
    },
  })
  // The answer is none of the route's, which the client says.
  await CALLS[name](client).catch(() => undefined)
  client.close()
  const [first] = asked
  if (first === undefined) throw new Error(`The client asked nothing for ${name}.`)
  return first
}

/** All of them. */
export async function samples(): Promise<readonly (readonly [RouteName, SampleRequest])[]> {
  const names = Object.keys(ROUTES) as RouteName[]
  return Promise.all(names.map(async (name) => [name, await sampleOf(name)] as const))
}
