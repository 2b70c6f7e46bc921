/** Cursors of pages: opaque to readers, the place of the last row to us. */
import { InvalidCursorError } from './history-rows.js'

/** A row's place in a list that is sorted by two numbers, both descending. */
export type Place = readonly [sequence: number, ordinal: number]

const MAX_ROWS = 1_000

export function encodeCursor(place: Place): string {
  return Buffer.from(place.join('.'), 'latin1').toString('base64url')
}

/** @throws InvalidCursorError for any text that {@link encodeCursor} did not write. */
export function decodeCursor(cursor: string): Place {
  const match = /^([0-9]{1,15})\.([0-9]{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  const place = match === null ? undefined : ([Number(match[1]), Number(match[2])] as const)
  if (place === undefined || encodeCursor(place) !== cursor) throw new InvalidCursorError(cursor)
  return place
}

/** @throws RangeError for a size of a page that no reader should ask for. */
export function checkedLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ROWS) throw new RangeError(`A page has 1 to ${MAX_ROWS} rows, not ${limit}.`)
  return limit
}
