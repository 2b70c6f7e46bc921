/** Grows the candles of every interval by those of a batch, and remembers the newest ones, which the next batch may grow further. */
import { CANDLE_INTERVALS, candleOpenTimeUs, mergeCandles, type Candle, type CandleInterval } from '@bourse/core'
import type { Knex } from 'knex'
import type { Row } from './bulk-rows.js'
import { candleOf, type CandleRecord } from './history-records.js'
import { coarserCandles, FINEST_INTERVAL } from './history-fold.js'
import { CANDLES } from './history-tables.js'

export class NewestCandles {
  private newest = new Map<string, Candle | undefined>()

  /** Forgets what was remembered: after a rollback, or when the rows are gone. */
  clear(): void {
    this.newest.clear()
  }

  /** The rows that trades of one market change, from their candles of the finest interval, oldest first. */
  async grow(trx: Knex, market: number, finest: readonly Candle[]): Promise<readonly Row[]> {
    const rows: Row[] = []
    for (const interval of CANDLE_INTERVALS) {
      const candles = interval === FINEST_INTERVAL ? [...finest] : [...coarserCandles(finest, (timestampUs) => candleOpenTimeUs(interval, timestampUs))]
      const newest = await this.newestOf(trx, market, interval)
      if (newest !== undefined && newest.openTimeUs === candles[0]?.openTimeUs) candles[0] = mergeCandles(newest, candles[0])
      this.newest.set(keyOf(market, interval), candles.at(-1) ?? newest)
      for (const candle of candles) rows.push(candleRow(market, interval, candle))
    }
    return rows
  }

  private async newestOf(trx: Knex, market: number, interval: CandleInterval): Promise<Candle | undefined> {
    const key = keyOf(market, interval)
    if (this.newest.has(key)) return this.newest.get(key)
    const record: CandleRecord | undefined = await trx(CANDLES.name).where({ market, interval }).orderBy('open_time_us', 'desc').first()
    return record === undefined ? undefined : candleOf(record)
  }
}

function keyOf(market: number, interval: CandleInterval): string {
  return `${market}/${interval}`
}

function candleRow(market: number, interval: CandleInterval, candle: Candle): Row {
  return [market, interval, candle.openTimeUs, candle.open, candle.high, candle.low, candle.close, String(candle.volume), String(candle.quoteVolume), candle.trades]
}
