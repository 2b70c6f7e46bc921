/** Adds two amounts of the API. */
import { formatDecimal, parseDecimal } from '@bourse/core'

/** Exact, with as many digits as the longer one. @throws RangeError for what is no amount. */
export function addDecimals(one: string, other: string): string {
  const scale = Math.max(places(one), places(other))
  const [left, right] = [parseDecimal(one, scale), parseDecimal(other, scale)]
  if (typeof left === 'string' || typeof right === 'string') throw new RangeError(`"${one}" and "${other}" are no amounts.`)
  return formatDecimal(left + right, scale)
}

function places(text: string): number {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - 1 - point
}
