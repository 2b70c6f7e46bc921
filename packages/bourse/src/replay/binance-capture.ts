/** Raw captures of a venue's websocket streams, `<local ns> <json>` a line, in the form that Binance gives: depth diffs, trades, best prices, one or more snapshots. */
import { z } from 'zod'
import { readLines } from './file-lines.js'
import { lineError } from './replay-error.js'

export type CapturedLevel = readonly [price: string, quantity: string]

/** Where a message stands, for reports. */
export interface CapturePlace {
  readonly file: string
  readonly line: number
  /** When it was received, microseconds since 1970. */
  readonly receivedUs: number
}

export interface CapturedSnapshot extends CapturePlace {
  readonly kind: 'snapshot'
  readonly lastUpdateId: number
  readonly bids: readonly CapturedLevel[]
  readonly asks: readonly CapturedLevel[]
}

/** Absolute quantities of the levels that changed in the updates `firstId` to `finalId`; zero removes a level. */
export interface CapturedDiff extends CapturePlace {
  readonly kind: 'diff'
  readonly symbol: string
  readonly firstId: number
  readonly finalId: number
  /** Final id of the diff before, where the venue tells it (futures). */
  readonly previousId: number | undefined
  readonly bids: readonly CapturedLevel[]
  readonly asks: readonly CapturedLevel[]
}

export interface CapturedTrade extends CapturePlace {
  readonly kind: 'trade'
  readonly symbol: string
  readonly tradeId: number
  readonly price: string
  readonly quantity: string
  readonly takerSide: 'buy' | 'sell'
}

export interface CapturedTicker extends CapturePlace {
  readonly kind: 'ticker'
  readonly symbol: string
  readonly updateId: number
  readonly bid: CapturedLevel
  readonly ask: CapturedLevel
}

/** A stream that the replay has no use for. */
export interface CapturedOther extends CapturePlace {
  readonly kind: 'other'
  readonly stream: string
}

export type CapturedMessage = CapturedSnapshot | CapturedDiff | CapturedTrade | CapturedTicker | CapturedOther

const amount = z.string().regex(/^\d+(?:\.\d+)?$/, 'must be a decimal string')
const updateId = z.number().int().nonnegative()
const level = z.tuple([amount, amount])
const snapshot = z.object({ lastUpdateId: updateId, bids: z.array(level), asks: z.array(level) })
const diff = z.object({ s: z.string(), U: updateId, u: updateId, pu: updateId.optional(), b: z.array(level), a: z.array(level) })
const trade = z.object({ s: z.string(), t: updateId, p: amount, q: amount, m: z.boolean() })
const ticker = z.object({ s: z.string(), u: updateId, b: amount, B: amount, a: amount, A: amount })
const envelope = z.object({ stream: z.string().regex(/@/, 'must look like btcusdt@trade'), data: z.unknown() })

/** Reads one line; throws naming file and line when it is none of the known forms. */
export function parseCaptureLine(file: string, line: number, text: string): CapturedMessage {
  const space = text.indexOf(' ')
  const stamp = text.slice(0, space)
  if (space < 0 || !/^\d{10,20}$/.test(stamp)) throw lineError(file, line, text, 'does not begin with a time in nanoseconds and a space')
  const place: CapturePlace = { file, line, receivedUs: Number(BigInt(stamp) / 1000n) }
  let json: unknown
  try {
    json = JSON.parse(text.slice(space + 1))
  } catch {
    throw lineError(file, line, text, 'is not JSON after the time')
  }
  if (typeof json === 'object' && json !== null && 'lastUpdateId' in json) {
    return { kind: 'snapshot', ...place, ...check(snapshot, json, { file, line, text }) }
  }
  const { stream, data } = check(envelope, json, { file, line, text })
  return parseStream(stream.slice(stream.indexOf('@') + 1), data, { place, text, stream })
}

function parseStream(channel: string, data: unknown, context: { place: CapturePlace; text: string; stream: string }): CapturedMessage {
  const { place, text, stream } = context
  const at = { file: place.file, line: place.line, text }
  if (channel === 'trade') {
    const { s, t, p, q, m } = check(trade, data, at)
    return { kind: 'trade', ...place, symbol: s, tradeId: t, price: p, quantity: q, takerSide: m ? 'sell' : 'buy' }
  }
  if (channel === 'bookTicker') {
    const { s, u, b, B, a, A } = check(ticker, data, at)
    return { kind: 'ticker', ...place, symbol: s, updateId: u, bid: [b, B], ask: [a, A] }
  }
  if (/^depth(?:@\d+ms)?$/.test(channel)) {
    const { s, U, u, pu, b, a } = check(diff, data, at)
    return { kind: 'diff', ...place, symbol: s, firstId: U, finalId: u, previousId: pu, bids: b, asks: a }
  }
  return { kind: 'other', ...place, stream }
}

function check<T>(schema: z.ZodType<T>, value: unknown, at: { file: string; line: number; text: string }): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw lineError(at.file, at.line, at.text, `${issue?.path.join('.') || 'the message'}: ${issue?.message ?? 'is not of a known form'}`)
}

/** Reads the files of one capture in order, message by message in blocks; `onProgress` from 0 to 1 over all files. */
export async function* readCapture(files: readonly string[], onProgress?: (done: number) => void): AsyncGenerator<readonly CapturedMessage[]> {
  for (const [index, file] of files.entries()) {
    const progress = (read: number, total: number): void => onProgress?.((index + (total === 0 ? 1 : read / total)) / files.length)
    for await (const { firstLine, lines } of readLines(file, progress)) {
      const messages: CapturedMessage[] = []
      for (const [at, text] of lines.entries()) if (text !== '') messages.push(parseCaptureLine(file, firstLine + at, text))
      yield messages
    }
  }
}
