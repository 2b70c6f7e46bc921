import { expect } from 'chai'
import { type Command } from '@bourse/core'
import { ALICE, BOB, eventsOf, SmallExchange, USD, WORLD } from '../../test/small-exchange.js'

const { types } = SmallExchange
const deposit: Command = { type: 'ledger.transfer', requestId: 'd-1', from: 'world', to: 'alice', asset: 'USD', amount: '5' }
const hold: Command = { type: 'ledger.hold', holdId: 'w-1', account: 'alice', asset: 'USD', amount: '10' }

describe('Transfers', () => {
  it('from the world make its balance negative by as much', () => {
    const exchange = new SmallExchange({ funded: false })
    const [posted] = eventsOf(exchange.run(deposit), 'transfer.posted')
    expect(posted).to.include({ requestId: 'd-1', from: WORLD, to: ALICE, asset: USD, amount: 5_000_000n })
    expect(exchange.engine.balance(WORLD, USD).available).to.equal(-5_000_000n)
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 5_000_000n, held: 0n })
  })

  it('happen once under one request id', () => {
    const exchange = new SmallExchange({ funded: false })
    const [first] = exchange.run(deposit)
    const repeated = exchange.run(deposit)
    expect(repeated).to.have.length(1)
    expect(repeated[0]).to.include({ type: 'command.repeated', command: 'ledger.transfer', firstSequence: first!.sequence, orderId: 0 })
    expect(exchange.engine.balance(ALICE, USD).available).to.equal(5_000_000n)
    expect(exchange.refusal({ ...deposit, amount: '6' })).to.equal('duplicate_request')
  })

  it('are forgotten when as many others have come as the window is long', () => {
    const exchange = new SmallExchange({ funded: false, limits: { ledgerRequests: 2 } })
    exchange.run(deposit)
    exchange.run({ ...deposit, requestId: 'd-2' })
    expect(types(exchange.run(deposit))).to.deep.equal(['command.repeated'])
    exchange.run({ ...deposit, requestId: 'd-3' })
    expect(types(exchange.run(deposit))).to.deep.equal(['transfer.posted'])
  })
})

describe('Named holds', () => {
  it('set money aside and pay it out whole', () => {
    const exchange = new SmallExchange()
    exchange.run(hold)
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 999_990_000_000n, held: 10_000_000n })
    const [settled] = eventsOf(exchange.run({ type: 'ledger.settle', holdId: 'w-1', to: 'bob' }), 'hold.settled')
    expect(settled).to.include({ account: ALICE, to: BOB, amount: 10_000_000n })
    expect(exchange.engine.balance(BOB, USD).available).to.equal(1_000_010_000_000n)
  })

  it('give the money back when they are released', () => {
    const exchange = new SmallExchange()
    exchange.run(hold)
    const [released] = eventsOf(exchange.run({ type: 'ledger.release', holdId: 'w-1' }), 'hold.released')
    expect(released).to.include({ account: ALICE, amount: 10_000_000n, holdId: 'w-1' })
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 1_000_000_000_000n, held: 0n })
  })

  it('are placed once and end once', () => {
    const exchange = new SmallExchange()
    exchange.run(hold)
    expect(types(exchange.run(hold))).to.deep.equal(['command.repeated'])
    expect(exchange.refusal({ ...hold, amount: '11' })).to.equal('hold_exists')
    exchange.run({ type: 'ledger.settle', holdId: 'w-1', to: 'world' })
    expect(types(exchange.run({ type: 'ledger.settle', holdId: 'w-1', to: 'world' }))).to.deep.equal(['command.repeated'])
    expect(exchange.refusal({ type: 'ledger.settle', holdId: 'w-1', to: 'bob' })).to.equal('duplicate_request')
    expect(exchange.refusal({ type: 'ledger.release', holdId: 'w-1' })).to.equal('duplicate_request')
    expect(types(exchange.run(hold))).to.deep.equal(['command.repeated'])
    expect(exchange.refusal({ ...hold, amount: '11' })).to.equal('duplicate_request')
  })

  it('are known while they live, even when the window has forgotten them', () => {
    const exchange = new SmallExchange({ limits: { ledgerRequests: 1 } })
    const [placed] = exchange.run(hold)
    exchange.run(deposit)
    expect(exchange.run(hold)[0]).to.include({ type: 'command.repeated', firstSequence: placed!.sequence })
    exchange.run({ type: 'ledger.release', holdId: 'w-1' })
    expect(exchange.refusal(hold)).to.equal('duplicate_request')
    exchange.run({ ...deposit, requestId: 'd-2' })
    expect(types(exchange.run(hold))).to.deep.equal(['hold.placed'])
  })
})

describe('Idempotent orders', () => {
  it('give the first result again, even after the order is gone', () => {
    const exchange = new SmallExchange()
    const order = exchange.order('alice', { side: 'buy', clientOrderId: 'a', idempotent: true })
    const [accepted] = exchange.run(order)
    exchange.run({ type: 'order.cancel', account: 'alice', market: 'BTC-USD', clientOrderId: 'a' })
    const [repeated] = exchange.run(order)
    expect(repeated).to.include({ type: 'command.repeated', account: ALICE, firstSequence: accepted!.sequence, orderId: 1 })
    expect(exchange.refusal({ ...order, quantity: '2' })).to.equal('duplicate_request')
    expect(types(exchange.run({ ...order, account: 'bob' }))).to.deep.equal(['order.accepted', 'order.rested'])
  })

  it('may be tried again after a reject, which changed nothing', () => {
    const exchange = new SmallExchange({ funded: false })
    const order = exchange.order('alice', { side: 'buy', clientOrderId: 'a', idempotent: true })
    expect(exchange.refusal(order)).to.equal('insufficient_balance')
    exchange.run({ ...deposit, amount: '100' })
    expect(types(exchange.run(order))).to.deep.equal(['order.accepted', 'order.rested'])
  })
})
