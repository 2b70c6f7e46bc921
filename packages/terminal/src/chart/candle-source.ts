/** Candles of one market, loaded over REST and followed over the stream. */
import type { BourseClient, Candle } from '@bourse/client'
import type { FrameBatch } from '../stores/frame-batch.js'
import { keepStream } from '../stores/stream-keeper.js'
import type { CandleSource } from './price-chart.js'

const CANDLES_A_PAGE = 500

export function createCandleSource(client: Pick<BourseClient, 'candles' | 'subscribe'>, market: string, frames: FrameBatch): CandleSource {
  return {
    load: (interval, beforeMs) => client.candles(market, interval, { limit: CANDLES_A_PAGE, ...(beforeMs === null ? {} : { toMs: beforeMs - 1 }) }),
    follow(interval, onCandle, onGap) {
      /** Changed since the last frame, oldest first: usually one, two when an interval has just ended. */
      let changed = new Map<number, Candle>()
      let snapshots = 0
      let stopped = false
      const publish = (): void => {
        const candles = [...changed.values()].sort((a, b) => a.openTimeMs - b.openTimeMs)
        changed = new Map()
        if (!stopped) for (const candle of candles) onCandle(candle)
      }
      const take = (candle: Candle): void => {
        changed.set(candle.openTimeMs, candle)
        frames.schedule(publish)
      }
      const stream = keepStream(client, { channel: 'candles', market, interval }, {
        onSnapshot(candle) {
          if (++snapshots > 1) onGap()
          else if (candle !== null) take(candle)
        },
        onMessage: ({ data }) => take(data),
      })
      return () => {
        stopped = true
        stream.stop()
      }
    },
  }
}
