/** What must be true of the exchange under test: a plain engine and its naive twin, fed with the commands that are known to have happened. */
import { createHash } from 'node:crypto'
import { COMMAND_TYPES, createEngine, CONTINUE, decodeEvents, encodeCommand, FRAME_HEADER_BYTES, FrameBuffer, hashParts, MARKET_AUCTION, MarketData, type Command, type Engine, type Event } from '@bourse/core'
import { NaiveEngine, naiveParts, TWIN_LIMITS } from '@bourse/testkit'

/** Something that a client has sent and that has no answer yet: command frames, or one command in words. */
export type Sent =
  | { readonly kind: 'frames'; readonly bytes: Uint8Array; readonly count: number; matched: number }
  | { readonly kind: 'command'; readonly command: Command; readonly count: 1; matched: number }

/** Commands that only the writer issues, between those of clients. */
const OF_THE_WRITER: ReadonlySet<number> = new Set([CONTINUE])
/** Commands that clients send, and the exchange by itself: it calls the auction behind a halt. */
const ALSO_OF_THE_EXCHANGE: ReadonlySet<number> = new Set([MARKET_AUCTION])
/** The naive twin is compared up to this sequence: later its state takes too long to write down. */
const TWIN_COMMANDS = 20_000

export class Model {
  readonly engine: Engine = createEngine(TWIN_LIMITS)
  readonly marketData = new MarketData()
  /** For each sequence, from 1 on, a digest of all events up to it; a projection must come to the same. */
  readonly digests: string[] = ['']
  /** What clients have sent and nobody has answered, in the order of the calls. */
  readonly pending: Sent[] = []
  private readonly twin: NaiveEngine | undefined
  private readonly frames = new FrameBuffer()
  private readonly events = new FrameBuffer()

  constructor(private readonly observe: (event: Event) => void, withTwin: boolean) {
    this.twin = withTwin ? new NaiveEngine(TWIN_LIMITS) : undefined
  }

  /**
   * Takes the next command as having happened, and returns its event frames.
   *
   * @throws Error when nobody sent it, or not in this order.
   */
  apply(frame: Uint8Array): Uint8Array {
    const { frames, events, engine } = this
    frames.clear()
    events.clear()
    const offset = frames.extend(frame.length)
    frames.bytes.set(frame, offset)
    this.expectSent(frame)
    if (frames.timestampUs(0) < engine.timestampUs) throw new Error(`command ${engine.sequence + 1} has the time ${frames.timestampUs(0)}, the one before ${engine.timestampUs}`)
    engine.apply(frames, 0, events)
    if (this.twin !== undefined && engine.sequence <= TWIN_COMMANDS) this.twin.apply(frames, 0)
    this.marketData.foldAll(events)
    const decoded = decodeEvents(events)
    for (const event of decoded) this.observe(event)
    this.digests.push(digestOf(this.digests.at(-1)!, decoded))
    return events.used().slice()
  }

  /** Whether the state that the naive twin comes to is the engine's; true where there is none any more. */
  agreesWithTwin(): boolean {
    if (this.twin === undefined || this.engine.sequence > TWIN_COMMANDS) return true
    return hashParts(naiveParts(this.twin.state)) === this.engine.stateHash()
  }

  /** Forgets what never happened, and returns it. */
  forgetPending(): Sent[] {
    const lost = this.pending.splice(0)
    const torn = lost.find((sent) => sent.matched > 0)
    if (torn !== undefined) throw new Error(`a batch of ${torn.count} commands was journaled in part: ${torn.matched}`)
    return lost
  }

  /** The command must be the writer's own, or the next one of the oldest request without an answer. */
  private expectSent(frame: Uint8Array): void {
    const type = frame[2]!
    if (OF_THE_WRITER.has(type)) return
    const where = `command ${this.engine.sequence + 1} (${COMMAND_TYPES[type]})`
    // A command in words that cannot be written as a frame is answered and not journaled.
    while (this.pending[0]?.kind === 'command' && this.encoded(this.pending[0].command) === undefined) this.pending.shift()
    const sent = this.pending[0]
    const own = ALSO_OF_THE_EXCHANGE.has(type)
    if (sent === undefined && own) return
    if (sent === undefined) throw new Error(`${where} was journaled, but nobody has sent it`)
    const body = sent.kind === 'command' ? this.encoded(sent.command)! : nthFrame(sent.bytes, sent.matched)
    if (!sameCommand(body, frame) && own && sent.matched === 0) return
    if (!sameCommand(body, frame)) throw new Error(`${where} was journaled, but another command was sent before it`)
    if (++sent.matched === sent.count) this.pending.shift()
  }

  private encoded(command: Command): Uint8Array | undefined {
    const buffer = new FrameBuffer()
    return encodeCommand(command, this.engine.catalog, buffer) === undefined ? buffer.used() : undefined
  }
}

/** Folds events, one by one, so that the pieces in which they come do not matter. */
export function digestOf(before: string, events: readonly Event[]): string {
  let digest = before
  for (const event of events) {
    const text = JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
    digest = createHash('sha1').update(digest).update(text).digest('base64')
  }
  return digest
}

function nthFrame(bytes: Uint8Array, index: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  let offset = 0
  for (let at = 0; at < index; at++) offset += view.getUint16(offset, true)
  return bytes.subarray(offset, offset + view.getUint16(offset, true))
}

/** Equal but for sequence and time, which the writer stamps. */
function sameCommand(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) {
    const stamped = at >= 8 && at < FRAME_HEADER_BYTES - 8
    if (!stamped && one[at] !== other[at]) return false
  }
  return true
}
