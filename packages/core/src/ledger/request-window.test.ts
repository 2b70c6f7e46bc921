import { expect } from 'chai'
import { wordsOfText } from '../values/text-words.js'
import { REQUEST_HASH_HIGH, REQUEST_HASH_LOW, REQUEST_ORDER_ID, REQUEST_SEQUENCE, REQUEST_WORDS, RequestWindow } from './request-window.js'

function remember(window: RequestWindow, key: string, sequence: number, scope = 0): number {
  const row = window.remember(wordsOfText(key)!, 0, scope)
  window.f64[row * REQUEST_WORDS + REQUEST_SEQUENCE] = sequence
  window.f64[row * REQUEST_WORDS + REQUEST_ORDER_ID] = sequence * 10
  window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_LOW] = sequence + 1
  window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_HIGH] = sequence + 2
  return row
}
const find = (window: RequestWindow, key: string, scope = 0) => window.find(wordsOfText(key)!, 0, scope)

describe('A window of requests', () => {
  it('tells by key and scope what came of a command, and whether the input was the same', () => {
    const window = new RequestWindow(4)
    const row = remember(window, 'a', 7, 3)
    expect([find(window, 'a', 3), find(window, 'a', 4), find(window, 'b', 3)]).to.deep.equal([row, 0, 0])
    expect([window.firstSequence(row), window.orderId(row)]).to.deep.equal([7, 70])
    expect([window.sameInput(row, 8, 9), window.sameInput(row, 8, 8), window.sameInput(row, 9, 9)]).to.deep.equal([true, false, false])
  })

  it('forgets the oldest for the newest, and lists from the oldest', () => {
    const window = new RequestWindow(3)
    const sequences = () => [...window.rows()].map((row) => window.firstSequence(row))
    expect(sequences()).to.deep.equal([])
    remember(window, 'a', 1)
    remember(window, 'b', 2)
    expect(sequences()).to.deep.equal([1, 2])
    remember(window, 'c', 3)
    expect([sequences(), find(window, 'a') === 0]).to.deep.equal([[1, 2, 3], false])
    remember(window, 'd', 4)
    remember(window, 'e', 5)
    expect([sequences(), window.total, window.end]).to.deep.equal([[3, 4, 5], 5, 4])
    expect(['a', 'b', 'c', 'd', 'e'].map((key) => find(window, key) !== 0)).to.deep.equal([false, false, true, true, true])
    remember(window, 'a', 6)
    expect(sequences()).to.deep.equal([4, 5, 6])
  })
})
