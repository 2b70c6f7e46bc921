import { expect } from 'chai'
import { decodeEvents, encodeCommand, FrameBuffer, MAX_AMOUNT, restoreEngine, writeQuoteProtect, writeQuoteResetProtection, type Command, type QuoteProtect, type RejectCode } from '@bourse/core'
import { ALICE, BOB, eventsOf, SmallExchange, USD } from '../../test/small-exchange.js'

const { types } = SmallExchange
const maker = { account: 'alice', market: 'BTC-USD' } as const
const protect = (terms: Partial<QuoteProtect>): QuoteProtect => ({ type: 'quote.protect', ...maker, windowMs: 1000, ...terms })
const reset: Command = { type: 'quote.reset-protection', ...maker }
const entries = (...prices: string[]) => prices.map((price) => ({ price, quantity: '1' }))
const quote = { type: 'quote.place', ...maker, bids: entries('99', '98', '97'), asks: entries('101', '102') } as const

/** Alice quotes five levels under a protection. */
function protectedLadder(terms: Partial<QuoteProtect>): SmallExchange {
  const exchange = new SmallExchange()
  exchange.run(protect(terms))
  exchange.run(quote)
  return exchange
}
const sell = (exchange: SmallExchange, quantity: string, price = '97') => exchange.place('bob', { side: 'sell', price, quantity, timeInForce: 'ioc' })

describe('Market-maker protection', () => {
  it('withdraws all quotes once so many fills fall into the window, after the taker is through with the book', () => {
    const exchange = protectedLadder({ fills: 2 })
    expect(types(sell(exchange, '0.1', '99'))).to.deep.equal(['order.accepted', 'trade.executed'])
    const events = sell(exchange, '1.4')
    expect(types(events)).to.deep.equal(['order.accepted', 'trade.executed', 'trade.executed', 'quotes.frozen', ...Array<string>(4).fill('order.cancelled')])
    expect(events[3]).to.include({ account: ALICE, market: 0, quantity: 1500n, fills: 3, untilUs: undefined })
    const cancelled = eventsOf(events, 'order.cancelled')
    expect(cancelled.map(({ orderId, reason, cancelledQuantity }) => [orderId, reason, cancelledQuantity])).to.deep.equal([
      [2, 'market_maker_protection', 500n],
      [3, 'market_maker_protection', 1000n],
      [4, 'market_maker_protection', 1000n],
      [5, 'market_maker_protection', 1000n],
    ])
    expect(exchange.engine.openOrders(ALICE)).to.deep.equal([])
    expect(exchange.engine.balance(ALICE, USD).held).to.equal(0n)
  })

  it('withdraws them once so much was filled', () => {
    const exchange = protectedLadder({ quantity: '0.3' })
    expect(types(sell(exchange, '0.299', '99'))).to.not.include('quotes.frozen')
    expect(eventsOf(sell(exchange, '0.001', '99'), 'quotes.frozen')[0]).to.include({ quantity: 300n, fills: 2 })
  })

  it('lets the taker have what it came upon, so that a fill-or-kill order is filled', () => {
    const exchange = protectedLadder({ fills: 1 })
    const events = exchange.place('bob', { side: 'sell', price: '97', quantity: '3', timeInForce: 'fok' })
    expect(eventsOf(events, 'trade.executed')).to.have.length(3)
    expect(eventsOf(events, 'quotes.frozen')[0]).to.include({ quantity: 3000n, fills: 3 })
  })

  it('counts in a window that begins with a fill, and anew in the next', () => {
    const exchange = protectedLadder({ fills: 2, windowMs: 1000 })
    sell(exchange, '0.1', '99')
    exchange.pass(1000)
    expect(types(sell(exchange, '0.1', '99'))).to.not.include('quotes.frozen')
    exchange.pass(999)
    expect(types(sell(exchange, '0.1', '99'))).to.include('quotes.frozen')
  })

  it('refuses new quotes until it is reset, and counts anew from there', () => {
    const exchange = protectedLadder({ fills: 1 })
    sell(exchange, '0.1', '99')
    exchange.pass(86_400_000)
    expect(exchange.refusal(quote)).to.equal('quotes_frozen')
    expect(exchange.run({ ...quote, bids: [], asks: [] })).to.deep.equal([])
    expect(types(exchange.run(reset))).to.deep.equal(['quotes.unfrozen'])
    exchange.run(quote)
    expect(exchange.engine.openOrders(ALICE)).to.have.length(5)
  })

  it('takes quotes again after the time of the freeze, where one is given', () => {
    const exchange = protectedLadder({ fills: 1, frozenMs: 500 })
    const [frozen] = eventsOf(sell(exchange, '0.1', '99'), 'quotes.frozen')
    expect(frozen!.untilUs).to.equal(frozen!.timestampUs + 500_000)
    exchange.pass(499)
    expect(exchange.refusal(quote)).to.equal('quotes_frozen')
    exchange.pass(1)
    exchange.run(quote)
  })

  it('keeps a freeze under new limits and ends it with the protection', () => {
    const exchange = protectedLadder({ fills: 1 })
    sell(exchange, '0.1', '99')
    exchange.run(protect({ fills: 9 }))
    expect(exchange.refusal(quote)).to.equal('quotes_frozen')
    expect(exchange.run(protect({ windowMs: 0 }))[0]).to.include({ type: 'quotes.protected', windowMs: 0, fills: 0, quantity: 0n })
    exchange.run(quote)
    expect(types(sell(exchange, '3'))).to.not.include('quotes.frozen')
  })

  it('looks at quotes only, as makers only, of one account in one market', () => {
    const exchange = new SmallExchange()
    exchange.run(protect({ fills: 1 }))
    exchange.place('alice', { side: 'buy', price: '99' })
    exchange.run({ ...quote, account: 'carol' })
    exchange.place('bob', { side: 'sell', price: '100' })
    // Alice's order and carol's quote are hit; then a quote of alice's takes.
    expect(types(exchange.place('bob', { side: 'sell', price: '99', quantity: '2' }))).to.not.include('quotes.frozen')
    expect(types(exchange.run({ ...quote, bids: entries('100'), asks: [] }))).to.deep.equal(['order.accepted', 'trade.executed'])
    expect(exchange.engine.openOrders(BOB)).to.deep.equal([])
  })

  it('withdraws the ladders of all whose limits one taker reaches, in that order', () => {
    const exchange = protectedLadder({ fills: 2 })
    exchange.run({ ...protect({ fills: 1 }), account: 'carol' })
    exchange.run({ ...quote, account: 'carol' })
    const frozen = eventsOf(sell(exchange, '4'), 'quotes.frozen')
    expect(frozen.map(({ account, fills }) => [account, fills])).to.deep.equal([[4, 2], [ALICE, 2]])
  })

  it('goes on after a restart where it was', () => {
    const exchange = protectedLadder({ fills: 2 })
    sell(exchange, '0.1', '99')
    const restored = restoreEngine(exchange.engine.snapshot())
    restored.checkInvariants()
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    const frames = new FrameBuffer()
    const events = new FrameBuffer()
    expect(encodeCommand(exchange.order('bob', { side: 'sell', price: '99', quantity: '0.1' }), restored.catalog, frames)).to.equal(undefined)
    frames.stamp(0, restored.sequence + 1, restored.timestampUs)
    restored.apply(frames, 0, events)
    expect(decodeEvents(events).map(({ type }) => type)).to.include('quotes.frozen')
  })
})

describe('A protection', () => {
  const rows: [what: string, code: RejectCode, command: Command][] = [
    ['of an unknown account', 'unknown_account', { ...protect({ fills: 1 }), account: 'dora' }],
    ['in an unknown market', 'unknown_market', { ...protect({ fills: 1 }), market: 'ETH-USD' }],
    ['of the world', 'not_permitted', { ...protect({ fills: 1 }), account: 'world' }],
    ['without a limit', 'invalid_combination', protect({})],
    ['without a window but with a limit', 'invalid_combination', protect({ windowMs: 0, fills: 1 })],
    ['without a window but with a freeze', 'invalid_combination', protect({ windowMs: 0, frozenMs: 1 })],
    ['over more than an hour', 'timeout_out_of_bounds', protect({ fills: 1, windowMs: 3_600_001 })],
    ['over half a millisecond', 'timeout_out_of_bounds', protect({ fills: 1, windowMs: 0.5 })],
    ['with a freeze of more than a day', 'timeout_out_of_bounds', protect({ fills: 1, frozenMs: 86_400_001 })],
    ['that counts half fills', 'malformed_frame', protect({ fills: 0.5 })],
    ['finer than the quantities of the market', 'quantity_not_multiple_of_lot_size', protect({ quantity: '0.0001' })],
    ['that is not set cannot be reset, which', 'protection_not_set', reset],
    ['of an unknown account cannot be reset, which', 'unknown_account', { ...reset, account: 'dora' } as Command],
    ['in an unknown market cannot be reset, which', 'unknown_market', { ...reset, market: 'ETH-USD' } as Command],
  ]
  for (const [what, code, command] of rows) {
    it(`${what} is refused: ${code}`, () => expect(new SmallExchange().refusal(command)).to.equal(code))
  }

  const fields = { account: ALICE, market: 0, quantity: 0n, fills: 1, windowMs: 1, frozenMs: 0 }
  const frames: [what: string, code: RejectCode, write: (frames: FrameBuffer) => number][] = [
    ['of an account beyond the last', 'unknown_account', (f) => writeQuoteProtect(f, { ...fields, account: 99 })],
    ['of a negative quantity', 'quantity_not_positive', (f) => writeQuoteProtect(f, { ...fields, quantity: -1n })],
    ['of a quantity beyond 62 bits', 'quantity_above_maximum', (f) => writeQuoteProtect(f, { ...fields, quantity: MAX_AMOUNT + 1n })],
    ['reset in a market beyond the last', 'unknown_market', (f) => writeQuoteResetProtection(f, ALICE, 9)],
  ]
  for (const [what, code, write] of frames) {
    it(`whose frame is one ${what} is refused: ${code}`, () => {
      const { engine } = new SmallExchange()
      const commands = new FrameBuffer()
      const events = new FrameBuffer()
      write(commands)
      commands.stamp(0, engine.sequence + 1, engine.timestampUs)
      engine.apply(commands, 0, events)
      expect(decodeEvents(events)[0]).to.include({ type: 'command.rejected', code })
    })
  }
})
