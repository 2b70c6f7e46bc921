import { expect } from 'chai'
import { aggregated } from './aggregate-trades.js'

describe('Aggregated trades', () => {
  const trade = (tradeId: number, more: object) => ({ tradeId, sequence: 1, timestampUs: 5, price: 100n, quantity: 2n, quoteAmount: 200n, takerSide: 'buy', ...more }) as const
  it('are the trades of one command, side and price together', () => {
    const together = aggregated([trade(1, {}), trade(2, { quantity: 3n, quoteAmount: 300n }), trade(3, { price: 101n }), trade(4, { price: 101n, sequence: 2 }), trade(5, { price: 101n, sequence: 2, takerSide: 'sell' })])
    expect(together.map(({ tradeId, lastTradeId, quantity }) => [tradeId, lastTradeId, quantity])).to.deep.equal([[1, 2, 5n], [3, 3, 2n], [4, 4, 2n], [5, 5, 2n]])
    expect(together[0]).to.include({ quoteAmount: 500n, price: 100n })
  })
})
