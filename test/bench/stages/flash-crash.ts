/** `flash-crash`: the full engine while the market falls by 40 % and rises again, on a sparse book. */
import { StreamContender } from '../contenders/stream-contender.js'
import { race, summary } from '../measure.js'
import type { Stage } from '../stage.js'
import { flashCrash } from '../streams/flash-crash.js'

const OPERATIONS = 1_000_000

export const flashCrashStage: Stage = {
  name: 'flash-crash',
  about: 'the full engine in a swing of 40 % on sparse prices around 100 million ticks',
  async measure({ runs, share }) {
    const contender = new StreamContender('flash-crash', flashCrash(Math.ceil(OPERATIONS * share)))
    const [rates = []] = await race([contender], runs)
    contender.check()
    return summary('operations/s', rates)
  },
}
