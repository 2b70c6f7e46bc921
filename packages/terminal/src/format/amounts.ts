/** Writes amounts for reading: thousands apart, volumes shortened. Works on decimal text, never on floats. */

/** `64000.50` -> `64,000.50`; the same in every language, because prices are typed with a point too. */
export function groupThousands(text: string): string {
  const point = text.indexOf('.')
  const whole = point < 0 ? text : text.slice(0, point)
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (point < 0 ? '' : text.slice(point))
}

/** Takes zeros from the end, but leaves so many decimals: `1.50000000` -> `1.50`. */
export function trimZeros(text: string, leave = 0): string {
  const point = text.indexOf('.')
  if (point < 0) return leave > 0 ? `${text}.${'0'.repeat(leave)}` : text
  const fraction = text.slice(point + 1).replace(/0+$/, '').padEnd(leave, '0')
  return fraction === '' ? text.slice(0, point) : `${text.slice(0, point)}.${fraction}`
}

const SHORT_UNITS = ['', 'K', 'M', 'B', 'T', 'Q']

/** Four or five significant digits with a unit, cut off, not rounded: `1234567.8` -> `1.234M`. */
export function shorten(text: string): string {
  const point = text.indexOf('.')
  const whole = point < 0 ? text : text.slice(0, point)
  const fraction = point < 0 ? '' : text.slice(point + 1)
  const group = Math.min(Math.floor((whole.length - 1) / 3), SHORT_UNITS.length - 1)
  if (group === 0) return trimZeros(`${whole}.${fraction.slice(0, whole === '0' ? 5 : 3)}`)
  const lead = whole.slice(0, whole.length - group * 3)
  const rest = whole.slice(lead.length)
  return `${trimZeros(`${groupThousands(lead)}.${rest.slice(0, 3)}`, 2)}${SHORT_UNITS[group]}`
}

/** Is the decimal zero, however it is written? */
export function isZero(text: string): boolean {
  return /^-?0*\.?0*$/.test(text)
}

/** `-1.25` -> -1, `0.00` -> 0: for colours and signs. */
export function signOf(text: string | null): -1 | 0 | 1 {
  if (text === null || isZero(text)) return 0
  return text.startsWith('-') ? -1 : 1
}

/** With a plus where it rises: `+1.25`. */
export function withSign(text: string): string {
  return signOf(text) > 0 ? `+${text}` : text
}

/** A fee rate as a percentage: `0.001` -> `0.10%`. */
export function ratePercent(rate: string): string {
  if (rate.startsWith('-')) return `-${ratePercent(rate.slice(1))}`
  const [whole, fraction = ''] = rate.split('.')
  const digits = fraction.padEnd(2, '0')
  const percent = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, '')
  return `${trimZeros(`${percent}.${digits.slice(2) || '0'}`, 2)}%`
}
