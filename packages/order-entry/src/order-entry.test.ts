import { generateKeyPairSync, sign } from 'node:crypto'
import { expect } from 'chai'
import { FrameBuffer, PLACE_HAS_PRICE, writeOrderCancel, writeOrderCancelAll, writeOrderPlace } from '@bourse/core'
import { connectOrderEntry, OrderEntryError, type EntryCommand } from '@bourse/client/tcp'
import { MARKET, startEntry, type RunningEntry } from '../test/running-entry.js'

const limit = (side: 'buy' | 'sell', price: string, more: object = {}): EntryCommand => ({ type: 'order.place', market: MARKET, side, orderType: 'limit', price, quantity: '0.5000', ...more })

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof OrderEntryError ? error.code : error instanceof Error ? error.message : String(error)
  }
  throw new Error('It should have been refused.')
}

/** So many orders of an account by another way than its sessions, and their cancels. */
async function tradeElsewhere({ exchange }: RunningEntry, userId: string, count: number): Promise<void> {
  const account = exchange.catalog.accountByName(userId)!
  const frames = new FrameBuffer()
  for (let i = 0; i < count; i++) writeOrderPlace(frames, { account, market: 0, side: 0, orderType: 0, timeInForce: 0, selfTradePrevention: 0, flags: PLACE_HAS_PRICE, price: 100n, quantity: 1_000n, clientOrderId: '' })
  writeOrderCancelAll(frames, account)
  await exchange.submitFrames(frames)
}

describe('binary order entry', () => {
  let running: RunningEntry
  let sessions = 0
  before(async () => {
    running = await startEntry({ limits: { inFlight: 64, commandsPerSecond: 0, sessionsOfOneAccount: 40, unreadBytes: 1 << 20, keepBytes: 1 << 16 } })
  })
  after(async () => {
    await running.close()
    expect(running.faults).to.deep.equal([])
    running.exchange.engine.checkInvariants()
  })
  afterEach(async () => {
    await running.logOff()
    for (const account of Object.values(running.users)) await running.exchange.submit({ type: 'order.cancel-all', account })
  })
  const session = (): { session: string } => ({ session: `s${sessions++}` })

  it('tells an order from its acceptance over its fills to its end, in units of the market', async () => {
    const [ann, bob] = await Promise.all([running.client(running.users.ann), running.client(running.users.bob)])
    const placed = await ann.client.submit(limit('sell', '100.00', { clientOrderId: 'a-1' }))
    if (placed.type !== 'accepted') throw new Error(placed.type)
    expect(placed).to.include({ number: 1, request: 1, market: 0 })
    expect(placed.elsewhere).to.equal(undefined)
    const taken = await bob.client.submit({ ...limit('buy', '100.00'), quantity: '0.2000' } as EntryCommand)
    const [asMaker, asTaker] = [await ann.answer('filled'), await bob.answer('filled')]
    expect(asMaker).to.include({ request: 0, orderId: placed.orderId, price: 10_000n, quantity: 2_000n, leavesQuantity: 3_000n, liquidity: 'maker', done: false, feeAsset: 1, fee: 2_000_000n })
    expect(asTaker).to.include({ request: 1, sequence: taken.sequence, price: 10_000n, liquidity: 'taker', done: true, feeAsset: 0, fee: 40_000n, tradeId: asMaker.tradeId })
    const changed = await ann.client.submit({ type: 'order.reduce', market: MARKET, clientOrderId: 'a-1', leavesQuantity: '0.1' })
    expect(changed).to.include({ type: 'changed', orderId: placed.orderId, leavesQuantity: 1_000n })
    const cancelled = await ann.client.submit({ type: 'order.cancel', market: MARKET, orderId: placed.orderId })
    expect(cancelled).to.include({ type: 'cancelled', orderId: placed.orderId, quantity: 1_000n, reason: 'requested', request: 3 })
    expect(ann.answers.map(({ number }) => number)).to.deep.equal([1, 2, 3, 4])
  })

  it('answers each request once by its number, whatever it was', async () => {
    const { client, answers } = await running.client(running.users.ann)
    const requests: [EntryCommand, string][] = [
      [limit('buy', '99.00', { clientOrderId: 'once', idempotent: true }), 'accepted'],
      [limit('buy', '99.00', { clientOrderId: 'once', idempotent: true }), 'repeated'],
      [{ type: 'order.amend', market: MARKET, clientOrderId: 'once', price: '98.00' }, 'changed'],
      [{ type: 'order.cancel-replace', market: MARKET, clientOrderId: 'once', order: { side: 'buy', orderType: 'limit', price: '97.00', quantity: '1', clientOrderId: 'twice' } }, 'cancelled'],
      [{ type: 'quote.place', market: MARKET, bids: [{ price: '90', quantity: '1' }], asks: [] }, 'accepted'],
      [{ type: 'quote.protect', market: MARKET, fills: 3, windowMs: 1_000 }, 'quotes'],
      [{ type: 'quote.reset-protection', market: MARKET }, 'quotes'],
      [{ type: 'order.cancel-all-after', timeoutMs: 60_000 }, 'switch'],
      [{ type: 'order.place-oco', market: MARKET, side: 'sell', quantity: '1', takeProfit: { orderType: 'limit', price: '200' }, stopLoss: { orderType: 'stop-market', stopPrice: '50' } }, 'accepted'],
      [{ type: 'order.cancel-all' }, 'cancelled'],
      [{ type: 'order.cancel-all' }, 'done'],
      [{ type: 'order.cancel-all-after', timeoutMs: 0 }, 'switch'],
    ]
    const first = client.next
    const results = await Promise.allSettled(requests.map(([command]) => client.submit(command)))
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.type : String(result.reason)))).to.deep.equal(requests.map(([, type]) => type))
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.request : 0))).to.deep.equal(requests.map((_, index) => first + index))
    expect(answers.map(({ number }) => number)).to.deep.equal(answers.map((_, index) => index + 1))
  })

  it('refuses what the engine refuses, with its code, and goes on', async () => {
    const { client } = await running.client(running.users.ann)
    for (const [command, code] of [
      [limit('buy', '99.001'), 'price_not_multiple_of_tick_size'],
      [{ ...limit('buy', '99.00'), quantity: '1001' }, 'quantity_above_maximum'],
      [limit('buy', '999999.00', { quantity: '1000' }), 'insufficient_balance'],
      [{ type: 'order.cancel', market: MARKET, orderId: 999_999_999 }, 'unknown_order'],
      [limit('buy', '99.00', { market: 'NO-SUCH' }), 'unknown_market'],
    ] as [EntryCommand, string][]) {
      expect(await refusal(client.submit(command)), JSON.stringify(command)).to.equal(code)
    }
    expect((await client.submit(limit('buy', '1.00'))).type).to.equal('accepted')
  })

  it('takes several commands of one write in their order, and answers them together', async () => {
    const pieces: number[] = []
    const { client, answers } = await running.client(running.users.ann, { onFrames: (_, from, to) => pieces.push(to - from) })
    const order = { account: 0, market: 0, side: 0, orderType: 0, timeInForce: 0, selfTradePrevention: 0, flags: PLACE_HAS_PRICE, price: 5_000n, quantity: 10_000n }
    const first = client.write((frames) => {
      for (let i = 0; i < 20; i++) writeOrderPlace(frames, { ...order, clientOrderId: `w-${i}` })
      for (let i = 0; i < 20; i++) writeOrderCancel(frames, { account: 0, market: 0, orderId: 0, clientOrderId: `w-${i}` })
    })
    client.flush()
    await client.submit({ type: 'order.cancel-all' })
    expect(answers.map(({ type, request }) => `${type} ${request - first}`).slice(0, 40)).to.deep.equal(Array.from({ length: 40 }, (_, i) => `${i < 20 ? 'accepted' : 'cancelled'} ${i}`))
    expect(pieces.length).to.be.lessThan(10)
  })

  it('takes commands that arrive byte by byte', async () => {
    const { client, answer } = await running.client(running.users.ann)
    const socket = Reflect.get(client, 'socket') as import('node:net').Socket
    const write = socket.write.bind(socket)
    const pieces: Uint8Array[] = []
    Reflect.set(socket, 'write', (bytes: Uint8Array) => pieces.push(...Array.from(bytes, (byte) => Uint8Array.of(byte))))
    const answered = client.submit(limit('buy', '10.00'))
    await Promise.resolve()
    Reflect.set(socket, 'write', write)
    for (const piece of pieces) await new Promise<void>((resolve) => write(piece, () => resolve()))
    expect((await answered).type).to.equal('accepted')
    await answer('accepted')
  })

  it('shows orders of the account that came by another way, with what they are', async () => {
    const { answer } = await running.client(running.users.ann)
    await running.exchange.submit({ type: 'order.place', account: running.users.ann, market: MARKET, side: 'buy', orderType: 'limit', price: '42.00', quantity: '0.1', clientOrderId: 'by-rest' })
    const accepted = await answer('accepted')
    expect(accepted.request).to.equal(0)
    expect(accepted.elsewhere).to.deep.equal({ side: 'buy', orderType: 'limit', timeInForce: 'gtc', price: 4_200n, quantity: 1_000n, clientOrderId: 'by-rest' })
  })

  it('tells nothing of others, and lets nobody act for them', async () => {
    const [ann, bob] = await Promise.all([running.client(running.users.ann), running.client(running.users.bob)])
    const placed = await ann.client.submit(limit('sell', '100.00'))
    if (placed.type !== 'accepted') throw new Error(placed.type)
    expect(await refusal(bob.client.submit({ type: 'order.cancel', market: MARKET, orderId: placed.orderId }))).to.equal('unknown_order')
    expect(bob.answers.map(({ type }) => type)).to.deep.equal(['rejected'])
  })

  it('is told markets and assets at the log-on, and what changes of them', async () => {
    const { client } = await running.client(running.users.ann)
    expect(client.catalog.marketBySymbol(MARKET)).to.include({ id: 0, priceScale: 2, quantityScale: 4, tickSize: 1n, lotSize: 1n, state: 'open', baseUnit: 10_000n, notionalUnit: 100n })
    await running.exchange.submit({ type: 'asset.define', code: 'ETH', scale: 6 })
    await client.submit({ type: 'order.cancel-all' })
    expect(client.catalog.assetByCode('ETH')).to.deep.equal({ id: 2, code: 'ETH', scale: 6 })
  })

  it('sends again what a client missed, and says what arrived of its requests', async () => {
    const opened: object[] = []
    const { client, answers, answer, ended } = await running.client(running.users.ann, { ...session(), reconnectMs: 1, onOpen: (what) => opened.push(what) })
    await client.submit(limit('buy', '50.00', { clientOrderId: 'kept' }))
    client.cut()
    await ended()
    await running.exchange.submit({ type: 'order.cancel', account: running.users.ann, market: MARKET, clientOrderId: 'kept' })
    const cancelled = await answer('cancelled')
    expect(cancelled).to.include({ number: 2, request: 0 })
    expect(opened).to.deep.equal([{ isNew: true, lost: undefined }, { isNew: false, lost: undefined }])
    expect((await client.submit(limit('buy', '51.00'))).request).to.equal(2)
    expect(answers.map(({ number }) => number)).to.deep.equal([1, 2, 3])
  })

  it('says which answers are gone when a client was away for too long', async () => {
    const opened: { isNew: boolean; lost: { from: number; to: number } | undefined }[] = []
    const { client, credentials, ended, answers } = await running.client(running.users.ann, { ...session(), onOpen: (what) => opened.push(what) })
    client.cut()
    await ended()
    await tradeElsewhere(running, running.users.ann, 1_500)
    await client.connect()
    expect(opened[1]!.isNew).to.equal(false)
    expect(opened[1]!.lost!.from).to.equal(1)
    await client.submit({ type: 'order.cancel', market: MARKET, orderId: 1 }).catch(() => undefined)
    expect(answers[0]!.number).to.equal(opened[1]!.lost!.to + 1)
    expect(answers.slice(0, -1).every(({ type }) => type === 'cancelled')).to.equal(true)
    const again = await running.client(running.users.ann, { credentials, session: 'fresh', forgetEarlier: true })
    expect(again.client.next).to.equal(1)
  })

  it('cancels all orders of a client that asked for it, however its connection ends', async () => {
    for (const end of ['cut', 'close'] as const) {
      const watcher = await running.client(running.users.bob, session())
      const { client } = await running.client(running.users.bob, { ...session(), cancelOnDisconnect: true })
      const placed = await client.submit(limit('buy', '20.00'))
      if (placed.type !== 'accepted') throw new Error(placed.type)
      client[end]()
      expect((await watcher.answer('cancelled', ({ orderId }) => orderId === placed.orderId)).reason, end).to.equal('requested')
    }
  })

  it('lets a session be taken over by its own key, and only by that', async () => {
    const { credentials, ended } = await running.client(running.users.ann, { session: 'same' })
    await running.client(running.users.bob, { session: 'same' })
    await running.client(running.users.ann, { session: 'same', credentials })
    expect(await ended()).to.equal('session_taken_over')
  })

  it('bounds the sessions of one account and of all, and lets those go first whose client is away', async () => {
    const small = await startEntry({ limits: { sessionsOfOneAccount: 2, sessions: 3 } })
    const { ann, bob } = small.users
    await small.client(ann, { session: '1' })
    await small.client(ann, { session: '2' })
    expect(await refusal(small.client(ann, { session: '3' }))).to.include('too_many_sessions')
    const away = await small.client(bob, { session: '1' })
    away.client.close()
    await away.ended()
    await small.client(bob, { session: '2' })
    expect(small.entry.status().sessions).to.equal(3)
    expect(await refusal(small.client(bob, { session: '3' }))).to.include('too_many_sessions')
    await small.close()
  })

  it('refuses commands beyond those that may wait, and still takes cancels', async () => {
    const { client, answer } = await running.client(running.users.ann)
    const results = await Promise.all([
      ...Array.from({ length: 100 }, (_, i) => client.submit(limit('buy', '1.00', { clientOrderId: `x-${i}` })).then(({ type }) => type, (error: OrderEntryError) => error.code)),
      client.submit({ type: 'order.cancel-all' }).then(({ type }) => type),
    ])
    expect(results.filter((type) => type === 'accepted').length).to.equal(64)
    expect(results.filter((type) => type === 'too_many_in_flight').length).to.equal(36)
    expect(results.at(-1)).to.equal('cancelled')
    await answer('cancelled')
  })

  describe('admits', () => {
    it('a key by Ed25519', async () => {
      const pair = generateKeyPairSync('ed25519')
      const publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString()
      const { key } = await running.key(running.users.ann, { publicKey })
      const client = await connectOrderEntry({ host: '127.0.0.1', port: running.entry.port, credentials: { key, sign: (payload) => sign(null, Buffer.from(payload), pair.privateKey).toString('base64') } })
      expect((await client.submit(limit('buy', '5.00'))).type).to.equal('accepted')
      client.close()
    })

    for (const [what, make, reason] of [
      ['a wrong secret', async () => ({ ...(await running.key(running.users.ann)), secret: 'wrong' }), 'not_admitted'],
      ['an unknown key', async () => ({ key: 'nobody', secret: 'x' }), 'not_admitted'],
      ['a key that only reads', () => running.key(running.users.ann, { scopes: ['read'] }), 'scope_missing'],
      ['a key of another address', () => running.key(running.users.ann, { allowedAddresses: ['192.0.2.0/24'] }), 'address_not_allowed'],
    ] as [string, () => Promise<{ key: string; secret: string }>, string][]) {
      it(`not ${what}`, async () => {
        expect(await refusal(running.client(running.users.ann, { credentials: await make() }))).to.include(reason)
      })
    }

    it('a key no longer than it lasts', async () => {
      const credentials = await running.key(running.users.ann, { expiresMs: Date.now() + 600_000 })
      const { ended } = await running.client(running.users.ann, { credentials, heartbeatMs: 60_000 })
      running.passMs(600_001)
      expect(await ended()).to.equal('key_expired')
      expect(await refusal(running.client(running.users.ann, { credentials }))).to.include('key_expired')
    })

    it('nobody who may not trade', async () => {
      const strict = await startEntry({ mayTrade: ({ email }) => !email.startsWith('ann') })
      expect(await refusal(strict.client(strict.users.ann))).to.include('may_not_trade')
      await strict.close()
    })

    it('a key until it is revoked', async () => {
      const { credentials, ended } = await running.client(running.users.ann)
      await running.apiKeys.revoke(running.users.ann, credentials.key)
      expect(await ended()).to.equal('key_ended')
    })
  })

  it('ends a session whose client has fallen silent', async () => {
    const { ended, client } = await running.client(running.users.ann, { heartbeatMs: 60_000 })
    clearInterval(Reflect.get(client, 'heartbeat') as NodeJS.Timeout)
    running.passMs(121_000)
    expect(await ended()).to.equal('heartbeat_missed')
  })
})
