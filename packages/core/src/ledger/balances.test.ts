import { expect } from 'chai'
import { RowMemory } from '../values/row-memory.js'
import { Balances } from './balances.js'

function withMoney(): { balances: Balances; ann: number; bob: number } {
  const memory = new RowMemory()
  const balances = new Balances(memory)
  const [ann, bob] = [balances.open(7, 1), balances.open(8, 1)]
  balances.pay(balances.open(0, 1), ann, 100n)
  return { balances, ann, bob }
}
const both = (balances: Balances, row: number) => [balances.available(row), balances.held(row)]

describe('Balances', () => {
  it('are found by account and asset, and are one for each', () => {
    const balances = new Balances(new RowMemory())
    expect(balances.find(3, 4)).to.equal(0)
    const row = balances.open(3, 4)
    expect([balances.open(3, 4), balances.find(3, 4)]).to.deep.equal([row, row])
    expect([balances.open(4, 3), balances.open(3, 5)]).to.not.include(row)
    expect([balances.account(row), balances.asset(row), ...both(balances, row)]).to.deep.equal([3, 4, 0n, 0n])
    expect([balances.count, [...balances.rows()].map((each) => [balances.account(each), balances.asset(each)])]).to.deep.equal([3, [[3, 4], [4, 3], [3, 5]]])
  })

  it('of nobody are nothing', () => {
    expect(both(new Balances(new RowMemory()), 0)).to.deep.equal([0n, 0n])
  })

  it('move between available and held, and between accounts, by exactly the amount', () => {
    const { balances, ann, bob } = withMoney()
    balances.hold(ann, 30n)
    expect(both(balances, ann)).to.deep.equal([70n, 30n])
    balances.release(ann, 10n)
    expect(both(balances, ann)).to.deep.equal([80n, 20n])
    balances.pay(ann, bob, 5n)
    expect([...both(balances, ann), ...both(balances, bob)]).to.deep.equal([75n, 20n, 5n, 0n])
    balances.payHeld(ann, bob, 20n)
    expect([...both(balances, ann), ...both(balances, bob)]).to.deep.equal([75n, 0n, 25n, 0n])
  })

  it('for which room was made do not replace the memory while they are opened', () => {
    const memory = new RowMemory()
    const balances = new Balances(memory)
    balances.reserve(40_000)
    const { i64 } = memory
    for (let account = 0; account < 40_000; account++) balances.open(account, 1)
    expect(memory.i64).to.equal(i64)
    expect(i64.length).to.be.below(524_288)
    for (const account of [0, 1, 39_999]) expect(balances.account(balances.find(account, 1))).to.equal(account)
  })
})
