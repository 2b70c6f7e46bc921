/** `memory`: what a resting order and a balance take of the process's memory. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { summary } from '../measure.js'
import type { Stage } from '../stage.js'

const PROGRAM = fileURLToPath(new URL('../contenders/memory-process.ts', import.meta.url))

/** Growth by fewer is lost in what else a process takes and gives back. */
const LEAST_SHARE = 0.1

/** What a run of the program prints. */
export interface MeasuredMemory {
  readonly bytesPerOrder: number
  readonly bytesPerBalance: number
}

export const memory: Stage = {
  name: 'memory',
  about: 'bytes of the process for each of a million resting orders with client ids of 36 characters; for each of a million balances',
  async measure({ runs, share }) {
    const measured: MeasuredMemory[] = []
    // A process of its own for each: memory that was freed before would be used again and not be counted.
    for (let run = 0; run < runs; run++) {
      const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, '--expose-gc', PROGRAM, String(Math.max(share, LEAST_SHARE))])
      measured.push(JSON.parse(stdout) as MeasuredMemory)
    }
    const balances = summary('bytes', measured.map(({ bytesPerBalance }) => bytesPerBalance))
    return {
      ...summary('bytes/order', measured.map(({ bytesPerOrder }) => bytesPerOrder)),
      details: { 'bytes/balance': balances.median, 'bytes/balance min': balances.min, 'bytes/balance max': balances.max },
    }
  },
}
