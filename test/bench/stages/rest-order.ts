/** `rest-order`: orders over REST, signed by an API key, checked, each answered when it is durable; beside bare echoes. */
import { openBenchGateway } from '../contenders/bench-gateway.js'
import { expressEcho, nodeEcho } from '../contenders/echo-servers.js'
import { LoadProcess } from '../load/load-process.js'
import type { JsonLoadAnswer, JsonLoadRequest, Target } from '../load/json-load.js'
import { cpuUsEach, medianOf, quantile, summary } from '../measure.js'
import type { Stage } from '../stage.js'

const REQUESTS = 10_000
const CONNECTIONS = 64
const WARM_UPS = 2

interface Run {
  readonly rate: number
  readonly p99: number
  readonly cpuUs: number
}

export const restOrder: Stage = {
  name: 'rest-order',
  about: 'orders over REST by API key on 64 connections, acknowledged after fdatasync',
  async measure({ runs, share }) {
    const gateway = await openBenchGateway()
    const express = await expressEcho()
    const node = await nodeEcho()
    const load = await LoadProcess.start<JsonLoadRequest, JsonLoadAnswer>('json-load.ts')
    try {
      const count = Math.ceil(REQUESTS * share)
      const measured = async (target: Target): Promise<Run> => {
        const { result, cpuUs } = await cpuUsEach(count, () => load.ask({ kind: 'http', target, count, connections: CONNECTIONS }))
        if (result.refused > 0) throw new Error(`${result.refused} of ${count} requests were refused: the speed means nothing.`)
        return { rate: count / result.seconds, p99: quantile(result.latenciesMs, 0.99), cpuUs }
      }
      const all: Record<'own' | 'express' | 'node', Run[]> = { own: [], express: [], node: [] }
      for (let run = -WARM_UPS; run < runs; run++) {
        const own = await measured({ port: gateway.port, path: '/api/v1/orders', credentials: gateway.credentials })
        for (const { userId } of gateway.people) await gateway.exchange.submit({ type: 'order.cancel-all', account: userId })
        await gateway.exchange.historyReached(gateway.exchange.sequence)
        const others = { express: await measured({ port: express.port, path: '/' }), node: await measured({ port: node.port, path: '/' }) }
        if (run < 0) continue
        all.own.push(own)
        all.express.push(others.express)
        all.node.push(others.node)
      }
      const median = (of: Run[], figure: keyof Run): number => medianOf(of.map((run) => run[figure]))
      const figures = summary('requests/s', all.own.map(({ rate }) => rate))
      const peerMedian = median(all.express, 'rate')
      const details = {
        'p99 ms': median(all.own, 'p99'),
        connections: CONNECTIONS,
        'ratio to node:http': figures.median / median(all.node, 'rate'),
        'CPU us a request': median(all.own, 'cpuUs'),
        'CPU us of express': median(all.express, 'cpuUs'),
        'CPU us of node:http': median(all.node, 'cpuUs'),
      }
      return { ...figures, peer: 'a bare express 5 echo', peerMedian, ratio: figures.median / peerMedian, details }
    } finally {
      await load.end()
      await express.close()
      await node.close()
      await gateway.remove()
    }
  },
}
