/** `ws-order`: orders as JSON over one plain WebSocket, 64 under way, each answered when it is durable; beside a bare echo. */
import { openBenchGateway } from '../contenders/bench-gateway.js'
import { socketEcho } from '../contenders/echo-servers.js'
import { LoadProcess } from '../load/load-process.js'
import type { JsonLoadAnswer, JsonLoadRequest, Target } from '../load/json-load.js'
import { medianOf, quantile, summary } from '../measure.js'
import type { Stage } from '../stage.js'

const REQUESTS = 40_000
const IN_FLIGHT = 64
const WARM_UPS = 2

export const wsOrder: Stage = {
  name: 'ws-order',
  about: 'orders over a plain WebSocket, 64 under way, acknowledged after fdatasync',
  async measure({ runs, share }) {
    const gateway = await openBenchGateway()
    const echo = await socketEcho()
    const load = await LoadProcess.start<JsonLoadRequest, JsonLoadAnswer>('json-load.ts')
    try {
      const count = Math.ceil(REQUESTS * share)
      const measured = async (target: Target): Promise<{ rate: number; p50: number; p99: number }> => {
        const { seconds, latenciesMs, refused } = await load.ask({ kind: 'socket', target, count, inFlight: IN_FLIGHT })
        if (refused > 0) throw new Error(`${refused} of ${count} requests were refused: the speed means nothing.`)
        return { rate: count / seconds, p50: quantile(latenciesMs, 0.5), p99: quantile(latenciesMs, 0.99) }
      }
      const own: Awaited<ReturnType<typeof measured>>[] = []
      const peer: number[] = []
      for (let run = -WARM_UPS; run < runs; run++) {
        const result = await measured({ port: gateway.port, path: '/api/v1/ws', credentials: gateway.credentials })
        const echoed = await measured({ port: echo.port, path: '/' })
        if (run < 0) continue
        own.push(result)
        peer.push(echoed.rate)
      }
      const figures = summary('requests/s', own.map(({ rate }) => rate))
      const peerMedian = medianOf(peer)
      return { ...figures, peer: 'a bare ws echo', peerMedian, ratio: figures.median / peerMedian, details: { 'p50 ms': medianOf(own.map(({ p50 }) => p50)), 'p99 ms': medianOf(own.map(({ p99 }) => p99)), 'in flight': IN_FLIGHT } }
    } finally {
      await load.end()
      await echo.close()
      await gateway.remove()
    }
  },
}
