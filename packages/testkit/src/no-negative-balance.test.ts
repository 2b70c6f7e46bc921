/** Millions of random movements of money against the engine alone: nobody but the world is ever below zero, and nothing is made or lost. */
import { expect } from 'chai'
import {
  ACCOUNT_KINDS,
  createEngine,
  EVENT_TYPES,
  FREEZES,
  FrameBuffer,
  NONE_16,
  PLACE_HAS_PRICE,
  RESULT_CODE,
  REJECT_CODES,
  writeAccountOpen,
  writeAccountUpdate,
  writeAssetDefine,
  writeContinue,
  writeFeesDefineTier,
  writeFeesSetRate,
  writeLedgerHold,
  writeLedgerRelease,
  writeLedgerSettle,
  writeLedgerTransfer,
  writeMarketDefine,
  writeOrderCancelAll,
  writeOrderPlace,
  type Engine,
} from '@bourse/core'
import { SeededRandom } from './seeded-random.js'

const COMMANDS = 1_000_000 * Number(process.env.BOURSE_TEST_SCALE ?? 1)
const ACCOUNTS = 12
const ASSETS = 3
const USER = ACCOUNT_KINDS.indexOf('user')
const REJECTED = EVENT_TYPES.indexOf('command.rejected')
/** Small amounts, so that balances run out all the time; some that are far too large. */
const AMOUNTS = [1n, 2n, 3n, 10n, 50n, 500n, 5_000n, 2n ** 61n]

class MoneyFlood {
  readonly engine: Engine = createEngine({ ledgerRequests: 64, orderRequests: 64, cancelsPerCommand: 8 })
  readonly counts = new Map<string, number>()
  private readonly random: SeededRandom
  private readonly commands = new FrameBuffer()
  private readonly events = new FrameBuffer()
  private request = 0

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
    for (let asset = 0; asset < ASSETS; asset++) this.apply(writeAssetDefine(this.commands, { code: `A${asset}`, scale: 0 }))
    const rules = { state: 0, allowSelfTrade: true, marketBandBps: 9_999, makerFeePpm: -90_000, takerFeePpm: 333_333, maxOpenOrders: 50, tickSize: 1n, lotSize: 1n, minQuantity: 1n, maxQuantity: 10_000n, maxPrice: 10_000n, minNotional: 0n, maxNotional: 0n, priceBandBps: 0 }
    this.apply(writeMarketDefine(this.commands, { symbol: 'A0-A1', base: 0, quote: 1, priceScale: 0, quantityScale: 0, rules }))
    for (let account = 0; account < ACCOUNTS; account++) this.apply(writeAccountOpen(this.commands, { name: `account-${account}`, kind: USER, group: '' }))
    this.apply(writeFeesDefineTier(this.commands, { tier: 1, market: NONE_16, makerFeePpm: 0, takerFeePpm: 500_000 }))
    for (const asset of [0, 1]) this.apply(writeFeesSetRate(this.commands, { feeAsset: 2, asset, feeAssetAmount: 3n, assetAmount: 7n, discountPpm: 100_000 }))
    this.apply(writeFeesSetRate(this.commands, { feeAsset: 1, asset: 1, feeAssetAmount: 1n, assetAmount: 1n, discountPpm: 100_000 }))
  }

  /** One random command, and what it leaves to do. */
  step(): void {
    this.apply(this.write())
    while (this.engine.hasBacklog) this.apply(writeContinue(this.commands))
  }

  private write(): number {
    const { random, commands } = this
    const chance = random.below(100)
    const amount = random.pick(AMOUNTS)
    const asset = random.below(ASSETS)
    if (chance < 25) return writeLedgerTransfer(commands, { requestId: `r${++this.request}`, from: random.onceIn(9) ? 0 : this.account(), to: random.onceIn(7) ? 0 : this.account(), asset, amount: random.onceIn(50) ? amount : amount % 10_000n })
    if (chance < 40) return writeLedgerHold(commands, { holdId: `h${random.below(40)}-${this.request++ >> 9}`, account: this.account(), asset, amount })
    if (chance < 47) return writeLedgerSettle(commands, `h${random.below(40)}-${this.request >> 9}`, random.onceIn(5) ? 0 : this.account())
    if (chance < 54) return writeLedgerRelease(commands, `h${random.below(40)}-${this.request >> 9}`)
    if (chance < 95) return this.writeOrder()
    if (chance < 97) return writeOrderCancelAll(commands, this.account())
    return this.writeSettings()
  }

  private writeOrder(): number {
    const { random } = this
    const order = { account: this.account(), market: 0, side: random.below(2), orderType: 0, timeInForce: random.pick([0, 0, 0, 1, 2]), selfTradePrevention: random.pick([0, 1, 2, 3, 4]), flags: PLACE_HAS_PRICE, price: BigInt(random.between(1, 9)), quantity: BigInt(random.between(1, 60)), clientOrderId: '' }
    return writeOrderPlace(this.commands, random.onceIn(6) ? { ...order, orderType: 1, timeInForce: 1, flags: 0, price: 0n } : order)
  }

  private writeSettings(): number {
    const { random, commands } = this
    switch (random.below(4)) {
      case 0:
        return writeAccountUpdate(commands, this.account(), { frozen: random.pick(['none', 'none', 'none', 'none', 'none', ...FREEZES]), keepOrders: random.onceIn(2) })
      case 1:
        return writeAccountUpdate(commands, this.account(), { feeAsset: random.pick([undefined, 1, 2]) })
      case 2:
        return writeAccountUpdate(commands, this.account(), { feeTier: random.below(2) })
      default:
        return writeAccountUpdate(commands, this.account(), { referrer: this.account(), referralPpm: random.pick([0, 1, 333_333, 700_000]) })
    }
  }

  /** Accounts of users: those that every engine is born with come first. */
  private account(): number {
    return 2 + this.random.below(ACCOUNTS)
  }

  private apply(offset: number): void {
    const { engine, commands, events } = this
    commands.stamp(offset, engine.sequence + 1, engine.sequence)
    engine.apply(commands, offset, events)
    for (let at = 0; at < events.length; at += events.size(at)) {
      const type = events.type(at)
      const what = type === REJECTED ? REJECT_CODES[events.u8[at + RESULT_CODE]!]! : EVENT_TYPES[type]!
      this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
    }
    commands.clear()
    events.clear()
  }

  /** The first account that is below zero, or the first asset that does not sum to zero, in words. */
  fault(): string | undefined {
    for (let asset = 0; asset < ASSETS; asset++) {
      let sum = 0n
      for (let account = 0; account < ACCOUNTS + 2; account++) {
        const { available, held } = this.engine.balance(account, asset)
        if (held < 0n || (account !== 0 && available < 0n)) return `account ${account} has ${available} and ${held} of asset ${asset}`
        sum += available + held
      }
      if (sum !== 0n) return `asset ${asset} sums to ${sum}`
    }
    return undefined
  }
}

describe('No command', function () {
  this.timeout(0)

  it('takes a balance below zero, or makes or loses a unit', () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const flood = new MoneyFlood(seed)
    for (let command = 1; command <= COMMANDS; command++) {
      flood.step()
      // Every balance after every command of a part, and after each so many of the others.
      if (command < 20_000 || command % 64 === 0) {
        const fault = flood.fault()
        if (fault !== undefined) expect.fail(`seed ${seed}, command ${command}: ${fault}`)
      }
      if (command % 10_000 === 0) flood.engine.checkInvariants()
    }
    const { counts } = flood
    console.log(`      seed ${seed}, ${COMMANDS} commands: ${[...counts].sort((a, b) => b[1] - a[1]).map(([what, count]) => `${what} ${count}`).join(', ')}`)
    for (const what of ['transfer.posted', 'hold.placed', 'hold.settled', 'hold.released', 'trade.executed', 'order.fee-held', 'insufficient_balance', 'account_frozen']) {
      expect(counts.get(what) ?? 0, what).to.be.greaterThan(COMMANDS / 1_000)
    }
    expect(counts.has('amount_out_of_bounds'), 'more from the world than it may owe').to.equal(true)
  })
})
