/** Which candles of a market are asked for. */
import type { CandleInterval } from '@bourse/client'

export interface CandlesQuery {
  readonly interval: CandleInterval
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly limit: number
}
