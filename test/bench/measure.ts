/** Runs contenders alternately and sums up what was measured. */
import { PerformanceObserver } from 'node:perf_hooks'
import type { Figures } from './stage.js'
import type { FillChecksum, Workload } from './streams/reference-workload.js'

/** Somebody who runs a stream of operations. */
export interface Contender {
  readonly name: string
  /** Operations of one run. */
  readonly operations: number
  /** Brings everything to where a run starts; not measured. */
  prepare(): void | Promise<void>
  run(): void | Promise<void>
}

/** Runs that warm up the compiler, not measured. */
const WARM_UPS = 2

/** Operations per second of each run of each contender; they take turns, so that a disturbance of the machine meets all of them. */
export async function race(contenders: readonly Contender[], runs: number): Promise<number[][]> {
  const rates = contenders.map((): number[] => [])
  for (let run = -WARM_UPS; run < runs; run++) {
    for (const [index, contender] of contenders.entries()) {
      const rate = await rateOf(contender)
      if (run >= 0) rates[index]!.push(rate)
    }
  }
  return rates
}

/** Operations per second of one run. */
async function rateOf(contender: Contender): Promise<number> {
  await contender.prepare()
  const start = process.hrtime.bigint()
  await contender.run()
  return contender.operations / secondsSince(start)
}

export function secondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9
}

/** Microseconds of processor time, of all threads of this process, that one of so many requests takes. */
export async function cpuUsEach<Result>(requests: number, work: () => Promise<Result>): Promise<{ result: Result; cpuUs: number }> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, cpuUs: (user + system) / requests }
}

export function summary(unit: string, samples: readonly number[]): Figures {
  const sorted = [...samples].sort((a, b) => a - b)
  return { unit, median: medianOf(sorted), min: sorted[0]!, max: sorted.at(-1)!, runs: sorted.length }
}

export function medianOf(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The smallest sample that a share of all samples, 0 to 1, does not exceed; they must be sorted. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))]!
}

/** @throws Error when somebody's fills of a stream are not those of the plain book: then its speed cannot be compared. */
export function agreeOnFills(contenders: readonly { readonly name: string; fills(): FillChecksum }[], workload: Workload): void {
  for (const contender of contenders) {
    if (!contender.fills().equals(workload.fills)) throw new Error(`${contender.name} did not give the fills that a plain book gives: its speed cannot be compared.`)
  }
}

/** How often garbage was collected during so many more runs; what prepares them is left out. */
export async function collectionsDuring(contender: Contender, runs: number): Promise<number> {
  let collections = 0
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length
  })
  for (let run = 0; run < runs; run++) {
    await contender.prepare()
    observer.observe({ entryTypes: ['gc'] })
    await contender.run()
    // Entries arrive in a turn of their own, and are handed out in the next.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
    collections += observer.takeRecords().length
    observer.disconnect()
  }
  return collections
}

/** Races a contender against a peer. */
export async function ratesAgainst(own: Contender, peer: Contender, runs: number): Promise<Figures> {
  const [rates = [], peerRates = []] = await race([own, peer], runs)
  const figures = summary('operations/s', rates)
  const peerMedian = medianOf(peerRates)
  return { ...figures, peer: peer.name, peerMedian, ratio: figures.median / peerMedian }
}
