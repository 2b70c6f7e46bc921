/** `scale`: the full engine with a million resting orders, a million accounts and a thousand markets. */
import { applyAll, fundedEngine } from '../contenders/stream-contender.js'
import { secondsSince, summary } from '../measure.js'
import type { Stage } from '../stage.js'
import { wideExchange } from '../streams/wide-exchange.js'

/** Operations of one run: the runs follow one another on the same exchange, which stays as large as it is. */
const OPERATIONS = 200_000
const WARM_UPS = 1

export const scale: Stage = {
  name: 'scale',
  about: 'the reference mix over 1,000,000 accounts, 1,000 markets and 1,000,000 resting orders',
  async measure({ runs, share }) {
    const operations = Math.ceil(OPERATIONS * share)
    const exchange = wideExchange(share, WARM_UPS + runs, operations)
    const engine = fundedEngine(exchange)
    applyAll(engine, exchange.orders)
    const rates: number[] = []
    for (const [run, piece] of exchange.pieces.entries()) {
      const start = process.hrtime.bigint()
      applyAll(engine, piece)
      if (run >= WARM_UPS) rates.push(operations / secondsSince(start))
    }
    engine.checkInvariants()
    return summary('operations/s', rates)
  },
}
