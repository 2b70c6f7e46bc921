import { createServer, request } from 'node:http'
import type { AddressInfo, Socket as TcpSocket } from 'node:net'
import { expect } from 'chai'
import { Server, type Socket } from 'socket.io'
import { boundUnread } from './socket-buffer.js'

/** A message of the stream: large enough that the system's own buffers are full soon. */
const MESSAGE = 'x'.repeat(64_000)
const MAX_UNREAD = 1_000_000
const MAX_MESSAGES = 2_000

describe('a reader that does not keep up', () => {
  let io: Server
  let port: number
  const sockets: Socket[] = []
  const cut = new Set<Socket>()
  let connected: () => void
  beforeEach(async () => {
    const server = createServer()
    io = new Server(server, { transports: ['websocket'] })
    io.on('connection', (socket) => {
      sockets.push(socket)
      boundUnread(socket, () => cut.add(socket), MAX_UNREAD)
      connected()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterEach(async () => {
    await io.close()
    sockets.length = 0
    cut.clear()
  })

  /** Opens a socket by hand; what arrives on it is read only when asked for. */
  async function open(): Promise<TcpSocket> {
    const arrived = new Promise<void>((resolve) => (connected = resolve))
    const tcp = await new Promise<TcpSocket>((resolve, reject) => {
      const upgrade = request({ port, host: '127.0.0.1', path: '/socket.io/?EIO=4&transport=websocket', headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' } })
      upgrade.on('upgrade', (_response, socket) => resolve(socket as TcpSocket))
      upgrade.on('error', reject)
      upgrade.end()
    })
    // "40": joins the default namespace; a text frame whose mask is zero.
    tcp.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]))
    await arrived
    tcp.on('error', () => undefined)
    tcp.pause()
    return tcp
  }

  it('is cut off before it costs more memory than the bound, and the others get everything', async () => {
    const stalled = await open()
    const reader = await open()
    let read = 0
    reader.on('data', (bytes: Buffer) => (read += bytes.length))
    reader.resume()
    let sent = 0
    while (cut.size === 0 && sent < MAX_MESSAGES) {
      io.emit('message', MESSAGE)
      sent++
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect([...cut]).to.deep.equal([sockets[0]])
    for (let i = 0; i < 5; i++) io.emit('message', MESSAGE)
    while (read < (sent + 5) * MESSAGE.length) await new Promise((resolve) => reader.once('data', resolve))
    expect(cut.size).to.equal(1)
    stalled.destroy()
    reader.destroy()
  })
})
