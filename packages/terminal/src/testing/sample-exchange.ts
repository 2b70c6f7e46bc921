/** A small exchange for tests: two assets, one market, a book of three levels a side. */
import type { Asset, BookLevel, Fill, Market, Order, Ticker } from '../stores/wire.js'

export const ASSETS: Asset[] = [
  { code: 'BTC', name: 'Bitcoin', scale: 8, network: { name: 'Chain', requiredConfirmations: 3, minimumDeposit: '0.0001', minimumWithdrawal: '0.001', withdrawalFee: '0.0002', deposit: true, withdraw: true, faucet: true } },
  { code: 'USDT', name: 'Tether', scale: 8 },
]

export const MARKET: Market = {
  symbol: 'BTC-USDT',
  base: 'BTC',
  quote: 'USDT',
  state: 'open',
  tickSize: '0.01',
  lotSize: '0.00001',
  minQuantity: '0.00001',
  maxQuantity: '100.00000',
  minNotional: '5',
  maxPrice: '10000000.00',
  priceScale: 2,
  quantityScale: 5,
  makerFee: '0.0008',
  takerFee: '0.001',
}

export const BIDS: BookLevel[] = [['64000.00', '0.50000'], ['63999.99', '1.00000'], ['63990.00', '2.00000']]
export const ASKS: BookLevel[] = [['64000.01', '0.10000'], ['64001.00', '0.20000'], ['64010.50', '3.00000']]

export function sampleOrder(changes: Partial<Order> = {}): Order {
  return {
    orderId: 1,
    clientOrderId: 'a-1',
    market: 'BTC-USDT',
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    postOnly: false,
    price: '64000.00',
    quantity: '0.50000',
    quoteQuantity: null,
    filledQuantity: '0.00000',
    leavesQuantity: '0.50000',
    filledQuote: '0.00000000',
    stopPrice: null,
    displayQuantity: null,
    expiresMs: null,
    trailingOffset: null,
    trailingBps: null,
    activationPrice: null,
    linkedOrderId: null,
    selfTradePrevention: 'cancel-taker',
    averagePrice: null,
    fee: '0.00000000',
    feeAsset: 'BTC',
    status: 'open',
    reason: null,
    createdMs: 1_700_000_000_000,
    updatedMs: 1_700_000_000_000,
    sequence: 10,
    ...changes,
  }
}

export function sampleFill(changes: Partial<Fill> = {}): Fill {
  return { tradeId: 1, orderId: 1, clientOrderId: 'a-1', market: 'BTC-USDT', side: 'buy', price: '64000.00', quantity: '0.10000', quoteAmount: '6400.00000000', fee: '0.00010000', feeAsset: 'BTC', liquidity: 'taker', timestampMs: 1_700_000_000_000, sequence: 11, ...changes }
}

export function sampleTicker(changes: Partial<Ticker> = {}): Ticker {
  return { market: 'BTC-USDT', lastPrice: '64000.00', open: '63000.00', high: '64500.00', low: '62000.00', volume: '10.00000', quoteVolume: '640000.00', trades: 5, change: '1000.00', changePercent: '1.58', bid: '64000.00', bidQuantity: '0.50000', ask: '64000.01', askQuantity: '0.10000', timestampMs: 0, sequence: 1, ...changes }
}
