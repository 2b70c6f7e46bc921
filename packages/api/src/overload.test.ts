import { connect, type Socket } from 'node:net'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { expect } from 'chai'
import type { BourseClient } from '@bourse/client'
import { NO_LIMITS } from '../test/no-limits.js'
import { rawRequest } from '../test/raw-request.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'
import { PLAIN_PATH } from './streams/plain-sockets.js'

const SCALE = Number(process.env['BOURSE_TEST_SCALE'] ?? 1)
/** Commands that may wait for the disk; the flood is five times as large at any moment. */
const MAX_QUEUE = 40
const AT_ONCE = 5 * MAX_QUEUE
const ROUNDS = 3
/** How long the flood lasts at least: minutes in a full run. */
const FLOOD_MS = SCALE > 1 ? 180_000 : 0
/** What a flood may add to memory, whatever it lasts: code is compiled and heaps grow in its first seconds. */
const MAX_GROWTH = 400 * 2 ** 20
const STALLED = SCALE > 1 ? 1_000 : 50
const ORDER = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', quantity: '0.10000' }

describe('more than the exchange can take', function () {
  this.timeout(60_000 * SCALE)
  let running: RunningGateway
  let client: BourseClient
  let token: string
  before(async () => {
    running = await startGateway({ exchange: { maxQueue: MAX_QUEUE }, services: (services) => ({ ...services, limits: NO_LIMITS }) })
    const ann = await running.trader('ann', { USDT: '100000000', BTC: '1000' })
    client = ann.client
    token = ann.token
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  it('is refused at once, loses nothing that was acknowledged, and takes cancels', async () => {
    const counts = { sent: 0, acknowledged: 0, refused: 0, cancelled: 0 }
    await client.connect()
    const begin = performance.now()
    const memory = process.memoryUsage.rss()
    for (let round = 0; round < ROUNDS || performance.now() - begin < FLOOD_MS; round++) {
      counts.sent += AT_ONCE
      const [first] = await client.openOrders()
      const flood = Array.from({ length: AT_ONCE }, async (_, index) => {
        try {
          const { order } = await client.placeOrder({ ...ORDER, side: 'buy', orderType: 'limit', price: `${100 + index}.00` })
          return order.orderId
        } catch (error) {
          expect(error).to.include({ code: 'queue_full', status: 503 })
          return undefined
        }
      })
      // A cancel has a reserve of its own, even in the middle of it.
      const cancel = first === undefined ? undefined : client.cancelOrder({ market: 'BTC-USDT', orderId: first.orderId })
      const placed = (await Promise.all(flood)).filter((orderId) => orderId !== undefined)
      if (cancel !== undefined && (await cancel).status === 'cancelled') counts.cancelled++
      const open = new Set((await client.openOrders()).map(({ orderId }) => orderId))
      for (const orderId of placed) expect(open.has(orderId), `order ${orderId} was acknowledged`).to.equal(true)
      counts.acknowledged += placed.length
      counts.refused += AT_ONCE - placed.length
      counts.cancelled += (await client.cancelAll()).cancelled
    }
    expect(counts.acknowledged).to.be.above(0)
    expect(counts.refused).to.be.above(0)
    expect(counts.cancelled).to.equal(counts.acknowledged)
    const growth = process.memoryUsage.rss() - memory
    expect(growth).to.be.below(MAX_GROWTH)
    const seconds = ((performance.now() - begin) / 1000).toFixed(1)
    console.log(`      ${counts.sent} orders at ${AT_ONCE} a time for a queue of ${MAX_QUEUE}, for ${seconds} s: ${counts.acknowledged} acknowledged and there, ${counts.refused} refused, ${counts.cancelled} cancelled, memory grew by ${(growth / 2 ** 20).toFixed(0)} MB`)
  })

  it('refuses orders of batches one by one', async () => {
    const answers = await Promise.all(Array.from({ length: AT_ONCE / 4 }, (_, index) => rawRequest(`${running.url}/api/v1/orders/batch`, { method: 'POST', token, body: { orders: Array.from({ length: 20 }, (__, place) => ({ ...ORDER, price: `${100 + index}.${10 + place}` })) } })))
    const results = answers.flatMap(({ text }) => JSON.parse(text) as { ok: boolean; error?: { code: string } }[])
    const refused = results.filter(({ ok }) => !ok)
    for (const { error } of refused) expect(error?.code).to.equal('queue_full')
    expect((await client.openOrders()).length).to.equal(results.length - refused.length)
    await client.cancelAll()
    console.log(`      ${results.length} orders in batches: ${results.length - refused.length} taken, ${refused.length} refused`)
  })

  it(`is not held up by ${STALLED} sockets that never read`, async () => {
    const stalled = await Promise.all(Array.from({ length: STALLED }, () => stalledSocket(running.url)))
    let updates = 0
    await client.subscribe({ channel: 'depth', market: 'BTC-USDT' }, { onSnapshot: () => undefined, onMessage: () => updates++ })
    for (let round = 0; round < 10; round++) {
      const before = updates
      await client.placeOrders(Array.from({ length: 20 }, (_, index) => ({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: `${100 + index}.${10 + round}`, quantity: '0.10000' })))
      // What comes in quick succession comes as one update.
      if (round % 3 === 0) while (updates === before) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect((await client.balances()).balances.length).to.be.above(0)
    for (const socket of stalled) socket.destroy()
    console.log(`      ${STALLED} stalled sockets, ${updates} updates to the one that reads`)
  })
})

/** Subscribes to a book over a plain WebSocket and never reads a byte of it. */
async function stalledSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(`GET ${PLAIN_PATH} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString('latin1')).to.match(/^HTTP\/1\.1 101/)
  socket.pause()
  socket.write(masked(JSON.stringify({ id: 1, method: 'subscribe', params: { channel: 'depth', market: 'BTC-USDT', limit: 1000 } })))
  return socket
}

/** A text frame as a client sends it. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text)
  const mask = randomBytes(4)
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload.map((byte, index) => byte ^ mask[index % 4]!)])
}
