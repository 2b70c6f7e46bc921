import { expect } from 'chai'
import type { BourseClient } from '@bourse/client'
import { refusal } from '../test/refusal.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

describe('price alerts', () => {
  let running: RunningGateway
  let ann: BourseClient
  let bob: BourseClient
  before(async () => {
    running = await startGateway()
    ann = (await running.trader('ann', { USDT: '100000', BTC: '10' })).client
    bob = (await running.trader('bob', { USDT: '100000', BTC: '10' })).client
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  async function trade(price: string): Promise<void> {
    await ann.placeOrder({ market: 'BTC-USDT', side: 'sell', orderType: 'limit', price, quantity: '0.10000' })
    await bob.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price, quantity: '0.10000' })
    await running.gateway.share.alerts.settled()
  }

  it('fire once, with the trade that reached their price', async () => {
    await trade('100.00')
    const above = await ann.createAlert({ market: 'BTC-USDT', direction: 'above', price: '110', note: 'sell some' })
    const below = await ann.createAlert({ market: 'BTC-USDT', direction: 'below', price: '90' })
    expect(above).to.include({ price: '110.00', firedMs: null, note: 'sell some' })
    await trade('109.99')
    expect((await ann.alerts()).map(({ firedMs }) => firedMs)).to.deep.equal([null, null])
    await trade('112.00')
    await trade('120.00')
    const fired = (await ann.alerts()).find(({ alertId }) => alertId === above.alertId)
    expect(fired).to.include({ firedPrice: '112.00' })
    expect(fired?.firedMs).to.be.a('number')
    await trade('90.00')
    expect((await ann.alerts()).find(({ alertId }) => alertId === below.alertId)).to.include({ firedPrice: '90.00' })
  })

  it('are one person\'s own, and are gone when they are removed', async () => {
    const { alertId } = await ann.createAlert({ market: 'BTC-USDT', direction: 'above', price: '130.00' })
    expect(await bob.alerts()).to.deep.equal([])
    expect(await refusal(bob.removeAlert(alertId))).to.include({ status: 404 })
    await ann.removeAlert(alertId)
    expect(await refusal(ann.removeAlert(alertId))).to.include({ status: 404 })
    await trade('131.00')
    expect((await ann.alerts()).some((alert) => alert.alertId === alertId)).to.equal(false)
  })

  it('refuse a market that is not there, and a price that is none', async () => {
    expect(await refusal(ann.createAlert({ market: 'XYZ-USDT', direction: 'above', price: '1' }))).to.include({ code: 'unknown_market' })
    expect(await refusal(ann.createAlert({ market: 'BTC-USDT', direction: 'above', price: '1.001' }))).to.include({ code: 'price_out_of_bounds', field: 'price' })
    expect(await refusal(ann.createAlert({ market: 'BTC-USDT', direction: 'above', price: '0' }))).to.include({ code: 'price_out_of_bounds' })
  })

  it('fire after a restart for what was reached meanwhile', async () => {
    const { alertId } = await ann.createAlert({ market: 'BTC-USDT', direction: 'above', price: '140.00' })
    const { dir } = running
    running.gateway.share.alerts.close()
    await trade('141.00')
    expect((await ann.alerts()).find((alert) => alert.alertId === alertId)?.firedMs).to.equal(null)
    const { token } = await ann.logIn({ email: 'ann@example.com', password: 'correct horse battery' })
    await running.stop()
    running = await startGateway({ dir })
    ann = running.client({ token })
    await running.gateway.share.alerts.settled()
    expect((await ann.alerts()).find((alert) => alert.alertId === alertId)).to.include({ firedPrice: '141.00' })
  })
})
