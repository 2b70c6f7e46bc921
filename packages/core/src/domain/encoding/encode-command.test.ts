import { expect } from 'chai'
import { COMMAND_BYTES, COMMAND_TYPES, encodeCommand, FrameBuffer, type Command } from '@bourse/core'
import { RULES, SmallExchange } from '../../../test/small-exchange.js'

const { engine } = new SmallExchange()
const encode = (command: Command) => {
  const frames = new FrameBuffer(8)
  return { frames, fault: encodeCommand(command, engine.catalog, frames) }
}
const order = { type: 'order.place', account: 'alice', market: 'BTC-USD', side: 'buy', orderType: 'limit', price: '100.10', quantity: '0.5' } as const

const COMMANDS: readonly Command[] = [
  { type: 'asset.define', code: 'ETH', scale: 8 },
  { ...RULES, type: 'market.define', symbol: 'USD-BTC', base: 'USD', quote: 'BTC', priceScale: 2, quantityScale: 3 },
  { ...RULES, type: 'market.update', market: 'BTC-USD' },
  { type: 'account.open', account: 'dora', kind: 'user' },
  order,
  { type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 7 },
  { type: 'order.reduce', account: 'alice', market: 'BTC-USD', clientOrderId: 'a', leavesQuantity: '0.1' },
  { type: 'order.amend', account: 'alice', market: 'BTC-USD', orderId: 7, price: '99' },
  { type: 'order.cancel-all', account: 'alice' },
  { type: 'ledger.transfer', requestId: 'r', from: 'world', to: 'alice', asset: 'BTC', amount: '1' },
  { type: 'ledger.hold', holdId: 'h', account: 'alice', asset: 'BTC', amount: '1' },
  { type: 'ledger.settle', holdId: 'h', to: 'bob' },
  { type: 'ledger.release', holdId: 'h' },
  { type: 'continue' },
  { type: 'fees.define-tier', tier: 1, makerFee: '0.001', takerFee: '0.002' },
  { type: 'account.update', account: 'alice', feeTier: 0 },
  { ...order, orderType: 'stop-limit', stopPrice: '100' },
  { type: 'order.cancel-all-after', account: 'alice', timeoutMs: 1000 },
  { type: 'quote.place', account: 'alice', market: 'BTC-USD', bids: [], asks: [] },
  { type: 'market.set-reference', market: 'BTC-USD', referencePrice: '100' },
  { type: 'quote.protect', account: 'alice', market: 'BTC-USD', fills: 2, windowMs: 1 },
  { type: 'quote.reset-protection', account: 'alice', market: 'BTC-USD' },
  { type: 'order.cancel-replace', account: 'alice', market: 'BTC-USD', orderId: 7, order: { side: 'sell', orderType: 'market', quantity: '1' } },
  { type: 'market.auction', market: 'BTC-USD', endsAt: 5_000 },
  { type: 'fees.set-rate', feeAsset: 'USD', asset: 'BTC', feeAssetAmount: '100', assetAmount: '1', discount: '0.25' },
  { type: 'order.place-oco', account: 'alice', market: 'BTC-USD', side: 'sell', quantity: '1', takeProfit: { orderType: 'limit', price: '110' }, stopLoss: { orderType: 'stop-market', stopPrice: '95' } },
  { ...order, type: 'order.place-bracket', takeProfit: { orderType: 'limit', price: '110' }, stopLoss: { orderType: 'stop-market', stopPrice: '95' } },
]

describe('Encoding commands', () => {
  it('gives every command its type byte and its size', () => {
    // The second order is a special one: same command, another frame.
    expect(COMMANDS.map((command) => ('stopPrice' in command ? 'order.place-special' : command.type))).to.deep.equal(COMMAND_TYPES.slice(1))
    for (const [place, command] of COMMANDS.entries()) {
      const { frames, fault } = encode(command)
      expect(fault).to.equal(undefined)
      expect(frames.type(0)).to.equal(place + 1)
      expect(frames.length).to.equal(frames.size(0)).and.to.equal(COMMAND_BYTES[frames.type(0)])
    }
  })

  const faults: [what: string, field: string, code: string, command: Command][] = [
    ['an unknown account', 'account', 'unknown_account', { ...order, account: 'dora' }],
    ['an unknown market', 'market', 'unknown_market', { ...order, market: 'ETH-USD' }],
    ['an unknown asset', 'asset', 'unknown_asset', { type: 'ledger.hold', holdId: 'h', account: 'alice', asset: 'ETH', amount: '1' }],
    ['too many decimals in a price', 'price', 'price_not_multiple_of_tick_size', { ...order, price: '100.101' }],
    ['too many decimals in a quantity', 'quantity', 'quantity_not_multiple_of_lot_size', { ...order, quantity: '0.0005' }],
    ['an enormous price', 'price', 'price_out_of_bounds', { ...order, price: '9'.repeat(30) }],
    ['a signed quantity', 'quantity', 'not_a_decimal', { ...order, quantity: '+1' }],
    ['an order without a quantity', 'quantity', 'invalid_combination', { type: 'order.place', account: 'alice', market: 'BTC-USD', side: 'buy', orderType: 'market' }],
    ['a side that is none', 'side', 'malformed_frame', { ...order, side: JSON.parse('"up"') as 'buy' }],
    ['two names for one order', 'orderId', 'invalid_combination', { type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 1, clientOrderId: 'a' }],
    ['an order id that is none', 'orderId', 'unknown_order', { type: 'order.cancel', account: 'alice', market: 'BTC-USD', orderId: 1.5 }],
    ['a fee of more than everything', 'makerFee', 'invalid_definition', { ...RULES, type: 'market.update', market: 'BTC-USD', makerFee: '4294.967296' }],
    ['a name of 37 characters', 'clientOrderId', 'malformed_text', { ...order, clientOrderId: 'x'.repeat(37) }],
  ]
  for (const [what, field, code, command] of faults) {
    it(`reports ${what}, and appends nothing`, () => {
      const { frames, fault } = encode(command)
      expect(fault).to.include({ code, field })
      expect(fault!.message).to.match(/\.$/)
      expect(frames.length).to.equal(0)
    })
  }

  it('leaves what was in the buffer alone', () => {
    const frames = new FrameBuffer()
    encodeCommand(order, engine.catalog, frames)
    const before = Array.from(frames.used())
    encodeCommand({ ...order, price: 'x' }, engine.catalog, frames)
    expect(Array.from(frames.used())).to.deep.equal(before)
  })
})
