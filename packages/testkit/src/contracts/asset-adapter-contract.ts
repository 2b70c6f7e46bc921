/** The suite that every asset adapter passes. */
import { expect } from 'chai'
import { parseDecimal } from '@bourse/core'
import { defineAssetAdapter, type AssetAdapter, type NetworkFacts, type ObservedDeposit, type WithdrawalRequest } from '@bourse/plugin'
import { rejection, withTemporaryFolder } from './temporary-folder.js'

/** What the suite needs of the chain beside the adapter. */
export interface AssetAdapterFixture {
  /** An adapter whose chain and keys live under a folder; called again with the same folder it is the same adapter after a restart. */
  make(dataDir: string): Promise<AssetAdapter> | AssetAdapter
  /** Time that always brings a confirmation more; the suite moves the adapter's clock (`context.now`) by it. */
  readonly confirmationTimeMs: number
  /** For chains that do not follow the adapter's clock: makes a block. Called after the clock was moved. */
  mine?(): Promise<void>
  /** Makes a payment to an address, as a stranger would; by default the adapter's own `faucet`. Amount in chain units. */
  pay?(asset: string, address: string, amount: bigint): Promise<void>
  /** Where withdrawals of the suite go; by default a deposit address of the adapter. */
  outsideAddress?(asset: string): string
}

/**
 * Declares the tests; call it in a mocha test file. What an adapter does not list among its capabilities is not tested.
 *
 * @example assetAdapterContract('my chain', { make: (dataDir) => myChain({ dataDir }), confirmationTimeMs: 10_000 })
 */
export function assetAdapterContract(name: string, fixture: AssetAdapterFixture): void {
  describe(`${name}: asset adapter contract`, () => {
    const check = (test: (bench: Bench) => Promise<void>) => () =>
      withTemporaryFolder(async (dataDir) => {
        const bench = await Bench.start(fixture, dataDir)
        try {
          await test(bench)
        } finally {
          await bench.stop()
        }
      })

    declareFacts(check)
    declareAddresses(check)
    declareDeposits(check)
    declareWithdrawals(check)
  })
}

type Check = (test: (bench: Bench) => Promise<void>) => () => Promise<void>

/** An adapter that runs, its clock, and the chain behind it. */
class Bench {
  private nowMs = 1_700_000_000_000
  private constructor(
    private readonly fixture: AssetAdapterFixture,
    private readonly dataDir: string,
    public adapter: AssetAdapter,
  ) {}

  static async start(fixture: AssetAdapterFixture, dataDir: string): Promise<Bench> {
    const bench = new Bench(fixture, dataDir, await fixture.make(dataDir))
    await bench.run()
    return bench
  }

  get network(): NetworkFacts {
    return this.adapter.networks()[0]!
  }

  can(capability: AssetAdapter['capabilities'][number]): boolean {
    return this.adapter.capabilities.includes(capability)
  }

  canBePaid(): boolean {
    return this.can('deposit') && (this.fixture.pay !== undefined || this.can('faucet'))
  }

  /** Where withdrawals go. */
  async destination(asset: string): Promise<{ address: string; tag?: string }> {
    if (this.fixture.outsideAddress !== undefined) return { address: this.fixture.outsideAddress(asset) }
    const { address, tag } = await this.adapter.depositAddress(asset, 'key-withdrawal')
    return tag === undefined ? { address } : { address, tag }
  }

  async stop(): Promise<void> {
    await this.adapter.stop()
  }

  async restart(): Promise<void> {
    await this.adapter.stop()
    this.adapter = await this.fixture.make(this.dataDir)
    await this.run()
  }

  async pay(asset: string, address: string, amount: bigint): Promise<void> {
    if (this.fixture.pay !== undefined) await this.fixture.pay(asset, address, amount)
    else await this.adapter.faucet!(asset, address, amount)
  }

  async confirm(blocks: number): Promise<void> {
    for (let block = 0; block < blocks; block++) {
      this.nowMs += this.fixture.confirmationTimeMs
      await this.fixture.mine?.()
    }
  }

  /** The deposits to an address, as observed now. */
  async depositsTo(address: string): Promise<ObservedDeposit[]> {
    return (await this.adapter.observeDeposits()).filter((deposit) => deposit.address === address)
  }

  /** Chain units of the smallest payment that counts, times a factor. */
  amount(factor: bigint): bigint {
    const minimum = parseDecimal(this.network.minimumDeposit, this.network.decimals)
    const withdrawal = parseDecimal(this.network.minimumWithdrawal, this.network.decimals)
    if (typeof minimum === 'string' || typeof withdrawal === 'string') throw new Error('minimumDeposit and minimumWithdrawal must be decimals of the chain')
    const larger = minimum > withdrawal ? minimum : withdrawal
    return (larger > 0n ? larger : 1n) * factor + 1n
  }

  private async run(): Promise<void> {
    await this.adapter.start({ dataDir: this.dataDir, now: () => this.nowMs, log: () => undefined })
  }
}

function declareFacts(check: Check): void {
  it('has a shape that the exchange takes', check(async ({ adapter }) => {
    expect(defineAssetAdapter(adapter)).to.equal(adapter)
    expect(adapter.name).to.match(/\S/)
  }))

  it('serves at least one asset, each once, with facts that can be read', check(async ({ adapter }) => {
    const networks = adapter.networks()
    expect(networks.length).to.be.at.least(1)
    expect(new Set(networks.map(({ asset }) => asset)).size).to.equal(networks.length)
    for (const facts of networks) {
      expect(facts.asset).to.match(/^[A-Z0-9]{1,16}$/)
      expect(facts.network).to.match(/\S/)
      expect(Number.isInteger(facts.decimals) && facts.decimals >= 0, 'decimals').to.equal(true)
      expect(Number.isInteger(facts.requiredConfirmations) && facts.requiredConfirmations >= 1, 'requiredConfirmations').to.equal(true)
      for (const key of ['minimumDeposit', 'minimumWithdrawal', 'withdrawalFee'] as const) {
        expect(parseDecimal(facts[key], facts.decimals), `${facts.asset} ${key} "${facts[key]}"`).to.be.a('bigint')
      }
    }
  }))
}

function declareAddresses(check: Check): void {
  it('gives a key the same address every time, after a restart too', check(async (bench) => {
    if (!bench.can('deposit')) return
    const { asset } = bench.network
    const first = await bench.adapter.depositAddress(asset, 'key-1')
    expect(first.asset).to.equal(asset)
    expect(await bench.adapter.depositAddress(asset, 'key-1')).to.deep.equal(first)
    await bench.restart()
    expect(await bench.adapter.depositAddress(asset, 'key-1')).to.deep.equal(first)
  }))

  it('gives different keys different destinations', check(async (bench) => {
    if (!bench.can('deposit')) return
    const destinations = new Set<string>()
    for (let key = 0; key < 50; key++) {
      const { address, tag } = await bench.adapter.depositAddress(bench.network.asset, `key-${key}`)
      destinations.add(`${address} ${tag ?? ''}`)
    }
    expect(destinations.size).to.equal(50)
  }))

  it('calls its own addresses valid and nonsense invalid', check(async (bench) => {
    if (!bench.can('deposit')) return
    const { asset } = bench.network
    const { address } = await bench.adapter.depositAddress(asset, 'key-1')
    expect(bench.adapter.isValidAddress(asset, address)).to.equal(true)
    const swapped = address.slice(0, -1) + (address.endsWith('q') ? 'p' : 'q')
    for (const nonsense of ['', ' ', 'nonsense', `${address} `, `${address}${address}`, '<script>', swapped, address.slice(1)]) {
      expect(bench.adapter.isValidAddress(asset, nonsense), JSON.stringify(nonsense)).to.equal(false)
    }
  }))

  it('refuses an asset that it does not serve', check(async (bench) => {
    if (!bench.can('deposit')) return
    await rejection(attempt(() => bench.adapter.depositAddress('NOSUCHASSET', 'key-1')))
    expect(bench.adapter.isValidAddress('NOSUCHASSET', 'anything')).to.equal(false)
  }))
}

function declareDeposits(check: Check): void {
  it('observes a payment once, with confirmations that arrive over time until it is final', check(async (bench) => {
    if (!bench.canBePaid()) return
    const { asset, requiredConfirmations } = bench.network
    const { address } = await bench.adapter.depositAddress(asset, 'key-1')
    const amount = bench.amount(3n)
    await bench.pay(asset, address, amount)
    const seen: ObservedDeposit[] = []
    for (let block = 0; block <= requiredConfirmations + 1; block++) {
      const deposits = await bench.depositsTo(address)
      expect(deposits.length, 'entries for one payment').to.be.at.most(1)
      seen.push(...deposits)
      await bench.confirm(1)
    }
    expect(new Set(seen.map(({ id }) => id)).size, 'ids of one payment').to.equal(1)
    for (const deposit of seen) expect([deposit.asset, deposit.amount], 'asset and amount').to.deep.equal([asset, amount])
    const confirmations = seen.map((deposit) => deposit.confirmations)
    expect(confirmations, 'confirmations rise').to.deep.equal([...confirmations].sort((a, b) => a - b))
    expect(confirmations[0], 'a fresh payment is not final').to.be.lessThan(Math.max(requiredConfirmations, 2))
    expect(confirmations.at(-1), 'it was reported as final').to.be.at.least(requiredConfirmations)
  }))

  it('tells two payments of the same amount to the same address apart', check(async (bench) => {
    if (!bench.canBePaid()) return
    const { asset } = bench.network
    const { address } = await bench.adapter.depositAddress(asset, 'key-1')
    await bench.pay(asset, address, bench.amount(2n))
    await bench.pay(asset, address, bench.amount(2n))
    await bench.confirm(1)
    expect(new Set((await bench.depositsTo(address)).map(({ id }) => id)).size).to.equal(2)
  }))

  it('goes on observing under the same id after a restart, until the payment is final', check(async (bench) => {
    if (!bench.canBePaid()) return
    const { asset, requiredConfirmations } = bench.network
    const { address } = await bench.adapter.depositAddress(asset, 'key-1')
    await bench.pay(asset, address, bench.amount(2n))
    const [before] = await bench.depositsTo(address)
    await bench.restart()
    await bench.confirm(requiredConfirmations + 1)
    const [after] = await bench.depositsTo(address)
    expect(after?.id).to.equal(before?.id ?? after?.id)
    expect(after?.confirmations).to.be.at.least(requiredConfirmations)
    expect(after?.amount).to.equal(bench.amount(2n))
  }))

  it('answers again after a restart what it answered last, so that a crash loses no final payment', check(async (bench) => {
    if (!bench.canBePaid()) return
    const { asset, requiredConfirmations } = bench.network
    const { address } = await bench.adapter.depositAddress(asset, 'key-1')
    await bench.pay(asset, address, bench.amount(2n))
    await bench.confirm(requiredConfirmations + 1)
    const [final] = await bench.depositsTo(address)
    expect(final?.confirmations).to.be.at.least(requiredConfirmations)
    await bench.restart()
    const [again] = await bench.depositsTo(address)
    expect([again?.id, again?.amount]).to.deep.equal([final!.id, final!.amount])
  }))

  it('reports nothing for addresses that nobody paid', check(async (bench) => {
    if (!bench.can('deposit')) return
    const { address } = await bench.adapter.depositAddress(bench.network.asset, 'key-unpaid')
    await bench.confirm(2)
    expect(await bench.depositsTo(address)).to.deep.equal([])
  }))
}

function declareWithdrawals(check: Check): void {
  const withdrawal = async (bench: Bench, id: string): Promise<WithdrawalRequest> => {
    const { asset } = bench.network
    return { id, asset, ...(await bench.destination(asset)), amount: bench.amount(1n) }
  }

  it('does not know a withdrawal that was never broadcast', check(async (bench) => {
    if (!bench.can('withdraw')) return
    expect((await bench.adapter.status(await withdrawal(bench, 'never'))).state).to.equal('unknown')
  }))

  it('pays a request once, however often it is broadcast, after a restart too', check(async (bench) => {
    if (!bench.can('withdraw')) return
    const request = await withdrawal(bench, 'w-1')
    const { txid } = await bench.adapter.broadcast(request)
    expect((await bench.adapter.broadcast(request)).txid).to.equal(txid)
    const both = await Promise.all([bench.adapter.broadcast(request), bench.adapter.broadcast(request)])
    expect(both.map((result) => result.txid)).to.deep.equal([txid, txid])
    await bench.restart()
    expect((await bench.adapter.broadcast(request)).txid).to.equal(txid)
    const other = await bench.adapter.broadcast(await withdrawal(bench, 'w-2'))
    expect(other.txid).not.to.equal(txid)
  }))

  it('never pays a second time under the same id, even with another amount', check(async (bench) => {
    if (!bench.can('withdraw')) return
    const request = await withdrawal(bench, 'w-1')
    const { txid } = await bench.adapter.broadcast(request)
    const second = await attempt(() => bench.adapter.broadcast({ ...request, amount: request.amount * 2n })).catch(() => undefined)
    if (second !== undefined) expect(second.txid).to.equal(txid)
    expect((await bench.adapter.broadcast(request)).txid).to.equal(txid)
  }))

  it('follows a withdrawal from pending to confirmed', check(async (bench) => {
    if (!bench.can('withdraw')) return
    const request = await withdrawal(bench, 'w-1')
    const { txid } = await bench.adapter.broadcast(request)
    const fresh = await bench.adapter.status(request)
    expect(fresh.state).to.be.oneOf(['pending', 'confirmed'])
    await bench.confirm(bench.network.requiredConfirmations + 1)
    const final = await bench.adapter.status(request)
    expect(final.state).to.equal('confirmed')
    if (final.state === 'confirmed') expect(final.txid).to.equal(txid)
    await bench.restart()
    expect((await bench.adapter.status(request)).state).to.equal('confirmed')
  }))

  it('refuses to pay to an address that is not valid', check(async (bench) => {
    if (!bench.can('withdraw')) return
    const request = { ...(await withdrawal(bench, 'w-bad')), address: 'nonsense' }
    await rejection(attempt(() => bench.adapter.broadcast(request)))
    expect((await bench.adapter.status(request)).state).to.be.oneOf(['unknown', 'failed'])
  }))
}

/** Turns a throw into a rejection: both refuse. */
async function attempt<Result>(action: () => Promise<Result>): Promise<Result> {
  return action()
}
