/** A gateway's side of the link: an engine of its own that applies every durable command, and the way of commands to the engine that decides. */
import { connect, type Socket } from 'node:net'
import { createEngine, decodeFrame, FrameBuffer, MarketData, type Catalog, type Command, type Engine, type Event, type RejectCode } from '@bourse/core'
import { OverloadedError, type Balance, type CommandResult } from '@bourse/plugin'
import type { CommittedBatch } from '../committed-batch.js'
import { balanceOf, coreEngines, unpackState, type ReadableEngine } from '../engine-state.js'
import type { ExchangeStatus } from '../exchange-status.js'
import { EngineAwayError, LinkError, type WrittenError } from './link-error.js'
import { jsonOf, LinkStream, type LinkMessage } from './link-stream.js'

export interface ReplicaOptions {
  /** Of the engine's local socket. */
  readonly path: string
  /** Pause between attempts to reach the engine. Default 250. */
  readonly retryMs?: number
  readonly log: (message: string) => void
  /** The replica and the engine disagree: what this process shows can no longer be trusted. */
  readonly onHalt: (error: Error) => void
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Where a command stands in the journal, as the engine answers. */
interface Place {
  readonly first: number
  readonly last: number
  readonly timestampUs: number
  readonly code?: RejectCode
}

/** Events of the last batches, of which answers are made. */
interface Recent {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly events: FrameBuffer
}
const MAX_RECENT = 512

const NO_STATUS: ExchangeStatus = { sequence: 0, durableSequence: 0, queued: 0, snapshotSequence: 0, projections: [] }

/** Connects, and resolves once the state of the engine is here. It goes on trying for ever. */
export function connectReplica(options: ReplicaOptions): Promise<ReplicaExchange> {
  const replica = new ReplicaExchange(options)
  return new Promise((resolve) => {
    const stop = replica.onPresence((present) => {
      if (!present) return
      stop()
      resolve(replica)
    })
    replica.dial()
  })
}

/**
 * Reads are answered here, from durable commands only; commands are sent to the engine, and answered once they have come
 * back as durable ones and been applied here too.
 */
export class ReplicaExchange {
  engine: ReadableEngine & Engine = createEngine()
  marketData = new MarketData()
  private lastStatus: ExchangeStatus = NO_STATUS
  private stream: LinkStream | undefined
  private socket: Socket | undefined
  private present = false
  /** What has been opened over this engine and its catalog refers to them for ever. */
  private hasBegun = false
  private closed = false
  private requests = 0
  private readonly waiting = new Map<number, Waiting>()
  private parts: Uint8Array[] = []
  private recent: Recent[] = []
  private retry: NodeJS.Timeout | undefined
  private catchingUp: Promise<void> | undefined
  private readonly listeners = new Set<(batch: CommittedBatch) => void>()
  private readonly presenceListeners = new Set<(present: boolean) => void>()
  private readonly noteListeners = new Set<(note: unknown) => void>()

  constructor(private readonly options: ReplicaOptions) {}

  get catalog(): Catalog {
    return this.engine.catalog
  }

  get sequence(): number {
    return this.engine.sequence
  }

  get isPresent(): boolean {
    return this.present
  }

  async submit(command: Command): Promise<CommandResult> {
    const place = (await this.ask('submit', Buffer.from(JSON.stringify(command)))) as Place
    const { first: sequence, last, timestampUs, code } = place
    if (code !== undefined) return { ok: false, sequence, timestampUs, reject: { code } }
    return { ok: true, sequence, timestampUs, events: this.eventsOf(sequence, last) }
  }

  balance(account: string, asset: string): Balance {
    return balanceOf(this.engine, account, asset)
  }

  onCommitted(listener: (batch: CommittedBatch) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** Calls with true when the engine is there and this process has caught up, with false when it has gone. */
  onPresence(listener: (present: boolean) => void): () => void {
    this.presenceListeners.add(listener)
    return () => void this.presenceListeners.delete(listener)
  }

  /** Calls with what the engine or another gateway told all. */
  onNote(listener: (note: unknown) => void): () => void {
    this.noteListeners.add(listener)
    return () => void this.noteListeners.delete(listener)
  }

  /** Tells all other gateways. */
  note(value: unknown): void {
    if (this.present) this.stream?.sendJson('note', 0, value)
  }

  /** Asks something of the engine's process beside commands. */
  call(name: string, ...args: unknown[]): Promise<unknown> {
    return this.ask('call', Buffer.from(JSON.stringify({ name, args })))
  }

  /**
   * Resolves once everything is here that anybody, at any gateway, had been told before the call. Asked once for all
   * who want it in the same turn.
   */
  caughtUp(): Promise<void> {
    this.catchingUp ??= new Promise<void>((resolve) => process.nextTick(resolve)).then(async () => {
      this.catchingUp = undefined
      await this.ask('reach', new Uint8Array(0))
    })
    return this.catchingUp
  }

  async historyReached(sequence: number): Promise<void> {
    await this.call('historyReached', sequence)
  }

  /** As the engine told it last. */
  status(): ExchangeStatus {
    return { ...this.lastStatus, ...(this.present ? {} : { halted: 'The engine is not there for the moment.' }) }
  }

  close(): void {
    this.closed = true
    clearTimeout(this.retry)
    this.socket?.destroy()
  }

  dial(): void {
    const socket = connect(this.options.path)
    this.socket = socket
    this.stream = new LinkStream(socket, (message) => this.take(message))
    socket.on('connect', () => {
      this.parts = []
      this.stream!.sendJson('hello', 0, this.engine.sequence)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => this.lost())
  }

  private ask(kind: 'submit' | 'call' | 'reach', payload: Uint8Array): Promise<unknown> {
    if (!this.present || this.stream === undefined) return Promise.reject(new EngineAwayError(false))
    const id = ++this.requests
    this.stream.send(kind, id, payload)
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }))
  }

  private take({ kind, id, payload }: LinkMessage): void {
    switch (kind) {
      case 'part':
        this.parts.push(payload)
        return
      case 'state':
        return this.begin(Number(jsonOf(payload)))
      case 'committed':
        return this.apply(FrameBuffer.from(payload))
      case 'answer':
        this.settle(id)?.resolve(jsonOf(payload))
        return
      case 'refused':
        this.settle(id)?.reject(errorOf(jsonOf(payload) as WrittenError))
        return
      case 'status':
        this.lastStatus = jsonOf(payload) as ExchangeStatus
        return
      case 'note':
        for (const listener of [...this.noteListeners]) listener(jsonOf(payload))
        return
      default:
        this.socket?.destroy()
    }
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    return waiting
  }

  /** Everything up to a sequence is here: as a state, or as the commands that were missed. */
  private begin(sequence: number): void {
    if (this.parts.length > 0) {
      if (this.hasBegun) return this.halt(new Error(`This gateway stands at sequence ${this.engine.sequence}, and the journal no longer holds what follows, or is another one. It must begin anew: start it again.`))
      this.hasBegun = true
      const { engine, marketData } = unpackState(this.parts, coreEngines)
      this.parts = []
      marketData.trackDepthChanges()
      this.engine = engine
      this.marketData = marketData
    }
    if (this.engine.sequence !== sequence) return this.halt(new Error(`This gateway stands at sequence ${this.engine.sequence}, the engine gave its state at ${sequence}.`))
    this.setPresent(true)
  }

  private apply(commands: FrameBuffer): void {
    const events = new FrameBuffer(Math.max(4_096, 4 * commands.length))
    const firstSequence = this.engine.sequence + 1
    try {
      for (let offset = 0; offset < commands.length; offset += commands.size(offset)) {
        if (commands.sequence(offset) > this.engine.sequence) this.engine.apply(commands, offset, events)
      }
      this.marketData.foldAll(events)
    } catch (error) {
      return this.halt(error instanceof Error ? error : new Error(String(error)))
    }
    const { sequence: lastSequence, timestampUs } = this.engine
    if (lastSequence < firstSequence) return
    if (this.recent.push({ firstSequence, lastSequence, events }) > MAX_RECENT) this.recent.shift()
    const batch: CommittedBatch = { firstSequence, lastSequence, timestampUs, events, commands, keep: () => undefined }
    for (const listener of [...this.listeners]) listener(batch)
  }

  /** The events of the commands from one sequence to another, which have just been applied. */
  private eventsOf(first: number, last: number): Event[] {
    const found: Event[] = []
    for (const { firstSequence, lastSequence, events } of this.recent) {
      if (lastSequence < first || firstSequence > last) continue
      for (let offset = 0; offset < events.length; offset += events.size(offset)) {
        const sequence = events.sequence(offset)
        if (sequence >= first && sequence <= last) found.push(...decodeFrame(events, offset))
      }
    }
    return found
  }

  private setPresent(present: boolean): void {
    if (this.present === present) return
    this.present = present
    for (const listener of [...this.presenceListeners]) listener(present)
  }

  private lost(): void {
    const waiting = [...this.waiting.values()]
    this.waiting.clear()
    this.setPresent(false)
    for (const { reject } of waiting) reject(new EngineAwayError(true))
    if (!this.closed) this.retry = setTimeout(() => this.dial(), this.options.retryMs ?? 250)
  }

  private halt(error: Error): void {
    this.close()
    this.options.onHalt(error)
  }
}

function errorOf({ code, message, facts }: WrittenError): Error {
  return code === 'queue_full' ? new OverloadedError() : new LinkError(code, message, facts)
}
