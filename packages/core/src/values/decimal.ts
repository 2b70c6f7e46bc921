/** Decimal strings at the edges, integers inside: the only two functions that convert between them. */

const PLAIN_DECIMAL = /^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/
const MAX_DECIMAL_LENGTH = 40

/** Why a text is not an amount of the wanted scale. */
export type DecimalFault = 'not_a_decimal' | 'too_many_decimals' | 'out_of_range'

/** The largest amount that is accepted anywhere: half of the int64 range, so that one addition can never overflow. */
export const MAX_AMOUNT = 2n ** 62n - 1n

/**
 * Reads a plain non-negative decimal such as `0.50000` into units of 10^-scale.
 *
 * Digits beyond the scale are refused unless they are zeros; exponents, signs, spaces, hexadecimal
 * and anything that is not a string are refused too. Nothing is ever rounded.
 *
 * @returns the integer, or a {@link DecimalFault}. Never throws.
 */
export function parseDecimal(text: unknown, scale: number): bigint | DecimalFault {
  if (typeof text !== 'string' || text.length > MAX_DECIMAL_LENGTH || !PLAIN_DECIMAL.test(text)) return 'not_a_decimal'
  const point = text.indexOf('.')
  const whole = point < 0 ? text : text.slice(0, point)
  const fraction = point < 0 ? '' : text.slice(point + 1)
  const kept = fraction.slice(0, scale)
  if (/[1-9]/.test(fraction.slice(scale))) return 'too_many_decimals'
  const units = BigInt(whole + kept.padEnd(scale, '0'))
  return units > MAX_AMOUNT ? 'out_of_range' : units
}

/**
 * Reads a decimal that the program itself wrote, in configuration or a constant.
 *
 * @throws RangeError when the text is not a plain decimal of at most `scale` digits.
 */
export function decimal(text: string, scale: number): bigint {
  const units = parseDecimal(text, scale)
  if (typeof units === 'string') throw new RangeError(`"${text}" is not a plain decimal with at most ${scale} decimals (${units})`)
  return units
}

/** Writes units of 10^-scale as a decimal with exactly `scale` digits after the point. */
export function formatDecimal(units: bigint, scale: number): string {
  const negative = units < 0n
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0')
  const split = digits.length - scale
  const text = scale === 0 ? digits : `${digits.slice(0, split)}.${digits.slice(split)}`
  return negative ? `-${text}` : text
}

/** Counts the digits after the point that a plain decimal needs: `0.0100` needs 2. */
export function decimalPlaces(text: string): number {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.slice(point + 1).replace(/0+$/, '').length
}
