/** `durable`: the whole exchange with its journal in files; an operation counts when it is synced to the disk. */
import { ExchangeContender } from '../contenders/exchange-contender.js'
import { PeerContender } from '../contenders/peer-contender.js'
import { ratesAgainst } from '../measure.js'
import type { Stage } from '../stage.js'
import { referenceStream } from '../streams/command-stream.js'
import { referenceWorkload } from '../streams/reference-workload.js'

const OPERATIONS = 1_000_000

export const durable: Stage = {
  name: 'durable',
  about: 'the reference workload through submitFrames, acknowledged after fdatasync',
  async measure({ runs, share }) {
    const workload = referenceWorkload(Math.ceil(OPERATIONS * share))
    const own = new ExchangeContender('durable', referenceStream(workload))
    const peer = new PeerContender(workload)
    try {
      const fills = await own.fills()
      if (!fills.equals(workload.fills) || !peer.fills().equals(workload.fills)) throw new Error('The fills are not those of a plain book: the speed cannot be compared.')
      return await ratesAgainst(own, peer, runs)
    } finally {
      await own.end()
    }
  },
}
