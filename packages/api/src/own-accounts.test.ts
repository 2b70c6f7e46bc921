import { expect } from 'chai'
import type { BourseClient } from '@bourse/client'
import { rawRequest } from '../test/raw-request.js'
import { refusal } from '../test/refusal.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

const ORDER = { market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' } as const

describe('the accounts of one person', () => {
  let running: RunningGateway
  let ann: { client: BourseClient; userId: string; token: string }
  let bob: { client: BourseClient; userId: string; token: string }
  let sub: string
  let acting: BourseClient
  before(async () => {
    running = await startGateway()
    ann = await running.trader('ann', { USDT: '1000', BTC: '1' })
    bob = await running.trader('bob', { USDT: '1000', BTC: '1' })
    sub = (await ann.client.createSubAccount({ label: 'grid bot' })).subAccountId
    acting = running.client({ token: ann.token, subAccount: sub })
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
  const available = async (client: BourseClient, asset: string): Promise<string> => (await client.balances()).balances.find((one) => one.asset === asset)!.available

  it('has sub-accounts that are listed by their labels, each label once', async () => {
    expect(await ann.client.subAccounts()).to.have.length(1)
    expect((await ann.client.subAccounts())[0]).to.include({ subAccountId: sub, label: 'grid bot', frozen: 'none' })
    expect(await refusal(ann.client.createSubAccount({ label: 'grid bot' }))).to.include({ code: 'conflict', status: 409, field: 'label' })
    expect(await bob.client.subAccounts()).to.deep.equal([])
  })

  it('moves money between them once for each requestId, and only the own', async () => {
    const transfer = { requestId: 'move-1', from: 'main', to: sub, asset: 'USDT', amount: '400.00' }
    const first = await ann.client.transfer(transfer)
    expect(await ann.client.transfer(transfer)).to.deep.equal(first)
    expect(await available(ann.client, 'USDT')).to.equal('600.00000000')
    expect(await available(acting, 'USDT')).to.equal('400.00000000')
    expect((await acting.ledger()).items[0]).to.include({ kind: 'transfer', amount: '400.00000000', reference: first.reference })
    expect(await refusal(ann.client.transfer({ ...transfer, amount: '1.00' }))).to.include({ status: 409, code: 'duplicate_request' })
    expect(await refusal(ann.client.transfer({ ...transfer, requestId: 'move-2', amount: '601.00' }))).to.include({ code: 'insufficient_balance' })
    expect(await refusal(ann.client.transfer({ ...transfer, requestId: 'move-3', to: 'main' }))).to.include({ status: 400, field: 'to' })
    // Bob's ids are his own, and so is his money.
    expect(await refusal(bob.client.transfer(transfer))).to.include({ status: 404 })
    expect(await refusal(ann.client.transfer({ ...transfer, requestId: 'move-4', from: bob.userId }))).to.include({ status: 404 })
    expect(await refusal(ann.client.transfer({ ...transfer, requestId: 'move-5', from: 'world' }))).to.include({ status: 404 })
  })

  it('lets its owner trade for a sub-account, apart from the own orders', async () => {
    const { order } = await acting.placeOrder(ORDER)
    expect((await acting.openOrders()).map(({ orderId }) => orderId)).to.deep.equal([order.orderId])
    expect(await ann.client.openOrders()).to.deep.equal([])
    expect(await refusal(ann.client.cancelOrder({ market: 'BTC-USDT', orderId: order.orderId }))).to.include({ code: 'unknown_order' })
    expect((await acting.orders()).items).to.have.length(1)
    expect(await acting.cancelAll()).to.deep.equal({ cancelled: 1 })
  })

  it('lets nobody else act for it, and no route that does not offer it', async () => {
    for (const [token, header] of [[bob.token, sub], [ann.token, bob.userId], [ann.token, 'fees'], [ann.token, ''], [bob.token, ann.userId]] as const) {
      for (const path of ['/balances', '/orders', '/ledger', '/account', '/orders/open']) {
        expect((await rawRequest(`${running.url}/api/v1${path}`, { token, headers: { 'x-sub-account': header } })).status, `${header} ${path}`).to.equal(404)
      }
    }
    expect((await rawRequest(`${running.url}/api/v1/balances`, { headers: { 'x-sub-account': sub } })).status).to.equal(401)
    for (const path of ['/deposits', '/withdrawals', '/alerts', '/sub-accounts', '/api-keys']) {
      expect((await rawRequest(`${running.url}/api/v1${path}`, { token: ann.token, headers: { 'x-sub-account': sub } })).error, path).to.include({ code: 'invalid_request', field: 'X-Sub-Account' })
    }
  })

  it('tells its freezes, its fee tier and what it pays', async () => {
    expect(await ann.client.account()).to.deep.include({ accountId: ann.userId, subAccount: false, frozen: 'none', feeTier: 0, feeAsset: null })
    expect((await ann.client.account()).fees[0]).to.deep.equal({ market: 'BTC-USDT', makerFee: '0.000800', takerFee: '0.001000' })
    await running.exchange.submit({ type: 'fees.define-tier', tier: 2, makerFee: '-0.0001', takerFee: '0.0004' })
    await running.exchange.submit({ type: 'account.update', account: sub, feeTier: 2, frozen: 'trading' })
    expect(await acting.account()).to.deep.include({ accountId: sub, subAccount: true, frozen: 'trading', feeTier: 2 })
    expect((await acting.account()).fees[0]).to.deep.equal({ market: 'BTC-USDT', makerFee: '-0.000100', takerFee: '0.000400' })
    expect((await ann.client.subAccounts())[0]?.frozen).to.equal('trading')
    expect(await refusal(acting.placeOrder(ORDER))).to.include({ status: 403, code: 'account_frozen' })
  })

  it('keeps preferences, and refuses what is no small object', async () => {
    expect(await ann.client.preferences()).to.deep.equal({})
    await ann.client.savePreferences({ language: 'de', 'desk.rows': 4, sound: false })
    expect(await ann.client.preferences()).to.deep.equal({ language: 'de', 'desk.rows': 4, sound: false })
    expect(await bob.client.preferences()).to.deep.equal({})
    for (const body of ['{"__proto__":{"a":1}}', '{"constructor":{"a":1}}', '{"a":{"b":1}}', '{"A":1}', '[]', JSON.stringify(Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k${index}`, 1])))]) {
      expect((await rawRequest(`${running.url}/api/v1/preferences`, { method: 'PUT', token: ann.token, body })).status, body).to.equal(400)
    }
    expect(await ann.client.preferences()).to.have.keys('language', 'desk.rows', 'sound')
  })
})
