import { expect } from 'chai'
import { wordsOfText } from '../values/text-words.js'
import { NamedHolds } from './named-holds.js'

const place = (holds: NamedHolds, name: string, sequence: number) => holds.place({ words: wordsOfText(name)!, at: 0, account: sequence + 100, asset: sequence + 200, amount: BigInt(sequence) * 10n, sequence })
const find = (holds: NamedHolds, name: string) => holds.find(wordsOfText(name)!, 0)

describe('Named holds', () => {
  it('are found by name with what they hold, until they are removed', () => {
    const holds = new NamedHolds()
    const row = place(holds, 'one', 5)
    place(holds, 'two', 6)
    expect([find(holds, 'one'), find(holds, 'three')]).to.deep.equal([row, 0])
    expect([holds.account(row), holds.asset(row), holds.amount(row), holds.sequenceOf(row)]).to.deep.equal([105, 205, 50n, 5])
    holds.remove(row)
    expect([find(holds, 'one'), find(holds, 'two') === 0]).to.deep.equal([0, false])
  })

  it('are listed from the oldest, whatever rows they stand in', () => {
    const holds = new NamedHolds()
    const [one, two] = [place(holds, 'one', 1), place(holds, 'two', 2)]
    place(holds, 'three', 3)
    holds.remove(one)
    holds.remove(two)
    expect(holds.live().map((row) => holds.sequenceOf(row))).to.deep.equal([3])
    const end = holds.end
    // The rows of those that are gone are used again, the last one first.
    expect([place(holds, 'four', 4), place(holds, 'five', 5)]).to.deep.equal([two, one])
    expect(holds.end).to.equal(end)
    expect(holds.live().map((row) => holds.sequenceOf(row))).to.deep.equal([3, 4, 5])
    expect(place(holds, 'six', 6)).to.equal(end)
  })
})
