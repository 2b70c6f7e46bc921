/** The bytes of market data: a header part, then one part for each market, all words of 8 bytes, little-endian. */
import { CANDLE_INTERVALS } from './candle-interval.js'
import { DepthBook } from './depth-book.js'
import { DepthLevels } from './depth-levels.js'
import { MarketCandles } from './market-candles.js'
import type { RowRing } from './row-ring.js'
import { TickerWindow } from './ticker.js'
import { TradeRing } from './trade-ring.js'

const FORMAT_VERSION = 1

/** Everything that is kept for one market. */
export class MarketRecord {
  readonly book = new DepthBook()
  readonly trades = new TradeRing()
  readonly candles = new MarketCandles()
  readonly ticker = new TickerWindow()
  /** Whether depth or trades changed since somebody asked. */
  touched = false
}

export interface MarketDataState {
  readonly sequence: number
  readonly timestampUs: number
  /** By market number. */
  readonly markets: readonly MarketRecord[]
}

/**
 * Writes the state. Equal states give equal bytes, whatever way led there; what subscribers have
 * taken so far is not part of it.
 */
export function writeMarketData(state: MarketDataState): Uint8Array[] {
  const header = new WordWriter()
  for (const value of [FORMAT_VERSION, state.sequence, state.timestampUs, state.markets.length]) header.number(value)
  return [header.bytes(), ...state.markets.map(writeMarket)]
}

/** @throws Error when the parts are not what {@link writeMarketData} writes. */
export function readMarketData(parts: readonly Uint8Array[]): MarketDataState {
  const header = new WordReader(parts[0])
  const version = header.number()
  if (version !== FORMAT_VERSION) throw new Error(`Market data: the snapshot has format ${version}, this program reads ${FORMAT_VERSION}. Start without it: market data is rebuilt from the journal.`)
  const sequence = header.number()
  const timestampUs = header.number()
  const count = header.number()
  if (parts.length !== count + 1) throw new Error(`Market data: the snapshot names ${count} markets and holds ${parts.length - 1}. Start without it: market data is rebuilt from the journal.`)
  return { sequence, timestampUs, markets: parts.slice(1).map(readMarket) }
}

function writeMarket(record: MarketRecord): Uint8Array {
  const words = new WordWriter()
  const { book } = record
  words.number(book.sequence)
  words.number(book.timestampUs)
  words.rows(levelRows(book.bids), 0)
  words.rows(levelRows(book.asks), 0)
  words.ring(record.trades.ring)
  for (const interval of CANDLE_INTERVALS) words.ring(record.candles.of(interval).ring)
  return words.bytes()
}

function readMarket(part: Uint8Array): MarketRecord {
  const words = new WordReader(part)
  const record = new MarketRecord()
  const sequence = words.number()
  record.book.touch(sequence, words.number())
  loadLevels(record.book.bids, words.rows().rows)
  loadLevels(record.book.asks, words.rows().rows)
  const trades = words.rows()
  record.trades.ring.load(trades.rows, trades.dropped)
  for (const interval of CANDLE_INTERVALS) {
    const { rows, dropped } = words.rows()
    record.candles.of(interval).load(rows, dropped)
  }
  return record
}

function levelRows(levels: DepthLevels): BigInt64Array<ArrayBuffer> {
  return BigInt64Array.from(levels.levels(Infinity, 'current').flat())
}

function loadLevels(levels: DepthLevels, rows: BigInt64Array<ArrayBuffer>): void {
  const words = new Uint32Array(rows.buffer)
  for (let at = 0; at < rows.length * 8; at += 16) levels.add(words, rows, at, at + 8)
}

class WordWriter {
  private readonly chunks: Uint8Array[] = []

  number(value: number): void {
    this.chunks.push(new Uint8Array(Float64Array.of(value).buffer))
  }

  /** Words, told how many, and how many rows had been dropped before them. */
  rows(rows: BigInt64Array<ArrayBuffer>, dropped: number): void {
    this.number(rows.length)
    this.number(dropped)
    this.chunks.push(new Uint8Array(rows.buffer))
  }

  ring(ring: RowRing): void {
    this.rows(ring.rows(), ring.dropped)
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.chunks.reduce((sum, chunk) => sum + chunk.length, 0))
    let at = 0
    for (const chunk of this.chunks) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    return bytes
  }
}

class WordReader {
  private readonly bytes: Uint8Array<ArrayBuffer>
  private at = 0

  constructor(part: Uint8Array | undefined) {
    // A copy is aligned to 8 bytes, wherever the part came from.
    this.bytes = Uint8Array.from(part ?? [])
  }

  number(): number {
    return new Float64Array(this.take(8).buffer)[0]!
  }

  rows(): { rows: BigInt64Array<ArrayBuffer>; dropped: number } {
    const length = this.number()
    const dropped = this.number()
    return { rows: new BigInt64Array(this.take(length * 8).buffer), dropped }
  }

  private take(length: number): Uint8Array<ArrayBuffer> {
    const end = this.at + length
    if (!(end <= this.bytes.length)) throw new Error(`Market data: the snapshot ends at byte ${this.bytes.length} of a part that needs ${end}. Start without it: market data is rebuilt from the journal.`)
    const taken = this.bytes.slice(this.at, end)
    this.at = end
    return taken
  }
}
