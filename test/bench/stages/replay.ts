/** `replay`: a restart without a snapshot: the journal is checked, then every command of it applied. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ExchangeContender } from '../contenders/exchange-contender.js'
import { secondsSince, summary } from '../measure.js'
import type { Stage } from '../stage.js'
import { referenceStream } from '../streams/command-stream.js'
import { referenceWorkload } from '../streams/reference-workload.js'

const OPERATIONS = 1_000_000
const WARM_UPS = 1

export const replay: Stage = {
  name: 'replay',
  about: 'commands of the reference workload, restored from the journal alone, its check included',
  async measure({ runs, share }) {
    const contender = new ExchangeContender('replay', referenceStream(referenceWorkload(Math.ceil(OPERATIONS * share))), { snapshotEveryCommands: Infinity })
    try {
      await contender.prepare()
      await contender.run()
      const { sequence, engine } = contender.exchange!
      const hash = engine.stateHash()
      const rates: number[] = []
      for (let run = -WARM_UPS; run < runs; run++) {
        await contender.close()
        rmSync(join(contender.directory, 'snapshots'), { recursive: true })
        const start = process.hrtime.bigint()
        await contender.open()
        if (run >= 0) rates.push(sequence / secondsSince(start))
        if (contender.exchange!.engine.stateHash() !== hash) throw new Error('The replay gave another state.')
      }
      return summary('commands/s', rates)
    } finally {
      await contender.end()
    }
  },
}
