/** Makes plain decimals of what people type and paste into number fields. */

/** A number in another notation, such as `1e9` or `-5`: without its letter or sign it would be another number. */
const OTHER_NUMBER = /\d[^\d.,\s_']+.*\d|^\s*[-+]\s*\d/
const GROUPED = /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/

/**
 * The text of a field after an edit.
 *
 * A typed comma becomes the decimal point, in sight of the one who types; pasted `64,000.00` loses its
 * separators; letters around a number are left out, and a number in another notation is not taken. Digits that are typed beyond the scale are not taken, so that
 * nothing needs rounding; pasted ones stay and are complained about.
 */
export function editDecimal(before: string, after: string, scale: number): string {
  if (OTHER_NUMBER.test(after)) return before
  const typed = after.length - before.length <= 1
  let text = after.replace(/[^0-9.,]/g, '')
  text = !typed && GROUPED.test(text) ? text.replaceAll(',', '') : text.replaceAll(',', '.')
  const point = text.indexOf('.')
  if (point >= 0) text = text.slice(0, point + 1) + text.slice(point + 1).replaceAll('.', '')
  if (scale === 0 && typed) text = text.replace('.', '')
  const decimals = point < 0 ? 0 : text.length - point - 1
  if (typed && decimals > scale && text.length > before.length) return before
  return text.replace(/^0+(?=[0-9])/, '')
}
