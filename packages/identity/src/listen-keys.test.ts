import { expect } from 'chai'
import { onEachDatabase } from '../test/on-each-database.js'
import { LISTEN_KEY_MS, memoryFailures } from './index.js'

onEachDatabase('listen keys', (accounts) => {
  let keys = 0
  const newKey = (): string => `key-${keys++}`

  it('are one for each API key, however many ask at once, and another one when it has expired', async () => {
    const { listenKeys, clock } = accounts()
    const [one, other] = [newKey(), newKey()]
    const names = await Promise.all(Array.from({ length: 10 }, () => listenKeys.open(one)))
    expect(new Set(names).size).to.equal(1)
    expect(await listenKeys.open(other)).not.to.equal(names[0])
    expect(await listenKeys.keyOf(names[0]!)).to.equal(one)
    clock.nowMs += LISTEN_KEY_MS
    expect(await listenKeys.keyOf(names[0]!)).to.equal(undefined)
    expect(await listenKeys.open(one)).not.to.equal(names[0])
  })

  it('are letters and digits, which clients put between underscores', async () => {
    expect(await accounts().listenKeys.open(newKey())).to.match(/^[a-z0-9]{64}$/)
  })

  it('live on when they are prolonged or asked for again, each by its own API key', async () => {
    const { listenKeys, clock } = accounts()
    const [one, other] = [newKey(), newKey()]
    const name = await listenKeys.open(one)
    clock.nowMs += LISTEN_KEY_MS - 1
    expect(await listenKeys.keepAlive(name, other)).to.equal(false)
    expect(await listenKeys.keepAlive(name, one)).to.equal(true)
    clock.nowMs += LISTEN_KEY_MS - 1
    expect(await listenKeys.open(one)).to.equal(name)
    clock.nowMs += LISTEN_KEY_MS - 1
    expect(await listenKeys.keyOf(name)).to.equal(one)
    clock.nowMs += 1
    expect(await listenKeys.keepAlive(name, one)).to.equal(false)
  })

  it('end when they are closed, by their own API key alone', async () => {
    const { listenKeys } = accounts()
    const [one, other] = [newKey(), newKey()]
    const name = await listenKeys.open(one)
    expect(await listenKeys.close(name, other)).to.equal(false)
    expect(await listenKeys.close(name, one)).to.equal(true)
    expect(await listenKeys.close(name, one)).to.equal(false)
    expect(await listenKeys.keyOf(name)).to.equal(undefined)
  })
})

describe('failures that are counted', () => {
  it('push out none of another kind', async () => {
    const { codes, logIns, links } = memoryFailures()
    for (let i = 0; i < 5; i++) await codes.begin([{ key: 'ann', limit: 5 }], 0)
    for (let i = 0; i < 40_000; i++) await logIns.begin([{ key: `person ${i}`, limit: 5 }], i)
    expect(await codes.begin([{ key: 'ann', limit: 5 }], 1)).to.be.above(0)
    expect(await logIns.begin([{ key: 'ann', limit: 5 }], 1)).to.equal(0)
    expect(await links.begin([{ key: 'ann', limit: 5 }], 1)).to.equal(0)
  })
})
