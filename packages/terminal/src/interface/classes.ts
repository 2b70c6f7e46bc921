/** Names of CSS classes that are put together. */

/** Joins class names, leaving out what is switched off. */
export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}

/** The colour of a rise or a fall. */
export function directionClass(sign: -1 | 0 | 1): string {
  return sign > 0 ? 'buy' : sign < 0 ? 'sell' : ''
}
