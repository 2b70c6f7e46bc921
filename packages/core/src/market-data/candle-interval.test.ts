/** Tests of the open times of candles, against the calendar of the platform. */
import { expect } from 'chai'
import fc from 'fast-check'
import { CANDLE_INTERVALS, candleCloseTimeUs, candleOpenTimeUs } from './candle-interval.js'

const AT = (iso: string): number => Date.parse(iso) * 1000
const anyTimeUs = fc.integer({ min: 0, max: 7_000_000_000 }).chain((seconds) => fc.integer({ min: 0, max: 999_999 }).map((us) => seconds * 1_000_000 + us))

describe('Candle intervals', () => {
  for (const [interval, at, open] of [
    ['1s', '2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59Z'],
    ['3m', '2024-02-29T23:59:59.999Z', '2024-02-29T23:57:00Z'],
    ['6h', '2024-02-29T23:59:59.999Z', '2024-02-29T18:00:00Z'],
    ['1d', '2024-02-29T23:59:59.999Z', '2024-02-29T00:00:00Z'],
    ['1w', '2024-03-03T23:59:59.999Z', '2024-02-26T00:00:00Z'],
    ['1w', '2024-03-04T00:00:00.000Z', '2024-03-04T00:00:00Z'],
    ['1w', '1970-01-01T00:00:00.000Z', '1969-12-29T00:00:00Z'],
    ['1M', '2024-02-29T23:59:59.999Z', '2024-02-01T00:00:00Z'],
    ['1M', '2100-02-28T12:00:00.000Z', '2100-02-01T00:00:00Z'],
  ] as const) {
    it(`puts ${at} into the ${interval} candle of ${open}`, () => {
      expect(candleOpenTimeUs(interval, AT(at))).to.equal(AT(open))
    })
  }

  it('opens months on the first and weeks on Monday, as the calendar of the platform says', () => {
    fc.assert(
      fc.property(anyTimeUs, (timestampUs) => {
        const date = new Date(Math.floor(timestampUs / 1000))
        expect(candleOpenTimeUs('1M', timestampUs)).to.equal(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) * 1000)
        expect(candleCloseTimeUs('1M', candleOpenTimeUs('1M', timestampUs))).to.equal(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) * 1000)
        const monday = new Date(candleOpenTimeUs('1w', timestampUs) / 1000)
        expect([monday.getUTCDay(), monday.getUTCHours(), monday.getUTCMinutes(), monday.getUTCSeconds(), monday.getUTCMilliseconds()]).to.deep.equal([1, 0, 0, 0, 0])
      }),
      { numRuns: 2000 },
    )
  })

  it('covers time without gap or overlap in every interval', () => {
    fc.assert(
      fc.property(anyTimeUs, fc.constantFrom(...CANDLE_INTERVALS), (timestampUs, interval) => {
        const open = candleOpenTimeUs(interval, timestampUs)
        const close = candleCloseTimeUs(interval, open)
        expect(open).to.be.at.most(timestampUs)
        expect(close).to.be.above(timestampUs)
        expect(candleOpenTimeUs(interval, close)).to.equal(close)
        expect(candleOpenTimeUs(interval, close - 1)).to.equal(open)
      }),
      { numRuns: 2000 },
    )
  })
})
