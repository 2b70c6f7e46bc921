/** `tcp-order`: the reference workload over the wire, sent by another process; an operation counts when its durable acknowledgement has arrived there. */
import { openEntryExchange } from '../contenders/entry-exchange.js'
import { LoadProcess } from '../load/load-process.js'
import type { TcpLoadAnswer, TcpLoadRequest } from '../load/tcp-load.js'
import { medianOf, summary } from '../measure.js'
import type { Stage } from '../stage.js'
import { WARM_ORDERS } from '../streams/reference-workload.js'

const OPERATIONS = 1_000_000
const SESSIONS = 4
const IN_FLIGHT = 8_192
const FEW_IN_FLIGHT = 1_024
const WARM_UPS = 2

export const tcpOrder: Stage = {
  name: 'tcp-order',
  about: 'orders over TCP from another process, acknowledged after fdatasync',
  async measure({ runs, share }) {
    const exchange = await openEntryExchange(SESSIONS, IN_FLIGHT)
    const load = await LoadProcess.start<TcpLoadRequest, TcpLoadAnswer>('tcp-load.ts')
    try {
      const operations = Math.ceil(OPERATIONS * share)
      await load.ask({ kind: 'prepare', port: exchange.port, keys: exchange.people.map(({ key, secret }) => ({ key, secret })), operations })
      const rates: number[] = []
      const fewRates: number[] = []
      const busy: number[] = []
      for (let run = -WARM_UPS; run < runs; run++) {
        const before = process.cpuUsage()
        const many = await measured(load, IN_FLIGHT)
        const { user, system } = process.cpuUsage(before)
        const few = await measured(load, FEW_IN_FLIGHT)
        if (run < 0) continue
        rates.push(many)
        busy.push((user + system) / (operations + WARM_ORDERS))
        fewRates.push(few)
      }
      exchange.exchange.engine.checkInvariants()
      return { ...summary('operations/s', rates), details: { [`with ${FEW_IN_FLIGHT} in flight`]: medianOf(fewRates), 'CPU us an operation': medianOf(busy), sessions: SESSIONS, 'in flight': IN_FLIGHT } }
    } finally {
      await load.end()
      await exchange.close()
    }
  },
}

/** @throws Error when more was refused than the order of several sessions explains: the speed means nothing then. */
async function measured(load: LoadProcess<TcpLoadRequest, TcpLoadAnswer>, inFlight: number): Promise<number> {
  const { seconds, acknowledged, rejected } = await load.ask({ kind: 'run', inFlight })
  if (rejected > acknowledged / 5) throw new Error(`${rejected} of ${acknowledged} commands were refused: the speed means nothing.`)
  return acknowledged / seconds
}
