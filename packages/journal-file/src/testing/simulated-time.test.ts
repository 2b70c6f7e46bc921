/** Tests of the simulated event loop. */
import { expect } from 'chai'
import { seededRandom } from './simulated-disk.js'
import { SimulatedTime } from './simulated-time.js'

describe('simulated time', () => {
  it('rings alarms by time, then in the order of the calls, and takes no real time', async () => {
    const time = new SimulatedTime()
    const random = seededRandom(5)
    const rung: [number, number][] = []
    for (let order = 0; order < 1000; order++) {
      const us = Math.floor(random() * 50) * 1e9
      time.after(us, () => rung.push([us, order]))
    }
    await time.runUntil(time.sleep(51e9))
    expect(rung).to.have.lengthOf(1000)
    expect(rung).to.deep.equal([...rung].sort(([a, i], [b, j]) => a - b || i - j))
    expect(time.nowUs).to.equal(51e9)
  })

  it('leaves out what was cancelled, and lets promises go on between two alarms', async () => {
    const time = new SimulatedTime()
    const said: string[] = []
    const cancel = time.after(5, () => said.push('cancelled'))
    const talk = async (name: string): Promise<void> => {
      for (const round of [1, 2]) {
        await time.sleep(10)
        await Promise.resolve()
        said.push(`${name}${round}`)
      }
    }
    cancel()
    await time.runUntil(Promise.all([talk('a'), talk('b')]))
    expect(said).to.deep.equal(['a1', 'b1', 'a2', 'b2'])
  })

  it('gives the rejection, and names a program that waits for ever', async () => {
    const time = new SimulatedTime()
    const failing = time.sleep(1).then(() => {
      throw new Error('broken')
    })
    const reason = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', (error: Error) => error.message)
    expect(await reason(time.runUntil(failing))).to.equal('broken')
    expect(await reason(time.runUntil(new Promise(() => undefined)))).to.contain('Nothing is left to happen')
    time.maxSteps = 1000
    const endless = async (): Promise<never> => {
      for (;;) await time.sleep(1)
    }
    expect(await reason(time.runUntil(endless()))).to.contain('has not ended after 1000 steps')
  })
})
