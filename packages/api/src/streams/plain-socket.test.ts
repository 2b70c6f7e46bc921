import { expect } from 'chai'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { OutgoingTurn } from './outgoing.js'
import { PlainSocket } from './plain-socket.js'

describe('A plain socket', () => {
  let server: Server
  let sockets: WebSocketServer
  beforeEach(async () => {
    server = createServer()
    sockets = new WebSocketServer({ server })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    sockets.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  /** Both ends of a connection, and why the server cut it. */
  async function connect(options: { maxUnreadBytes?: number; pingMs?: number } = {}): Promise<{ plain: PlainSocket; client: WebSocket; cut: Promise<string> }> {
    const accepted = new Promise<{ socket: WebSocket; wire: Socket }>((resolve) => sockets.once('connection', (socket, { socket: wire }) => resolve({ socket, wire })))
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong: options.pingMs === undefined })
    client.on('error', () => undefined)
    let tell: (reason: string) => void = () => undefined
    const cut = new Promise<string>((resolve) => (tell = resolve))
    const { socket, wire } = await accepted
    const plain = new PlainSocket(socket, { wire, turn: new OutgoingTurn(), ...options, onCut: tell })
    if (client.readyState !== WebSocket.OPEN) await new Promise((resolve) => client.once('open', resolve))
    return { plain, client, cut }
  }

  it('cuts a reader that does not read, and sends nothing more', async () => {
    const { plain, client, cut } = await connect({ maxUnreadBytes: 100_000 })
    client.pause()
    for (let i = 0; i < 1_000 && plain.open; i++) {
      plain.send('x'.repeat(100_000))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await cut).to.equal('slow')
    expect(plain.open).to.equal(false)
  })

  it('serves a reader that reads, however much', async () => {
    const { plain, client } = await connect({ maxUnreadBytes: 100_000 })
    let received = 0
    const all = new Promise<void>((resolve) => client.on('message', () => ++received === 200 && resolve()))
    for (let i = 0; i < 200; i++) {
      plain.send('x'.repeat(10_000))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await all
    expect(plain.open).to.equal(true)
    client.terminate()
  })

  it('says what it had to say before it closes', async () => {
    const { plain, client } = await connect()
    const heard: string[] = []
    client.on('message', (data) => heard.push((data as Buffer).toString()))
    const closed = new Promise((resolve) => client.on('close', resolve))
    plain.send('one')
    plain.send('two')
    plain.close(1_001, 'The exchange is going')
    plain.send('three')
    expect(await closed).to.equal(1_001)
    expect(heard).to.deep.equal(['one', 'two'])
  })

  it('cuts a connection that gives no sign of life', async () => {
    const { cut } = await connect({ pingMs: 20 })
    expect(await cut).to.equal('silent')
  })
})
