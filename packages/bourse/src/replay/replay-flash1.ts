/** `exchange replay --format flash1`: drives the engine with the messages of that benchmark and writes its report stream. */
import {
  COMMAND_REJECTED,
  FrameBuffer,
  ORDER_ACCEPTED,
  ORDER_CANCELLED,
  SIDES,
  STATE_PRICE,
  STATE_SIDE,
  TRADE_EXECUTED,
  TRADE_PRICE,
  TRADE_QUANTITY,
  writeOrderCancel,
  type LiveOrder,
  type Side,
} from '@bourse/core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Flash1Reports, readFlash1, type Flash1Message } from './flash1-file.js'
import { eventOffsets, type FrameAnswer, type FrameDoor } from './frame-door.js'
import { OrderNames } from './order-names.js'
import { ReplayError } from './replay-error.js'
import { openReplayMarket, writeReplayOrder, type ReplayMarket } from './replay-market.js'
import { openTextOutput } from './text-output.js'

const BATCH_MESSAGES = 1_000
/** Quantities are u32, so this leaves 30 bits for prices. */
const MAX_QUANTITY = 2n ** 32n - 1n
const MAX_PRICE = 2n ** 29n

export interface Flash1ReplayOptions {
  /** An exchange without markets. */
  readonly door: FrameDoor
  readonly file: string
  readonly reportsOut?: string
  readonly onProgress?: (done: number) => void
  readonly nowMs: () => number
}

export interface Flash1ReplayReport {
  readonly format: 'flash1'
  readonly messages: number
  readonly reports: number
  readonly trades: number
  readonly seconds: number
  readonly messagesPerSecond: number
}

/** Replays one file. @throws ReplayError naming file and message for what is malformed. */
export async function replayFlash1(options: Flash1ReplayOptions): Promise<Flash1ReplayReport> {
  const market = await openReplayMarket(options.door, { priceScale: 0, quantityScale: 0, maxPrice: MAX_PRICE, maxQuantity: MAX_QUANTITY })
  const run = new Flash1Run(options.door, market)
  const out = openTextOutput(options.reportsOut)
  const startedMs = options.nowMs()
  let written = false
  try {
    for await (const messages of readFlash1(options.file, (done, total) => options.onProgress?.(total === 0 ? 1 : done / total))) {
      for (const message of messages) await run.take(message)
      await run.settle()
      const lines = run.takeLines()
      if (lines.length > 0) await out.write(`${written ? '\n' : ''}${lines.join('\n')}`)
      written ||= lines.length > 0
    }
  } finally {
    await out.close()
  }
  const seconds = (options.nowMs() - startedMs) / 1000
  const { messages, reports, trades } = run
  return { format: 'flash1', messages, reports, trades, seconds, messagesPerSecond: Math.round(messages / Math.max(seconds, 1e-6)) }
}

/** A message and the commands that were written for it. */
interface Written {
  readonly message: Flash1Message
  readonly commands: number
}

/** Batches on their way to the disk before the next waits for them. */
const MAX_ON_THE_WAY = 64

/**
 * A modify is a cancel and a new order. Whether there is anything to cancel has to be known before the new order is
 * written, so a batch ends before each modify; the next one begins as soon as it is applied, and what is reported
 * waits until it is durable.
 */
class Flash1Run {
  messages = 0
  reports = 0
  trades = 0
  private readonly names = new OrderNames()
  private readonly report = new Flash1Reports()
  private frames = new FrameBuffer()
  private batch: Written[] = []
  private commands = 0
  private lines: string[] = []
  /** Sequence of the last command that was submitted. */
  private submitted: number
  private onTheWay: Promise<void>[] = []
  private failed = false

  constructor(
    private readonly door: FrameDoor,
    private readonly market: ReplayMarket,
  ) {
    this.submitted = door.engine.sequence
  }

  async take(message: Flash1Message): Promise<void> {
    if (message.type !== 'cancel' && (message.price <= 0n || message.price > MAX_PRICE || message.quantity === 0n)) {
      throw new ReplayError(`Message ${message.sequence} has price ${message.price} and quantity ${message.quantity}; expected a price of 1 to ${MAX_PRICE} and a positive quantity.`)
    }
    let commands = 1
    if (message.type === 'new') {
      writeReplayOrder(this.frames, this.market, { ...message, id: message.orderId })
    } else {
      const live = message.type === 'modify' ? await this.liveOrder(message.orderId) : undefined
      writeOrderCancel(this.frames, { ...this.market, orderId: 0, clientOrderId: message.orderId })
      if (live !== undefined) {
        writeReplayOrder(this.frames, this.market, { ...message, id: message.orderId, side: live.side })
        commands = 2
      }
    }
    this.batch.push({ message, commands })
    this.commands += commands
    if (this.batch.length >= BATCH_MESSAGES) await this.submit()
  }

  /** The order as it stands after every message so far. */
  private async liveOrder(orderId: string): Promise<LiveOrder | undefined> {
    await this.submit()
    while (this.door.engine.sequence < this.submitted && !this.failed) await nextTurn()
    return this.door.engine.orderByClientOrderId(this.market.account, orderId)
  }

  private async submit(): Promise<void> {
    if (this.batch.length === 0) return
    const { batch, commands, frames } = this
    this.batch = []
    this.commands = 0
    this.frames = new FrameBuffer()
    this.submitted += commands
    const before = this.onTheWay.at(-1)
    const answer = this.door.submitFrames(frames)
    const told = Promise.all([answer, before]).then(([settled]) => this.tellAll(batch, commands, settled))
    told.catch(() => (this.failed = true))
    this.onTheWay.push(told)
    if (this.onTheWay.length > MAX_ON_THE_WAY) await this.onTheWay.shift()
  }

  /** Resolves when every message so far is durable and reported. */
  async settle(): Promise<void> {
    await this.submit()
    await Promise.all(this.onTheWay)
    this.onTheWay = []
  }

  private tellAll(batch: readonly Written[], commands: number, answer: FrameAnswer): void {
    const offsets = eventOffsets(answer, commands)
    let command = 0
    for (const written of batch) {
      this.tell(written.message, answer, offsets[command]!, offsets[command + written.commands]!)
      command += written.commands
    }
    this.messages += batch.length
  }

  takeLines(): string[] {
    const lines = this.lines
    this.lines = []
    return lines
  }

  /** Turns the events of one message into its report lines. */
  private tell(message: Flash1Message, { events }: FrameAnswer, from: number, to: number): void {
    let replaced: Side | undefined
    for (let offset = from; offset < to; offset += events.size(offset)) {
      this.names.learn(events, offset)
      const type = events.type(offset)
      if (type === ORDER_ACCEPTED) {
        if (message.type === 'new') this.report.accepted(message)
      } else if (type === TRADE_EXECUTED) {
        this.trades += 1
        this.report.traded(message, events.i64[(offset + TRADE_PRICE) >> 3]!, events.i64[(offset + TRADE_QUANTITY) >> 3]!, this.names.maker(events, offset))
      } else if (type === ORDER_CANCELLED) {
        const side = SIDES[events.u8[offset + STATE_SIDE]!]!
        const isReplaced = message.type === 'modify' && replaced === undefined
        if (isReplaced) this.report.modified(message, side)
        else this.report.cancelled(message, side, events.i64[(offset + STATE_PRICE) >> 3]!)
        replaced = side
      } else if (type === COMMAND_REJECTED) {
        this.refused(message)
      }
      this.names.forget(events, offset)
    }
    const lines = this.report.take()
    this.reports += lines.length
    this.lines.push(...lines)
  }

  private refused(message: Flash1Message): void {
    if (message.type === 'cancel') this.report.cancelRefused(message)
    else if (message.type === 'modify') this.report.modifyRefused(message)
    else throw new ReplayError(`Message ${message.sequence} was refused by the engine: order ${message.orderId} is still live, and a new order needs an id of its own.`)
  }
}
