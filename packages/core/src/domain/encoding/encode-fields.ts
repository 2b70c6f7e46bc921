/** Reads the fields of commands: names of the catalog, decimal strings, words and numbers; throws a fault where one cannot be read. */
import { isFrameText } from '../../values/frames.js'
import { parseDecimal } from '../../values/decimal.js'
import type { Catalog, MarketSpec } from '../catalog.js'
import type { RejectCode } from '../rejects.js'

/** Why a command cannot be written as a frame. */
export interface EncodeFault {
  readonly code: RejectCode
  readonly field: string
  readonly message: string
}

/** Carries a fault out of the readers of fields; never leaves `encodeCommand`. */
export class Fault extends Error {
  constructor(
    readonly code: RejectCode,
    readonly field: string,
    message: string,
  ) {
    super(message)
  }
}

/** A fraction of at most 1 in parts per million; the engine knows the tighter bound. */
export function feePpm(value: unknown, field: string): number {
  const ppm = decimalUnits(value, 6, { field, tooFine: 'invalid_definition', tooLarge: 'invalid_definition' })
  if (ppm > 1_000_000n) throw new Fault('invalid_definition', field, `${field} is a fraction such as 0.001, not ${String(value)}.`)
  return Number(ppm)
}

/** A fee, or with a leading minus a rebate. */
export function makerPpm(value: unknown): number {
  if (typeof value !== 'string' || !value.startsWith('-')) return feePpm(value, 'makerFee')
  return -feePpm(value.slice(1), 'makerFee')
}

export function price(value: unknown, target: MarketSpec, field: string): bigint {
  return decimalUnits(value, target.priceScale, { field, tooFine: 'price_not_multiple_of_tick_size', tooLarge: 'price_out_of_bounds' })
}

export function quantity(value: unknown, target: MarketSpec, field: string): bigint {
  return decimalUnits(value, target.quantityScale, { field, tooFine: 'quantity_not_multiple_of_lot_size', tooLarge: 'quantity_above_maximum' })
}

export function amount(value: unknown, scale: number, field: string): bigint {
  return decimalUnits(value, scale, { field, tooFine: 'amount_out_of_bounds', tooLarge: 'amount_out_of_bounds' })
}

export function decimalUnits(value: unknown, scale: number, as: { field: string; tooFine: RejectCode; tooLarge: RejectCode }): bigint {
  const units = parseDecimal(value, scale)
  if (typeof units === 'bigint') return units
  if (units === 'not_a_decimal') throw new Fault('not_a_decimal', as.field, `${as.field}: "${String(value)}" is not a plain decimal such as 0.50.`)
  if (units === 'too_many_decimals') throw new Fault(as.tooFine, as.field, `${as.field}: ${String(value)} has more than ${scale} decimals.`)
  throw new Fault(as.tooLarge, as.field, `${as.field}: ${String(value)} is too large.`)
}

export function asset(catalog: Catalog, code: string, field: string): { id: number; scale: number } {
  const spec = catalog.assetByCode(code)
  if (spec === undefined) throw new Fault('unknown_asset', field, `There is no asset "${code}".`)
  return spec
}

export function market(catalog: Catalog, symbol: string): MarketSpec {
  const spec = catalog.marketBySymbol(symbol)
  if (spec === undefined) throw new Fault('unknown_market', 'market', `There is no market "${symbol}".`)
  return spec
}

export function account(catalog: Catalog, name: string, field: string): number {
  const id = catalog.accountByName(name)
  if (id === undefined) throw new Fault('unknown_account', field, `There is no account "${name}".`)
  return id
}

export function text(value: string, field: string): string {
  if (typeof value !== 'string' || !isFrameText(value)) {
    throw new Fault('malformed_text', field, `${field} must be 1 to 36 printable ASCII characters without spaces.`)
  }
  return value
}

export function integer(value: number, field: string, maximum: number): number {
  if (!Number.isInteger(value) || value < 0 || value > maximum) {
    throw new Fault('invalid_definition', field, `${field} must be a whole number from 0 to ${maximum}, not ${String(value)}.`)
  }
  return value
}

export function positive(value: number, field: string, maximum: number): number {
  if (!Number.isInteger(value) || value <= 0 || value > maximum) {
    throw new Fault('malformed_frame', field, `${field} must be a whole number from 1 to ${maximum}, not ${String(value)}.`)
  }
  return value
}

/** Whole milliseconds that a frame can carry; the engine knows the tighter bound. */
export function timeout(value: number, field: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new Fault('timeout_out_of_bounds', field, `${field} must be whole milliseconds, at most a day, not ${String(value)}.`)
  }
  return value
}

export function member(words: readonly string[], value: string, field: string): number {
  const code = words.indexOf(value)
  if (code < 0) throw new Fault('malformed_frame', field, `${field} must be one of ${words.join(', ')}, not "${String(value)}".`)
  return code
}
