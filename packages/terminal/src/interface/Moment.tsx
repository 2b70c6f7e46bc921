/** A point in time in a table: short, the whole of it under the pointer. */
import { dateTime, shortDateTime } from '../format/times.js'

export function Moment({ timestampMs }: { timestampMs: number }) {
  return <time className="muted number" dateTime={new Date(timestampMs).toISOString()} title={dateTime(timestampMs)}>{shortDateTime(timestampMs, Date.now())}</time>
}
