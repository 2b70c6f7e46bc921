/** Replays of long random streams: the same state from any snapshot, in any surrounding, and every unit accounted for. */
import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createEngine, decodeEvents, encodeCommand, FrameBuffer, MarketData, postingsOf, restoreEngine, type Bucket, type Catalog, type Command, type Engine } from '@bourse/core'
import { randomStream, SeededRandom, TWIN_LIMITS } from '@bourse/testkit'
import { newSeed, SCALE } from './seeds.js'

const HASH_SCRIPT = fileURLToPath(new URL('./print-hash.ts', import.meta.url))

/** Engine and market data that follow a stream. */
class Follower {
  readonly events = new FrameBuffer()

  constructor(
    public engine: Engine = createEngine(TWIN_LIMITS),
    public marketData = new MarketData(),
  ) {}

  /** Applies the commands from one place of a stream to another. */
  follow(frames: FrameBuffer, from: number, to: number): void {
    for (let offset = from; offset < to; offset += frames.size(offset)) {
      this.events.clear()
      this.engine.apply(frames, offset, this.events)
      this.marketData.foldAll(this.events)
    }
  }

  facts(): { hash: string; marketData: string } {
    const marketData = createHash('sha1')
    for (const part of this.marketData.snapshot()) marketData.update(part)
    return { hash: this.engine.stateHash(), marketData: marketData.digest('hex') }
  }

  restored(): Follower {
    return new Follower(restoreEngine(this.engine.snapshot()), MarketData.restore(this.marketData.snapshot()))
  }
}

describe('A replay', function () {
  this.timeout(0)

  it('comes from a snapshot at any command to where the whole journal comes', () => {
    const seed = newSeed()
    const random = new SeededRandom(seed)
    const { frames } = randomStream({ seed, commands: 2000, limits: TWIN_LIMITS })
    const whole = new Follower()
    whole.follow(frames, 0, frames.length)
    const expected = whole.facts()
    const starts = offsetsOf(frames)
    const snapshots = 12 * SCALE
    for (let round = 0; round < snapshots; round++) {
      const k = random.below(starts.length)
      const follower = new Follower()
      follower.follow(frames, 0, starts[k]!)
      const restored = follower.restored()
      restored.follow(frames, starts[k]!, frames.length)
      expect(restored.facts(), `BOURSE_TEST_SEED=${seed}, snapshot at ${k}`).to.deep.equal(expected)
    }
    console.log(`      seed ${seed}: ${snapshots} snapshots at random places of ${starts.length} commands`)
  })

  it('comes to the same state in any time zone and language', () => {
    const seed = newSeed()
    const commands = 1000 * SCALE
    const expected = randomStream({ seed, commands }).engine.stateHash()
    const surroundings = [
      { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' },
      { TZ: 'Pacific/Apia', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
      { TZ: 'Asia/Kathmandu', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' },
      { TZ: 'America/St_Johns', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
    ]
    for (const env of surroundings) {
      const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=bourse-source', '--import=tsx', HASH_SCRIPT, String(seed), String(commands)], { env: { ...process.env, ...env }, encoding: 'utf8' })
      expect(stdout.trim(), `BOURSE_TEST_SEED=${seed}, ${env.TZ}, ${env.LANG}: ${stderr}`).to.equal(expected)
    }
    console.log(`      seed ${seed}: ${commands} commands in ${surroundings.length} surroundings`)
  })
})

describe('The money of a long random stream', function () {
  this.timeout(0)

  it('moves by postings alone: none is created, lost or owed, by any kind of command', () => {
    const seed = newSeed()
    const streams = 12 * SCALE
    let trades = 0
    for (let round = 0; round < streams; round++) {
      const books = new Books()
      const { engine } = randomStream({ seed: seed + round, commands: STREAM_COMMANDS, onEvents: (events, { catalog }) => books.post(events, catalog) })
      books.expectBalancesOf(engine, seed)
      trades += books.trades
    }
    console.log(`      seed ${seed}: ${trades} trades in ${streams} streams of ${STREAM_COMMANDS} commands, no unit created or lost`)
    expect(trades).to.be.greaterThan(10 * streams)
  })

  it('stays exact over a great many fills at odd prices with fees on both sides', () => {
    const seed = newSeed()
    const random = new SeededRandom(seed)
    const wanted = 40_000 * SCALE
    const books = new Books()
    const engine = createEngine()
    const frames = new FrameBuffer()
    const events = new FrameBuffer()
    const submit = (command: Command): void => {
      frames.clear()
      events.clear()
      expect(encodeCommand(command, engine.catalog, frames)).to.equal(undefined)
      frames.stamp(0, engine.sequence + 1, 1_700_000_000_000_000 + engine.sequence)
      engine.apply(frames, 0, events)
      books.post(events, engine.catalog)
    }
    for (const command of market()) submit(command)
    while (books.trades < wanted) {
      const [price, quantity] = [(100 + random.between(-300, 300) / 100).toFixed(2), (random.between(1, 99_999) / 10_000).toFixed(4)]
      submit({ type: 'order.place', account: random.pick(TRADERS), market: 'BTC-USDT', side: random.pick(['buy', 'sell']), orderType: 'limit', price, quantity, timeInForce: random.pick(['gtc', 'ioc']) })
    }
    books.expectBalancesOf(engine, seed)
    console.log(`      seed ${seed}: ${books.trades} trades of ${engine.sequence} commands, no unit created or lost`)
  })
})

const STREAM_COMMANDS = 3000
const TRADERS = ['ann', 'ben', 'cat', 'dan']

function market(): Command[] {
  return [
    { type: 'asset.define', code: 'BTC', scale: 8 },
    { type: 'asset.define', code: 'USDT', scale: 8 },
    {
      type: 'market.define', symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 4, state: 'open',
      tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0',
      makerFee: '0.000333', takerFee: '0.000777', marketBandBps: 9000, allowSelfTrade: true, maxOpenOrders: 100_000,
    },
    ...TRADERS.flatMap((account): Command[] => [
      { type: 'account.open', account, kind: 'user' },
      { type: 'ledger.transfer', requestId: `btc-${account}`, from: 'world', to: account, asset: 'BTC', amount: '10000000' },
      { type: 'ledger.transfer', requestId: `usdt-${account}`, from: 'world', to: account, asset: 'USDT', amount: '1000000000' },
    ]),
  ]
}

/** Books of our own, kept from the postings of events alone. */
class Books {
  trades = 0
  private readonly sums = new Map<string, bigint>()

  post(events: FrameBuffer, catalog: Catalog): void {
    for (const event of decodeEvents(events)) {
      if (event.type === 'trade.executed') this.trades++
      for (const posting of postingsOf(event, catalog)) {
        if (posting.amount <= 0n) throw new Error(`a posting of ${posting.amount} at sequence ${event.sequence}`)
        this.add(posting.from, posting.asset, posting.fromBucket, -posting.amount)
        this.add(posting.to, posting.asset, posting.toBucket, posting.amount)
      }
    }
  }

  expectBalancesOf(engine: Engine, seed: number): void {
    engine.checkInvariants()
    for (const { id, code } of engine.catalog.assets()) {
      let sum = 0n
      for (let account = 0; engine.catalog.accountName(account) !== undefined; account++) {
        const balance = engine.balance(account, id)
        const posted = { available: this.sums.get(`${account}/${id}/available`) ?? 0n, held: this.sums.get(`${account}/${id}/held`) ?? 0n }
        expect(balance, `BOURSE_TEST_SEED=${seed}, account ${account}, ${code}`).to.deep.equal(posted)
        if (account !== 0) expect(balance.available >= 0n && balance.held >= 0n, `BOURSE_TEST_SEED=${seed}: account ${account} is negative in ${code}`).to.equal(true)
        sum += balance.available + balance.held
      }
      expect(sum, `BOURSE_TEST_SEED=${seed}, sum of ${code}`).to.equal(0n)
    }
  }

  private add(account: number, asset: number, bucket: Bucket, amount: bigint): void {
    const key = `${account}/${asset}/${bucket}`
    this.sums.set(key, (this.sums.get(key) ?? 0n) + amount)
  }
}

/** Where each command of a stream begins. */
function offsetsOf(frames: FrameBuffer): number[] {
  const offsets: number[] = []
  for (let offset = 0; offset < frames.length; offset += frames.size(offset)) offsets.push(offset)
  return offsets
}
