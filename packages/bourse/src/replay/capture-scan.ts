/** Reads a capture once before it is replayed: is it whole, is it of one market, can this market express it? */
import type { CapturedLevel, CapturedMessage } from './binance-capture.js'
import { readCapture } from './binance-capture.js'
import { ReplayError } from './replay-error.js'
import type { UnitFault, VenueUnits } from './venue-units.js'

export interface CaptureSummary {
  readonly symbol: string
  readonly messages: number
  readonly diffs: number
  readonly trades: number
  readonly tickers: number
  readonly snapshots: number
  /** Messages of streams that a replay has no use for. */
  readonly others: number
  /** Level quantities that are no multiple of the market's lot size. */
  readonly roundedQuantities: number
  /** Times of the first and the last message, microseconds since 1970. */
  readonly firstUs: number
  readonly lastUs: number
}

/** Reads every line; throws naming file and line where something is malformed or cannot be expressed. */
export async function scanCapture(files: readonly string[], units: VenueUnits, onProgress?: (done: number) => void): Promise<CaptureSummary> {
  const scan = { symbol: '', messages: 0, diffs: 0, trades: 0, tickers: 0, snapshots: 0, others: 0, roundedQuantities: 0, firstUs: Infinity, lastUs: -Infinity }
  for await (const messages of readCapture(files, onProgress)) {
    for (const message of messages) {
      scan.messages += 1
      scan.firstUs = Math.min(scan.firstUs, message.receivedUs)
      scan.lastUs = Math.max(scan.lastUs, message.receivedUs)
      scan[`${message.kind}s`] += 1
      checkSymbol(scan, message)
      scan.roundedQuantities += checkUnits(message, units)
    }
  }
  if (scan.snapshots === 0) {
    throw new ReplayError(`${files.join(', ')}: the capture holds no depth snapshot (a line with lastUpdateId), so the book cannot be known. Put the file that has it first.`)
  }
  return scan
}

function checkSymbol(scan: { symbol: string }, message: CapturedMessage): void {
  if (message.kind === 'snapshot' || message.kind === 'other') return
  if (scan.symbol === '') scan.symbol = message.symbol
  if (message.symbol !== scan.symbol) {
    throw new ReplayError(`${message.file}, line ${message.line}: is of ${message.symbol}, the capture began with ${scan.symbol}. Replay one symbol at a time.`)
  }
}

/** Refuses prices and traded quantities that the market does not have; counts level quantities that will be rounded. */
function checkUnits(message: CapturedMessage, units: VenueUnits): number {
  const refuse = (value: number | UnitFault): void => {
    if (typeof value === 'number') return
    throw new ReplayError(`${message.file}, line ${message.line}: the ${value.what} ${value.text} cannot be expressed: ${value.reason}. Choose a market with finer steps, or define one.`)
  }
  if (message.kind === 'trade') {
    refuse(units.price(message.price))
    refuse(units.quantity(message.quantity))
  }
  if (message.kind !== 'snapshot' && message.kind !== 'diff') return 0
  let rounded = 0
  for (const [price, quantity] of [...message.bids, ...message.asks] as CapturedLevel[]) {
    refuse(units.price(price))
    refuse(units.levelQuantity(quantity))
    if (typeof units.quantity(quantity) !== 'number') rounded += 1
  }
  return rounded
}
