import { expect } from 'chai'
import type { BourseClient, StreamListener } from '@bourse/client'
import { sampleFill, sampleOrder } from '../testing/sample-exchange.js'
import { createAccount, mergeOpenOrders, type AccountEvents } from './account.js'
import type { FrameBatch } from './frame-batch.js'

const NO_EVENTS: AccountEvents = { onFills: () => undefined, onDeposits: () => undefined, onWithdrawals: () => undefined, onLoggedOut: () => undefined }
const AT_ONCE: FrameBatch = { schedule: (task) => task() }
const nothing = { balances: [], orders: [], fills: [], deposits: [], withdrawals: [] }

function openAccount(events: Partial<AccountEvents> = {}) {
  let listener: StreamListener<'account'> | undefined
  const client = {
    subscribe: (_subscription: unknown, given: StreamListener<'account'>) => {
      listener = given
      return Promise.resolve(() => undefined)
    },
    orders: () => Promise.resolve({ items: [sampleOrder({ orderId: 1 })], nextCursor: null }),
  } as Partial<BourseClient> as BourseClient
  const account = createAccount(client, AT_ONCE, { ...NO_EVENTS, ...events })
  account.open()
  return { account, listener: listener! }
}

describe('The account', () => {
  it('keeps live orders newest first and drops those that ended', () => {
    const { account, listener } = openAccount()
    listener.onSnapshot({ sequence: 10, balances: [{ asset: 'BTC', available: '1', held: '0' }], openOrders: [sampleOrder({ orderId: 1 }), sampleOrder({ orderId: 2 })] })
    expect(account.store.getState().openOrders.map(({ orderId }) => orderId)).to.deep.equal([2, 1])
    listener.onMessage({ channel: 'account', data: { ...nothing, sequence: 11, orders: [sampleOrder({ orderId: 2, status: 'filled', sequence: 11 }), sampleOrder({ orderId: 3, sequence: 11 })], balances: [{ asset: 'BTC', available: '0.5', held: '0.5' }] } })
    expect(account.store.getState().openOrders.map(({ orderId }) => orderId)).to.deep.equal([3, 1])
    expect(account.store.getState().balances.get('BTC')?.held).to.equal('0.5')
  })

  it('does not bring an order back when the answer to its placement comes after its end', () => {
    const { account, listener } = openAccount()
    listener.onSnapshot({ sequence: 10, balances: [], openOrders: [] })
    listener.onMessage({ channel: 'account', data: { ...nothing, sequence: 12, orders: [sampleOrder({ orderId: 5, status: 'filled', sequence: 12 })] } })
    account.applyOrder(sampleOrder({ orderId: 5, status: 'open', sequence: 11 }))
    expect(account.store.getState().openOrders).to.deep.equal([])
  })

  it('never replaces a newer view of an order by an older one', () => {
    const newer = sampleOrder({ sequence: 20, leavesQuantity: '0.10000' })
    const merged = mergeOpenOrders(new Map([[1, newer]]), [sampleOrder({ sequence: 15 })])
    expect(merged.get(1)).to.equal(newer)
  })

  it('reports fills and brings loaded histories up to date', async () => {
    let filled = 0
    const { account, listener } = openAccount({ onFills: () => filled++ })
    listener.onSnapshot({ sequence: 10, balances: [], openOrders: [] })
    await account.histories.orders.load()
    listener.onMessage({ channel: 'account', data: { ...nothing, sequence: 11, orders: [sampleOrder({ orderId: 1, status: 'filled', sequence: 11 }), sampleOrder({ orderId: 2, sequence: 11 })], fills: [sampleFill()] } })
    expect(filled).to.equal(1)
    expect(account.histories.orders.store.getState().items.map(({ orderId, status }) => [orderId, status])).to.deep.equal([[2, 'open'], [1, 'filled']])
    expect(account.histories.fills.store.getState().status).to.equal('idle')
  })

  it('forgets everything when it is closed', () => {
    const { account, listener } = openAccount()
    listener.onSnapshot({ sequence: 10, balances: [{ asset: 'BTC', available: '1', held: '0' }], openOrders: [sampleOrder()] })
    account.close()
    expect(account.store.getState()).to.deep.include({ ready: false, openOrders: [] })
    listener.onMessage({ channel: 'account', data: { ...nothing, sequence: 11, orders: [sampleOrder({ orderId: 9 })] } })
    expect(account.store.getState().openOrders).to.deep.equal([])
  })
})
