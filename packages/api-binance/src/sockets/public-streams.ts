/** Public streams while somebody listens: each message is written once and sent to all who listen. */
import { textFrame, type GatewayShare, type PlainSocket, type Rooms } from '@bourse/api'
import type { StreamMessage } from '@bourse/client'
import type { PublicStream } from './stream-names.js'
import { streamSource, type StreamSource } from './stream-source.js'

/** A connection that listens to public streams. */
export interface StreamListener {
  readonly socket: PlainSocket
  /** Wants each message together with the name of its stream. */
  combined: boolean
}

/** How often what is due by time is looked for. */
const TICK_MS = 50

class Feed {
  readonly listeners = new Set<StreamListener>()
  readonly source: StreamSource

  constructor(
    private readonly name: string,
    stream: PublicStream,
    share: GatewayShare,
  ) {
    this.source = streamSource(stream, { share, send: (data) => this.send(data, this.listeners) })
  }

  /** Writes the message at most once in each of its two forms. */
  send(data: object, listeners: Iterable<StreamListener>): void {
    const text = JSON.stringify(data)
    let plain: Buffer | undefined
    let combined: Buffer | undefined
    for (const listener of listeners) {
      if (listener.combined) listener.socket.publish((combined ??= textFrame(`{"stream":${JSON.stringify(this.name)},"data":${text}}`)))
      else listener.socket.publish((plain ??= textFrame(text)))
    }
  }
}

export class PublicStreams implements Rooms {
  private readonly feeds = new Map<string, Feed>()
  private readonly byRoom = new Map<string, Set<Feed>>()
  private readonly ticking: NodeJS.Timeout

  constructor(private readonly share: GatewayShare) {
    this.ticking = setInterval(() => this.tick(), TICK_MS)
    this.ticking.unref()
  }

  close(): void {
    clearInterval(this.ticking)
  }

  subscribe(stream: PublicStream, listener: StreamListener): void {
    let feed = this.feeds.get(stream.name)
    if (feed === undefined) {
      feed = new Feed(stream.name, stream, this.share)
      this.feeds.set(stream.name, feed)
      const { room } = feed.source
      this.byRoom.set(room, (this.byRoom.get(room) ?? new Set()).add(feed))
    }
    if (feed.listeners.has(listener)) return
    feed.listeners.add(listener)
    const first = feed.source.first()
    if (first !== undefined) feed.send(first, [listener])
  }

  unsubscribe(name: string, listener: StreamListener): void {
    const feed = this.feeds.get(name)
    if (feed === undefined) return
    feed.listeners.delete(listener)
    if (feed.listeners.size > 0) return
    this.feeds.delete(name)
    const { room } = feed.source
    const others = this.byRoom.get(room)
    others?.delete(feed)
    if (others?.size === 0) this.byRoom.delete(room)
  }

  has(room: string): boolean {
    return this.byRoom.has(room)
  }

  send(room: string, message: StreamMessage): void {
    for (const { source } of this.byRoom.get(room) ?? []) source.receive(message)
  }

  private tick(): void {
    for (const { source } of this.feeds.values()) source.tick()
  }
}
