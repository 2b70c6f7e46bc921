/** Writes points in time in the reader's time zone. */

const two = (value: number): string => String(value).padStart(2, '0')

/** `14:05:09` */
export function clockTime(timestampMs: number): string {
  const date = new Date(timestampMs)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** `2026-11-21 14:05:09`: reads the same everywhere. */
export function dateTime(timestampMs: number): string {
  const date = new Date(timestampMs)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(timestampMs)}`
}

/** The same without the year, where it is this year: `11-21 14:05:09`. */
export function shortDateTime(timestampMs: number, nowMs: number): string {
  const text = dateTime(timestampMs)
  return new Date(timestampMs).getFullYear() === new Date(nowMs).getFullYear() ? text.slice(5) : text
}
