/** `matching`: the order book of core by itself, against two packages that do the same. */
import { HftContender } from '../contenders/hft-contender.js'
import { MatchingContender } from '../contenders/matching-contender.js'
import { PeerContender } from '../contenders/peer-contender.js'
import { agreeOnFills, collectionsDuring, medianOf, race, summary } from '../measure.js'
import type { Stage } from '../stage.js'
import { referenceWorkload } from '../streams/reference-workload.js'

const OPERATIONS = 1_000_000
/** Ten times the stream on fresh books, in which garbage is counted. */
const COUNTED_RUNS = 10

export const matching: Stage = {
  name: 'matching',
  about: 'books, walks and ids of the reference workload, without accounts and money',
  async measure({ runs, share }) {
    const workload = referenceWorkload(Math.ceil(OPERATIONS * share))
    const own = new MatchingContender(workload)
    const peer = new PeerContender(workload)
    const other = new HftContender(workload)
    agreeOnFills([own, peer, other], workload)
    const [rates = [], peerRates = [], otherRates = []] = await race([own, peer, other], runs)
    const figures = summary('operations/s', rates)
    const peerMedian = medianOf(peerRates)
    const otherMedian = medianOf(otherRates)
    const collections = await collectionsDuring(own, COUNTED_RUNS)
    return {
      ...figures,
      peer: peer.name,
      peerMedian,
      ratio: figures.median / peerMedian,
      details: { hftLimitOrderBook: otherMedian, hftLimitOrderBookRatio: figures.median / otherMedian, collectionsPer10M: collections },
    }
  },
}
