/** Listens for clients of the binary protocol, admits them, and sees to it that they stay within what they may do. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { ASSET_DEFINED, FrameBuffer, writeOrderCancelAll } from '@bourse/core'
import { OverloadedError } from '@bourse/plugin'
import { LOGGED_ON, LOGGED_ON_ACCOUNT, LOGGED_ON_BYTES, LOGGED_ON_FLAGS, LOGGED_ON_HEARTBEAT_MS, LOGGED_ON_MAX_IN_FLIGHT, LOGGED_ON_NEXT_ANSWER, LOGGED_ON_NEXT_REQUEST, LOGGED_ON_RESENT_FROM, NONCE_BYTES, SESSION_IS_NEW, type LogOffReason } from '@bourse/client/tcp'
import { AccountAnswers } from './account-answers.js'
import { writeAsset, writeCatalog, writeMarket } from './catalog-messages.js'
import { Connection } from './connection.js'
import { EntrySession } from './entry-session.js'
import { FrameMemory } from './frame-memory.js'
import { checkLogOn, type LoggedOn } from './log-on.js'
import { Pace } from './pace.js'
import { RequestIntake } from './request-intake.js'
import { DEFAULT_LIMITS, type OrderEntryLimits, type OrderEntryServices } from './services.js'
import { SessionBook, type KeptSession } from './session-book.js'

/** How often silence, expiry and revocation are looked for. */
const TICK_MS = 250
const KEYS_EVERY_TICKS = 2
/** How long after a refused cancel-all the next attempt comes. */
const RETRY_MS = 50

export interface OrderEntry {
  readonly port: number
  readonly host: string
  status(): { readonly connections: number; readonly sessions: number }
  /** Tells every client, cancels the orders of those who asked for it, and stops listening. */
  close(): Promise<void>
}

/**
 * Listens for clients.
 *
 * @throws Error as a rejection when the port is taken.
 *
 * @example
 * const entry = await startOrderEntry(services, { port: 9400, host: '127.0.0.1' })
 */
export async function startOrderEntry(services: OrderEntryServices, { port, host }: { port: number; host: string }): Promise<OrderEntry> {
  const entry = new OrderEntryServer(services)
  const server = createServer({ noDelay: true }, (socket) => entry.connected(socket))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} on ${host} is taken by another program. Choose another port for orderEntry.`) : error))
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    host,
    status: () => entry.status(),
    close: () => entry.close(server),
  }
}

class OrderEntryServer {
  private readonly limits: OrderEntryLimits
  private readonly connections = new Set<Connection>()
  private readonly memory = new FrameMemory()
  private readonly book: SessionBook
  private readonly answers: AccountAnswers
  private readonly endings: (() => void)[]
  private readonly cancels = new Set<Promise<void>>()
  private ticks = 0
  private closing = false

  constructor(private readonly services: OrderEntryServices) {
    this.limits = { ...DEFAULT_LIMITS, ...services.limits }
    this.answers = new AccountAnswers(
      () => services.exchange.catalog,
      (events, offset) => this.catalogChanged(events, offset),
    )
    this.book = new SessionBook(({ session }) => this.answers.remove(session))
    const timer = setInterval(() => this.tick(), TICK_MS)
    this.endings = [
      () => clearInterval(timer),
      services.apiKeys.onEnd((key) => this.endKey(key, 'key_ended')),
      services.exchange.onCommitted((batch) => {
        this.answers.committed(batch)
        for (const connection of this.connections) connection.flush()
      }),
    ]
  }

  status(): { connections: number; sessions: number } {
    return { connections: this.connections.size, sessions: this.book.size }
  }

  connected(socket: Socket): void {
    const { connections, connectionsOfOneAddress, unreadBytes } = this.limits
    const ofAddress = [...this.connections].filter(({ address }) => address === socket.remoteAddress).length
    if (this.closing || this.connections.size >= connections || ofAddress >= connectionsOfOneAddress) {
      socket.on('error', () => undefined)
      socket.destroy()
      return
    }
    const connection = new Connection({
      socket,
      memory: this.memory,
      nonce: this.services.randomBytes(NONCE_BYTES),
      unreadBytes,
      now: () => this.services.now(),
      onLogOn: (which, frames) => void this.logOn(which, frames),
      onEnd: (which, reason) => this.ended(which, reason),
    })
    this.connections.add(connection)
  }

  async close(server: Server): Promise<void> {
    this.closing = true
    for (const connection of [...this.connections]) connection.end('closing')
    await Promise.all(this.cancels)
    for (const end of this.endings) end()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  private async logOn(connection: Connection, frames: FrameBuffer): Promise<void> {
    try {
      const agreed = await checkLogOn(frames, this.services, { nonce: connection.nonce, address: connection.address })
      if (typeof agreed === 'string') return connection.end(agreed)
      const account = await this.accountOf(agreed.apiKey.userId)
      if (account === undefined) return connection.end('unavailable')
      if (connection.waitsForLogOn) this.open(connection, agreed, account)
    } catch (error) {
      this.services.log.error('A log-on could not be checked', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      connection.end('unavailable')
    }
  }

  /** The number of a person's account, which then exists. */
  private async accountOf(userId: string): Promise<number | undefined> {
    const { exchange } = this.services
    if (exchange.catalog.accountByName(userId) === undefined) await exchange.submit({ type: 'account.open', account: userId, kind: 'user' })
    return exchange.catalog.accountByName(userId)
  }

  private open(connection: Connection, logOn: LoggedOn, account: number): void {
    const { apiKey, forgetEarlier, heartbeatMs } = logOn
    let kept = this.book.find(apiKey.key, logOn.session)
    kept?.connection?.end('session_taken_over')
    if (kept !== undefined && forgetEarlier) {
      this.book.forget(kept)
      kept = undefined
    }
    const isNew = kept === undefined
    const { sessionsOfOneAccount, sessions } = this.limits
    if (isNew && !this.book.hasRoom(account, { ofOneAccount: sessionsOfOneAccount, total: sessions })) return connection.end('too_many_sessions')
    kept ??= this.begin(logOn, account)
    kept.connection = connection
    const { session } = kept
    const { outbox } = session
    const resentFrom = Math.min(outbox.nextNumber, Math.max(isNew ? 1 : logOn.lastAnswer + 1, outbox.firstNumber))
    const first = new FrameBuffer()
    first.append(LOGGED_ON_BYTES, LOGGED_ON)
    first.u8[LOGGED_ON_FLAGS] = isNew ? SESSION_IS_NEW : 0
    first.u32[LOGGED_ON_ACCOUNT >> 2] = account
    first.f64[LOGGED_ON_NEXT_REQUEST >> 3] = session.nextRequest
    first.f64[LOGGED_ON_NEXT_ANSWER >> 3] = outbox.nextNumber
    first.f64[LOGGED_ON_RESENT_FROM >> 3] = resentFrom
    first.u32[LOGGED_ON_HEARTBEAT_MS >> 2] = heartbeatMs
    first.u32[LOGGED_ON_MAX_IN_FLIGHT >> 2] = this.limits.inFlight
    writeCatalog(first, this.services.exchange.catalog)
    connection.open({ logOn, session, intake: this.intakeOf(session) }, { first, position: outbox.positionOf(resentFrom) })
  }

  private begin({ apiKey, session: name }: LoggedOn, account: number): KeptSession {
    const session = new EntrySession({
      exchange: this.services.exchange,
      account,
      keepBytes: this.limits.keepBytes,
      nowUs: () => this.services.now() * 1_000,
      onAnswers: (answered) => this.connectionOf(answered)?.flush(),
    })
    const kept: KeptSession = { key: apiKey.key, name, session, connection: undefined, lostMs: 0 }
    this.book.add(kept)
    this.answers.add(session)
    return kept
  }

  private intakeOf(session: EntrySession): RequestIntake {
    const { commandsPerSecond, inFlight } = this.limits
    const nowMs = this.services.now()
    const pace = { orders: new Pace(commandsPerSecond, nowMs), cancels: new Pace(commandsPerSecond, nowMs) }
    return new RequestIntake({ session, pace, maxInFlight: inFlight, markets: () => this.services.exchange.catalog.markets().length })
  }

  private connectionOf(session: EntrySession): Connection | undefined {
    for (const connection of this.connections) if (connection.opened?.session === session) return connection
    return undefined
  }

  private ended(connection: Connection, reason: LogOffReason | 'connection_lost'): void {
    this.connections.delete(connection)
    const { opened } = connection
    if (opened === undefined) return
    const { apiKey, session: name, cancelOnDisconnect } = opened.logOn
    this.services.log.info('An order entry session has ended', { session: name, userId: apiKey.userId, reason })
    const kept = this.book.find(apiKey.key, name)
    if (kept?.connection === connection) {
      kept.connection = undefined
      kept.lostMs = this.services.now()
    }
    if (!cancelOnDisconnect) return
    const cancelled = this.cancelAll(opened.session.account).finally(() => this.cancels.delete(cancelled))
    this.cancels.add(cancelled)
  }

  /** Cancels all orders of an account, however long the exchange refuses it. */
  private async cancelAll(account: number): Promise<void> {
    for (;;) {
      const frames = new FrameBuffer(64)
      writeOrderCancelAll(frames, account)
      try {
        return (await this.services.exchange.submitFrames(frames)).release()
      } catch (error) {
        if (!(error instanceof OverloadedError)) {
          this.services.log.error('The orders of a lost connection could not be cancelled', { account, error: String(error) })
          return
        }
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }

  private tick(): void {
    const nowMs = this.services.now()
    this.ticks++
    for (const connection of [...this.connections]) {
      if (connection.waitsForLogOn) {
        if (nowMs - connection.sinceMs > this.limits.logOnMs) connection.end('log_on_too_late')
        continue
      }
      if ((connection.opened?.logOn.apiKey.expiresMs ?? Infinity) <= nowMs) connection.end('key_expired')
      else connection.tick(nowMs)
    }
    this.book.forgetLostBefore(nowMs - this.limits.keepMs)
    if (this.ticks % KEYS_EVERY_TICKS === 0) void this.checkKeys()
  }

  /** Looks whether a key was ended or lost its scope by another process. */
  private async checkKeys(): Promise<void> {
    const keys = new Set([...this.connections].flatMap(({ opened }) => opened?.logOn.apiKey.key ?? []))
    for (const key of keys) {
      try {
        const found = await this.services.apiKeys.find(key)
        if (found === undefined) this.endKey(key, 'key_ended')
        else if (!found.scopes.includes('trade')) this.endKey(key, 'scope_missing')
      } catch (error) {
        this.services.log.error('An API key could not be looked up', { error: String(error) })
      }
    }
  }

  private endKey(key: string, reason: LogOffReason): void {
    for (const connection of [...this.connections]) if (connection.opened?.logOn.apiKey.key === key) connection.end(reason)
    for (const kept of this.book.ofKey(key)) this.book.forget(kept)
  }

  private catalogChanged(events: FrameBuffer, offset: number): void {
    const { catalog } = this.services.exchange
    const frames = new FrameBuffer(256)
    if (events.type(offset) === ASSET_DEFINED) writeAsset(frames, catalog.asset(events.asset(offset))!)
    else writeMarket(frames, catalog.market(events.market(offset))!)
    for (const connection of this.connections) if (connection.opened !== undefined) connection.send(frames)
  }
}
