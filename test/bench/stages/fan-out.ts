/** `fan-out`: depth and trades of a busy market to 1,000 plain WebSockets of another process, beside a bare `ws` broadcast of the same bytes. */
import type { StreamMessage } from '@bourse/client'
import { FrameBuffer, PLACE_HAS_PRICE, writeOrderCancelAll, writeOrderPlace } from '@bourse/core'
import { openBenchGateway, type BenchGateway } from '../contenders/bench-gateway.js'
import { broadcaster } from '../contenders/echo-servers.js'
import { LoadProcess } from '../load/load-process.js'
import type { FanLoadRequest } from '../load/fan-load.js'
import { medianOf, secondsSince, summary } from '../measure.js'
import type { Stage } from '../stage.js'

const SOCKETS = 1_000
const TICKS = 100
/** Ticks that may be on their way to the readers. */
const UNDER_WAY = 4
const WARM_UPS = 1
const ORDERS_OF_A_TICK = 20
const MARKET = 'BTC-USDT'

type Load = LoadProcess<FanLoadRequest, undefined>

export const fanOut: Stage = {
  name: 'fan-out',
  about: 'depth and trades to 1,000 sockets',
  async measure({ runs, share }) {
    const sockets = Math.ceil(SOCKETS * share)
    const ticks = Math.ceil(TICKS * share)
    const load: Load = await LoadProcess.start('fan-load.ts')
    const gateway = await openBenchGateway(0)
    const bare = await broadcaster()
    try {
      const rates: number[] = []
      const peerRates: number[] = []
      let bytes = 0
      for (let run = -WARM_UPS; run < runs; run++) {
        const recorded: Buffer[][] = []
        const own = await measured(load, { url: `ws://127.0.0.1:${gateway.port}/api/v1/ws`, sockets, ticks, messages: ['depth', 'trades'].map((channel) => JSON.stringify({ id: channel, method: 'subscribe', params: { channel, market: MARKET } })) }, publisher(gateway, recorded))
        const peer = await measured(load, { url: `ws://127.0.0.1:${bare.port}/`, sockets, ticks, messages: [] }, async (tick) => {
          bare.broadcast(recorded[tick]!)
          await new Promise((resolve) => setImmediate(resolve))
          return recorded[tick]!.length
        })
        if (run < 0) continue
        rates.push(own)
        peerRates.push(peer)
        bytes = recorded.flat().reduce((sum, message) => sum + message.length, 0) / recorded.flat().length
      }
      const figures = summary('messages/s', rates)
      const peerMedian = medianOf(peerRates)
      return { ...figures, peer: 'a bare ws broadcast', peerMedian, ratio: figures.median / peerMedian, details: { sockets, 'bytes a message': bytes } }
    } finally {
      await load.end()
      await bare.close()
      await gateway.remove()
    }
  },
}

interface Audience {
  readonly url: string
  readonly sockets: number
  readonly ticks: number
  readonly messages: readonly string[]
}

/** Messages a second that reach all readers. @param publish makes one tick public and says how many messages that were. */
async function measured(load: Load, { url, sockets, ticks, messages }: Audience, publish: (tick: number) => Promise<number>): Promise<number> {
  await load.ask({ kind: 'open', url, sockets, messages })
  const start = process.hrtime.bigint()
  const sent: number[] = [0]
  for (let tick = 0; tick < ticks; tick++) {
    sent.push(sent.at(-1)! + (await publish(tick)) * sockets)
    if (tick >= UNDER_WAY) await load.ask({ kind: 'until', messages: sent[tick + 1 - UNDER_WAY]! })
  }
  await load.ask({ kind: 'until', messages: sent.at(-1)! })
  const rate = sent.at(-1)! / secondsSince(start)
  await load.ask({ kind: 'close' })
  return rate
}

/** Trades for one tick through the exchange; resolves when its messages have been handed to the sockets. */
function publisher(gateway: BenchGateway, recorded: Buffer[][]): (tick: number) => Promise<number> {
  const { exchange, gateway: { share } } = gateway
  const [buyer, seller] = gateway.people.map(({ userId }) => exchange.catalog.accountByName(userId)!)
  return async (tick) => {
    const messages: Buffer[] = []
    recorded[tick] = messages
    const published = new Promise<void>((resolve) => {
      const stop = share.streams.rooms.add({
        has: (room) => room === `depth ${MARKET}` || room === `trades ${MARKET}`,
        send(_room: string, message: StreamMessage) {
          messages.push(Buffer.from(JSON.stringify(message)))
          // Trades come behind the depth of the same tick.
          if (message.channel !== 'trades') return
          stop()
          resolve()
        },
      })
    })
    const frames = new FrameBuffer()
    const order = { market: 0, orderType: 0, timeInForce: 0, selfTradePrevention: 0, flags: PLACE_HAS_PRICE, clientOrderId: '' }
    for (let i = 0; i < ORDERS_OF_A_TICK; i++) {
      const price = BigInt(6_000_000 + ((tick * 7 + i * 13) % 500))
      writeOrderPlace(frames, { ...order, account: i & 1 ? seller! : buyer!, side: i & 1, price: i & 1 ? price + 400n : price, quantity: BigInt(1_000 + ((tick + i) % 900)) })
    }
    writeOrderPlace(frames, { ...order, account: buyer!, side: 0, price: 6_000_800n, quantity: 2_500n })
    if (tick % 20 === 19) for (const account of [buyer!, seller!]) writeOrderCancelAll(frames, account)
    await exchange.submitFrames(frames)
    await published
    return messages.length
  }
}
