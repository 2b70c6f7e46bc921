import { expect } from 'chai'
import { PLACE_HAS_PRICE, writeOrderCancel, writeOrderPlace } from '../domain/frames/command-frames.js'
import { FrameBuffer } from '../values/frames.js'
import { ALICE, BOB, SmallExchange } from '../../test/small-exchange.js'
import { LookAhead } from './look-ahead.js'
import { restoreState } from './restore-state.js'
import { hashParts, stateParts } from './state-parts.js'

const order = { account: ALICE, market: 0, side: 0, orderType: 0, timeInForce: 0, selfTradePrevention: 0, flags: PLACE_HAS_PRICE, price: 9_900n, quantity: 1_000n, clientOrderId: 'x' }

/** More commands than one look goes over: of orders that rest, cross or are none, and of accounts and markets that are none. */
function commands(): FrameBuffer {
  const frames = new FrameBuffer()
  for (let round = 0; round < 10; round++) {
    writeOrderPlace(frames, { ...order, clientOrderId: `n-${round}` })
    writeOrderPlace(frames, { ...order, account: BOB, side: 1, price: 9_800n })
    writeOrderPlace(frames, { ...order, account: 4_000_000_000, market: 60_000, price: -1n, clientOrderId: '' })
    writeOrderCancel(frames, { account: ALICE, market: 0, orderId: 1, clientOrderId: '' })
    writeOrderCancel(frames, { account: ALICE, market: 0, orderId: 0, clientOrderId: 'a' })
    writeOrderCancel(frames, { account: BOB, market: 0, orderId: Number.NaN, clientOrderId: '' })
  }
  return frames
}

describe('Looking ahead', () => {
  it('goes over every command once and changes nothing', () => {
    const exchange = new SmallExchange()
    for (const clientOrderId of ['a', 'b', 'c']) exchange.place('alice', { side: 'buy', clientOrderId })
    const state = restoreState(exchange.engine.snapshot())
    const ahead = new LookAhead(state, 0)
    const frames = commands()
    let looks = 0
    for (let offset = 0; offset < frames.length; offset = ahead.over(frames, offset, frames.length)) looks++
    expect(looks).to.equal(2)
    expect(hashParts(stateParts(state))).to.equal(exchange.engine.stateHash())
  })

  it('ends at a frame that has no size, and reads nothing while all rows are in the caches', () => {
    const state = restoreState(new SmallExchange().engine.snapshot())
    const frames = new FrameBuffer(64)
    frames.append(64, 0)
    frames.u16[0] = 0
    expect(new LookAhead(state, 0).over(frames, 0, 64)).to.equal(64)
    expect(new LookAhead(state).over(commands(), 0, 96)).to.equal(96)
  })
})
