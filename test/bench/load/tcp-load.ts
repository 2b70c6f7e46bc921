/** Sends the reference workload over several sessions of the binary order entry and counts what is acknowledged. */
import { FrameBuffer, PLACE_HAS_PRICE, SELF_TRADE_PREVENTIONS, writeOrderCancel, writeOrderPlace } from '@bourse/core'
import { ANSWER_REQUEST, connectOrderEntry, REJECTED, type OrderEntryClient } from '@bourse/client/tcp'
import { CANCEL, referenceWorkload } from '../streams/reference-workload.js'
import { clientOrderIdOf } from '../streams/command-stream.js'
import { serveLoad } from './load-process.js'

export type TcpLoadRequest =
  | { readonly kind: 'prepare'; readonly port: number; readonly keys: readonly { key: string; secret: string }[]; readonly operations: number }
  /** Sends everything with so many requests in flight over all sessions. */
  | { readonly kind: 'run'; readonly inFlight: number }
  /** One order after the other, each sent when the one before was acknowledged. */
  | { readonly kind: 'round-trips'; readonly count: number }

export interface TcpLoadAnswer {
  readonly seconds: number
  readonly acknowledged: number
  readonly rejected: number
  readonly latenciesMs?: Float64Array
}

interface Progress {
  /** Number of the first request of this run. */
  first: number
  offset: number
  sent: number
  acknowledged: number
  rejected: number
}

/** The commands of one session and how far they are. */
interface Lane {
  readonly client: OrderEntryClient
  readonly frames: FrameBuffer
  readonly progress: Progress
  commands: number
}

/** Most commands that are written at once. */
const MOST_AT_ONCE = 512

let lanes: Lane[] = []
let changed: () => void = () => undefined

serveLoad<TcpLoadRequest, TcpLoadAnswer | undefined>(async (request) => {
  switch (request.kind) {
    case 'prepare':
      lanes = await prepare(request)
      return undefined
    case 'run':
      return run(request.inFlight)
    case 'round-trips':
      return roundTrips(request.count)
  }
})

async function prepare({ port, keys, operations }: TcpLoadRequest & { kind: 'prepare' }): Promise<Lane[]> {
  const workload = referenceWorkload(operations)
  const made = await Promise.all(
    keys.map(async (credentials): Promise<Lane> => {
      const progress = { first: 1, offset: 0, sent: 0, acknowledged: 0, rejected: 0 }
      const client = await connectOrderEntry({ host: '127.0.0.1', port, credentials, onFrames: (frames, from, to) => answered(progress, { frames, from, to }), onEnd: (reason) => process.stderr.write(`A session ended: ${reason}\n`) })
      return { client, frames: new FrameBuffer(1 << 20), progress, commands: 0 }
    }),
  )
  for (let at = 0; at < workload.count; at++) {
    const lane = made[workload.account[at]! % made.length]!
    const { frames } = lane
    const clientOrderId = clientOrderIdOf(workload.order[at]!)
    lane.commands++
    if (workload.kind[at] === CANCEL) writeOrderCancel(frames, { account: 0, market: 0, orderId: 0, clientOrderId })
    else writeOrderPlace(frames, { account: 0, market: 0, side: workload.side[at]!, orderType: 0, timeInForce: 0, selfTradePrevention: SELF_TRADE_PREVENTIONS.indexOf('none'), flags: PLACE_HAS_PRICE, price: BigInt(workload.price[at]!), quantity: BigInt(workload.quantity[at]!), clientOrderId })
  }
  return made
}

/** Answers to requests come in the order of their numbers. */
function answered(progress: Progress, { frames, from, to }: { frames: FrameBuffer; from: number; to: number }): void {
  const { f64 } = frames
  for (let offset = from; offset < to; offset += frames.size(offset)) {
    const request = f64[(offset + ANSWER_REQUEST) >> 3]!
    if (request === 0) continue
    progress.acknowledged = request - progress.first + 1
    if (frames.type(offset) === REJECTED) progress.rejected++
  }
  changed()
}

async function run(inFlight: number): Promise<TcpLoadAnswer> {
  for (const { client } of lanes) await client.submit({ type: 'order.cancel-all' })
  for (const { client, progress } of lanes) Object.assign(progress, { first: client.next, offset: 0, sent: 0, acknowledged: 0, rejected: 0 })
  const each = Math.floor(inFlight / lanes.length)
  const start = process.hrtime.bigint()
  await new Promise<void>((resolve) => {
    changed = () => {
      let open = false
      for (const lane of lanes) {
        send(lane, each)
        open ||= lane.progress.acknowledged < lane.commands
      }
      if (!open) resolve()
    }
    changed()
  })
  changed = () => undefined
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  return { seconds, acknowledged: lanes.reduce((sum, { progress }) => sum + progress.acknowledged, 0), rejected: lanes.reduce((sum, { progress }) => sum + progress.rejected, 0) }
}

function send({ client, frames, commands, progress }: Lane, inFlight: number): void {
  const left = commands - progress.sent
  const room = Math.min(MOST_AT_ONCE, inFlight - (progress.sent - progress.acknowledged), left)
  // A piece for every few answers would be sent as many packets.
  if (room <= 0 || room < Math.min(inFlight / 4, left)) return
  const from = progress.offset
  for (let count = 0; count < room; count++) progress.offset += frames.size(progress.offset)
  progress.sent += room
  client.write((out) => out.appendRange(frames, from, progress.offset))
  client.flush()
}

async function roundTrips(count: number): Promise<TcpLoadAnswer> {
  const { client } = lanes[0]!
  const latenciesMs = new Float64Array(count)
  const started = process.hrtime.bigint()
  for (let at = 0; at < count; at++) {
    const from = process.hrtime.bigint()
    await client.submit({ type: 'order.place', market: 'BASE-QUOTE', side: 'buy', orderType: 'limit', price: '1.00', quantity: '1' })
    latenciesMs[at] = Number(process.hrtime.bigint() - from) / 1e6
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  await client.submit({ type: 'order.cancel-all' })
  return { seconds, acknowledged: count, rejected: 0, latenciesMs }
}
