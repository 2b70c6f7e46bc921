/** `durable-latency`: how long a command waits for its acknowledgement at 200,000 a second, while a snapshot is taken. */
import { bareDisk } from '../contenders/bare-disk.js'
import { ExchangeContender } from '../contenders/exchange-contender.js'
import { openLoop } from '../contenders/open-loop.js'
import { medianOf, quantile, summary } from '../measure.js'
import type { Stage } from '../stage.js'
import { referenceStream } from '../streams/command-stream.js'
import { referenceWorkload } from '../streams/reference-workload.js'

const OPERATIONS = 1_000_000
const PER_SECOND = 200_000
/** Half a second of five. */
const LEAD_IN = 0.1
/** A fifth of the commands is enough for the disk alone, and leaves it less to put away while the next run goes on. */
const BARE_SHARE = 0.2

export const durableLatency: Stage = {
  name: 'durable-latency',
  about: 'p99 from due to acknowledged, open loop at 200,000 commands a second, snapshots meanwhile',
  async measure({ runs, share }) {
    const stream = referenceStream(referenceWorkload(Math.ceil(OPERATIONS * share)))
    const contender = new ExchangeContender('durable-latency', stream)
    const measured: Record<'p50' | 'p99' | 'p99.9' | 'longest' | 'pause', number[]> = { p50: [], p99: [], 'p99.9': [], longest: [], pause: [] }
    const bare: number[] = []
    const bytesPerCommand = Math.round(stream.batches.reduce((bytes, batch) => bytes + batch.length, 0) / stream.commands)
    try {
      await contender.prepare()
      await contender.run()
      for (let run = 0; run < runs; run++) {
        await contender.prepare()
        const exchange = contender.exchange!
        let snapshot: Promise<void> | undefined
        const { latenciesMs, longestPauseMs } = await openLoop({
          exchange,
          batches: stream.batches,
          commands: stream.commands,
          perSecond: PER_SECOND,
          leadIn: Math.floor(stream.commands * LEAD_IN),
          halfway: () => {
            snapshot = exchange.snapshot()
          },
        })
        await snapshot
        measured.p50.push(quantile(latenciesMs, 0.5))
        measured.p99.push(quantile(latenciesMs, 0.99))
        measured['p99.9'].push(quantile(latenciesMs, 0.999))
        measured.longest.push(latenciesMs.at(-1)!)
        measured.pause.push(longestPauseMs)
        const { directory } = contender
        const commands = Math.ceil(stream.commands * BARE_SHARE)
        bare.push(quantile(await bareDisk({ directory, commands, bytesPerCommand, perSecond: PER_SECOND, leadIn: Math.floor(commands * LEAD_IN) }), 0.99))
      }
    } finally {
      await contender.end()
    }
    const p99 = summary('ms (p99)', measured.p99)
    const peerMedian = medianOf(bare)
    return {
      ...p99,
      peer: 'the disk alone, the same bytes at the same rate',
      peerMedian,
      ratio: p99.median / peerMedian,
      details: {
        p50: medianOf(measured.p50),
        p99: medianOf(measured.p99),
        'p99.9': medianOf(measured['p99.9']),
        'longest wait': Math.max(...measured.longest),
        'longest pause': Math.max(...measured.pause),
        'offered/s': PER_SECOND,
      },
    }
  },
}
