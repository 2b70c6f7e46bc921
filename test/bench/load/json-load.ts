/** Sends orders over a plain WebSocket, or over HTTP, and measures how long each waits for its durable answer. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { signedPayload } from '@bourse/client'
import { WebSocket } from 'ws'
import { HttpConnection } from './http-connection.js'
import { serveLoad } from './load-process.js'

export interface Target {
  readonly port: number
  readonly path: string
  /** Without them nothing is signed: an echo. */
  readonly credentials?: { readonly key: string; readonly secret: string }
}

export type JsonLoadRequest =
  /** Orders over one WebSocket, so many under way at once. */
  | { readonly kind: 'socket'; readonly target: Target; readonly count: number; readonly inFlight: number }
  /** Orders over so many connections of HTTP, one under way on each. */
  | { readonly kind: 'http'; readonly target: Target; readonly count: number; readonly connections: number }

export interface JsonLoadAnswer {
  readonly seconds: number
  readonly latenciesMs: Float64Array
  readonly refused: number
}

/** Live orders of a run; what is above is cancelled, oldest first. */
const MOST_LIVE = 200

let orders = 0
let lastMs = 0

serveLoad<JsonLoadRequest, JsonLoadAnswer>((request) => (request.kind === 'socket' ? overSocket(request) : overHttp(request)))

function order(): { market: string; side: string; orderType: string; price: string; quantity: string; clientOrderId: string } {
  orders++
  return { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: `${100 + (orders % 400)}.${String(orders % 100).padStart(2, '0')}`, quantity: '0.10000', clientOrderId: `bench-${process.pid}-${orders}` }
}

/** The headers of a signed request; no two bear the same time. */
function signed({ credentials, path }: Target, method: string, body: string): Record<string, string> {
  if (credentials === undefined) return {}
  lastMs = Math.max(lastMs + (body === '' ? 1 : 0), Date.now())
  const signature = createHmac('sha256', credentials.secret).update(signedPayload({ timestampMs: lastMs, method, path, body })).digest('hex')
  return { 'x-api-key': credentials.key, 'x-api-timestamp': String(lastMs), 'x-api-signature': signature }
}

async function overSocket({ target, count, inFlight }: JsonLoadRequest & { kind: 'socket' }): Promise<JsonLoadAnswer> {
  const socket = new WebSocket(`ws://127.0.0.1:${target.port}${target.path}`, { headers: signed(target, 'GET', ''), perMessageDeflate: false })
  await once(socket, 'open')
  const latenciesMs = new Float64Array(count)
  const sentAt = new Float64Array(count)
  const live: string[] = []
  let sent = 0
  let answered = 0
  let refused = 0
  const started = performance.now()
  const send = (): void => {
    const id = sent++
    sentAt[id] = performance.now()
    if (live.length > MOST_LIVE) {
      socket.send(JSON.stringify({ id, method: 'order.cancel', params: { market: 'BTC-USDT', clientOrderId: live.shift()! } }))
      return
    }
    const params = order()
    live.push(params.clientOrderId)
    socket.send(JSON.stringify({ id, method: 'order.place', params }))
  }
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const { id, ok } = JSON.parse(data.toString()) as { id: number; ok?: boolean }
      latenciesMs[id] = performance.now() - sentAt[id]!
      if (ok === false) refused++
      answered++
      if (sent < count) send()
      else if (answered === count) resolve()
    })
    for (let i = 0; i < Math.min(inFlight, count); i++) send()
  })
  const seconds = (performance.now() - started) / 1_000
  if (target.credentials !== undefined) {
    socket.send(JSON.stringify({ id: 'end', method: 'order.cancel-all', params: {} }))
    await once(socket, 'message')
  }
  socket.terminate()
  return { seconds, latenciesMs: latenciesMs.sort(), refused }
}

async function overHttp({ target, count, connections }: JsonLoadRequest & { kind: 'http' }): Promise<JsonLoadAnswer> {
  const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(target.port)))
  const latenciesMs = new Float64Array(count)
  let next = 0
  let refused = 0
  const work = async (connection: HttpConnection): Promise<void> => {
    for (let at = next++; at < count; at = next++) {
      const body = JSON.stringify(order())
      const from = performance.now()
      const status = await connection.post(target.path, signed(target, 'POST', body), body)
      latenciesMs[at] = performance.now() - from
      if (status !== 200 && status !== 201) refused++
    }
  }
  const started = performance.now()
  await Promise.all(open.map(work))
  const seconds = (performance.now() - started) / 1_000
  for (const connection of open) connection.close()
  return { seconds, latenciesMs: latenciesMs.sort(), refused }
}
