/**
 * `npm run bench`: the engine against `nodejs-order-book` on the same stream, in the same process.
 *
 * Both are warmed up alike and run alternately. The fills of both are compared by checksum with those
 * of a plain book: where they differ, the ratio means nothing, and the exit code says so.
 *
 * Flags: `--json` one object a line; `--runs N` (5); `--operations N` and `--peer-operations N` (1,000,000 each,
 * the same stream).
 */
import { parseArgs } from 'node:util'
import { BourseContender } from './bourse-contender.js'
import { PeerContender } from './peer-contender.js'
import { referenceWorkload } from './reference-workload.js'

interface Contender {
  readonly name: string
  prepare(): void
  run(): void
}

interface Measurement {
  readonly name: string
  readonly unit: 'operations/s'
  readonly median: number
  readonly min: number
  readonly max: number
  readonly runs: number
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    operations: { type: 'string', default: '1000000' },
    'peer-operations': { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
  },
})

function main(): number {
  const runs = Number(values.runs)
  const workload = referenceWorkload(Number(values.operations))
  const peerWorkload = referenceWorkload(Number(values['peer-operations']))
  const bourse = new BourseContender(workload)
  const peer = new PeerContender(peerWorkload)
  const agreed = bourse.fills().equals(workload.fills) && peer.fills().equals(peerWorkload.fills)
  if (!agreed) {
    console.error('The contenders did not give the fills that the plain book gives: their speeds cannot be compared.')
    return 1
  }
  const rates: [number[], number[]] = [[], []]
  for (const measured of [false, true]) {
    for (let run = 0; run < (measured ? runs : 2); run++) {
      const bourseRate = rateOf(bourse, workload.count)
      const peerRate = rateOf(peer, peerWorkload.count)
      if (measured) {
        rates[0].push(bourseRate)
        rates[1].push(peerRate)
      }
    }
  }
  report(measurement(bourse.name, rates[0]), measurement(peer.name, rates[1]))
  return 0
}

/** Operations per second of one run. */
function rateOf(contender: Contender, operations: number): number {
  contender.prepare()
  const start = process.hrtime.bigint()
  contender.run()
  return operations / (Number(process.hrtime.bigint() - start) / 1e9)
}

function measurement(name: string, rates: number[]): Measurement {
  const sorted = [...rates].sort((a, b) => a - b)
  return { name, unit: 'operations/s', median: sorted[sorted.length >> 1]!, min: sorted[0]!, max: sorted.at(-1)!, runs: sorted.length }
}

function report(own: Measurement, peer: Measurement): void {
  const ratio = own.median / peer.median
  if (values.json) {
    console.log(JSON.stringify({ ...own, peer: peer.name, peerMedian: peer.median, ratio }))
    console.log(JSON.stringify(peer))
    return
  }
  for (const { name, median, min, max, runs } of [own, peer]) {
    console.log(`${name.padEnd(20)} ${number(median).padStart(12)} operations/s   min ${number(min)}, max ${number(max)}, ${runs} runs`)
  }
  console.log(`fills equal; ratio of the medians ${ratio.toFixed(1)}`)
}

function number(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

process.exitCode = main()
