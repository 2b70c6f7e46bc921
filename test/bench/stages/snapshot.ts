/** `snapshot`: a million orders and a million accounts, written while trading goes on, then started from. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ExchangeContender } from '../contenders/exchange-contender.js'
import { openLoop } from '../contenders/open-loop.js'
import { medianOf, secondsSince, summary } from '../measure.js'
import type { Stage } from '../stage.js'
import { wideExchange } from '../streams/wide-exchange.js'

/** Snapshots that are not counted: the first gets its memory, and the first three their files, of which later ones write one over. */
const WARM_UPS = 3
/** Commands given while a snapshot is written, and before and after it. */
const OPERATIONS = 100_000
const PER_SECOND = 50_000

export const snapshot: Stage = {
  name: 'snapshot',
  about: 'seconds to make a snapshot of 1,000,000 orders and accounts durable while 50,000 commands a second trade; to start from it',
  async measure({ runs, share }) {
    const operations = Math.ceil(OPERATIONS * share)
    const wide = wideExchange(share, WARM_UPS + runs, operations)
    const stream = { ...wide, batches: wide.orders, commands: wide.resting }
    const contender = new ExchangeContender('snapshot', stream, { snapshotEveryCommands: Infinity })
    const written: number[] = []
    const started: number[] = []
    const pauses: number[] = []
    try {
      await contender.prepare()
      await contender.run()
      const exchange = contender.exchange!
      for (const batches of wide.pieces) {
        let seconds: Promise<number> | undefined
        const { longestPauseMs } = await openLoop({
          exchange,
          batches,
          commands: operations,
          perSecond: PER_SECOND,
          leadIn: 0,
          halfway: () => {
            seconds = secondsOf(exchange.snapshot())
          },
        })
        written.push(await seconds!)
        pauses.push(longestPauseMs)
      }
      const hash = exchange.engine.stateHash()
      for (let run = 0; run < runs; run++) {
        await contender.close()
        expectSnapshot(contender.directory)
        const start = process.hrtime.bigint()
        await contender.open()
        started.push(secondsSince(start))
        if (contender.exchange!.engine.stateHash() !== hash) throw new Error('The start from the snapshot gave another state.')
      }
    } finally {
      await contender.end()
    }
    const [first] = written
    return {
      ...summary('s', written.slice(WARM_UPS)),
      details: { 'first written in s': first!, 'started in s': medianOf(started), 'longest pause ms': Math.max(...pauses.slice(WARM_UPS)), 'median pause ms': medianOf(pauses.slice(WARM_UPS)) },
    }
  },
}

async function secondsOf(work: Promise<void>): Promise<number> {
  const start = process.hrtime.bigint()
  await work
  return secondsSince(start)
}

function expectSnapshot(directory: string): void {
  if (!readdirSync(join(directory, 'snapshots')).some((name) => name.endsWith('.snapshot'))) throw new Error('There is no snapshot to start from.')
}
