import { expect } from 'chai'
import { COMMAND_BYTES, createEngine, encodeCommand, FrameBuffer, ORDER_PLACE_SPECIAL, PLACE_EXPIRES_AT, PLACE_STOP_PRICE, restoreEngine } from '@bourse/core'
import { SmallExchange } from '../../test/small-exchange.js'

describe('The frame of special orders', () => {
  it('is the compact one with the terms behind it', () => {
    const { engine } = new SmallExchange()
    const [plain, special] = [new FrameBuffer(), new FrameBuffer()]
    const order = { type: 'order.place', account: 'alice', market: 'BTC-USD', side: 'buy', orderType: 'limit', price: '99.5', quantity: '1.5', clientOrderId: 'a' } as const
    expect(encodeCommand({ ...order, timeInForce: 'gtc' }, engine.catalog, plain)).to.equal(undefined)
    expect(encodeCommand({ ...order, timeInForce: 'gtc', stopPrice: '98.01', expiresAt: 7 }, engine.catalog, special)).to.equal(undefined)
    expect(special.type(0)).to.equal(ORDER_PLACE_SPECIAL)
    expect(special.length).to.equal(COMMAND_BYTES[ORDER_PLACE_SPECIAL])
    expect([...special.used().slice(3, 96)]).to.deep.equal([...plain.used().slice(3)])
    expect(special.i64[PLACE_STOP_PRICE >> 3]).to.equal(9801n)
    expect(special.f64[PLACE_EXPIRES_AT >> 3]).to.equal(7000)
  })
})

describe('A snapshot of an older format', () => {
  it('is refused by its format, whatever its parts', () => {
    const parts = createEngine().snapshot()
    new Float64Array(parts[0]!.buffer)[0] = 0x626f7572_0001
    expect(() => restoreEngine(parts.slice(0, 10))).to.throw(RangeError, 'format that this version does not know')
  })
})
