/** Files of order commands, one a line: which columns there are is told by the header. */
import type { Side } from '@bourse/core'
import { readLines } from './file-lines.js'
import { lineError, ReplayError } from './replay-error.js'

/** New order, cancel, or set the remaining quantity and keep the place. */
export type FileOperation = 'N' | 'C' | 'R'

export interface FileCommand {
  readonly line: number
  readonly sequence: string
  readonly timestampUs: number
  readonly operation: FileOperation
  /** Any 64-bit integer, as the file writes it. */
  readonly id: string
  readonly side: Side
  /** In the file's own units. */
  readonly price: bigint
  readonly quantity: bigint
  readonly immediateOrCancel: boolean
  /** Copied to the books that are written; empty where the file has no such column. */
  readonly row: string
}

/** How the columns of a file are to be read. */
export interface CommandColumns {
  readonly count: number
  readonly sequence: number
  readonly timestamp: number
  readonly operation: number
  readonly id: number
  readonly side: number
  readonly price: number
  readonly quantity: number
  /** -1 where the file has none. */
  readonly timeInForce: number
  readonly row: number
  /** Decimals that the units of prices and quantities stand for. */
  readonly priceScale: number
  readonly quantityScale: number
  /** Multiplies a stamp to nanoseconds: 1 or 1,000,000. */
  readonly timestampNs: bigint
}

const REQUIRED = ['seq', 'op', 'id', 'side']
const TIMESTAMPS = { ts_ns: 1n, ts_ms: 1_000_000n } as const
/** `price` alone is in ten-thousandths, as in LOBSTER's files. */
const PRICES = { price: 4, price_cents: 2 } as const
const QUANTITIES = { qty: 0, qty_satoshi: 8 } as const

/** Reads a header such as `seq,ts_ns,op,id,side,price,qty,tif,src,row`. */
export function parseHeader(file: string, header: string): CommandColumns {
  const names = header.replace(/^\uFEFF/, '').split(',').map((name) => name.trim())
  const missing = REQUIRED.filter((name) => !names.includes(name))
  const timestamp = oneOf(names, TIMESTAMPS)
  const price = oneOf(names, PRICES)
  const quantity = oneOf(names, QUANTITIES)
  if (timestamp === undefined) missing.push('ts_ns or ts_ms')
  if (price === undefined) missing.push('price or price_cents')
  if (quantity === undefined) missing.push('qty or qty_satoshi')
  if (missing.length > 0 || timestamp === undefined || price === undefined || quantity === undefined) {
    throw lineError(file, 1, header, `the header names no column ${missing.join(', ')}; expected seq, ts_ns|ts_ms, op, id, side, price|price_cents, qty|qty_satoshi and optionally tif, src, row`)
  }
  return {
    count: names.length,
    sequence: names.indexOf('seq'),
    operation: names.indexOf('op'),
    id: names.indexOf('id'),
    side: names.indexOf('side'),
    timeInForce: names.indexOf('tif'),
    row: names.indexOf('row'),
    timestamp: names.indexOf(timestamp),
    price: names.indexOf(price),
    quantity: names.indexOf(quantity),
    priceScale: PRICES[price],
    quantityScale: QUANTITIES[quantity],
    timestampNs: TIMESTAMPS[timestamp],
  }
}

function oneOf<Name extends string>(names: readonly string[], known: Readonly<Record<Name, unknown>>): Name | undefined {
  return (Object.keys(known) as Name[]).find((name) => names.includes(name))
}

const NATURAL = /^\d{1,18}$/
const ID = /^-?\d{1,20}$/

/** Reads one line; throws naming file and line when it is not a command. */
export function parseCommand(file: string, columns: CommandColumns, text: string, line: number): FileCommand {
  const fields = text.split(',')
  if (fields.length !== columns.count) throw lineError(file, line, text, `has ${fields.length} columns where the header has ${columns.count}`)
  const operation = fields[columns.operation]!
  if (operation !== 'N' && operation !== 'C' && operation !== 'R') throw lineError(file, line, text, `op is "${operation}"; expected N, C or R`)
  const side = fields[columns.side]!
  if (side !== 'B' && side !== 'S') throw lineError(file, line, text, `side is "${side}"; expected B or S`)
  const id = fields[columns.id]!
  if (!ID.test(id)) throw lineError(file, line, text, `id is "${id}"; expected a 64-bit integer`)
  const timeInForce = columns.timeInForce < 0 ? '' : fields[columns.timeInForce]!
  if (timeInForce !== '' && timeInForce !== 'GTC' && timeInForce !== 'IOC') throw lineError(file, line, text, `tif is "${timeInForce}"; expected GTC or IOC`)
  const needsQuantity = operation !== 'C'
  return {
    line,
    sequence: natural(file, text, line, 'seq', fields[columns.sequence]!),
    timestampUs: Number((BigInt(natural(file, text, line, 'the time', fields[columns.timestamp]!)) * columns.timestampNs) / 1000n),
    operation,
    id,
    side: side === 'B' ? 'buy' : 'sell',
    price: operation === 'N' ? BigInt(natural(file, text, line, 'the price', fields[columns.price]!)) : 0n,
    quantity: needsQuantity ? BigInt(natural(file, text, line, 'the quantity', fields[columns.quantity]!)) : 0n,
    immediateOrCancel: timeInForce === 'IOC',
    row: columns.row < 0 ? '' : fields[columns.row]!,
  }
}

function natural(file: string, text: string, line: number, name: string, value: string): string {
  if (!NATURAL.test(value)) throw lineError(file, line, text, `${name} is "${value}"; expected a whole number`)
  return value
}

export interface CommandBlock {
  readonly columns: CommandColumns
  readonly commands: readonly FileCommand[]
}

/** Reads a `.csv` or `.csv.gz` of commands, block by block. */
export async function* readCommandFile(file: string, onProgress?: (readBytes: number, totalBytes: number) => void): AsyncGenerator<CommandBlock> {
  let columns: CommandColumns | undefined
  for await (const { firstLine, lines } of readLines(file, onProgress)) {
    const commands: FileCommand[] = []
    for (const [index, text] of lines.entries()) {
      if (columns === undefined) columns = parseHeader(file, text)
      else if (text !== '') commands.push(parseCommand(file, columns, text, firstLine + index))
    }
    yield { columns: columns!, commands }
  }
  if (columns === undefined) throw new ReplayError(`${file} is empty; expected a header line and a command on each line after it.`)
}
