import { expect } from 'chai'
import { encodeCommand, FrameBuffer, type Command } from '@bourse/core'
import { createExchange, createMemoryStorage, type Exchange } from '@bourse/exchange'
import { decodeAnswer, NUMBER, type Answer } from '@bourse/client/tcp'
import { AccountAnswers } from './account-answers.js'
import { commandFault } from './command-check.js'
import { EntrySession } from './entry-session.js'
import { Pace } from './pace.js'
import { RequestIntake } from './request-intake.js'

const ROUNDS = 60 * Number(process.env['BOURSE_TEST_SCALE'] ?? '1')
const FRAMES = 50
const MARKET = 'BTC-USDT'
const order = { side: 'buy', orderType: 'limit', price: '100', quantity: '1' } as const

/** One of each command that a session may send. */
const COMMANDS: readonly Command[] = [
  { type: 'order.place', account: 'ann', market: MARKET, ...order, clientOrderId: 'abc' },
  { type: 'order.place', account: 'ann', market: MARKET, side: 'sell', orderType: 'market', quantity: '1' },
  { type: 'order.place', account: 'ann', market: MARKET, ...order, orderType: 'stop-limit', stopPrice: '120', clientOrderId: 'stop' },
  { type: 'order.place', account: 'ann', market: MARKET, ...order, displayQuantity: '0.5' },
  { type: 'order.cancel', account: 'ann', market: MARKET, clientOrderId: 'abc' },
  { type: 'order.reduce', account: 'ann', market: MARKET, orderId: 3, leavesQuantity: '0.5' },
  { type: 'order.amend', account: 'ann', market: MARKET, orderId: 4, price: '99' },
  { type: 'order.cancel-all', account: 'ann' },
  { type: 'order.cancel-all-after', account: 'ann', timeoutMs: 60_000 },
  { type: 'order.cancel-replace', account: 'ann', market: MARKET, orderId: 5, order },
  { type: 'order.place-oco', account: 'ann', market: MARKET, side: 'sell', quantity: '1', takeProfit: { orderType: 'limit', price: '200', clientOrderId: 'tp' }, stopLoss: { orderType: 'stop-market', stopPrice: '50' } },
  { type: 'order.place-bracket', account: 'ann', market: MARKET, ...order, takeProfit: { orderType: 'limit', price: '200' }, stopLoss: { orderType: 'stop-market', stopPrice: '50' } },
  { type: 'quote.place', account: 'ann', market: MARKET, bids: [{ price: '90', quantity: '1' }], asks: [{ price: '110', quantity: '1' }] },
  { type: 'quote.protect', account: 'ann', market: MARKET, fills: 3, windowMs: 1_000 },
  { type: 'quote.reset-protection', account: 'ann', market: MARKET },
]
/** What no session may send. */
const FORBIDDEN: readonly Command[] = [
  { type: 'ledger.transfer', requestId: 'theft', from: 'bob', to: 'ann', asset: 'USDT', amount: '1' },
  { type: 'account.open', account: 'eve', kind: 'user' },
  { type: 'asset.define', code: 'FAKE', scale: 2 },
  { type: 'account.update', account: 'ann', feeTier: 0 },
]

describe('command frames from the wire', () => {
  let exchange: Exchange
  before(async () => {
    exchange = await createExchange({ ...createMemoryStorage(), onHalt: (error) => { throw error } })
    const results = await Promise.all([
      exchange.submit({ type: 'asset.define', code: 'BTC', scale: 8 }),
      exchange.submit({ type: 'asset.define', code: 'USDT', scale: 8 }),
      exchange.submit({ type: 'market.define', symbol: MARKET, base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 4, state: 'open', tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0', makerFee: '0.001', takerFee: '0.002', marketBandBps: 9000, allowSelfTrade: false, maxOpenOrders: 100 }),
      ...['ann', 'bob'].flatMap((account) => [
        exchange.submit({ type: 'account.open', account, kind: 'user' }),
        ...['BTC', 'USDT'].map((asset) => exchange.submit({ type: 'ledger.transfer', requestId: `${asset} ${account}`.replace(' ', '-'), from: 'world', to: account, asset, amount: '100000' })),
      ]),
    ])
    for (const result of results) expect(result.ok).to.equal(true)
  })
  after(() => exchange.close())

  const encoded = (command: Command): FrameBuffer => {
    const frames = new FrameBuffer()
    expect(encodeCommand(command, exchange.catalog, frames), command.type).to.equal(undefined)
    return frames
  }
  const owner = (): { account: number; markets: number } => ({ account: exchange.catalog.accountByName('ann')!, markets: 1 })

  it('pass as the writers of core write them', () => {
    for (const command of COMMANDS) expect(commandFault(encoded(command), 0, owner()), command.type).to.equal(undefined)
  })

  for (const command of FORBIDDEN) {
    it(`do not pass as ${command.type}`, () => {
      expect(commandFault(encoded(command), 0, owner())).to.equal('not_permitted')
    })
  }

  it('do not pass in the name of another account', () => {
    for (const command of COMMANDS) expect(commandFault(encoded({ ...command, account: 'bob' } as Command), 0, owner()), command.type).to.equal('not_permitted')
  })

  it('do not pass with a byte that no field has, or a value that a field cannot have', () => {
    const fault = (command: Command, change: (frames: FrameBuffer) => void): string | undefined => {
      const frames = encoded(command)
      change(frames)
      return commandFault(frames, 0, owner())
    }
    const place = COMMANDS[0]!
    for (const [at, value] of [[3, 1], [16, 1], [26, 1], [28, 1], [32, 2], [33, 7], [34, 4], [35, 5], [36, 16], [37, 1], [92, 1], [95, 1]] as const) {
      expect(fault(place, ({ u8 }) => (u8[at] = value)), `byte ${at}`).to.equal('malformed_frame')
    }
    for (const [at, value] of [[56, 0x20], [57, 0x7f], [57, 0x80], [60, 0x41]] as const) expect(fault(place, ({ u8 }) => (u8[at] = value)), `byte ${at}`).to.equal('malformed_text')
    expect(fault(place, ({ u16 }) => (u16[12] = 1))).to.equal('unknown_market')
    expect(fault(place, ({ u16 }) => (u16[12] = 0xffff))).to.equal('unknown_market')
    for (const value of [NaN, Infinity, -1, 0.5, -0, 2 ** 60]) expect(fault(COMMANDS[5]!, ({ f64 }) => (f64[4] = value)), String(value)).to.equal('malformed_frame')
  })

  it(`never harm the exchange, whatever stands in them, and each is answered (${ROUNDS * FRAMES} frames)`, async () => {
    const random = xorshift(0x51f15e)
    const bob = ['BTC', 'USDT'].map((asset) => exchange.balance('bob', asset))
    const session = new EntrySession({ exchange, account: owner().account, keepBytes: 1 << 30, nowUs: () => 0, onAnswers: () => undefined })
    const answers = new AccountAnswers(() => exchange.catalog, () => undefined)
    answers.add(session)
    const stop = exchange.onCommitted((batch) => answers.committed(batch))
    const pace = { orders: new Pace(0, 0), cancels: new Pace(0, 0) }
    const intake = new RequestIntake({ session, pace, maxInFlight: 10_000, markets: () => 1 })
    let number = 0
    for (let round = 0; round < ROUNDS; round++) {
      const frames = new FrameBuffer()
      for (let i = 0; i < FRAMES; i++) {
        const from = frames.length
        frames.appendFrom(encoded(COMMANDS[random() % COMMANDS.length]!), 0)
        frames.f64[(from + NUMBER) >> 3] = ++number
        if (random() % 4 === 0) continue
        // Anything but what cuts the stream into frames: the size, a type of the session itself, the number.
        for (let changes = 1 + (random() % 3); changes > 0; changes--) {
          const at = 3 + (random() % (frames.length - from - 3))
          if (at < 8 || at >= 16) frames.u8[from + at] = random()
        }
        if (random() % 20 === 0) frames.u8[from + 2] = random() % 128
      }
      await new Promise<void>((resolve) => {
        expect(intake.take(frames, 0, resolve)).to.equal(undefined)
      })
    }
    stop()
    exchange.engine.checkInvariants()
    expect(['BTC', 'USDT'].map((asset) => exchange.balance('bob', asset))).to.deep.equal(bob)
    expect(exchange.catalog.accountByName('eve')).to.equal(undefined)
    const told: Answer[] = []
    session.outbox.read(0, (bytes) => {
      const piece = FrameBuffer.from(bytes)
      for (let offset = 0; offset < piece.length; offset += piece.size(offset)) told.push(decodeAnswer(piece, offset))
    })
    expect(told.map((answer) => answer.number)).to.deep.equal(told.map((_, index) => index + 1))
    const requests = new Set(told.map(({ request }) => request))
    for (let request = 1; request <= number; request++) if (!requests.has(request)) expect.fail(`The request ${request} was not answered.`)
    expect(session.inFlight).to.equal(0)
    for (const type of ['accepted', 'cancelled', 'rejected', 'done']) expect(told.some((answer) => answer.type === type), type).to.equal(true)
  })
})

function xorshift(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
