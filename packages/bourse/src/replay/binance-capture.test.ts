import { expect } from 'chai'
import { fixture } from '../../fixtures/replay/replay-fixtures.js'
import { parseCaptureLine, readCapture } from './binance-capture.js'

const TRADE = '{"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","t":5,"p":"61800.30","q":"0.006","m":false}}'

describe('lines of a venue capture', () => {
  it('reads depth, trades, best prices and snapshots, and passes over other streams', async () => {
    const kinds: string[] = []
    for await (const messages of readCapture([fixture('spot.capture.txt')])) for (const { kind } of messages) kinds.push(kind)
    expect(kinds).to.deep.equal(['diff', 'trade', 'diff', 'snapshot', 'ticker', 'diff', 'trade', 'trade', 'ticker', 'diff', 'trade', 'other', 'diff'])
  })

  it('tells the taker\'s side from the maker flag', () => {
    expect(parseCaptureLine('f', 1, `1723161255088176367 ${TRADE}`)).to.deep.equal({
      kind: 'trade', file: 'f', line: 1, receivedUs: 1_723_161_255_088_176, symbol: 'BTCUSDT', tradeId: 5, price: '61800.30', quantity: '0.006', takerSide: 'buy',
    })
    expect(parseCaptureLine('f', 1, `1723161255088176367 ${TRADE.replace('false', 'true')}`)).to.include({ takerSide: 'sell' })
  })

  const malformed: [why: string, line: string, message: string][] = [
    ['no time', TRADE, 'does not begin with a time in nanoseconds'],
    ['cut JSON', '1723161255088176367 {"stream":', 'is not JSON after the time'],
    ['no stream', '1723161255088176367 {"data":{}}', 'stream:'],
    ['a price that is a number', `1723161255088176367 ${TRADE.replace('"61800.30"', '61800.3')}`, 'p:'],
    ['a negative quantity', `1723161255088176367 ${TRADE.replace('0.006', '-1')}`, 'q: must be a decimal string'],
    ['an update without ids', '1723161255088176367 {"stream":"a@depth@100ms","data":{"s":"A","b":[],"a":[]}}', 'U:'],
    ['a level of one number', '1723161255088176367 {"lastUpdateId":1,"bids":[["1"]],"asks":[]}', 'bids.0'],
  ]
  for (const [why, line, message] of malformed) {
    it(`names file and line for ${why}`, () => {
      expect(() => parseCaptureLine('day.gz', 41, line)).to.throw(`day.gz, line 41: ${message}`)
    })
  }
})
