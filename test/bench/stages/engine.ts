/** `engine`: the full engine without a journal, against `nodejs-order-book`, which only matches. */
import { EngineContender } from '../contenders/engine-contender.js'
import { PeerContender } from '../contenders/peer-contender.js'
import { ratesAgainst } from '../measure.js'
import type { Stage } from '../stage.js'
import { referenceWorkload } from '../streams/reference-workload.js'

const OPERATIONS = 1_000_000

export const engine: Stage = {
  name: 'engine',
  about: 'every check, holds, fees, ledger and events of the reference workload',
  async measure({ runs, share }) {
    const workload = referenceWorkload(Math.ceil(OPERATIONS * share))
    const own = new EngineContender(workload)
    const peer = new PeerContender(workload)
    for (const { name, fills } of [{ name: own.name, fills: own.fills() }, { name: peer.name, fills: peer.fills() }]) {
      if (!fills.equals(workload.fills)) throw new Error(`${name} did not give the fills that a plain book gives: its speed cannot be compared.`)
    }
    return ratesAgainst(own, peer, runs)
  },
}
