import { expect } from 'chai'
import { ASSETS, MARKET, sampleTicker } from '../../testing/sample-exchange.js'
import { estimateAsset, totalOf, worthOf } from './estimate.js'
import { checkWithdrawal, receivedAmount, type WithdrawalTerms } from './withdraw-check.js'

const bitcoin = ASSETS[0]!
const terms: WithdrawalTerms = { asset: bitcoin, network: bitcoin.network!, available: 50_000_000n }

describe('A withdrawal', () => {
  const problems: [name: string, typed: { address: string; amount: string }, text: string][] = [
    ['without an address', { address: '  ', amount: '0.1' }, 'withdraw.problem.address'],
    ['without an amount', { address: 'a', amount: '' }, 'ticket.problem.amountMissing'],
    ['of nothing', { address: 'a', amount: '0' }, 'ticket.problem.amountMissing'],
    ['finer than the asset', { address: 'a', amount: '0.123456789' }, 'ticket.problem.amountDigits'],
    ['below the minimum', { address: 'a', amount: '0.0009' }, 'withdraw.problem.minimum'],
    ['above the balance', { address: 'a', amount: '0.50000001' }, 'ticket.problem.balance'],
  ]
  for (const [name, typed, text] of problems) {
    it(`is refused ${name}`, () => {
      const check = checkWithdrawal(typed, terms)
      expect(check.ok ? null : check.text).to.equal(text)
    })
  }

  it('is refused when the fee would eat it up', () => {
    const check = checkWithdrawal({ address: 'a', amount: '0.0002' }, { ...terms, network: { ...terms.network, minimumWithdrawal: '0' } })
    expect(check.ok ? null : check.text).to.equal('withdraw.problem.fee')
  })

  it('goes out with all decimals and without spaces around the address', () => {
    expect(checkWithdrawal({ address: ' abc ', amount: '0.5' }, terms)).to.deep.equal({ ok: true, address: 'abc', amount: '0.50000000' })
  })

  it('arrives less the fee, never below nothing', () => {
    expect(receivedAmount('0.5', terms)).to.equal(49_980_000n)
    expect(receivedAmount('0.0001', terms)).to.equal(0n)
    expect(receivedAmount('', terms)).to.equal(null)
  })
})

describe('The worth of a wallet', () => {
  const prices = { assets: ASSETS, markets: [MARKET], tickers: new Map([['BTC-USDT', sampleTicker({ lastPrice: '64000.10' })]]) }

  it('is told in the asset that most markets are quoted in', () => {
    expect(estimateAsset([MARKET, { ...MARKET, symbol: 'ETH-BTC', quote: 'BTC' }, { ...MARKET, symbol: 'SOL-USDT' }])).to.equal('USDT')
    expect(estimateAsset([])).to.equal(undefined)
  })

  it('adds what is held to what is available', () => {
    expect(totalOf({ asset: 'BTC', available: '1.5', held: '0.5' }, 8)).to.equal(200_000_000n)
    expect(totalOf(undefined, 8)).to.equal(0n)
  })

  it('is reckoned at the last price', () => {
    expect(worthOf(bitcoin, 50_000_000n, 'USDT', prices)).to.equal(3_200_005_000_000n)
    expect(worthOf(ASSETS[1]!, 7n, 'USDT', prices)).to.equal(7n)
    expect(worthOf(bitcoin, 1n, 'EUR', prices)).to.equal(null)
  })
})
