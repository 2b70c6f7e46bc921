import { expect } from 'chai'
import { historySteps } from './history-steps.js'

describe('the steps through the past', () => {
  it('fill the whole span without a gap and end on its last moment', () => {
    const fromMs = 1_700_000_012_345
    const toMs = fromMs + 26 * 3_600_000
    let nowMs = fromMs
    for (const { atMs, spanMs } of historySteps(fromMs, toMs)) {
      expect(atMs - spanMs).to.equal(nowMs)
      expect(spanMs).to.be.greaterThan(0)
      nowMs = atMs
    }
    expect(nowMs).to.equal(toMs)
  })

  it('become finer towards the end', () => {
    const spans = [...historySteps(0, 30 * 3_600_000)].map(({ spanMs }) => spanMs)
    expect(spans).to.deep.equal([...spans].sort((a, b) => b - a))
    expect(spans[0]).to.equal(60_000)
    expect(spans.at(-1)).to.equal(500)
  })

  it('are none for an empty span', () => {
    expect([...historySteps(5, 5)]).to.deep.equal([])
  })
})
