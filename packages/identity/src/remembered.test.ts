import { expect } from 'chai'
import { Remembered } from './remembered.js'

describe('what is remembered of look-ups', () => {
  let nowMs = 0
  let answers: ((value: string | undefined) => void)[] = []
  let asked: string[] = []
  let remembered: Remembered<string>
  beforeEach(() => {
    nowMs = 0
    answers = []
    asked = []
    remembered = new Remembered({
      lookUp: (name) => {
        asked.push(name)
        return new Promise((resolve) => answers.push(resolve))
      },
      now: () => nowMs,
      forMs: 1_000,
      most: 2,
    })
  })
  const answer = async (value: string | undefined): Promise<void> => {
    answers.shift()!(value)
    await new Promise(setImmediate)
  }
  const learn = async (name: string): Promise<void> => {
    const got = remembered.get(name)
    await answer(`value of ${name}`)
    expect(await got).to.equal(`value of ${name}`)
  }

  it('is given at once, and asked for once by many', async () => {
    const both = Promise.all([remembered.get('a'), remembered.get('a')])
    await answer('x')
    expect([await both, remembered.get('a'), asked]).to.deep.equal([['x', 'x'], 'x', ['a']])
  })

  it('is looked up again before its time is over, while nobody waits', async () => {
    await learn('a')
    nowMs = 500
    expect([remembered.get('a'), remembered.get('a'), asked]).to.deep.equal(['value of a', 'value of a', ['a', 'a']])
    await answer('newer')
    expect(remembered.get('a')).to.equal('newer')
  })

  it('is not given any more when its time is over, whatever the look-up takes', async () => {
    await learn('a')
    nowMs = 999
    expect(remembered.get('a')).to.equal('value of a')
    nowMs = 1_000
    const got = remembered.get('a')
    expect(got).to.be.a('promise')
    await answer(undefined)
    expect([await got, asked]).to.deep.equal([undefined, ['a', 'a']])
  })

  it('is gone as soon as a look-up finds nothing', async () => {
    await learn('a')
    nowMs = 600
    expect(remembered.get('a')).to.equal('value of a')
    await answer(undefined)
    expect(remembered.get('a')).to.be.a('promise')
  })

  it('is gone once it is forgotten, and so is what a look-up from before finds', async () => {
    await learn('a')
    nowMs = 600
    expect(remembered.get('a')).to.equal('value of a')
    remembered.forget('a')
    await answer('from before')
    expect(remembered.get('a')).to.be.a('promise')
  })

  it('makes room for what came later', async () => {
    for (const name of ['a', 'b', 'c']) await learn(name)
    expect([remembered.get('b'), remembered.get('c')]).to.deep.equal(['value of b', 'value of c'])
    expect(remembered.get('a')).to.be.a('promise')
  })
})
