/** The engine's side of the link: gives gateways its state and every durable command, and takes theirs. */
import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { FrameBuffer, type Command } from '@bourse/core'
import type { CommittedBatch } from '../committed-batch.js'
import type { Exchange } from '../exchange.js'
import { jsonOf, LinkStream, type LinkMessage } from './link-stream.js'
import { writtenError } from './link-error.js'

/** What gateways may ask beside commands, by name; arguments and answers are JSON. */
export type LinkCalls = Readonly<Record<string, (...args: never[]) => unknown>>

export interface EngineLinkOptions {
  readonly exchange: Pick<Exchange, 'submit' | 'submitFrames' | 'onCommitted' | 'state' | 'commands' | 'sequence' | 'status'>
  /** Of the local socket, which only its owner may open. */
  readonly path: string
  readonly calls: LinkCalls
  readonly log: (message: string) => void
}

export interface EngineLink {
  readonly gateways: number
  /** Tells all gateways something. */
  note(value: unknown): void
  /** Calls with what a gateway tells the others; returns the function that ends that. */
  onNote(listener: (note: unknown) => void): () => void
  close(): Promise<void>
}

const STATUS_EVERY_MS = 500
/** A gateway that is this far behind is cut; it comes back and catches up from the journal. */
const MAX_WAITING_BYTES = 256 << 20

export async function openEngineLink(options: EngineLinkOptions): Promise<EngineLink> {
  const links = new Set<GatewayLink>()
  const noteListeners = new Set<(note: unknown) => void>()
  const note = (value: unknown, except?: GatewayLink): void => {
    for (const link of links) if (link !== except) link.stream.sendJson('note', 0, value)
  }
  const server = createServer((socket) => {
    const link = new GatewayLink(socket, options, (value) => {
      note(value, link)
      for (const listener of [...noteListeners]) listener(value)
    })
    links.add(link)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      links.delete(link)
      link.end()
    })
  })
  await rm(options.path, { force: true })
  await listen(server, options.path)
  const timer = setInterval(() => {
    for (const link of links) link.stream.sendJson('status', 0, options.exchange.status())
  }, STATUS_EVERY_MS)
  return {
    get gateways() {
      return links.size
    },
    note: (value) => note(value),
    onNote(listener) {
      noteListeners.add(listener)
      return () => void noteListeners.delete(listener)
    },
    async close() {
      clearInterval(timer)
      for (const { socket } of links) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function listen(server: Server, path: string): Promise<void> {
  // From its first moment on nobody else may open it.
  const before = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
  } finally {
    process.umask(before)
  }
  await chmod(path, 0o600)
}

/** One gateway. */
class GatewayLink {
  readonly stream: LinkStream
  private stop: () => void = () => undefined
  private ended = false

  constructor(
    readonly socket: Socket,
    private readonly options: EngineLinkOptions,
    private readonly heard: (value: unknown) => void,
  ) {
    this.stream = new LinkStream(socket, (message) => this.take(message))
  }

  end(): void {
    this.ended = true
    this.stop()
  }

  private take({ kind, id, payload }: LinkMessage): void {
    switch (kind) {
      case 'hello':
        void this.begin(Number(jsonOf(payload)))
        return
      case 'submit':
        void this.answer(id, async () => {
          const result = await this.options.exchange.submit(jsonOf(payload) as Command)
          const { sequence, timestampUs } = result
          return result.ok ? { first: sequence, last: Math.max(sequence, ...result.events.map((event) => event.sequence)), timestampUs } : { first: sequence, last: sequence, timestampUs, code: result.reject.code }
        })
        return
      case 'frames':
        void this.answer(id, async () => {
          const result = await this.options.exchange.submitFrames(FrameBuffer.from(payload))
          const { firstSequence: first, lastSequence: last, timestampUs } = result
          result.release()
          return { first, last, timestampUs }
        })
        return
      case 'reach':
        // Everything that anybody was told before stands in front of this on the stream.
        this.stream.sendJson('answer', id, null)
        return
      case 'call':
        void this.answer(id, () => this.call(jsonOf(payload)))
        return
      case 'note':
        this.heard(jsonOf(payload))
        return
      default:
        this.socket.destroy()
    }
  }

  private async call(asked: unknown): Promise<unknown> {
    const { name, args } = asked as { name: string; args: never[] }
    const { calls } = this.options
    if (!Object.hasOwn(calls, name)) throw new Error(`Gateways may not ask for "${name}".`)
    return calls[name]!(...args)
  }

  private async answer(id: number, work: () => Promise<unknown>): Promise<void> {
    try {
      const value = await work()
      if (!this.ended) this.stream.sendJson('answer', id, value)
    } catch (error) {
      if (!this.ended) this.stream.sendJson('refused', id, writtenError(error))
    }
  }

  /** @param known sequence that the gateway stands at; 0: it knows nothing. */
  private async begin(known: number): Promise<void> {
    const { exchange, log } = this.options
    this.stream.sendJson('status', 0, exchange.status())
    try {
      if (known > 0 && known <= exchange.sequence && (await this.catchUp(known))) return
      await exchange.state(({ sequence, parts }) => {
        if (this.ended) return
        for (const part of parts) this.stream.send('part', 0, part.slice())
        this.stream.sendJson('state', 0, sequence)
        this.follow()
      })
    } catch (error) {
      log(`A gateway could not be given the state of the engine: ${error instanceof Error ? error.message : String(error)}`)
      this.socket.destroy()
    }
  }

  /** Gives what the gateway missed, from the journal. @returns false where that has been archived. */
  private async catchUp(known: number): Promise<boolean> {
    const { exchange } = this.options
    let given = known
    while (given < exchange.sequence && !this.ended) {
      try {
        for await (const { frames, lastSequence } of exchange.commands(given + 1)) {
          this.stream.send('committed', 0, frames.slice())
          given = lastSequence
          // The writer has its turn, and the gateway reads.
          while (this.stream.waitingBytes > MAX_WAITING_BYTES / 8 && !this.ended) await new Promise((resolve) => this.socket.once('drain', resolve))
        }
      } catch (error) {
        if (given === known && error instanceof Error && 'code' in error && error.code === 'journal_archived') return false
        throw error
      }
    }
    // Nothing can have become public since the comparison above.
    if (this.ended) return true
    this.stream.sendJson('state', 0, given)
    this.follow()
    return true
  }

  private follow(): void {
    this.stop = this.options.exchange.onCommitted(({ commands }: CommittedBatch) => {
      if (this.stream.waitingBytes > MAX_WAITING_BYTES) this.socket.destroy()
      else this.stream.send('committed', 0, commands.used().slice())
    })
  }
}
