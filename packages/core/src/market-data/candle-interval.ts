/** The intervals of candles and where each begins, in UTC and in integers. */

export const CANDLE_INTERVALS = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M'] as const
export type CandleInterval = (typeof CANDLE_INTERVALS)[number]

const SECOND_US = 1_000_000
export const MINUTE_US = 60 * SECOND_US
const HOUR_US = 60 * MINUTE_US
const DAY_US = 24 * HOUR_US
const WEEK_US = 7 * DAY_US
/** 1970-01-05, the first Monday after the epoch. */
const FIRST_MONDAY_US = 4 * DAY_US

/** Length in microseconds of every interval that has a fixed one. Three days count from 1970-01-01. */
const FIXED_LENGTH_US: Readonly<Record<Exclude<CandleInterval, '1M'>, number>> = {
  '1s': SECOND_US,
  '1m': MINUTE_US,
  '3m': 3 * MINUTE_US,
  '5m': 5 * MINUTE_US,
  '15m': 15 * MINUTE_US,
  '30m': 30 * MINUTE_US,
  '1h': HOUR_US,
  '2h': 2 * HOUR_US,
  '4h': 4 * HOUR_US,
  '6h': 6 * HOUR_US,
  '8h': 8 * HOUR_US,
  '12h': 12 * HOUR_US,
  '1d': DAY_US,
  '3d': 3 * DAY_US,
  '1w': WEEK_US,
}

/**
 * Tells when the candle that holds an instant opened. Weeks open on Monday, months on the first, both at 00:00 UTC.
 *
 * @param timestampUs whole microseconds since 1970, not negative.
 */
export function candleOpenTimeUs(interval: CandleInterval, timestampUs: number): number {
  if (interval === '1M') return monthOpenTimeUs(timestampUs)
  if (interval === '1w') return timestampUs - positiveRemainder(timestampUs - FIRST_MONDAY_US, WEEK_US)
  return timestampUs - (timestampUs % FIXED_LENGTH_US[interval])
}

/** Tells when the candle that opened at `openTimeUs` ends: the open time of the next one. */
export function candleCloseTimeUs(interval: CandleInterval, openTimeUs: number): number {
  if (interval !== '1M') return openTimeUs + FIXED_LENGTH_US[interval]
  return monthOpenTimeUs(openTimeUs + 31 * DAY_US)
}

function monthOpenTimeUs(timestampUs: number): number {
  const days = Math.floor(timestampUs / DAY_US)
  return (days - dayOfMonth(days) + 1) * DAY_US
}

/**
 * The Gregorian day of the month, from 1, of a day counted from 1970-01-01.
 *
 * The year is taken to begin on 1 March, so that the leap day is its last; 153 days make five such
 * months (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
 */
function dayOfMonth(days: number): number {
  const shifted = days + 719_468
  const dayOfEra = shifted % 146_097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  return dayOfYear - Math.floor((153 * month + 2) / 5) + 1
}

function positiveRemainder(value: number, divisor: number): number {
  const remainder = value % divisor
  return remainder < 0 ? remainder + divisor : remainder
}
