import { expect } from 'chai'
import fc from 'fast-check'
import { marketUnits, notionalOf, readAmount } from '../../stores/market-units.js'
import { ASSETS, MARKET } from '../../testing/sample-exchange.js'
import { EMPTY_TICKET, reduceTicket, type TicketAction, type TicketForm } from './ticket-form.js'

const units = marketUnits(MARKET, ASSETS)

function fill(...actions: TicketAction[]): TicketForm {
  return actions.reduce((form, action) => reduceTicket(form, action, units), EMPTY_TICKET)
}

describe('The form of the order ticket', () => {
  it('lets the total follow price and quantity', () => {
    const form = fill({ type: 'price', text: '64000.01' }, { type: 'quantity', text: '0.5' })
    expect(form.total).to.equal('32000.005')
  })

  it('lets the quantity follow the total, rounded down to lots', () => {
    const form = fill({ type: 'price', text: '64000' }, { type: 'total', text: '100' })
    expect(form.quantity).to.equal('0.00156')
    expect(form.total).to.equal('100')
  })

  it('keeps what was given when the price changes', () => {
    expect(fill({ type: 'price', text: '10' }, { type: 'total', text: '100' }, { type: 'price', text: '20' }).quantity).to.equal('5')
    expect(fill({ type: 'price', text: '10' }, { type: 'quantity', text: '3' }, { type: 'price', text: '20' }).total).to.equal('60')
  })

  it('empties what follows while the price is not a number', () => {
    expect(fill({ type: 'price', text: '10' }, { type: 'quantity', text: '3' }, { type: 'price', text: '' }).total).to.equal('')
  })

  it('steps prices by the tick and reaches the grid first', () => {
    expect(fill({ type: 'price', text: '64000.00' }, { type: 'step-price', steps: 1 }).price).to.equal('64000.01')
    expect(fill({ type: 'price', text: '64000.00' }, { type: 'step-price', steps: -10 }).price).to.equal('63999.9')
    const coarse = { ...units, tick: 50n }
    expect(reduceTicket({ ...EMPTY_TICKET, price: '10.30' }, { type: 'step-price', steps: -1 }, coarse).price).to.equal('10')
    expect(reduceTicket({ ...EMPTY_TICKET, price: '10.30' }, { type: 'step-price', steps: 1 }, coarse).price).to.equal('10.5')
  })

  it('never steps below zero', () => {
    expect(fill({ type: 'step-price', steps: -1 }).price).to.equal('0')
    expect(fill({ type: 'step-quantity', steps: -5 }).quantity).to.equal('0')
  })

  it('uses a share of the quote balance to buy, never more than it', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 14n), fc.integer({ min: 0, max: 100 }), fc.bigInt(1n, 10n ** 8n), (available, percent, price) => {
        const form = reduceTicket({ ...EMPTY_TICKET, price: String(price) }, { type: 'percent', percent, available }, units)
        const quantity = readAmount(form.quantity, units.quantityScale)!
        const share = (available * BigInt(percent)) / 100n
        const cost = notionalOf(price * 100n, quantity, units)
        expect(cost <= share).to.equal(true)
        expect(notionalOf(price * 100n, quantity + units.lot, units) > share).to.equal(true)
      }),
    )
  })

  it('uses a share of the base balance to sell, rounded down to lots', () => {
    const form = reduceTicket({ ...EMPTY_TICKET, side: 'sell', price: '64000' }, { type: 'percent', percent: 100, available: 123_456_789n }, units)
    expect(form.quantity).to.equal('1.23456')
  })

  it('spends a share of the balance in a market buy', () => {
    const form = reduceTicket({ ...EMPTY_TICKET, orderType: 'market' }, { type: 'percent', percent: 33, available: 100_000_000_001n }, units)
    expect(form.given).to.equal('total')
    expect(form.total).to.equal('330')
    expect(form.quantity).to.equal('')
  })

  it('leaves the quantity alone while a limit buy has no price', () => {
    expect(reduceTicket(EMPTY_TICKET, { type: 'percent', percent: 50, available: 100n }, units)).to.equal(EMPTY_TICKET)
  })

  it('does not combine post-only with IOC or FOK', () => {
    expect(fill({ type: 'time-in-force', timeInForce: 'ioc' }, { type: 'post-only', postOnly: true })).to.include({ timeInForce: 'gtc', postOnly: true })
    expect(fill({ type: 'post-only', postOnly: true }, { type: 'time-in-force', timeInForce: 'fok' })).to.include({ timeInForce: 'fok', postOnly: false })
  })

  it('keeps price and side after an order was sent', () => {
    const form = fill({ type: 'side', side: 'sell' }, { type: 'price', text: '64000' }, { type: 'quantity', text: '1' }, { type: 'sent' })
    expect(form).to.include({ side: 'sell', price: '64000', quantity: '', total: '' })
  })
})
