import { expect } from 'chai'
import {
  decodeEvents,
  FrameBuffer,
  PLACE_CLIENT_ORDER_ID,
  PLACE_FLAGS,
  PLACE_HAS_PRICE,
  PLACE_SIDE,
  REJECT_CODES,
  SETTINGS,
  SETTINGS_FROZEN,
  TRANSFER_WITHIN,
  writeAccountUpdate,
  writeAssetDefine,
  writeContinue,
  writeLedgerHold,
  writeLedgerRelease,
  writeLedgerTransfer,
  writeMarketAuction,
  writeMarketUpdate,
  writeOrderCancel,
  writeOrderCancelAll,
  writeOrderCancelAllAfter,
  writeOrderPlace,
  type Command,
  type MarketRulesInput,
  type RejectCode,
  type RulesInput,
} from '@bourse/core'
import { ALICE, RULES, SmallExchange, WORLD, type Order } from '../../test/small-exchange.js'

const place = (order: Order) => new SmallExchange().order('alice', order)
const market = (order: Order) => place({ orderType: 'market', ...order })
const define = (terms: Partial<MarketRulesInput> & { symbol?: string; base?: string; priceScale?: number }): Command => ({
  ...RULES,
  type: 'market.define',
  symbol: 'USD-BTC',
  base: 'USD',
  quote: 'BTC',
  priceScale: 2,
  quantityScale: 3,
  ...terms,
})
const update = (rules: Partial<MarketRulesInput>): Command => ({ ...RULES, type: 'market.update', market: 'BTC-USD', ...rules })
const reference = { account: 'alice', market: 'BTC-USD', clientOrderId: 'resting' } as const

/** A row: what is wrong, the code it gets, the command; and what has to happen before. */
type Row = [what: string, code: RejectCode, command: Command, before?: Command[]]

const rows: Row[] = [
  ['a command that nobody knows', 'unknown_command', JSON.parse('{"type":"order.shake"}') as Command],
  ['an asset twice', 'asset_exists', { type: 'asset.define', code: 'BTC', scale: 2 }],
  ['an asset code in small letters', 'invalid_definition', { type: 'asset.define', code: 'btc', scale: 2 }],
  ['an asset with too many decimals', 'invalid_definition', { type: 'asset.define', code: 'WEI', scale: 19 }],
  ['a market of an unknown asset', 'unknown_asset', define({ symbol: 'DOGE-BTC', base: 'DOGE' })],
  ['a market twice', 'market_exists', { ...define({}), symbol: 'BTC-USD', base: 'BTC', quote: 'USD' } as Command],
  ['a market whose symbol is not its assets', 'invalid_definition', define({ symbol: 'USDBTC' })],
  ['a market of one asset with itself', 'invalid_definition', { ...define({ symbol: 'BTC-BTC', base: 'BTC' }) }],
  ['a market whose tick times lot is no whole number of units', 'invalid_definition', define({ priceScale: 6 })],
  ['a market whose notional could overflow', 'invalid_definition', define({ maxPrice: '90000000000', maxQuantity: '1000000000' })],
  ['a highest price that is off the tick', 'invalid_definition', define({ tickSize: '0.03', maxPrice: '1' })],
  ['a tick of zero', 'invalid_definition', define({ tickSize: '0' })],
  ['a tick finer than the price scale', 'invalid_definition', define({ tickSize: '0.001' })],
  ['a fee above a half', 'invalid_definition', define({ takerFee: '0.500001' })],
  ['a band of nothing', 'invalid_definition', define({ marketBandBps: 0 })],
  ['no open orders at all', 'invalid_definition', define({ maxOpenOrders: 0 })],
  ['the same for new rules', 'invalid_definition', update({ lotSize: '0' })],
  ['new rules of an unknown market', 'unknown_market', { ...update({}), market: 'ETH-USD' } as Command],
  ['an account twice', 'account_exists', { type: 'account.open', account: 'alice', kind: 'user' }],
  ['a second world', 'not_permitted', { type: 'account.open', account: 'moon', kind: 'world' }],
  ['an account name with a space', 'malformed_text', { type: 'account.open', account: 'al ice', kind: 'user' }],

  ['an order of an unknown account', 'unknown_account', { ...place({ side: 'buy' }), account: 'dora' }],
  ['an order in an unknown market', 'unknown_market', { ...place({ side: 'buy' }), market: 'ETH-USD' }],
  ['an order of the world', 'not_permitted', { ...place({ side: 'buy' }), account: 'world' }],
  ['an order in a halted market', 'market_not_open', place({ side: 'buy' }), [update({ state: 'halted' })]],
  ['an IOC order in a post-only market', 'market_not_open', place({ side: 'buy', timeInForce: 'ioc' }), [update({ state: 'post-only' })]],
  ['post-only with IOC', 'invalid_combination', place({ side: 'buy', postOnly: true, timeInForce: 'ioc' })],
  ['post-only with market', 'invalid_combination', market({ side: 'buy', postOnly: true })],
  ['a market order that is to rest', 'invalid_combination', market({ side: 'buy', timeInForce: 'gtc' })],
  ['a limit order by quote amount', 'invalid_combination', place({ side: 'buy', quoteQuantity: '5' })],
  ['an order by quote amount, all or nothing', 'invalid_combination', market({ side: 'buy', quoteQuantity: '5', timeInForce: 'fok' })],
  ['an order by quote amount with decrement', 'invalid_combination', market({ side: 'buy', quoteQuantity: '5', selfTradePrevention: 'decrement' })],
  ['two quantities', 'invalid_combination', { ...market({ side: 'buy', quoteQuantity: '5' }), quantity: '1' }],
  ['a price of zero', 'price_not_positive', place({ side: 'buy', price: '0' })],
  ['a price off the tick', 'price_not_multiple_of_tick_size', place({ side: 'buy', price: '100.01' }), [update({ tickSize: '0.05' })]],
  ['a price with more decimals than the market', 'price_not_multiple_of_tick_size', place({ side: 'buy', price: '100.001' })],
  ['a price above the maximum', 'price_out_of_bounds', place({ side: 'buy', price: '100000.01' })],
  ['a price in exponents', 'not_a_decimal', place({ side: 'buy', price: '1e3' })],
  ['a quantity of zero', 'quantity_not_positive', place({ side: 'buy', quantity: '0' })],
  ['a quantity off the lot', 'quantity_not_multiple_of_lot_size', place({ side: 'buy', quantity: '1.001' }), [update({ lotSize: '0.002', minQuantity: '0.002' })]],
  ['a quantity below the minimum', 'quantity_below_minimum', place({ side: 'buy', quantity: '0.001' }), [update({ minQuantity: '0.002' })]],
  ['a quantity above the maximum', 'quantity_above_maximum', place({ side: 'buy', quantity: '1000.001' })],
  ['a notional below the minimum', 'notional_below_minimum', place({ side: 'buy', quantity: '0.099' }), [update({ minNotional: '10' })]],
  ['a quote amount below the minimum', 'notional_below_minimum', market({ side: 'buy', quoteQuantity: '9.99' }), [update({ minNotional: '10' })]],
  ['a market order below the minimum at the best price', 'notional_below_minimum', market({ side: 'sell', quantity: '0.099' }), [update({ minNotional: '10' }), { ...place({ side: 'buy' }), account: 'bob' }]],
  ['a quote amount above anything that could trade', 'notional_above_maximum', market({ side: 'buy', quoteQuantity: '100000000.000001' })],
  ['a name that is in use', 'duplicate_client_order_id', place({ side: 'buy', clientOrderId: 'resting' }), [place({ side: 'buy', clientOrderId: 'resting' })]],
  ['one order too many', 'too_many_open_orders', place({ side: 'buy' }), [update({ maxOpenOrders: 1 }), place({ side: 'buy' })]],
  ['a post-only order that would trade, even with an own one', 'would_take_liquidity', place({ side: 'buy', postOnly: true }), [place({ side: 'sell' })]],
  ['an order that would trade in a post-only market', 'would_take_liquidity', place({ side: 'buy' }), [place({ side: 'sell' }), update({ state: 'post-only' })]],
  ['self-trading where the market forbids it', 'self_trade_prevention_required', place({ side: 'buy', selfTradePrevention: 'none' })],
  ['a second trailing stop where the limit is one', 'too_many_trailing_stops', place({ side: 'sell', orderType: 'trailing-stop', trailingBps: 1 }), [place({ side: 'sell', orderType: 'trailing-stop', trailingBps: 1 })]],
  ['a stop that the last trade meets', 'stop_would_trigger', place({ side: 'sell', orderType: 'stop-limit', stopPrice: '100' }), [place({ side: 'sell' }), { ...place({ side: 'buy' }), account: 'bob' }]],
  ['a market order against an empty book', 'no_liquidity', market({ side: 'buy' })],
  ['a limit buy beyond the balance', 'insufficient_balance', place({ side: 'buy', quantity: '1000', price: '1001' })],
  ['a limit sell beyond the balance', 'insufficient_balance', place({ side: 'sell', quantity: '100.001' })],
  ['a market buy whose probed cost is beyond the balance', 'insufficient_balance', market({ side: 'buy', quantity: '100' }), [{ ...place({ side: 'sell', price: '10000.01', quantity: '100' }), account: 'bob' }]],
  ['an order that would rest outside the price band', 'price_outside_band', place({ side: 'buy', price: '89.99' }), [update({ priceBandBps: 1000 }), { type: 'market.set-reference', market: 'BTC-USD', referencePrice: '100' }]],
  ['a limit order above the highest notional', 'notional_above_maximum', place({ side: 'buy', quantity: '2' }), [update({ maxNotional: '199.99' })]],
  ['an amendment above the highest notional', 'notional_above_maximum', { type: 'order.amend', ...reference, quantity: '2' }, [place({ side: 'buy', clientOrderId: 'resting' }), update({ maxNotional: '199.99' })]],
  ['an amendment to a price outside the band', 'price_outside_band', { type: 'order.amend', ...reference, price: '89.99' }, [place({ side: 'buy', clientOrderId: 'resting' }), update({ priceBandBps: 1000 }), { type: 'market.set-reference', market: 'BTC-USD', referencePrice: '100' }]],
  ['a reference price of zero', 'price_not_positive', { type: 'market.set-reference', market: 'BTC-USD', referencePrice: '0' }],
  ['a reference price beyond the highest price', 'price_out_of_bounds', { type: 'market.set-reference', market: 'BTC-USD', referencePrice: '100000.01' }],
  ['a reference price of a delisted market', 'market_not_open', { type: 'market.set-reference', market: 'BTC-USD', referencePrice: '1' }, [update({ state: 'delisted' })]],
  ['an auction of an unknown market', 'unknown_market', { type: 'market.auction', market: 'ETH-USD', endsAt: 5 }],
  ['an auction of a delisted market', 'market_not_open', { type: 'market.auction', market: 'BTC-USD', endsAt: 5 }, [update({ state: 'delisted' })]],
  ['an auction without an end', 'malformed_frame', { type: 'market.auction', market: 'BTC-USD', endsAt: 0 }],
  ['a market order before the opening', 'market_not_open', market({ side: 'buy' }), [update({ state: 'pre-open' })]],
  ['an IOC order before the opening', 'market_not_open', place({ side: 'buy', timeInForce: 'ioc' }), [update({ state: 'pre-open' })]],
  ['a post-only order before the opening', 'market_not_open', place({ side: 'buy', postOnly: true }), [update({ state: 'pre-open' })]],
  ['a highest notional below the lowest', 'invalid_definition', define({ minNotional: '0.01', maxNotional: '0.009' })],
  ['a price band of everything', 'invalid_definition', define({ priceBandBps: 10_000 })],
  ['a definition with a reference price beyond the highest price', 'invalid_definition', { ...define({}), referencePrice: '100000.01' } as Command],
  ['an idempotent order with other input', 'duplicate_request', place({ side: 'buy', clientOrderId: 'resting', idempotent: true, quantity: '2' }), [place({ side: 'buy', clientOrderId: 'resting', idempotent: true })]],
  ['an idempotent order without a name', 'malformed_text', place({ side: 'buy', idempotent: true })],

  ['a cancel of nothing', 'unknown_order', { type: 'order.cancel', ...reference }],
  ['a reduction that does not reduce', 'quantity_not_reduced', { type: 'order.reduce', ...reference, leavesQuantity: '1' }, [place({ side: 'buy', clientOrderId: 'resting' })]],
  ['a reduction off the lot', 'quantity_not_multiple_of_lot_size', { type: 'order.reduce', ...reference, leavesQuantity: '0.0005' }, [place({ side: 'buy', clientOrderId: 'resting' })]],
  ['an amendment that changes nothing', 'order_changed_nothing', { type: 'order.amend', ...reference, price: '100' }, [place({ side: 'buy', clientOrderId: 'resting' })]],
  ['an amendment beyond the balance', 'insufficient_balance', { type: 'order.amend', ...reference, price: '100000', quantity: '11' }, [place({ side: 'buy', clientOrderId: 'resting' })]],
  ['an amendment of a post-only order that would trade', 'would_take_liquidity', { type: 'order.amend', ...reference, price: '101' }, [place({ side: 'buy', clientOrderId: 'resting', postOnly: true }), { ...place({ side: 'sell', price: '101' }), account: 'bob' }]],
  ['an amendment in a halted market', 'market_not_open', { type: 'order.amend', ...reference, price: '99' }, [place({ side: 'buy', clientOrderId: 'resting' }), update({ state: 'halted' })]],
  ['an amendment to a price off the tick', 'price_not_multiple_of_tick_size', { type: 'order.amend', ...reference, price: '99.999' }, [place({ side: 'buy', clientOrderId: 'resting' })]],

  ['an expiry that has come', 'expiry_not_in_future', place({ side: 'buy', expiresAt: 1000 })],
  ['an expiry in fractions of a millisecond', 'expiry_not_in_future', place({ side: 'buy', expiresAt: 2000.5 })],
  ['good till date without a date', 'invalid_combination', place({ side: 'buy', timeInForce: 'gtd' })],
  ['an expiry of an order that does not rest', 'invalid_combination', place({ side: 'buy', timeInForce: 'ioc', expiresAt: 5000 })],
  ['an expiry of a market order', 'invalid_combination', market({ side: 'buy', expiresAt: 5000 })],
  ['a good-till-date order off the tick', 'price_not_multiple_of_tick_size', place({ side: 'buy', price: '100.01', expiresAt: 5000 }), [update({ tickSize: '0.05' })]],
  ['a good-till-date order above the highest price', 'price_out_of_bounds', place({ side: 'buy', price: '100000.01', expiresAt: 5000 })],
  ['one good-till-date order too many', 'too_many_open_orders', place({ side: 'buy', expiresAt: 5000 }), [update({ maxOpenOrders: 1 }), place({ side: 'buy', expiresAt: 5000 })]],
  ['a good-till-date order that would trade, post-only', 'would_take_liquidity', place({ side: 'buy', postOnly: true, expiresAt: 5000 }), [{ ...place({ side: 'sell' }), account: 'bob' }]],
  ['a good-till-date order beyond the balance', 'insufficient_balance', place({ side: 'sell', quantity: '100.001', expiresAt: 5000 })],
  ['a dead-man switch of more than a day', 'timeout_out_of_bounds', { type: 'order.cancel-all-after', account: 'alice', timeoutMs: 86_400_001 }],
  ['a dead-man switch in fractions of a millisecond', 'timeout_out_of_bounds', { type: 'order.cancel-all-after', account: 'alice', timeoutMs: 0.5 }],

  ['a ladder whose prices are not sorted', 'quote_prices_not_sorted', { type: 'quote.place', account: 'alice', market: 'BTC-USD', bids: [{ price: '98', quantity: '1' }, { price: '99', quantity: '1' }], asks: [] }],
  ['a ladder of one whose quotes are frozen', 'quotes_frozen', { type: 'quote.place', account: 'alice', market: 'BTC-USD', bids: [{ price: '99', quantity: '1' }], asks: [] }, [
    { type: 'quote.protect', account: 'alice', market: 'BTC-USD', fills: 1, windowMs: 1 },
    { type: 'quote.place', account: 'alice', market: 'BTC-USD', bids: [{ price: '99', quantity: '1' }], asks: [] },
    { ...place({ side: 'sell', price: '99' }), account: 'bob' },
  ]],
  ['an iceberg that shows all', 'display_quantity_out_of_bounds', place({ side: 'sell', displayQuantity: '1' })],
  ['the reset of a protection that is not set', 'protection_not_set', { type: 'quote.reset-protection', account: 'alice', market: 'BTC-USD' }],
  ['a ladder that crosses itself', 'quote_crosses_itself', { type: 'quote.place', account: 'alice', market: 'BTC-USD', bids: [{ price: '99', quantity: '1' }], asks: [{ price: '99', quantity: '1' }] }],
  ['a transfer of nothing', 'amount_not_positive', { type: 'ledger.transfer', requestId: 'r', from: 'world', to: 'alice', asset: 'BTC', amount: '0' }],
  ['a transfer to oneself', 'invalid_combination', { type: 'ledger.transfer', requestId: 'r', from: 'alice', to: 'alice', asset: 'BTC', amount: '1' }],
  ['a transfer beyond the balance', 'insufficient_balance', { type: 'ledger.transfer', requestId: 'r', from: 'alice', to: 'bob', asset: 'BTC', amount: '100.00000001' }],
  ['more from the world than 62 bits', 'amount_out_of_bounds', { type: 'ledger.transfer', requestId: 'r', from: 'world', to: 'bob', asset: 'BTC', amount: '46116860184.27387903' }],
  ['a transfer with more decimals than the asset', 'amount_out_of_bounds', { type: 'ledger.transfer', requestId: 'r', from: 'world', to: 'bob', asset: 'BTC', amount: '0.000000001' }],
  ['another transfer under the same request id', 'duplicate_request', { type: 'ledger.transfer', requestId: 'alice-btc', from: 'world', to: 'bob', asset: 'BTC', amount: '1' }],
  ['another hold of the same name', 'hold_exists', { type: 'ledger.hold', holdId: 'h', account: 'alice', asset: 'BTC', amount: '2' }, [{ type: 'ledger.hold', holdId: 'h', account: 'alice', asset: 'BTC', amount: '1' }]],
  ['a hold beyond the balance', 'insufficient_balance', { type: 'ledger.hold', holdId: 'h', account: 'alice', asset: 'BTC', amount: '100.1' }],
  ['the end of an unknown hold', 'unknown_hold', { type: 'ledger.release', holdId: 'h' }],
  ['a continuation of nothing', 'not_permitted', { type: 'continue' }],

  ['a fee tier that is the market\'s own', 'invalid_definition', { type: 'fees.define-tier', tier: 0, makerFee: '0', takerFee: '0' }],
  ['a fee tier above 255', 'invalid_definition', { type: 'fees.define-tier', tier: 256, makerFee: '0', takerFee: '0' }],
  ['a fee tier with a rate above a half', 'invalid_definition', { type: 'fees.define-tier', tier: 1, makerFee: '0', takerFee: '0.500001' }],
  ['a fee tier with a rebate above a half', 'invalid_definition', { type: 'fees.define-tier', tier: 1, makerFee: '-0.500001', takerFee: '0.5' }],
  ['a taker fee below zero', 'not_a_decimal', { type: 'fees.define-tier', tier: 1, makerFee: '0', takerFee: '-0.1' }],
  ['a rebate above the taker fee of its tier', 'rebate_not_covered', { type: 'fees.define-tier', tier: 1, makerFee: '-0.0003', takerFee: '0.0002' }],
  ['a rebate above the taker fee of another tier', 'rebate_not_covered', { type: 'fees.define-tier', tier: 2, makerFee: '-0.0003', takerFee: '0.0004' }, [{ type: 'fees.define-tier', tier: 1, makerFee: '0', takerFee: '0.0002' }]],
  ['a taker fee below the rebate of another tier', 'rebate_not_covered', { type: 'fees.define-tier', tier: 2, makerFee: '0', takerFee: '0.0002' }, [{ type: 'fees.define-tier', tier: 1, makerFee: '-0.0003', takerFee: '0.0004' }]],
  ['a market whose rebate is above its taker fee', 'rebate_not_covered', define({ makerFee: '-0.002', takerFee: '0.001' })],
  ['new rules whose taker fee is below the rebate of a tier', 'rebate_not_covered', update({ takerFee: '0.0002' }), [{ type: 'fees.define-tier', tier: 1, makerFee: '-0.0003', takerFee: '0.0004' }]],
  ['a fee tier in an unknown market', 'unknown_market', { type: 'fees.define-tier', tier: 1, market: 'ETH-USD', makerFee: '0', takerFee: '0' }],
  ['an account in a fee tier that nobody defined', 'unknown_fee_tier', { type: 'account.update', account: 'alice', feeTier: 1 }],
  ['an update of an unknown account', 'unknown_account', { type: 'account.update', account: 'dora', feeTier: 0 }],
  ['an update of the world', 'not_permitted', { type: 'account.update', account: 'world', feeTier: 0 }],
  ['an order of a frozen account', 'account_frozen', place({ side: 'buy' }), [{ type: 'account.update', account: 'alice', frozen: 'trading' }]],
  ['a payment of a frozen account', 'account_frozen', { type: 'ledger.transfer', requestId: 'r', from: 'alice', to: 'bob', asset: 'BTC', amount: '1' }, [{ type: 'account.update', account: 'alice', frozen: 'transfers' }]],
  ['a hold of a frozen account', 'account_frozen', { type: 'ledger.hold', holdId: 'h', account: 'alice', asset: 'BTC', amount: '1' }, [{ type: 'account.update', account: 'alice', frozen: 'all' }]],
  ['an order of an account of the custody', 'not_permitted', { ...place({ side: 'buy' }), account: 'wallet' }, [{ type: 'account.open', account: 'wallet', kind: 'system', purpose: 'omnibus' }]],
  ['a purpose of a user', 'invalid_combination', { type: 'account.open', account: 'dora', kind: 'user', purpose: 'insurance' }],
  ['a sub-account of nobody', 'unknown_account', { type: 'account.open', account: 'dora', kind: 'user', parent: 'nobody' }],
  ['a sub-account of a system account', 'not_permitted', { type: 'account.open', account: 'dora', kind: 'user', parent: 'fees' }],
  ['a sub-account that is a system account', 'not_permitted', { type: 'account.open', account: 'dora', kind: 'system', parent: 'alice' }],
  ['a sub-account of a sub-account', 'not_permitted', { type: 'account.open', account: 'dora', kind: 'user', parent: 'alice-1' }, [{ type: 'account.open', account: 'alice-1', kind: 'user', parent: 'alice' }]],
  ['a sub-account with a group of its own', 'invalid_combination', { type: 'account.open', account: 'dora', kind: 'user', parent: 'alice', group: 'dora' }],
  ['a payment out of the family', 'not_permitted', { type: 'ledger.transfer', requestId: 'r', from: 'alice', to: 'bob', asset: 'BTC', amount: '1', within: 'family' }],
  ['a payment within what is no family', 'malformed_frame', { type: 'ledger.transfer', requestId: 'r', from: 'alice', to: 'bob', asset: 'BTC', amount: '1', within: 'friends' as never }],
  ['a freeze that is none', 'malformed_frame', { type: 'account.update', account: 'alice', frozen: 'solid' as never }],
  ['orders to keep without a freeze', 'invalid_combination', { type: 'account.update', account: 'alice', keepOrders: true }],
  ['a rate of an unknown asset', 'unknown_asset', { type: 'fees.set-rate', feeAsset: 'TOK', asset: 'BTC', feeAssetAmount: '1', assetAmount: '1', discount: '0' }],
  ['a rate for nothing', 'invalid_definition', { type: 'fees.set-rate', feeAsset: 'USD', asset: 'BTC', feeAssetAmount: '1', assetAmount: '0', discount: '0' }],
  ['a rate between an asset and itself that is not even', 'invalid_definition', { type: 'fees.set-rate', feeAsset: 'USD', asset: 'USD', feeAssetAmount: '1', assetAmount: '2', discount: '0' }],
  ['a discount above all', 'invalid_definition', { type: 'fees.set-rate', feeAsset: 'USD', asset: 'BTC', feeAssetAmount: '1', assetAmount: '1', discount: '1.000001' }],
  ['a discount that leaves less than a rebate', 'rebate_not_covered', { type: 'fees.set-rate', feeAsset: 'USD', asset: 'BTC', feeAssetAmount: '1', assetAmount: '1', discount: '0.500001' }, [{ type: 'fees.define-tier', tier: 1, makerFee: '-0.001', takerFee: '0.002' }]],
  ['a rebate above what a discount leaves', 'rebate_not_covered', { type: 'fees.define-tier', tier: 1, makerFee: '-0.001001', takerFee: '0.002' }, [{ type: 'fees.set-rate', feeAsset: 'USD', asset: 'BTC', feeAssetAmount: '1', assetAmount: '1', discount: '0.5' }]],
  ['a rebate above what a referrer leaves', 'rebate_not_covered', { type: 'fees.define-tier', tier: 1, makerFee: '-0.001001', takerFee: '0.002' }, [{ type: 'account.update', account: 'alice', referrer: 'bob', referralShare: '0.5' }]],
  ['a referrer that leaves less than a rebate', 'rebate_not_covered', { type: 'account.update', account: 'alice', referrer: 'bob', referralShare: '0.500001' }, [{ type: 'fees.define-tier', tier: 1, makerFee: '-0.001', takerFee: '0.002' }]],
  ['fees in an unknown asset', 'unknown_asset', { type: 'account.update', account: 'alice', feeAsset: 'TOK' }],
  ['an unknown referrer', 'unknown_account', { type: 'account.update', account: 'alice', referrer: 'dora', referralShare: '0.1' }],
  ['a referrer without a share', 'invalid_combination', { type: 'account.update', account: 'alice', referrer: 'bob' }],
  ['a share without a referrer', 'invalid_combination', { type: 'account.update', account: 'alice', referralShare: '0.1' }],
  ['oneself as the referrer', 'invalid_combination', { type: 'account.update', account: 'alice', referrer: 'alice', referralShare: '0.1' }],
  ['a referrer of the same owner', 'invalid_combination', { type: 'account.update', account: 'alice', referrer: 'alice-2', referralShare: '0.1' }, [{ type: 'account.open', account: 'alice-2', kind: 'user', group: 'alice' }]],
  ['the world as the referrer', 'not_permitted', { type: 'account.update', account: 'alice', referrer: 'world', referralShare: '0.1' }],
  ['the fees as the referrer', 'not_permitted', { type: 'account.update', account: 'alice', referrer: 'fees', referralShare: '0.1' }],
  ['a share above all', 'invalid_definition', { type: 'account.update', account: 'alice', referrer: 'bob', referralShare: '1.000001' }],
  ['an update that changes nothing', 'invalid_combination', { type: 'account.update', account: 'alice' }],
]

describe('Rejects', () => {
  for (const [what, code, command, before] of rows) {
    it(`refuse ${what}: ${code}`, () => {
      const exchange = new SmallExchange({ limits: { trailingStopsPerMarket: 1 } })
      for (const earlier of before ?? []) exchange.run(earlier)
      expect(exchange.refusal(command)).to.equal(code)
    })
  }

  it('cover every code', () => {
    const reached = new Set<string>([...rows.map(([, code]) => code), ...frames.map(([, code]) => code)])
    expect(REJECT_CODES.filter((code) => code !== 'none' && !reached.has(code))).to.deep.equal([])
  })
})

const order = { account: ALICE, market: 0, side: 0, orderType: 0, timeInForce: 0, selfTradePrevention: 0, flags: PLACE_HAS_PRICE, price: 10000n, quantity: 1000n, clientOrderId: '' }
const cancel = { account: ALICE, market: 0, orderId: 1, clientOrderId: '' }
const rules: RulesInput = { state: 0, allowSelfTrade: false, marketBandBps: 1, makerFeePpm: 0, takerFeePpm: 0, maxOpenOrders: 1, tickSize: 1n, lotSize: 1n, minQuantity: 1n, maxQuantity: 1n, maxPrice: 1n, minNotional: 0n }

/** Frames that only a program could send: what `encodeCommand` would not write. */
const frames: [what: string, code: RejectCode, write: (frames: FrameBuffer) => void][] = [
  ['a type byte of nothing', 'unknown_command', (f) => (f.u8[writeContinue(f) + 2] = 0)],
  ['a type byte beyond the known ones', 'unknown_command', (f) => (f.u8[writeContinue(f) + 2] = 200)],
  ['a frame of the wrong size', 'malformed_frame', (f) => (f.u8[writeContinue(f) + 2] = 5)],
  ['a change of a setting that is none', 'malformed_frame', (f) => (f.u8[writeAccountUpdate(f, ALICE, {}) + SETTINGS] = 128)],
  ['a freeze that is none', 'malformed_frame', (f) => (f.u8[writeAccountUpdate(f, ALICE, { frozen: 'none' }) + SETTINGS + SETTINGS_FROZEN] = 4)],
  ['a transfer within what is none', 'malformed_frame', (f) => (f.u8[writeLedgerTransfer(f, { requestId: 'r', from: WORLD, to: ALICE, asset: 0, amount: 1n }) + TRANSFER_WITHIN] = 2)],
  ['a side that is none', 'malformed_frame', (f) => (f.u8[writeOrderPlace(f, order) + PLACE_SIDE] = 2)],
  ['a flag that is none', 'malformed_frame', (f) => (f.u8[writeOrderPlace(f, order) + PLACE_FLAGS] = 0x18)],
  ['a limit order without a price', 'invalid_combination', (f) => writeOrderPlace(f, { ...order, flags: 0 })],
  ['a name with a control character', 'malformed_text', (f) => (f.u8[writeOrderPlace(f, order) + PLACE_CLIENT_ORDER_ID] = 7)],
  ['a name with a hole', 'malformed_text', (f) => (f.u8[writeOrderPlace(f, { ...order, clientOrderId: 'a' }) + PLACE_CLIENT_ORDER_ID + 2] = 97)],
  ['a negative price', 'price_not_positive', (f) => writeOrderPlace(f, { ...order, price: -10000n })],
  ['a price beyond 2^53', 'price_out_of_bounds', (f) => writeOrderPlace(f, { ...order, price: 2n ** 62n })],
  ['a negative quantity', 'quantity_not_positive', (f) => writeOrderPlace(f, { ...order, quantity: -1n })],
  ['a quantity near 2^63', 'quantity_above_maximum', (f) => writeOrderPlace(f, { ...order, quantity: 2n ** 63n - 1n })],
  ['an account beyond the last', 'unknown_account', (f) => writeOrderPlace(f, { ...order, account: 5 })],
  ['a market beyond the last', 'unknown_market', (f) => writeOrderPlace(f, { ...order, market: 1 })],
  ['a cancel of order NaN', 'unknown_order', (f) => writeOrderCancel(f, { ...cancel, orderId: Number.NaN })],
  ['a cancel of nothing named', 'unknown_order', (f) => writeOrderCancel(f, { ...cancel, orderId: 0 })],
  ['a cancel-all in an unknown market', 'unknown_market', (f) => writeOrderCancelAll(f, ALICE, 1)],
  ['a cancel-all of an unknown account', 'unknown_account', (f) => writeOrderCancelAll(f, 5)],
  ['a dead-man switch of an unknown account', 'unknown_account', (f) => writeOrderCancelAllAfter(f, { account: 5, timeoutMs: 1 })],
  ['a dead-man switch in an unknown market', 'unknown_market', (f) => writeOrderCancelAllAfter(f, { account: ALICE, market: 1, timeoutMs: 1 })],
  ['a transfer of a negative amount', 'amount_not_positive', (f) => writeLedgerTransfer(f, { requestId: 'r', from: WORLD, to: ALICE, asset: 0, amount: -1n })],
  ['a transfer near 2^63', 'amount_out_of_bounds', (f) => writeLedgerTransfer(f, { requestId: 'r', from: WORLD, to: ALICE, asset: 0, amount: 2n ** 63n - 1n })],
  ['a transfer of an unknown asset', 'unknown_asset', (f) => writeLedgerTransfer(f, { requestId: 'r', from: WORLD, to: ALICE, asset: 9, amount: 1n })],
  ['a transfer without a request id', 'malformed_text', (f) => writeLedgerTransfer(f, { requestId: '', from: WORLD, to: ALICE, asset: 0, amount: 1n })],
  ['a hold of the world', 'not_permitted', (f) => writeLedgerHold(f, { holdId: 'h', account: WORLD, asset: 0, amount: 1n })],
  ['a release of a hold without a name', 'malformed_text', (f) => writeLedgerRelease(f, '')],
  ['an auction that ends between two microseconds', 'malformed_frame', (f) => writeMarketAuction(f, 0, 1.5)],
  ['an asset without a code', 'invalid_definition', (f) => writeAssetDefine(f, { code: '', scale: 0 })],
  ['rules with a state that is none', 'malformed_frame', (f) => writeMarketUpdate(f, { market: 0, rules: { ...rules, state: 6 } })],
]

describe('Malformed frames', () => {
  for (const [what, code, write] of frames) {
    it(`refuse ${what}: ${code}`, () => {
      const { engine } = new SmallExchange()
      const commands = new FrameBuffer()
      const events = new FrameBuffer()
      write(commands)
      commands.stamp(0, engine.sequence + 1, engine.timestampUs)
      engine.apply(commands, 0, events)
      const decoded = decodeEvents(events)
      expect(decoded).to.have.length(1)
      expect(decoded[0]).to.include({ type: 'command.rejected', code, index: 0, sequence: engine.sequence })
      engine.checkInvariants()
    })
  }
})
