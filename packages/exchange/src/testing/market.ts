/** A small market for tests: assets, accounts with money, and orders that follow from a seed. */
import type { Command, OrderPlace } from '@bourse/core'
import type { Exchange } from '../exchange.js'

export const MARKET = 'BTC-USDT'
export const ACCOUNTS = ['alice', 'bob', 'carol', 'dave']

const SETUP: readonly Command[] = [
  { type: 'asset.define', code: 'BTC', scale: 8 },
  { type: 'asset.define', code: 'USDT', scale: 8 },
  {
    type: 'market.define', symbol: MARKET, base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 4, state: 'open',
    tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0',
    makerFee: '0.001', takerFee: '0.002', marketBandBps: 9000, allowSelfTrade: false, maxOpenOrders: 10_000,
  },
  ...ACCOUNTS.flatMap((account): Command[] => [
    { type: 'account.open', account, kind: 'user' },
    { type: 'ledger.transfer', requestId: `btc-${account}`, from: 'world', to: account, asset: 'BTC', amount: '1000' },
    { type: 'ledger.transfer', requestId: `usdt-${account}`, from: 'world', to: account, asset: 'USDT', amount: '1000000' },
  ]),
]
export const SETUP_COMMANDS = SETUP.length

/** Defines the market and pays everybody in; throws at the first reject. */
export async function setUpMarket(exchange: Pick<Exchange, 'submit'>): Promise<void> {
  for (const result of await Promise.all(SETUP.map((command) => exchange.submit(command)))) {
    if (!result.ok) throw new Error(`the set-up was rejected: ${result.reject.code}`)
  }
}

export function limitOrder(account: string, side: 'buy' | 'sell', price: string, quantity: string, more: Partial<OrderPlace> = {}): OrderPlace {
  return { type: 'order.place', account, market: MARKET, side, orderType: 'limit', price, quantity, ...more }
}

/** A generator: the same seed gives the same numbers from 0 to 1. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** An order or, now and then, a cancel-all; some of them are rejected. */
export function randomCommand(random: () => number): Command {
  const account = ACCOUNTS[Math.floor(random() * ACCOUNTS.length)]!
  if (random() < 0.01) return { type: 'order.cancel-all', account }
  const side = random() < 0.5 ? 'buy' : 'sell'
  const price = (100 + Math.floor((random() - 0.5) * 200) / 100).toFixed(2)
  const quantity = (Math.floor(random() * 10_000) / 10_000).toFixed(4)
  return limitOrder(account, side, price, quantity, random() < 0.1 ? { timeInForce: 'ioc' } : {})
}

/** Submits random commands, several at a time. */
export async function trade(exchange: Pick<Exchange, 'submit'>, random: () => number, count: number): Promise<void> {
  for (let done = 0; done < count; done += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - done) }, () => exchange.submit(randomCommand(random))))
  }
}

/** The reason of a promise that must reject. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('Expected a rejection with an Error.')
}
