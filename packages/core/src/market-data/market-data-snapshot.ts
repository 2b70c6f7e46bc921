/** The bytes of market data: a header, then every market, all words of 8 bytes, little-endian. */
import { ImageMemory } from '../values/memory-image.js'
import { CANDLE_INTERVALS } from './candle-interval.js'
import { DepthBook } from './depth-book.js'
import type { DepthLevels } from './depth-levels.js'
import { MarketCandles } from './market-candles.js'
import type { RowRing } from './row-ring.js'
import { TickerWindow } from './ticker.js'
import { TradeRing } from './trade-ring.js'

const FORMAT_VERSION = 2
const HEADER_WORDS = 4
/** In front of rows: their length, and how many were dropped. */
const ROWS_WORDS = 2

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
 *
 * @param memory where to; by default memory of its own.
 */
export function writeMarketData(state: MarketDataState, memory = new ImageMemory()): Uint8Array {
  const bytes = memory.slab(0, { bytes: marketDataBytes(state.markets) })
  const words = new WordWriter(bytes)
  for (const value of [FORMAT_VERSION, state.sequence, state.timestampUs, state.markets.length]) words.number(value)
  for (const record of state.markets) writeMarket(record, words)
  return bytes
}

/** @throws Error when the bytes are not what {@link writeMarketData} writes. */
export function readMarketData(bytes: Uint8Array): MarketDataState {
  const words = new WordReader(bytes)
  const version = words.number()
  if (version !== FORMAT_VERSION) throw new Error(`Market data: the snapshot has format ${version}, this program reads ${FORMAT_VERSION}. Start without it: market data is rebuilt from the journal.`)
  const sequence = words.number()
  const timestampUs = words.number()
  const count = words.number()
  const markets: MarketRecord[] = []
  while (markets.length < count) markets.push(readMarket(words))
  words.end()
  return { sequence, timestampUs, markets }
}

/** How many bytes markets take. */
export function marketDataBytes(markets: readonly MarketRecord[]): number {
  return markets.reduce((words, record) => words + wordsOf(record), HEADER_WORDS) * 8
}

function wordsOf({ book, trades, candles }: MarketRecord): number {
  let words = 2 + 2 * ROWS_WORDS + 2 * (book.bids.count + book.asks.count) + ringWords(trades.ring)
  for (const interval of CANDLE_INTERVALS) words += ringWords(candles.of(interval).ring)
  return words
}

function ringWords(ring: RowRing): number {
  return ROWS_WORDS + ring.count * ring.width
}

function writeMarket(record: MarketRecord, words: WordWriter): void {
  const { book } = record
  words.number(book.sequence)
  words.number(book.timestampUs)
  for (const levels of [book.bids, book.asks]) levels.copyTo(words.i64, words.rows(levels.count * 2, 0))
  words.ring(record.trades.ring)
  for (const interval of CANDLE_INTERVALS) words.ring(record.candles.of(interval).ring)
}

function readMarket(words: WordReader): MarketRecord {
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

function loadLevels(levels: DepthLevels, rows: BigInt64Array): void {
  levels.reserve(rows.length / 2)
  const words = new Uint32Array(rows.buffer, rows.byteOffset, rows.length * 2)
  for (let at = 0; at < rows.length * 8; at += 16) levels.add(words, rows, at, at + 8)
}

class WordWriter {
  readonly i64: BigInt64Array
  private readonly f64: Float64Array
  private at = 0

  constructor({ buffer, byteOffset, length }: Uint8Array) {
    this.i64 = new BigInt64Array(buffer, byteOffset, length >> 3)
    this.f64 = new Float64Array(buffer, byteOffset, length >> 3)
  }

  number(value: number): void {
    this.f64[this.at++] = value
  }

  /** Room for words, told how many, and how many rows had been dropped before them. @returns where it begins. */
  rows(length: number, dropped: number): number {
    this.number(length)
    this.number(dropped)
    const at = this.at
    this.at += length
    return at
  }

  ring(ring: RowRing): void {
    ring.copyTo(this.i64, this.rows(ring.count * ring.width, ring.dropped))
  }
}

class WordReader {
  private readonly i64: BigInt64Array
  private readonly f64: Float64Array
  private at = 0

  constructor(bytes: Uint8Array) {
    const { buffer, byteOffset, length } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
    this.i64 = new BigInt64Array(buffer, byteOffset, length >> 3)
    this.f64 = new Float64Array(buffer, byteOffset, length >> 3)
  }

  number(): number {
    return this.f64[this.take(1)]!
  }

  /** A view of the rows. */
  rows(): { rows: BigInt64Array; dropped: number } {
    const length = this.number()
    const dropped = this.number()
    const at = this.take(length)
    return { rows: this.i64.subarray(at, at + length), dropped }
  }

  /** @throws Error where something is left. */
  end(): void {
    if (this.at !== this.i64.length) throw wrongLength(this.i64.length, this.at)
  }

  private take(length: number): number {
    const at = this.at
    this.at += length
    if (!(this.at <= this.i64.length)) throw wrongLength(this.i64.length, this.at)
    return at
  }
}

function wrongLength(words: number, needed: number): Error {
  return new Error(`Market data: the snapshot ends at byte ${words * 8} and needs ${needed * 8}. Start without it: market data is rebuilt from the journal.`)
}
