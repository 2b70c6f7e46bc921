import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { expect } from 'chai'
import type { StreamMessage } from '@bourse/client'
import { WebSocket, type WebSocket as ServerSocket } from 'ws'
import type { Admitted } from '../http/admission.js'
import { OutgoingTurn, type Outgoing } from './outgoing.js'
import { LAGGING_BYTES, PlainConnection, PlainRooms } from './plain-connection.js'
import { textFrame } from './text-frame.js'

const NOBODY: Admitted = { user: undefined, session: undefined, apiKey: undefined, by: 'nothing', address: 'here', unlimited: false }
const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('what a turn brings', () => {
  it('is one write for each connection, packed once for all who get the same', async () => {
    const turn = new OutgoingTurn()
    const writes: Buffer[][] = [[], [], []]
    const connections = writes.map((written): Outgoing => ({ frames: [], write: (bytes) => void written.push(bytes) }))
    const [a, b, c] = ['a', 'b', 'c'].map((text) => Buffer.from(text))
    for (const connection of connections) turn.add(connection, a!)
    for (const connection of connections.slice(0, 2)) turn.add(connection, b!)
    turn.add(connections[2]!, c!)
    await nextTick()
    expect(writes.map((written) => written.map(String))).to.deep.equal([['ab'], ['ab'], ['ac']])
    expect(writes[0]![0]).to.equal(writes[1]![0])
  })
})

describe('a frame of text', () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 200_000]) {
    it(`of ${length} characters is read by a client as it was written`, async () => {
      const text = 'ä'.repeat(Math.floor(length / 2)) + 'x'.repeat(length % 2)
      const server = createServer((socket) => socket.once('data', (head: Buffer) => {
        const key = /sec-websocket-key: (\S+)/i.exec(head.toString())![1]!
        void import('node:crypto').then(({ createHash }) => {
          const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
          socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
          socket.write(textFrame(text))
        })
      }))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
      const [data] = (await once(client, 'message')) as [Buffer]
      expect(data.toString()).to.equal(text)
      client.terminate()
      server.close()
    })
  }
})

describe('a reader that does not keep up', () => {
  let server: Server
  let wire: Socket
  let reader: Socket
  let caughtUp: (readonly string[])[]
  let cuts: number
  let connection: PlainConnection
  let rooms: PlainRooms
  const message: StreamMessage = { channel: 'trades', market: 'BTC-USDT', data: [] }
  const padded = { ...message, padding: 'x'.repeat(100_000) }
  beforeEach(async () => {
    server = createServer({ pauseOnConnect: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    reader = connect((server.address() as AddressInfo).port, '127.0.0.1')
    reader.pause()
    wire = ((await once(server, 'connection')) as [Socket])[0]
    caughtUp = []
    cuts = 0
    const socket: Pick<ServerSocket, 'readyState' | 'OPEN'> = { readyState: 1, OPEN: 1 }
    connection = new PlainConnection(NOBODY, { socket: socket as ServerSocket, wire, turn: new OutgoingTurn(), onCaughtUp: (_, missed) => caughtUp.push(missed), onCut: () => cuts++ })
    rooms = new PlainRooms()
    rooms.join('trades', connection)
    rooms.join('depth', connection)
  })
  afterEach(() => {
    reader.destroy()
    wire.destroy()
    server.close()
  })

  it('misses public messages, stays within its bound, and is brought up to date once it reads', async () => {
    for (let i = 0; i < 500; i++) {
      rooms.send(i % 2 === 0 ? 'trades' : 'depth', padded)
      await nextTick()
    }
    expect(wire.writableLength).to.be.within(LAGGING_BYTES, 2 * LAGGING_BYTES)
    expect(cuts).to.equal(0)
    expect(caughtUp).to.deep.equal([])
    reader.resume()
    await once(wire, 'drain')
    expect(caughtUp.map((missed) => [...missed].sort())).to.deep.equal([['depth', 'trades']])
    const before = wire.bytesWritten
    rooms.send('trades', message)
    await nextTick()
    expect(wire.bytesWritten).to.be.greaterThan(before)
  })

  it('is cut when what may not be left out becomes too much', async () => {
    for (let i = 0; i < 500 && cuts === 0; i++) {
      connection.send(padded)
      await nextTick()
    }
    expect(cuts).to.equal(1)
    expect(wire.destroyed).to.equal(true)
  })
})
