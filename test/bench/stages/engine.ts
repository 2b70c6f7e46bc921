/** `engine`: the full engine without a journal, against `nodejs-order-book`, which only matches. */
import { EngineContender } from '../contenders/engine-contender.js'
import { PeerContender } from '../contenders/peer-contender.js'
import { agreeOnFills, collectionsDuring, ratesAgainst } from '../measure.js'
import type { Stage } from '../stage.js'
import { referenceWorkload } from '../streams/reference-workload.js'

const OPERATIONS = 1_000_000
/** Ten times the stream on fresh engines, in which garbage is counted. */
const COUNTED_RUNS = 10

export const engine: Stage = {
  name: 'engine',
  about: 'every check, holds, fees, ledger and events of the reference workload',
  async measure({ runs, share }) {
    const workload = referenceWorkload(Math.ceil(OPERATIONS * share))
    const own = new EngineContender(workload)
    const peer = new PeerContender(workload)
    agreeOnFills([own, peer], workload)
    const figures = await ratesAgainst(own, peer, runs)
    return { ...figures, details: { collectionsPer10M: await collectionsDuring(own, COUNTED_RUNS) } }
  },
}
