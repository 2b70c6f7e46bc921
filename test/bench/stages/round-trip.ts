/** `round-trip`: one order after the other on an exchange that has nothing else to do, from sending it to its durable answer, over a WebSocket and over TCP. */
import { openBenchGateway } from '../contenders/bench-gateway.js'
import { openEntryExchange } from '../contenders/entry-exchange.js'
import { LoadProcess } from '../load/load-process.js'
import type { TcpLoadAnswer, TcpLoadRequest } from '../load/tcp-load.js'
import type { JsonLoadAnswer, JsonLoadRequest } from '../load/json-load.js'
import { medianOf, quantile, summary } from '../measure.js'
import type { Stage } from '../stage.js'

const ORDERS = 2_000

interface Quantiles {
  readonly p50: number[]
  readonly p99: number[]
}

export const roundTrip: Stage = {
  name: 'round-trip',
  about: 'one order at a time, from sent to durable and answered',
  async measure({ runs, share }) {
    const count = Math.ceil(ORDERS * share)
    const socket = await overSocket(count, runs)
    const tcp = await overTcp(count, runs)
    return { ...summary('ms (WebSocket p50)', socket.p50), details: { 'WebSocket p99': medianOf(socket.p99), 'TCP p50': medianOf(tcp.p50), 'TCP p99': medianOf(tcp.p99) } }
  },
}

async function overSocket(count: number, runs: number): Promise<Quantiles> {
  const gateway = await openBenchGateway()
  const load = await LoadProcess.start<JsonLoadRequest, JsonLoadAnswer>('json-load.ts')
  try {
    const target = { port: gateway.port, path: '/api/v1/ws', credentials: gateway.credentials }
    return await quantilesOf(runs, async () => (await load.ask({ kind: 'socket', target, count, inFlight: 1 })).latenciesMs)
  } finally {
    await load.end()
    await gateway.remove()
  }
}

async function overTcp(count: number, runs: number): Promise<Quantiles> {
  const exchange = await openEntryExchange(1, 1_024)
  const load = await LoadProcess.start<TcpLoadRequest, TcpLoadAnswer>('tcp-load.ts')
  try {
    await load.ask({ kind: 'prepare', port: exchange.port, keys: exchange.people.map(({ key, secret }) => ({ key, secret })), operations: 1 })
    return await quantilesOf(runs, async () => (await load.ask({ kind: 'round-trips', count })).latenciesMs!.sort())
  } finally {
    await load.end()
    await exchange.close()
  }
}

/** The first run warms up. */
async function quantilesOf(runs: number, run: () => Promise<Float64Array>): Promise<Quantiles> {
  const quantiles: Quantiles = { p50: [], p99: [] }
  await run()
  for (let done = 0; done < runs; done++) {
    const latenciesMs = await run()
    quantiles.p50.push(quantile(latenciesMs, 0.5))
    quantiles.p99.push(quantile(latenciesMs, 0.99))
  }
  return quantiles
}
