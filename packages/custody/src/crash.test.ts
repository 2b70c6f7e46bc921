import { outsideAddress } from '@bourse/asset-simulated'
import { expect } from 'chai'
import { Crash, onEveryBench, REQUIRED, type Bench } from '../test/bench.js'
import { CustodyError, type WithdrawInput } from './index.js'

const SHOP = outsideAddress('BTC', 'shop')
const INPUT: WithdrawInput = { requestId: 'r-1', asset: 'BTC', address: SHOP, amount: '1' }
/** Every point is tried on SQLite; PostgreSQL, which is slower, tries some of them. */
const STRIDE = { sqlite: 1, postgres: 7 } as const

onEveryBench('a crash', (bench) => {
  it('at any step of a deposit credits it once', async function () {
    this.timeout(120_000)
    let crashes = 0
    for (let point = 1, finished = false; !finished; point += STRIDE[bench().store.dialect]) {
      const before = bench().commands.balance('alice', 'BTC').available
      await bench().custody.faucet('alice', 'BTC', '1')
      bench().crashBefore(point)
      await tolerating(bench().custody.poll())
      await tolerating(bench().blocks(REQUIRED + 2))
      finished = !bench().crashed
      crashes += finished ? 0 : 1
      await bench().restart()
      await bench().blocks(REQUIRED + 2)
      const credited = bench().commands.balance('alice', 'BTC').available - before
      expect(credited, `crash before call ${point}`).to.equal(100_000_000n)
    }
    const { items } = await bench().custody.deposits('alice', { limit: 1_000 })
    expect(items.filter(({ status }) => status === 'credited')).to.have.length(crashes + 1)
    tell(bench(), crashes)
  })

  it('at any step of a withdrawal pays it once, whether or not it was answered', async function () {
    this.timeout(120_000)
    let crashes = 0
    for (let point = 1, finished = false; !finished; point += STRIDE[bench().store.dialect]) {
      const input = { ...INPUT, requestId: `r-${point}` }
      bench().fund('alice', 'BTC', '1')
      const paidBefore = await paidOut(bench())
      bench().crashBefore(point)
      const answer = await tolerating(bench().custody.withdraw('alice', input))
      await tolerating(bench().blocks(REQUIRED + 2))
      finished = !bench().crashed
      crashes += finished ? 0 : 1
      await bench().restart()
      await bench().blocks(REQUIRED + 2)
      const [found] = (await bench().custody.withdrawals('alice', { limit: 1 })).items
      if (answer !== undefined) expect([found?.requestId, found?.status], 'an answered withdrawal is never lost').to.deep.equal([input.requestId, 'confirmed'])
      expect((await bench().custody.withdraw('alice', input)).amount).to.equal('1.00000000')
      await bench().blocks(REQUIRED + 2)
      expect(bench().balance('alice'), `crash before call ${point}`).to.equal('0.00000000+0.00000000')
      expect((await paidOut(bench())) - paidBefore, `crash before call ${point}`).to.equal(99_950_000n)
    }
    tell(bench(), crashes)
  })

  it('at any step of a refused withdrawal leaves nothing held', async function () {
    this.timeout(120_000)
    bench().fund('alice', 'BTC', '1')
    let crashes = 0
    for (let point = 1, finished = false; !finished; point += STRIDE[bench().store.dialect]) {
      bench().crashBefore(point)
      await tolerating(bench().custody.withdraw('alice', { ...INPUT, requestId: `r-${point}`, amount: '1.0001' }), 'insufficient_balance')
      finished = !bench().crashed
      crashes += finished ? 0 : 1
      await bench().restart()
      await bench().custody.poll()
      expect(bench().balance('alice'), `crash before call ${point}`).to.equal('1.00000000+0.00000000')
      expect((await bench().custody.withdrawals('alice')).items).to.deep.equal([])
    }
    tell(bench(), crashes)
  })

  it('at any step of a withdrawal that the chain drops gives the money back once', async function () {
    this.timeout(120_000)
    bench().fund('alice', 'BTC', '1')
    let crashes = 0
    for (let point = 1, finished = false; !finished; point += STRIDE[bench().store.dialect]) {
      await bench().custody.withdraw('alice', { ...INPUT, requestId: `r-${point}` })
      await bench().custody.poll()
      const { txid } = (await bench().custody.withdrawals('alice', { limit: 1 })).items[0]!
      bench().chain.reorganise(1, { drop: [txid!] })
      bench().crashBefore(point)
      await tolerating(bench().custody.poll())
      finished = !bench().crashed
      crashes += finished ? 0 : 1
      await bench().restart()
      await bench().custody.poll()
      expect(bench().balance('alice'), `crash before call ${point}`).to.equal('1.00000000+0.00000000')
      expect((await bench().custody.withdrawals('alice', { limit: 1 })).items[0]?.status).to.equal('failed')
    }
    tell(bench(), crashes)
  })
})

/** What the chain has paid for the withdrawals on record, in chain units. */
async function paidOut({ chain, store }: Bench): Promise<bigint> {
  const records: { withdrawal_id: string; chain_amount: string }[] = await store.knex('withdrawals').select('withdrawal_id', 'chain_amount')
  let paid = 0n
  for (const { withdrawal_id, chain_amount } of records) {
    const amount = BigInt(chain_amount)
    if ((await chain.status({ id: withdrawal_id, asset: 'BTC', address: SHOP, amount })).state !== 'unknown') paid += amount
  }
  return paid
}

/** Waits for a call of a process that may die under it, or be refused with `code`. */
async function tolerating<Result>(promise: Promise<Result>, code?: string): Promise<Result | undefined> {
  try {
    return await promise
  } catch (error) {
    if (error instanceof CustodyError && error.code === code) return undefined
    if (error instanceof Crash || (error instanceof Error && error.message.includes('process is dead'))) return undefined
    throw error
  }
}

function tell({ store }: Bench, crashes: number): void {
  console.log(`      ${crashes} crashes on ${store.dialect}`)
}
