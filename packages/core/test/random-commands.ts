/** Random commands over few names and prices, so that they meet each other often. */
import fc from 'fast-check'
import type { Command } from '@bourse/core'
import { RULES } from './small-exchange.js'

const ACCOUNTS = ['alice', 'alice-2', 'bob', 'carol'] as const
const MARKETS = ['BTC-USD', 'ETH-BTC'] as const
const NAMES = ['a', 'b', 'c', '3', '12'] as const

/** What has to be there before random commands make sense. */
export const FOUNDATION: readonly Command[] = [
  { type: 'asset.define', code: 'BTC', scale: 8 },
  { type: 'asset.define', code: 'USD', scale: 6 },
  { type: 'asset.define', code: 'ETH', scale: 3 },
  { ...RULES, type: 'market.define', symbol: 'BTC-USD', base: 'BTC', quote: 'USD', priceScale: 2, quantityScale: 3 },
  { ...RULES, type: 'market.define', symbol: 'ETH-BTC', base: 'ETH', quote: 'BTC', priceScale: 5, quantityScale: 3, maxPrice: '1000', tickSize: '0.00001', allowSelfTrade: true },
  ...ACCOUNTS.flatMap((account): Command[] => [
    { type: 'account.open', account, kind: 'user', group: account.slice(0, 5) },
    ...['BTC', 'USD', 'ETH'].map((asset): Command => ({ type: 'ledger.transfer', requestId: `${account}-${asset}`, from: 'world', to: account, asset, amount: '900' })),
  ]),
]

const account = fc.constantFrom(...ACCOUNTS)
const market = fc.constantFrom(...MARKETS)
const clientOrderId = fc.constantFrom(...NAMES)
const price = fc.integer({ min: 9_990, max: 10_010 }).map((cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`)
const quantity = fc.integer({ min: 1, max: 2_500 }).map((units) => (units / 1_000).toFixed(3))
const asset = fc.constantFrom('BTC', 'USD', 'ETH')
const amount = fc.integer({ min: 1, max: 200_000 }).map((units) => (units / 1_000).toFixed(3))
const requestId = fc.constantFrom('r-1', 'r-2', 'r-3', 'r-4')
const selfTradePrevention = fc.constantFrom('cancel-taker', 'cancel-maker', 'cancel-both', 'decrement', 'none')

const fee = fc.constantFrom('0', '0.0002', '0.001', '0.333333')
const makerFee = fc.constantFrom('0', '0.001', '-0.0001', '-0.0002', '-0.5')

const limit = fc.record(
  {
    type: fc.constant('order.place'),
    account,
    market,
    side: fc.constantFrom('buy', 'sell'),
    orderType: fc.constant('limit'),
    price,
    quantity,
    timeInForce: fc.constantFrom('gtc', 'gtc', 'gtc', 'ioc', 'fok'),
    selfTradePrevention,
    clientOrderId,
    postOnly: fc.constantFrom(false, true, 'slide'),
    idempotent: fc.boolean(),
    displayQuantity: fc.constantFrom('0.05', '0.3'),
  },
  { requiredKeys: ['type', 'account', 'market', 'side', 'orderType', 'price', 'quantity', 'timeInForce', 'selfTradePrevention'] },
)
/** Commands come four a millisecond. */
const untilOrder = fc.tuple(limit, fc.integer({ min: 1, max: 60 })).map(([order, expiresAt]) => ({ ...order, timeInForce: 'gtd', expiresAt }))
const marketOrder = fc
  .record({ account, market, side: fc.constantFrom('buy', 'sell'), selfTradePrevention, timeInForce: fc.constantFrom('ioc', 'fok'), byQuote: fc.boolean(), price: fc.option(price, { nil: undefined }), quantity })
  .map(({ byQuote, price: protection, quantity: wanted, ...order }) => ({
    ...order,
    type: 'order.place',
    orderType: 'market',
    ...(protection === undefined ? {} : { price: protection }),
    ...(byQuote ? { quoteQuantity: `${Number(wanted) * 100}`.slice(0, 7).replace(/\.$/, '') } : { quantity: wanted }),
  }))
const reference = fc.oneof(fc.record({ account, market, clientOrderId }), fc.record({ account, market, orderId: fc.integer({ min: 1, max: 60 }) }))
const rules = fc.record({
  state: fc.constantFrom(...Array<string>(12).fill('open'), 'post-only', 'cancel-only', 'halted', 'pre-open'),
  tickSize: fc.constantFrom('0.01', '0.02', '0.05', '0.01'),
  lotSize: fc.constantFrom('0.001', '0.001', '0.002', '0.01'),
  maxQuantity: fc.constantFrom('1000', '2'),
  maxPrice: fc.constantFrom('1000', '100.1'),
  makerFee: fc.constantFrom('0', '0.001', '0.5', '-0.000001'),
  takerFee: fc.constantFrom('0', '0.000001', '0.003333'),
  priceBandBps: fc.constantFrom(0, 0, 50, 300),
  breakerMoveBps: fc.constantFrom(20, 100),
  // Commands come four a millisecond.
  breakerWindowMs: fc.constantFrom(4, 16),
})

const levels = (direction: 1 | -1) =>
  fc.uniqueArray(fc.record({ price, quantity: fc.oneof({ arbitrary: quantity, weight: 5 }, { arbitrary: fc.constant('0'), weight: 1 }) }), { maxLength: 4, selector: (level) => level.price }).map((side) => side.sort((a, b) => direction * (Number(a.price) - Number(b.price))))
const ladder = fc.record(
  { type: fc.constant('quote.place'), account, market, bids: levels(-1), asks: levels(1), postOnly: fc.boolean(), selfTradePrevention },
  { requiredKeys: ['type', 'account', 'market', 'bids', 'asks'] },
)

const conditional = fc
  .record({ account, market, side: fc.constantFrom('buy', 'sell'), orderType: fc.constantFrom('stop-market', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop'), price, stopPrice: price, quantity, selfTradePrevention })
  .map(({ stopPrice, ...order }) => ({ type: 'order.place', ...order, ...(order.orderType === 'trailing-stop' ? { trailingOffset: '0.02' } : { stopPrice }) }))
const cents = (ofHundred: number) => `${Math.floor(ofHundred / 100)}.${String(ofHundred % 100).padStart(2, '0')}`
/** Exits around a price between them, in cents. */
const exits = (side: string, mid: number, away: number, isLimit: boolean) => {
  const [profit, loss] = side === 'sell' ? [mid + away, mid - away] : [mid - away, mid + away]
  return {
    takeProfit: isLimit ? { orderType: 'limit', price: cents(profit) } : { orderType: 'take-profit-limit', price: cents(profit), stopPrice: cents(profit) },
    stopLoss: { orderType: 'stop-limit', price: cents(loss + (side === 'sell' ? -1 : 1)), stopPrice: cents(loss) },
  }
}
const mid = fc.integer({ min: 9_995, max: 10_005 })
const away = fc.integer({ min: 1, max: 4 })
const oco = fc
  .tuple(fc.record({ account, market, side: fc.constantFrom('buy', 'sell'), quantity, selfTradePrevention }), mid, away, fc.boolean())
  .map(([order, at, distance, isLimit]) => ({ type: 'order.place-oco', ...order, ...exits(order.side, at, distance, isLimit) }))
const bracket = fc
  .tuple(fc.record({ account, market, quantity, selfTradePrevention, mode: fc.constantFrom('incremental', 'incremental', 'complete') }), mid, away, fc.boolean())
  .map(([order, at, distance, isLimit]) => ({ type: 'order.place-bracket', side: 'buy', orderType: 'limit', price: cents(at), ...order, ...exits('sell', at, distance, isLimit) }))

const command = fc.oneof(
  { arbitrary: conditional, weight: 4 },
  { arbitrary: oco, weight: 2 },
  { arbitrary: bracket, weight: 2 },
  { arbitrary: ladder, weight: 3 },
  { arbitrary: fc.record({ type: fc.constant('quote.protect'), account, market, fills: fc.constantFrom(1, 2), windowMs: fc.constantFrom(1, 1000) }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('quote.reset-protection'), account, market }), weight: 1 },
  { arbitrary: limit, weight: 14 },
  { arbitrary: marketOrder, weight: 4 },
  { arbitrary: untilOrder, weight: 4 },
  { arbitrary: fc.record({ type: fc.constant('order.cancel-all-after'), account, market, timeoutMs: fc.constantFrom(0, 1, 3, 10) }, { requiredKeys: ['type', 'account', 'timeoutMs'] }), weight: 1 },
  {
    arbitrary: fc
      .tuple(reference, fc.oneof(limit, untilOrder, marketOrder), fc.constantFrom('atomic', 'atomic', 'stop_on_failure', 'allow_failure'))
      .map(([old, order, mode]) => ({ type: 'order.cancel-replace', ...old, mode, order })),
    weight: 3,
  },
  { arbitrary: fc.record({ type: fc.constant('market.auction'), market, endsAt: fc.integer({ min: 1, max: 40 }) }), weight: 2 },
  { arbitrary: reference.map((order) => ({ type: 'order.cancel', ...order })), weight: 2 },
  { arbitrary: fc.tuple(reference, quantity).map(([order, leavesQuantity]) => ({ type: 'order.reduce', ...order, leavesQuantity })), weight: 2 },
  { arbitrary: fc.tuple(reference, fc.record({ price, quantity }, { requiredKeys: [] })).map(([order, terms]) => ({ type: 'order.amend', ...order, ...terms })), weight: 3 },
  { arbitrary: fc.tuple(reference, fc.oneof(fc.record({ stopPrice: price }), fc.record({ displayQuantity: fc.constantFrom('0.05', '0.1') }), fc.record({ expiresAt: fc.integer({ min: 1, max: 60 }) }))).map(([order, terms]) => ({ type: 'order.amend', ...order, ...terms })), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('order.cancel-all'), account, market }, { requiredKeys: ['type', 'account'] }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('ledger.transfer'), requestId, from: fc.constantFrom('world', ...ACCOUNTS), to: fc.constantFrom('world', 'fees', ...ACCOUNTS), asset, amount }), weight: 2 },
  { arbitrary: fc.record({ type: fc.constant('ledger.hold'), holdId: requestId, account, asset, amount }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('ledger.settle'), holdId: requestId, to: fc.constantFrom('world', ...ACCOUNTS) }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('ledger.release'), holdId: requestId }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('fees.define-tier'), tier: fc.constantFrom(1, 2), market, makerFee, takerFee: fee }, { requiredKeys: ['type', 'tier', 'makerFee', 'takerFee'] }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('account.update'), account, frozen: fc.constantFrom('none', 'none', 'trading', 'transfers', 'all'), keepOrders: fc.boolean() }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('account.update'), account, feeTier: fc.constantFrom(0, 1, 2) }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('account.update'), account, feeAsset: fc.constantFrom('USD', 'USD', 'BTC', 'ETH', null) }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('account.update'), account, referrer: account, referralShare: fc.constantFrom('0.2', '0.333333', '1') }), weight: 1 },
  {
    arbitrary: fc
      .record({ type: fc.constant('fees.set-rate'), feeAsset: asset, asset, feeAssetAmount: fc.constantFrom('3', '0.007', '3'), assetAmount: fc.constantFrom('1', '3'), discount: fc.constantFrom('0', '0.25', '1') })
      .map((rate) => (rate.feeAsset === rate.asset ? { ...rate, feeAssetAmount: '1', assetAmount: '1' } : rate)),
    weight: 1,
  },
  { arbitrary: fc.tuple(market, rules).map(([target, terms]) => ({ ...RULES, ...terms, type: 'market.update', market: target })), weight: 1 },
)

/** Sequences of commands that stand on {@link FOUNDATION}. */
export const randomCommands = fc.array(command as fc.Arbitrary<Command>, { minLength: 60, maxLength: 200, size: 'max' })
