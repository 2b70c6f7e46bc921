/** `exchange replay --format commands`: drives the engine from a file of order commands and writes fills and books. */
import {
  COMMAND_REJECTED,
  FrameBuffer,
  MarketData,
  MAX_AMOUNT,
  REJECT_CODES,
  RESULT_CODE,
  TRADE_EXECUTED,
  TRADE_PRICE,
  TRADE_QUANTITY,
  writeOrderCancel,
  writeOrderReduce,
  type DepthLevel,
} from '@bourse/core'
import { readCommandFile, type CommandColumns, type FileCommand } from './command-file.js'
import { eventOffsets, type FrameAnswer, type FrameDoor } from './frame-door.js'
import { OrderNames } from './order-names.js'
import { ReplayError } from './replay-error.js'
import { openReplayMarket, writeReplayOrder, type ReplayMarket, type ReplayMarketShape } from './replay-market.js'
import { openTextOutput, type TextOutput } from './text-output.js'

const BATCH_COMMANDS = 1_000
const BOOK_LEVELS = 5
/** What LOBSTER writes where a side has fewer levels. */
const NO_BID = '-9999999999,0'
const NO_ASK = '9999999999,0'
const FILLS_HEADER = 'seq,maker_id,taker_id,price,qty\n'
const BOOK_HEADER = 'seq,row,bid1,bidq1,ask1,askq1,... (5 levels)\n'

export interface CommandReplayOptions {
  /** An exchange without markets. */
  readonly door: FrameDoor
  readonly file: string
  readonly fillsOut?: string
  readonly book5Out?: string
  /** From 0 to 1: the file is read twice, first to learn its bounds. */
  readonly onProgress?: (stage: 'checking' | 'replaying', done: number) => void
  readonly nowMs: () => number
}

export interface CommandReplayReport {
  readonly format: 'commands'
  readonly commands: number
  readonly fills: number
  /** Rejects by code: cancels of orders that are gone are usual in such files. */
  readonly rejects: Readonly<Record<string, number>>
  /** Orders whose price or quantity no market with int64 notionals can hold; they were refused. */
  readonly beyondBounds: { readonly orders: number; readonly firstLine: number }
  readonly seconds: number
  readonly commandsPerSecond: number
}

/** Replays one file. @throws ReplayError naming file and line for what is malformed; nothing has been submitted then. */
export async function replayCommands(options: CommandReplayOptions): Promise<CommandReplayReport> {
  const { shape, beyondBounds } = await scanCommands(options.file, (done) => options.onProgress?.('checking', done))
  const market = await openReplayMarket(options.door, shape)
  const fills = openTextOutput(options.fillsOut)
  const books = openTextOutput(options.book5Out)
  const run = new CommandRun(options, market, { fills, books })
  const startedMs = options.nowMs()
  try {
    await run.all()
  } finally {
    await Promise.all([fills.close(), books.close()])
  }
  const seconds = (options.nowMs() - startedMs) / 1000
  return {
    format: 'commands',
    commands: run.commands,
    fills: run.fills,
    rejects: run.rejects,
    beyondBounds,
    seconds,
    commandsPerSecond: Math.round(run.commands / Math.max(seconds, 1e-6)),
  }
}

/** Reads the file once, for faults and for the bounds of its market. */
async function scanCommands(file: string, onProgress: (done: number) => void): Promise<{ shape: ReplayMarketShape; beyondBounds: { orders: number; firstLine: number } }> {
  const bounds = new NumberBounds()
  let columns: CommandColumns | undefined
  for await (const block of readCommandFile(file, (read, total) => onProgress(total === 0 ? 1 : read / total))) {
    columns = block.columns
    for (const command of block.commands) if (command.operation === 'N') bounds.add(command)
  }
  if (columns === undefined) throw new ReplayError(`${file} holds no commands.`)
  const { priceScale, quantityScale } = columns
  const { maxPrice, maxQuantity, orders, firstLine } = bounds.best()
  return { shape: { priceScale, quantityScale, maxPrice, maxQuantity }, beyondBounds: { orders, firstLine } }
}

/** Bits that price x quantity may take. */
const NOTIONAL_BITS = MAX_AMOUNT.toString(2).length

/**
 * Finds the largest price and quantity that a market may allow, their product being bounded.
 *
 * Real files hold absurd orders (a bid for seven million at a cent, an offer at 200 million): where both extremes do
 * not fit, the split that loses the fewest orders is taken.
 */
class NumberBounds {
  /** Orders by bits of price and bits of quantity, and the first line of each. */
  private readonly counts = new Map<number, { orders: number; firstLine: number }>()

  add({ price, quantity, line }: FileCommand): void {
    const key = bits(price) * 64 + bits(quantity)
    const entry = this.counts.get(key)
    if (entry === undefined) this.counts.set(key, { orders: 1, firstLine: line })
    else entry.orders += 1
  }

  best(): { maxPrice: bigint; maxQuantity: bigint; orders: number; firstLine: number } {
    let best: { priceBits: number; orders: number; firstLine: number } | undefined
    for (let priceBits = 1; priceBits < NOTIONAL_BITS; priceBits++) {
      const lost = this.lost(priceBits)
      if (best === undefined || lost.orders < best.orders) best = { priceBits, ...lost }
    }
    const { priceBits, orders, firstLine } = best!
    return { maxPrice: 2n ** BigInt(priceBits) - 1n, maxQuantity: 2n ** BigInt(NOTIONAL_BITS - priceBits) - 1n, orders, firstLine }
  }

  private lost(priceBits: number): { orders: number; firstLine: number } {
    let orders = 0
    let firstLine = 0
    for (const [key, entry] of this.counts) {
      if (Math.floor(key / 64) <= priceBits && key % 64 <= NOTIONAL_BITS - priceBits) continue
      orders += entry.orders
      firstLine = firstLine === 0 ? entry.firstLine : Math.min(firstLine, entry.firstLine)
    }
    return { orders, firstLine }
  }
}

function bits(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length
}

class CommandRun {
  commands = 0
  fills = 0
  readonly rejects: Record<string, number> = {}
  private readonly names = new OrderNames()
  private readonly data = new MarketData()

  constructor(
    private readonly options: CommandReplayOptions,
    private readonly market: ReplayMarket,
    private readonly out: { readonly fills: TextOutput; readonly books: TextOutput },
  ) {}

  /** Reads and writes ahead by one batch: while one becomes durable, the next is parsed. */
  async all(): Promise<void> {
    await this.out.fills.write(FILLS_HEADER)
    await this.out.books.write(BOOK_HEADER)
    let before = Promise.resolve()
    const report = (read: number, total: number): void => this.options.onProgress?.('replaying', total === 0 ? 1 : read / total)
    for await (const { commands } of readCommandFile(this.options.file, report)) {
      for (let from = 0; from < commands.length; from += BATCH_COMMANDS) {
        const batch = commands.slice(from, from + BATCH_COMMANDS)
        const frames = new FrameBuffer(batch.length * 96)
        for (const command of batch) this.writeCommand(frames, command)
        const answer = this.options.door.submitFrames(frames)
        // A failure is told when the answer is awaited below, after the batch before it.
        answer.catch(() => undefined)
        await before
        before = answer.then((settled) => this.tell(batch, settled))
        before.catch(() => undefined)
      }
    }
    await before
  }

  private writeCommand(frames: FrameBuffer, command: FileCommand): void {
    if (command.operation === 'N') {
      writeReplayOrder(frames, this.market, command)
      return
    }
    const reference = { ...this.market, orderId: 0, clientOrderId: command.id }
    if (command.operation === 'C') writeOrderCancel(frames, reference)
    else writeOrderReduce(frames, { ...reference, leavesQuantity: command.quantity })
  }

  private async tell(batch: readonly FileCommand[], answer: FrameAnswer): Promise<void> {
    const { events } = answer
    const offsets = eventOffsets(answer, batch.length)
    const fills: string[] = []
    const books: string[] = []
    for (const [index, command] of batch.entries()) {
      for (let offset = offsets[index]!; offset < offsets[index + 1]!; offset += events.size(offset)) this.fold(events, offset, command, fills)
      if (this.options.book5Out !== undefined) books.push(this.bookLine(command))
    }
    this.commands += batch.length
    this.fills += fills.length
    await this.out.fills.write(fills.join(''))
    await this.out.books.write(books.join(''))
  }

  private fold(events: FrameBuffer, offset: number, command: FileCommand, fills: string[]): void {
    this.data.fold(events, offset)
    this.names.learn(events, offset)
    const type = events.type(offset)
    if (type === TRADE_EXECUTED) {
      const price = events.i64[(offset + TRADE_PRICE) >> 3]!
      const quantity = events.i64[(offset + TRADE_QUANTITY) >> 3]!
      fills.push(`${command.sequence},${this.names.maker(events, offset)},${this.names.taker(events, offset)},${price},${quantity}\n`)
    } else if (type === COMMAND_REJECTED) {
      const code = REJECT_CODES[events.u8[offset + RESULT_CODE]!]!
      this.rejects[code] = (this.rejects[code] ?? 0) + 1
    }
    this.names.forget(events, offset)
  }

  private bookLine(command: FileCommand): string {
    const { bids, asks } = this.data.depth(this.market.market, BOOK_LEVELS)
    let line = `${command.sequence},${command.row}`
    for (let level = 0; level < BOOK_LEVELS; level++) line += `,${levelText(bids[level], NO_BID)},${levelText(asks[level], NO_ASK)}`
    return `${line}\n`
  }
}

function levelText(level: DepthLevel | undefined, none: string): string {
  return level === undefined ? none : `${level[0]},${level[1]}`
}
