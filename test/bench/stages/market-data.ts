/** `market-data`: the durable exchange while somebody publishes all of its market data, against the same exchange when nobody looks. */
import type { MarketData } from '@bourse/core'
import { CANDLE_INTERVALS } from '@bourse/core'
import { ExchangeContender } from '../contenders/exchange-contender.js'
import { ratesAgainst } from '../measure.js'
import type { Stage } from '../stage.js'
import { referenceStream } from '../streams/command-stream.js'
import { referenceWorkload } from '../streams/reference-workload.js'

const OPERATIONS = 1_000_000
/** How often everything is published. */
const EVERY_MS = 100

export const marketData: Stage = {
  name: 'market-data',
  about: 'durable with depth, trades, candles of every interval and ticker published ten times a second',
  async measure({ runs, share }) {
    const workload = referenceWorkload(Math.ceil(OPERATIONS * share))
    const stream = referenceStream(workload)
    const own = new PublishedContender('market-data', stream)
    const peer = new ExchangeContender('durable', stream)
    try {
      const figures = await ratesAgainst(own, peer, runs)
      return { ...figures, details: { publications: own.publications } }
    } finally {
      await own.end()
      await peer.end()
    }
  },
}

class PublishedContender extends ExchangeContender {
  publications = 0

  override async run(): Promise<void> {
    const { marketData: data } = this.exchange!
    let lastTrade = 0
    const timer = setInterval(() => (lastTrade = this.publish(data, lastTrade)), EVERY_MS)
    await super.run()
    clearInterval(timer)
    this.publish(data, lastTrade)
  }

  /** Takes all that the public streams send; returns the last trade. */
  private publish(data: MarketData, lastTrade: number): number {
    this.publications++
    let newest = lastTrade
    for (const market of data.takeTouchedMarkets()) {
      const { tradeId = lastTrade } = data.tradesAfter(market, lastTrade).at(-1) ?? {}
      newest = tradeId
      const taken = [data.depth(market, 1000), data.takeDepthChanges(market), data.ticker(market, data.timestampUs), data.takeChangedCandles(market)]
      const candles = CANDLE_INTERVALS.map((interval) => data.currentCandle(market, interval))
      if (taken.includes(undefined) || candles.includes(undefined)) throw new Error('Market data is missing for a market that was traded.')
    }
    return newest
  }
}
