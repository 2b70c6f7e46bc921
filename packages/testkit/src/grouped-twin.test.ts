/** Groups of mostly plain commands, which the kernel applies, against the same commands one by one. */
import { expect } from 'chai'
import { createEngine, encodeCommand, FrameBuffer, writeContinue, type Command } from '@bourse/core'
import { GroupedTwin } from './grouped-twin.js'
import { SeededRandom } from './seeded-random.js'

const SCALE = Number(process.env.BOURSE_TEST_SCALE ?? 1)
const ACCOUNTS = 24
const MARKETS = ['A-Q', 'B-Q', 'A-B'] as const
const PREVENTIONS = ['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement'] as const
const SIDES = ['buy', 'sell'] as const
const CHARACTERS = 'ab!~-_Z09'

const RULES = { state: 'open', lotSize: '0.001', minQuantity: '0.001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0', makerFee: '0.001', takerFee: '0.002', marketBandBps: 5_000, maxOpenOrders: 60 } as const

/** Three markets: an ordinary one, one of sparse prices in which anybody may trade with themselves, and one between two assets. */
function foundation(): Command[] {
  const accounts = Array.from({ length: ACCOUNTS }, (_, number) => `u${number}`)
  return [
    ...(['A', 'B', 'Q'] as const).map((code): Command => ({ type: 'asset.define', code, scale: 8 })),
    { ...RULES, type: 'market.define', symbol: 'A-Q', base: 'A', quote: 'Q', priceScale: 2, quantityScale: 3, tickSize: '0.01', allowSelfTrade: false },
    { ...RULES, type: 'market.define', symbol: 'B-Q', base: 'B', quote: 'Q', priceScale: 2, quantityScale: 3, tickSize: '0.01', allowSelfTrade: true },
    { ...RULES, type: 'market.define', symbol: 'A-B', base: 'A', quote: 'B', priceScale: 2, quantityScale: 3, tickSize: '0.05', allowSelfTrade: false, makerFee: '0', takerFee: '0.0005' },
    ...accounts.flatMap((account, number): Command[] => [
      { type: 'account.open', account, kind: 'user', group: `g${number % 10}` },
      // Every eighth is poor; one is so rich that a fee of a trade could overflow a plain product.
      ...['A', 'B', 'Q'].map((asset): Command => ({ type: 'ledger.transfer', requestId: `${account}-${asset}`, from: 'world', to: account, asset, amount: number % 8 === 7 ? '5' : '20000000' })),
    ]),
  ]
}

class PlainTraders {
  private readonly random: SeededRandom
  private readonly names: { account: string; market: string; clientOrderId: string }[] = []
  private lastOrderId = 0

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
  }

  next(): Command {
    const { random } = this
    if (random.onceIn(30)) return this.special()
    return random.below(10) < 3 && this.names.length > 0 ? this.cancel() : this.place()
  }

  private place(): Command {
    const { random } = this
    const market = random.pick(MARKETS)
    const clientOrderId = this.name()
    const account = `u${random.below(ACCOUNTS)}`
    this.names.push({ account, market, clientOrderId })
    if (this.names.length > 400) this.names.shift()
    this.lastOrderId++
    const none = market === 'B-Q' && random.onceIn(2)
    return {
      type: 'order.place',
      account,
      market,
      ...(random.onceIn(20) ? {} : { clientOrderId }),
      side: random.pick(SIDES),
      orderType: 'limit',
      price: this.price(market),
      quantity: random.onceIn(15) ? `${random.between(50, 999)}` : `0.${String(random.between(1, 999)).padStart(3, '0')}`,
      ...(random.onceIn(6) ? { postOnly: true } : {}),
      ...(random.onceIn(40) ? { timeInForce: random.pick(['ioc', 'fok']) } : {}),
      selfTradePrevention: none ? 'none' : random.pick(PREVENTIONS),
    }
  }

  private price(market: string): string {
    const { random } = this
    const cents = market === 'B-Q' ? 10 ** random.between(2, 7) : 10_000 + random.between(-25, 25)
    return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
  }

  private cancel(): Command {
    const { random } = this
    const { account, market, clientOrderId } = random.pick(this.names)
    const reference = random.onceIn(2) ? { clientOrderId } : { orderId: Math.max(1, this.lastOrderId - random.below(60)) }
    return { type: 'order.cancel', account: random.onceIn(20) ? 'u1' : account, market: random.onceIn(30) ? 'B-Q' : market, ...reference }
  }

  /** What the kernel must leave alone, or meet: other kinds of makers, waiting orders, accounts of which there is something to say. */
  private special(): Command {
    const { random } = this
    const order = { type: 'order.place', account: `u${random.below(ACCOUNTS)}`, market: random.pick(MARKETS), side: random.pick(SIDES), quantity: '2' } as const
    const price = this.price(order.market)
    switch (random.below(8)) {
      case 0:
        return { ...order, orderType: 'limit', price, displayQuantity: '0.5' }
      case 1:
        return { ...order, orderType: 'limit', price, timeInForce: 'gtd', expiresAt: 1_700_000_000_000 + random.below(60) }
      case 2:
        return { ...order, orderType: 'stop-market', stopPrice: price }
      case 3:
        return { ...order, orderType: 'market' }
      case 4:
        return { type: 'quote.place', account: order.account, market: 'A-Q', bids: [{ price: '99.90', quantity: '1' }], asks: [{ price: '100.10', quantity: '1' }] }
      case 5:
        return { type: 'order.cancel-all', account: order.account }
      case 6:
        return { type: 'account.update', account: order.account, feeAsset: random.onceIn(2) ? 'Q' : null }
      default:
        return { type: 'market.update', ...RULES, market: 'A-B', tickSize: '0.05', allowSelfTrade: false, state: random.onceIn(4) ? 'post-only' : 'open' } as Command
    }
  }

  /** Of any length, now and then one that reads as a number, seldom one that is taken. */
  private name(): string {
    const { random } = this
    if (random.onceIn(25)) return String(random.between(1, 500))
    const length = random.onceIn(2) ? 36 : random.between(1, 36)
    return Array.from({ length }, () => random.pick([...CHARACTERS])).join('')
  }
}

/** Runs the commands both ways. */
function run(seed: number, commands: number): void {
  const engine = createEngine()
  const twin = new GroupedTwin({})
  const traders = new PlainTraders(seed)
  const frames = new FrameBuffer()
  const events = new FrameBuffer()
  let timeUs = 1_700_000_000_000_000
  const apply = (offset: number): void => {
    frames.stamp(offset, engine.sequence + 1, timeUs)
    events.clear()
    engine.apply(frames, offset, events)
    const isFull = twin.add(frames, offset, events)
    const difference = isFull ? twin.flush(engine) : undefined
    expect(difference, `seed ${seed}`).to.equal(undefined)
  }
  const catchUp = (): void => {
    while (engine.hasBacklog || engine.isDue(timeUs)) {
      frames.clear()
      apply(writeContinue(frames))
    }
  }
  for (const command of foundation()) {
    frames.clear()
    expect(encodeCommand(command, engine.catalog, frames)).to.equal(undefined)
    apply(0)
  }
  while (engine.sequence < commands) {
    timeUs += 20
    catchUp()
    frames.clear()
    if (encodeCommand(traders.next(), engine.catalog, frames) === undefined) apply(0)
  }
  expect(twin.flush(engine), `seed ${seed}`).to.equal(undefined)
}

describe('Groups of commands', function () {
  this.timeout(0)

  it('have the events and come to the state that the commands have one by one', () => {
    const seeds = Array.from({ length: 4 * SCALE }, () => Math.floor(Math.random() * 2 ** 31))
    for (const seed of seeds) run(seed, 6_000)
    console.log(`      seeds ${seeds.join(' ')}, 6000 commands each`)
  })
})
