/** A large exchange: a million accounts, a thousand markets, a million resting orders, and the reference mix spread over all of them. */
import { SELF_TRADE_PREVENTIONS, type Command, type FrameBuffer } from '@bourse/core'
import { FIRST_ACCOUNT, fundingOf } from './command-stream.js'
import { LiveOrders } from './live-orders.js'
import { xorshift32 } from './random.js'

const ACCOUNTS = 1_000_000
const MARKETS = 1000
const RESTING = 1_000_000
const SEED = 0x2545f491
const MIDDLE = 100_000
const WALK = 250
const STEP = 31
const OFFSETS = 250
const MOST_QUANTITY = 100
const ALLOW = SELF_TRADE_PREVENTIONS.indexOf('none')

export interface WideExchange {
  readonly accounts: number
  readonly resting: number
  readonly definitions: readonly Command[]
  funding(): Iterable<FrameBuffer>
  /** Places the resting orders. */
  readonly orders: readonly FrameBuffer[]
  /** The stream that follows, in pieces of one size. */
  readonly pieces: readonly (readonly FrameBuffer[])[]
}

/** Every account trades in one market, its number modulo the markets, and has the two assets of that market. */
export function wideExchange(share: number, pieces: number, operations: number): WideExchange {
  const accounts = Math.ceil(ACCOUNTS * share)
  const markets = Math.ceil(MARKETS * share)
  const resting = Math.ceil(RESTING * share)
  const definitions = definitionsOf(markets)
  const funding = () => fundingOf(accounts, [10n ** 11n, 10n ** 9n], (account) => [0, 1 + (account % markets)])
  const live = new LiveOrders(definitions, funding())
  const random = xorshift32(SEED)
  const middles = new Int32Array(markets).fill(MIDDLE)

  const place = (passive: boolean) => {
    const account = random() % accounts
    const market = account % markets
    const middle = Math.min(MIDDLE + WALK, Math.max(MIDDLE - WALK, middles[market]! + (random() % (2 * STEP + 1)) - STEP))
    middles[market] = middle
    const side = random() & 1
    const offset = passive ? 1 + (random() % OFFSETS) : -OFFSETS
    live.place({
      account: FIRST_ACCOUNT + account,
      market,
      side,
      price: side === 0 ? middle - offset : middle + offset,
      quantity: 1 + (random() % MOST_QUANTITY),
      selfTradePrevention: ALLOW,
    })
  }

  // Some of those placed at first trade with each other at once.
  while (live.count < resting) place(true)
  const orders = live.take()
  const stream = Array.from({ length: pieces }, () => {
    for (let count = 0; count < operations; count++) {
      const dice = random() % 100
      if (dice >= 60 && dice < 90) live.cancel(random() % live.count)
      else place(dice < 60)
    }
    return live.take()
  })
  return { accounts, resting, definitions, funding, orders, pieces: stream }
}

function definitionsOf(markets: number): Command[] {
  const definitions: Command[] = [{ type: 'asset.define', code: 'QUOTE', scale: 4 }]
  for (let market = 0; market < markets; market++) {
    definitions.push(
      { type: 'asset.define', code: `B${market}`, scale: 4 },
      {
        type: 'market.define', symbol: `B${market}-QUOTE`, base: `B${market}`, quote: 'QUOTE', priceScale: 2, quantityScale: 0, state: 'open',
        tickSize: '0.01', lotSize: '1', minQuantity: '1', maxQuantity: '1000000', maxPrice: '100000', minNotional: '0',
        makerFee: '0.0008', takerFee: '0.001', marketBandBps: 500, allowSelfTrade: true, maxOpenOrders: 100_000,
      },
    )
  }
  return definitions
}
