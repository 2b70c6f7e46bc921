import { expect } from 'chai'
import { marketUnits } from '../../stores/market-units.js'
import { ASKS, ASSETS, BIDS, MARKET } from '../../testing/sample-exchange.js'
import { checkTicket } from './ticket-check.js'
import { EMPTY_TICKET, type TicketForm } from './ticket-form.js'
import { previewTicket, type TicketContext } from './ticket-preview.js'

const units = marketUnits(MARKET, ASSETS)
const context: TicketContext = { units, bids: BIDS, asks: ASKS, lastPrice: '64000.00', available: 10n ** 13n }
const buy = (changes: Partial<TicketForm>): TicketForm => ({ ...EMPTY_TICKET, price: '63000.00', quantity: '0.10000', ...changes })

describe('The preview of an order', () => {
  it('charges a resting buy the maker rate on what it receives', () => {
    const preview = previewTicket(buy({}), context)
    expect(preview).to.include({ liquidity: 'maker', total: 630_000_000_000n, fee: 8_000n, receive: 10_000_000n - 8_000n })
  })

  it('charges the taker rate when the price crosses, or the order does not rest', () => {
    expect(previewTicket(buy({ price: '64000.01' }), context).liquidity).to.equal('taker')
    expect(previewTicket(buy({ timeInForce: 'ioc' }), context).liquidity).to.equal('taker')
    expect(previewTicket(buy({ price: '64000.00' }), context).liquidity).to.equal('maker')
    expect(previewTicket(buy({ side: 'sell', price: '64000.00' }), context).liquidity).to.equal('taker')
    expect(previewTicket(buy({ price: '64000.01', postOnly: true }), context).liquidity).to.equal('maker')
  })

  it('takes the fee of a sale from the quote amount, rounded up', () => {
    const preview = previewTicket(buy({ side: 'sell', price: '65000.01', quantity: '0.00001' }), { ...context, available: 10n ** 8n })
    expect(preview.total).to.equal(65_000_010n)
    expect(preview.fee).to.equal(52_001n)
    expect(preview.receive).to.equal(65_000_010n - 52_001n)
  })

  it('estimates market orders from the book and says when it is too thin', () => {
    const market = buy({ orderType: 'market', price: '', quantity: '0.3' })
    expect(previewTicket(market, context)).to.include({ total: 6_400_001n * 10_000n * 10n + 6_400_100n * 20_000n * 10n, thinBook: false, liquidity: 'taker' })
    expect(previewTicket({ ...market, quantity: '99' }, context).thinBook).to.equal(true)
    expect(previewTicket({ ...market, given: 'total', quantity: '', total: '6400.001' }, context).quantity).to.equal(10_000n)
  })

  it('warns of a limit far on the wrong side of the market', () => {
    expect(previewTicket(buy({ price: '67200.02' }), context).farPrice).to.equal(true)
    expect(previewTicket(buy({ price: '67200.01' }), context).farPrice).to.equal(false)
    expect(previewTicket(buy({ price: '1.00' }), context).farPrice).to.equal(false)
    expect(previewTicket(buy({ side: 'sell', price: '60799.99' }), context).farPrice).to.equal(true)
    expect(previewTicket(buy({ side: 'sell', price: '60800.00' }), context).farPrice).to.equal(false)
  })

  it('tells the share of the balance that is used', () => {
    expect(previewTicket(buy({}), { ...context, available: 1_260_000_000_000n }).percent).to.equal(50)
    expect(previewTicket(buy({}), { ...context, available: 1n }).percent).to.equal(100)
    expect(previewTicket(buy({}), { ...context, available: 0n }).percent).to.equal(0)
    expect(previewTicket(buy({ quantity: '' }), context).percent).to.equal(0)
  })
})

describe('The check of an order', () => {
  const problems: [name: string, form: TicketForm, text: string, field: string][] = [
    ['a missing price', buy({ price: '' }), 'ticket.problem.priceMissing', 'price'],
    ['a price of zero', buy({ price: '0' }), 'ticket.problem.priceMissing', 'price'],
    ['a price between ticks', buy({ price: '63000.001' }), 'ticket.problem.priceTick', 'price'],
    ['a price above the maximum', buy({ price: '10000000.01' }), 'ticket.problem.priceMaximum', 'price'],
    ['a post-only price that crosses', buy({ price: '64000.01', postOnly: true }), 'ticket.problem.postOnlyCrosses', 'price'],
    ['a stop without its price', buy({ orderType: 'stop' }), 'ticket.problem.stopMissing', 'stopPrice'],
    ['a stop price between ticks', buy({ orderType: 'stop', stopPrice: '65000.001' }), 'ticket.problem.priceTick', 'stopPrice'],
    ['a stop price above the maximum', buy({ orderType: 'stop', stopPrice: '10000000.01' }), 'ticket.problem.priceMaximum', 'stopPrice'],
    ['a stop at the last price', buy({ orderType: 'stop', stopPrice: '64000' }), 'ticket.problem.stopAtMarket', 'stopPrice'],
    ['a stop without a limit', buy({ orderType: 'stop', stopPrice: '65000', price: '' }), 'ticket.problem.priceMissing', 'price'],
    ['a missing quantity', buy({ quantity: '' }), 'ticket.problem.quantityMissing', 'quantity'],
    ['a quantity between lots', buy({ quantity: '0.000001' }), 'ticket.problem.quantityLot', 'quantity'],
    ['a quantity above the maximum', buy({ quantity: '101' }), 'ticket.problem.quantityMaximum', 'quantity'],
    ['a total below the minimum', buy({ price: '1.00', quantity: '1' }), 'ticket.problem.totalMinimum', 'quantity'],
    ['more than the balance', buy({ quantity: '99' }), 'ticket.problem.balance', 'quantity'],
    ['a market order without an amount', buy({ orderType: 'market', given: 'total', total: '' }), 'ticket.problem.amountMissing', 'total'],
    ['a market amount below the minimum', buy({ orderType: 'market', given: 'total', total: '4.99' }), 'ticket.problem.totalMinimum', 'total'],
    ['a market amount above the balance', buy({ orderType: 'market', given: 'total', total: '100000.1' }), 'ticket.problem.balance', 'total'],
  ]
  for (const [name, form, text, field] of problems) {
    it(`refuses ${name}`, () => {
      const check = checkTicket(form, MARKET, context)
      expect(check.ok ? null : check.problem).to.include({ text, field })
    })
  }

  it('makes a limit order with all decimals written out', () => {
    expect(checkTicket(buy({ price: '63000.5', quantity: '.1', postOnly: true }), MARKET, context)).to.deep.equal({
      ok: true,
      order: { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '63000.50', quantity: '0.10000', timeInForce: 'gtc', postOnly: true },
    })
  })

  it('makes a stop beyond the market and a take-profit before it', () => {
    const typeOf = (side: 'buy' | 'sell', stopPrice: string, lastPrice: string | undefined = '64000.00'): string | null => {
      const check = checkTicket(buy({ orderType: 'stop', side, stopPrice }), MARKET, { ...context, lastPrice })
      return check.ok ? check.order.orderType : null
    }
    expect([typeOf('buy', '65000'), typeOf('buy', '63500'), typeOf('sell', '63500'), typeOf('sell', '65000')]).to.deep.equal(['stop-limit', 'take-profit-limit', 'stop-limit', 'take-profit-limit'])
    expect(typeOf('buy', '65000', undefined)).to.equal('stop-limit')
    expect(checkTicket(buy({ orderType: 'stop', stopPrice: '65000' }), MARKET, context)).to.deep.equal({
      ok: true,
      order: { market: 'BTC-USDT', side: 'buy', orderType: 'stop-limit', price: '63000.00', quantity: '0.10000', stopPrice: '65000.00' },
    })
  })

  it('makes market orders by quantity and by amount', () => {
    expect(checkTicket(buy({ orderType: 'market', quantity: '0.2' }), MARKET, context)).to.deep.equal({ ok: true, order: { market: 'BTC-USDT', side: 'buy', orderType: 'market', quantity: '0.20000' } })
    expect(checkTicket(buy({ orderType: 'market', given: 'total', total: '250' }), MARKET, context)).to.deep.equal({ ok: true, order: { market: 'BTC-USDT', side: 'buy', orderType: 'market', quoteQuantity: '250.00000000' } })
  })

  it('leaves the balance to the exchange while it is not known', () => {
    expect(checkTicket(buy({ quantity: '99' }), MARKET, { ...context, available: null }).ok).to.equal(true)
  })
})
