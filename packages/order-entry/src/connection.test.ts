import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { FrameBuffer } from '@bourse/core'
import { createExchange, createMemoryStorage, type Exchange } from '@bourse/exchange'
import { ANSWER_BYTES, DONE } from '@bourse/client/tcp'
import { Connection } from './connection.js'
import { EntrySession } from './entry-session.js'
import { FrameMemory } from './frame-memory.js'
import type { LoggedOn } from './log-on.js'
import { Pace } from './pace.js'
import { RequestIntake } from './request-intake.js'

const ANSWERS = 1_000

/** Over a socket of the file system, whose buffers are small. */
describe('a connection whose client does not read', () => {
  let dir: string
  let server: Server
  let exchange: Exchange
  let socket: Socket
  let client: Socket
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-entry-'))
    exchange = await createExchange(createMemoryStorage())
    server = createServer({ pauseOnConnect: true })
    server.listen(path.join(dir, 'socket'))
    await once(server, 'listening')
    client = connect(path.join(dir, 'socket'))
    client.pause()
    socket = ((await once(server, 'connection')) as [Socket])[0]
  })
  after(async () => {
    client.destroy()
    server.close()
    await exchange.close()
    await rm(dir, { recursive: true })
  })

  it('is read no more, then cut, with a bounded number of answers in memory', () => {
    const session = new EntrySession({ exchange, account: 2, keepBytes: 1 << 16, nowUs: () => 0, onAnswers: () => undefined })
    const intake = new RequestIntake({ session, pace: { orders: new Pace(0, 0), cancels: new Pace(0, 0) }, maxInFlight: 1, markets: () => 0 })
    const ends: string[] = []
    const connection = new Connection({ socket, memory: new FrameMemory(), nonce: new Uint8Array(32), unreadBytes: 2 << 20, now: () => 0, onLogOn: () => undefined, onEnd: (_, reason) => ends.push(reason) })
    const apiKey: LoggedOn['apiKey'] = { key: 'k', userId: 'u', label: '', kind: 'hmac', scopes: ['read', 'trade'], allowedAddresses: [], createdMs: 0, expiresMs: undefined }
    connection.open({ logOn: { apiKey, session: 's', cancelOnDisconnect: false, forgetEarlier: false, heartbeatMs: 1_000, lastAnswer: 0 }, session, intake }, { first: new FrameBuffer(), position: 0 })
    let rounds = 0
    let paused = 0
    for (; ends.length === 0 && rounds < 1_000; rounds++) {
      for (let i = 0; i < ANSWERS; i++) session.outbox.append(ANSWER_BYTES, DONE)
      connection.flush()
      if (paused === 0 && socket.isPaused()) paused = rounds
    }
    expect(ends).to.deep.equal(['reader_too_slow'])
    expect(rounds * ANSWERS * ANSWER_BYTES).to.be.within(2 << 20, 4 << 20)
    expect(paused).to.be.within(1, rounds - 1)
    expect(session.outbox.firstNumber).to.be.greaterThan(1)
  })

  it('lets no answer be written over that has not left', () => {
    const session = new EntrySession({ exchange, account: 2, keepBytes: 1 << 16, nowUs: () => 0, onAnswers: () => undefined })
    const { outbox } = session
    for (let i = 0; i < 2_000; i++) outbox.append(ANSWER_BYTES, DONE)
    const pieces: Uint8Array[] = []
    const position = outbox.read(0, (bytes) => pieces.push(bytes))
    const before = pieces.map((piece) => Buffer.from(piece).toString('hex'))
    for (let i = 0; i < 20_000; i++) outbox.append(ANSWER_BYTES, DONE)
    expect(pieces.map((piece) => Buffer.from(piece).toString('hex'))).to.deep.equal(before)
    outbox.sentBefore = position
    expect(outbox.positionOf(outbox.nextNumber)).to.equal(outbox.bytes)
    expect(() => outbox.positionOf(1)).to.throw('is gone')
  })
})
