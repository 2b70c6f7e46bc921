/** A market that falls by 40 % and comes back, on sparse prices of up to a hundred million ticks. */
import { SELF_TRADE_PREVENTIONS, type Command } from '@bourse/core'
import { FIRST_ACCOUNT, fundingOf, type CommandStream } from './command-stream.js'
import { LiveOrders } from './live-orders.js'
import { xorshift32 } from './random.js'

const SEED = 0x1b873593
const ACCOUNTS = 10_000
const WARM_ORDERS = 5_000
/** Ticks. */
const TOP = 100_000_000
const FALL = 0.4
const OFFSETS = 1_000_000
const MOST_QUANTITY = 100
const ALLOW = SELF_TRADE_PREVENTIONS.indexOf('none')

const DEFINITIONS: readonly Command[] = [
  { type: 'asset.define', code: 'BASE', scale: 4 },
  { type: 'asset.define', code: 'QUOTE', scale: 4 },
  {
    type: 'market.define', symbol: 'BASE-QUOTE', base: 'BASE', quote: 'QUOTE', priceScale: 2, quantityScale: 0, state: 'open',
    tickSize: '0.01', lotSize: '1', minQuantity: '1', maxQuantity: '1000000', maxPrice: '2000000', minNotional: '0',
    makerFee: '0.0008', takerFee: '0.001', marketBandBps: 5000, allowSelfTrade: true, maxOpenOrders: 100_000,
  },
]

/** The mix of the reference workload around a middle that falls during the first half and rises during the second. */
export function flashCrash(operations: number): CommandStream {
  const funding = () => fundingOf(ACCOUNTS, [10n ** 10n, 10n ** 14n])
  const live = new LiveOrders(DEFINITIONS, funding())
  const random = xorshift32(SEED)
  const commands = WARM_ORDERS + operations
  for (let at = 0; at < commands; at++) {
    const dice = at < WARM_ORDERS ? 0 : random() % 100
    if (dice >= 60 && dice < 90 && live.count > 0) {
      live.cancel(random() % live.count)
      continue
    }
    const done = Math.max(0, at - WARM_ORDERS) / operations
    const middle = Math.round(TOP * (1 - FALL * (1 - Math.abs(1 - 2 * done))))
    const side = random() & 1
    const offset = dice >= 90 ? -OFFSETS : 1 + (random() % OFFSETS)
    live.place({
      account: FIRST_ACCOUNT + (random() % ACCOUNTS),
      market: 0,
      side,
      price: side === 0 ? middle - offset : middle + offset,
      quantity: 1 + (random() % MOST_QUANTITY),
      selfTradePrevention: ALLOW,
    })
  }
  return { definitions: DEFINITIONS, funding, batches: live.take(), commands }
}
