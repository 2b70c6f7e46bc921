import { expect } from 'chai'
import { restoreEngine, type Command, type Freeze } from '@bourse/core'
import { ALICE, BOB, BTC, eventsOf, SmallExchange, USD } from '../../test/small-exchange.js'

const { types } = SmallExchange
const open = (account: string, terms: Partial<Extract<Command, { type: 'account.open' }>> = {}): Command => ({ type: 'account.open', account, kind: 'user', ...terms })
const freeze = (frozen: Freeze, keepOrders?: boolean): Command => ({ type: 'account.update', account: 'alice', frozen, ...(keepOrders === undefined ? {} : { keepOrders }) })
const move = (terms: Partial<Extract<Command, { type: 'ledger.transfer' }>> = {}): Command => ({ type: 'ledger.transfer', requestId: `m-${JSON.stringify(terms).length}`, from: 'alice', to: 'bob', asset: 'USD', amount: '5', ...terms })
const hold: Command = { type: 'ledger.hold', holdId: 'w-1', account: 'alice', asset: 'USD', amount: '10' }

describe('Accounts', () => {
  it('are opened with a kind and a purpose, which the engine tells', () => {
    const exchange = new SmallExchange()
    const [opened] = eventsOf(exchange.run(open('hot-wallet', { kind: 'system', purpose: 'omnibus' })), 'account.opened')
    expect(opened).to.include({ account: 5, kind: 'system', purpose: 'omnibus', group: 'hot-wallet', parent: undefined })
    expect(exchange.engine.account(5)).to.deep.equal({ id: 5, name: 'hot-wallet', kind: 'system', purpose: 'omnibus', group: 'hot-wallet', parent: undefined })
    expect(exchange.engine.account(1)).to.include({ name: 'fees', kind: 'system', purpose: 'fees' })
    expect(exchange.engine.account(6)).to.equal(undefined)
  })

  it('of the custody take money and holds, and do not trade', () => {
    const exchange = new SmallExchange()
    for (const purpose of ['omnibus', 'dust'] as const) {
      exchange.run(open(purpose, { kind: 'system', purpose }))
      exchange.run(move({ to: purpose, requestId: purpose }))
      exchange.run({ ...hold, holdId: purpose, account: purpose, amount: '2' } as Command)
      expect(exchange.refusal(exchange.order(purpose, { side: 'buy', quantity: '0.001' }))).to.equal('not_permitted')
    }
    for (const purpose of ['insurance', 'fees'] as const) {
      exchange.run(open(purpose === 'fees' ? 'more-fees' : purpose, { kind: 'system', purpose }))
      exchange.run(move({ to: purpose === 'fees' ? 'more-fees' : purpose, requestId: purpose, amount: '100' }))
      expect(types(exchange.place(purpose === 'fees' ? 'more-fees' : purpose, { side: 'buy', quantity: '0.001' }))).to.deep.equal(['order.accepted', 'order.rested'])
    }
  })

  it('survive a snapshot with kind, purpose, parent and freeze', () => {
    const exchange = new SmallExchange()
    exchange.run(open('alice-bot', { parent: 'alice' }))
    exchange.run(open('dust', { kind: 'system', purpose: 'dust' }))
    exchange.run(freeze('all'))
    const restored = restoreEngine(exchange.engine.snapshot())
    expect(restored.stateHash()).to.equal(exchange.engine.stateHash())
    for (const account of [1, 5, 6]) expect(restored.account(account)).to.deep.equal(exchange.engine.account(account))
    expect(restored.accountSettings(ALICE)).to.include({ frozen: 'all' })
  })
})

describe('Sub-accounts', () => {
  it('have the group of their parent, so that they do not trade with it', () => {
    const exchange = new SmallExchange()
    const [opened] = eventsOf(exchange.run(open('alice-bot', { parent: 'alice' })), 'account.opened')
    expect(opened).to.include({ account: 5, group: 'alice', parent: ALICE })
    exchange.run(move({ to: 'alice-bot', amount: '200' }))
    exchange.place('alice', { side: 'sell' })
    const [cancelled] = eventsOf(exchange.place('alice-bot', { side: 'buy' }), 'order.cancelled')
    expect(cancelled).to.include({ reason: 'self_trade_prevention' })
  })

  it('pay their parent and each other within the family, and nobody else', () => {
    const exchange = new SmallExchange()
    for (const account of ['alice-1', 'alice-2']) exchange.run(open(account, { parent: 'alice' }))
    for (const [place, [from, to]] of [['alice', 'alice-1'], ['alice-1', 'alice-2'], ['alice-2', 'alice']].entries()) {
      exchange.run(move({ from: from!, to: to!, within: 'family', requestId: `within-${place}` }))
    }
    for (const [from, to] of [['alice', 'bob'], ['world', 'alice'], ['alice-1', 'bob']]) {
      expect(exchange.refusal(move({ from: from!, to: to!, within: 'family' }))).to.equal('not_permitted')
    }
    // Without the rule they pay like any other account.
    expect(types(exchange.run(move({ from: 'alice', to: 'bob' })))).to.deep.equal(['transfer.posted'])
  })
})

describe('A freeze', () => {
  it('of trading cancels the orders of the account, and refuses new ones and amendments', () => {
    const exchange = new SmallExchange({ limits: { cancelsPerCommand: 2 } })
    for (const price of ['99', '98', '97']) exchange.place('alice', { side: 'buy', price })
    const events = exchange.run(freeze('trading'))
    expect(types(events)).to.deep.equal(['account.updated', 'order.cancelled', 'order.cancelled', 'order.cancelled'])
    expect(eventsOf(events, 'order.cancelled').map(({ reason }) => reason)).to.deep.equal(['account_frozen', 'account_frozen', 'account_frozen'])
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 1_000_000_000_000n, held: 0n })
    expect(exchange.refusal(exchange.order('alice', { side: 'buy' }))).to.equal('account_frozen')
    expect(exchange.refusal(exchange.order('alice', { side: 'buy', stopPrice: '101', orderType: 'stop-limit' }))).to.equal('account_frozen')
    // Money may still move.
    exchange.run(move())
    exchange.run(hold)
    exchange.run(freeze('none'))
    expect(types(exchange.place('alice', { side: 'buy' }))).to.deep.equal(['order.accepted', 'order.rested'])
  })

  it('may keep the orders, which then trade, and can be cancelled and reduced but not amended', () => {
    const exchange = new SmallExchange()
    for (const clientOrderId of ['a', 'b', 'c']) exchange.place('alice', { side: 'buy', clientOrderId })
    expect(types(exchange.run(freeze('all', true)))).to.deep.equal(['account.updated'])
    const reference = { account: 'alice', market: 'BTC-USD' }
    expect(eventsOf(exchange.place('bob', { side: 'sell' }), 'trade.executed')[0]!.maker.account).to.equal(ALICE)
    expect(exchange.refusal({ type: 'order.amend', ...reference, clientOrderId: 'b', price: '99' })).to.equal('account_frozen')
    expect(exchange.refusal({ type: 'order.amend', ...reference, clientOrderId: 'b', quantity: '0.5' })).to.equal('account_frozen')
    expect(types(exchange.run({ type: 'order.reduce', ...reference, clientOrderId: 'b', leavesQuantity: '0.5' }))).to.deep.equal(['order.reduced'])
    expect(types(exchange.run({ type: 'order.cancel', ...reference, clientOrderId: 'b' }))).to.deep.equal(['order.cancelled'])
    expect(types(exchange.run({ type: 'order.cancel-all', account: 'alice' }))).to.deep.equal(['order.cancelled'])
  })

  it('of transfers refuses to pay and to set aside, but takes money, settles and releases', () => {
    const exchange = new SmallExchange()
    exchange.run(hold)
    exchange.run({ ...hold, holdId: 'w-2', amount: '20' } as Command)
    exchange.run(freeze('transfers'))
    expect(exchange.refusal(move())).to.equal('account_frozen')
    expect(exchange.refusal({ ...hold, holdId: 'w-3' } as Command)).to.equal('account_frozen')
    exchange.run(move({ from: 'world', to: 'alice' }))
    exchange.run({ type: 'ledger.settle', holdId: 'w-1', to: 'bob' })
    exchange.run({ type: 'ledger.release', holdId: 'w-2' })
    expect(exchange.engine.balance(ALICE, USD)).to.deep.equal({ available: 999_995_000_000n, held: 0n })
    expect(exchange.engine.balance(BOB, USD).available).to.equal(1_000_010_000_000n)
    // Trading goes on.
    expect(types(exchange.place('alice', { side: 'buy' }))).to.deep.equal(['order.accepted', 'order.rested'])
  })

  it('does not stop a repetition from getting its first result', () => {
    const exchange = new SmallExchange()
    const payment = move({ requestId: 'once' })
    exchange.run(payment)
    exchange.run(hold)
    exchange.run(freeze('all'))
    expect(types(exchange.run(payment))).to.deep.equal(['command.repeated'])
    expect(types(exchange.run(hold))).to.deep.equal(['command.repeated'])
  })

  it('lets a market maker withdraw its ladder', () => {
    const exchange = new SmallExchange()
    exchange.run({ type: 'quote.place', account: 'alice', market: 'BTC-USD', bids: [{ price: '99', quantity: '1' }], asks: [{ price: '101', quantity: '1' }] })
    exchange.run(freeze('trading', true))
    expect(exchange.refusal({ type: 'quote.place', account: 'alice', market: 'BTC-USD', bids: [{ price: '98', quantity: '1' }], asks: [] })).to.equal('account_frozen')
    expect(types(exchange.run({ type: 'quote.place', account: 'alice', market: 'BTC-USD', bids: [], asks: [] }))).to.deep.equal(['order.cancelled', 'order.cancelled'])
    expect(exchange.engine.balance(ALICE, BTC).held).to.equal(0n)
  })
})
