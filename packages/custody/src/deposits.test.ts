import type { AssetAdapter, ObservedDeposit } from '@bourse/plugin'
import { MAX_AMOUNT } from '@bourse/core'
import { expect } from 'chai'
import { BLOCK_MS, onEveryBench, REQUIRED, type Bench } from '../test/bench.js'
import { CustodyError, type Deposit } from './index.js'

onEveryBench('deposits', (bench) => {
  const statuses = async (account = 'alice'): Promise<string[]> => (await bench().custody.deposits(account)).items.map(({ status }) => status)

  it('gives an account one address for each asset, the same after a restart', async () => {
    const first = await bench().custody.depositAddress('alice', 'BTC')
    expect(bench().chain.isValidAddress('BTC', first.address)).to.equal(true)
    await bench().restart()
    expect(await bench().custody.depositAddress('alice', 'BTC')).to.deep.equal(first)
    expect((await bench().custody.depositAddress('bob', 'BTC')).address).not.to.equal(first.address)
    const both = await Promise.all([bench().custody.depositAddress('bob', 'ETH'), bench().custody.depositAddress('bob', 'ETH')])
    expect(both[0]).to.deep.equal(both[1])
  })

  it('shows a deposit as confirmations arrive and credits it once when they suffice', async () => {
    const { custody } = bench()
    const seen: unknown[] = []
    custody.onChange((account, { deposit }) => seen.push([account, deposit?.confirmations, deposit?.status, bench().balance('alice')]))
    await custody.faucet('alice', 'BTC', '1.5')
    await custody.poll()
    await bench().blocks(REQUIRED + 3)
    expect(seen).to.deep.equal([
      ['alice', 0, 'pending', '0.00000000+0.00000000'],
      ['alice', 1, 'pending', '0.00000000+0.00000000'],
      ['alice', 2, 'pending', '0.00000000+0.00000000'],
      ['alice', 3, 'pending', '0.00000000+0.00000000'],
      ['alice', 3, 'credited', '1.50000000+0.00000000'],
    ])
    const { items } = await custody.deposits('alice')
    expect(items).to.have.length(1)
    expect(items[0]).to.include({ asset: 'BTC', amount: '1.50000000', dust: '0.00000000', confirmations: REQUIRED, requiredConfirmations: REQUIRED, status: 'credited' })
    expect(bench().balance('world')).to.equal('-1.50000000+0.00000000')
  })

  it('credits a deposit that became final while nobody looked', async () => {
    await bench().custody.faucet('alice', 'BTC', '1')
    bench().nowMs += 100 * BLOCK_MS
    await bench().restart()
    await bench().custody.poll()
    expect(bench().balance('alice')).to.equal('1.00000000+0.00000000')
  })

  it('never credits what is below the minimum', async () => {
    await bench().custody.faucet('alice', 'BTC', '0.00099999')
    await bench().blocks(REQUIRED + 1)
    expect(await statuses()).to.deep.equal(['too_small'])
    expect(bench().balance('alice')).to.equal('0.00000000+0.00000000')
  })

  it('keeps what is finer than the ledger as dust, exactly', async () => {
    const { chain, custody } = bench()
    const { address } = await custody.depositAddress('alice', 'ETH')
    await chain.faucet('ETH', address, 1_234_567_890_123_456_789n)
    await chain.faucet('ETH', address, 9_999_999_999n)
    await bench().blocks(REQUIRED + 1)
    const { items } = await custody.deposits('alice')
    const facts = items.map(({ amount, dust, status }) => ({ amount, dust, status }))
    expect(facts).to.deep.equal([
      { amount: '0.00000000', dust: '0.000000009999999999', status: 'too_small' },
      { amount: '1.23456789', dust: '0.000000000123456789', status: 'credited' },
    ])
    expect(bench().balance('alice', 'ETH')).to.equal('1.23456789+0.00000000')
  })

  it('credits chains that are coarser than the ledger in full', async () => {
    await bench().custody.faucet('alice', 'USDT', '0.000001')
    await bench().blocks(REQUIRED + 1)
    expect(bench().balance('alice', 'USDT')).to.equal('0.00000100+0.00000000')
  })

  it('does not credit a deposit that a reorganisation drops', async () => {
    const { txid } = await bench().custody.faucet('alice', 'BTC', '1')
    await bench().blocks(REQUIRED - 1)
    bench().chain.reorganise(REQUIRED, { drop: [txid] })
    await bench().blocks(10)
    expect(await statuses()).to.deep.equal(['dropped'])
    expect(bench().balance('alice')).to.equal('0.00000000+0.00000000')
  })

  it('waits anew for a deposit that a reorganisation moves', async () => {
    await bench().custody.faucet('alice', 'BTC', '1')
    await bench().blocks(REQUIRED - 1)
    bench().chain.reorganise(REQUIRED)
    await bench().blocks(REQUIRED - 1)
    expect(bench().balance('alice')).to.equal('0.00000000+0.00000000')
    await bench().blocks(1)
    expect(bench().balance('alice')).to.equal('1.00000000+0.00000000')
  })

  it('takes up a dropped deposit that comes back', async () => {
    const chain = new ScriptedChain(bench())
    await bench().restart([chain.adapter])
    const { address } = await bench().custody.depositAddress('alice', 'BTC')
    const deposit = { id: 'a:0', txid: 'a', asset: 'BTC', address, amount: 100_000_000n }
    for (const [answer, expected] of [
      [[{ ...deposit, confirmations: 1 }], 'pending'],
      [[], 'dropped'],
      [[{ ...deposit, confirmations: 0 }], 'pending'],
      [[{ ...deposit, confirmations: REQUIRED }], 'credited'],
      [[{ ...deposit, confirmations: REQUIRED + 1 }], 'credited'],
      [[], 'credited'],
    ] as const) {
      chain.answer = answer
      await bench().custody.poll()
      expect(await statuses()).to.deep.equal([expected])
    }
    expect(bench().balance('alice')).to.equal('1.00000000+0.00000000')
  })

  it('tells several payments in one transaction apart', async () => {
    const chain = new ScriptedChain(bench())
    await bench().restart([chain.adapter])
    const { address } = await bench().custody.depositAddress('alice', 'BTC')
    chain.answer = [0, 1, 2].map((output) => ({ id: `a:${output}`, txid: 'a', asset: 'BTC', address, amount: 100_000_000n, confirmations: REQUIRED }))
    await bench().custody.poll()
    await bench().custody.poll()
    expect(bench().balance('alice')).to.equal('3.00000000+0.00000000')
  })

  it('asks the chain again only after the last answer is on record', async () => {
    const chain = new ScriptedChain(bench())
    await bench().restart([chain.adapter])
    const { address } = await bench().custody.depositAddress('alice', 'BTC')
    chain.answer = [{ id: 'a:0', txid: 'a', asset: 'BTC', address, amount: 100_000_000n, confirmations: REQUIRED }]
    await bench().store.knex.schema.renameTable('deposits', 'deposits_away')
    await bench().custody.poll()
    await bench().custody.poll()
    expect(chain.asked).to.equal(1)
    await bench().store.knex.schema.renameTable('deposits_away', 'deposits')
    chain.answer = []
    await bench().custody.poll()
    expect(bench().balance('alice')).to.equal('1.00000000+0.00000000')
  })

  it('keeps money for an address that is missing in the records until its owner asks for it', async () => {
    await bench().custody.faucet('alice', 'BTC', '1')
    await bench().store.knex('deposit_addresses').delete()
    await bench().blocks(REQUIRED + 2)
    expect(bench().balance('alice')).to.equal('0.00000000+0.00000000')
    await bench().custody.depositAddress('alice', 'BTC')
    await bench().custody.poll()
    expect(bench().balance('alice')).to.equal('1.00000000+0.00000000')
  })

  it('waits, and says so once, while the ledger refuses a credit', async () => {
    bench().execute({ type: 'ledger.transfer', requestId: 'all', from: 'world', to: 'bob', asset: 'BTC', amount: '46116860184.27387903' })
    expect(bench().commands.balance('bob', 'BTC').available).to.equal(MAX_AMOUNT)
    await bench().custody.faucet('alice', 'BTC', '1')
    await bench().blocks(REQUIRED + 5)
    expect(await statuses()).to.deep.equal(['pending'])
    expect(bench().logged.filter((line) => line.includes('amount_out_of_bounds'))).to.have.length(1)
    bench().execute({ type: 'ledger.transfer', requestId: 'back', from: 'bob', to: 'world', asset: 'BTC', amount: '5' })
    await bench().custody.poll()
    expect(await statuses()).to.deep.equal(['credited'])
  })

  it('pages through deposits, newest first', async () => {
    for (let deposit = 1; deposit <= 5; deposit++) await bench().custody.faucet('alice', 'BTC', `${deposit}`)
    await bench().custody.poll()
    const seen: Deposit[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await bench().custody.deposits('alice', { cursor, limit: 2 })
      seen.push(...page.items)
      if (page.nextCursor === null) break
      cursor = page.nextCursor
    }
    expect(seen.map(({ amount }) => amount)).to.deep.equal(['5.00000000', '4.00000000', '3.00000000', '2.00000000', '1.00000000'])
    expect((await bench().custody.deposits('bob')).items).to.deep.equal([])
  })

  it('refuses what cannot be, with a code', async () => {
    const { custody } = bench()
    for (const [attempt, code] of [
      [custody.depositAddress('alice', 'DOGE'), 'deposit_unavailable'],
      [custody.faucet('alice', 'DOGE', '1'), 'deposit_unavailable'],
      [custody.faucet('alice', 'BTC', '1e3'), 'invalid_request'],
      [custody.faucet('alice', 'BTC', '0.123456789'), 'invalid_request'],
      [custody.faucet('alice', 'USDT', '0.0000001'), 'invalid_request'],
      [custody.faucet('alice', 'BTC', '0'), 'amount_not_positive'],
      [custody.faucet('alice', 'BTC', '40000000'), 'invalid_request'],
      [custody.deposits('alice', { cursor: 'nonsense' }), 'invalid_request'],
    ] as const) {
      expect(await codeOf(attempt)).to.equal(code)
    }
  })

  it('lists networks with what one may do there', () => {
    const [btc] = bench().custody.networks()
    expect(btc).to.include({ asset: 'BTC', network: 'Simulated chain', requiredConfirmations: REQUIRED, deposit: true, withdraw: true, faucet: true })
  })
})

/** A chain that answers what a test wants. */
class ScriptedChain {
  answer: readonly ObservedDeposit[] = []
  asked = 0
  readonly adapter: AssetAdapter
  constructor(bench: Bench) {
    this.adapter = {
      ...bench.chain,
      observeDeposits: async () => {
        this.asked++
        return this.answer
      },
    }
  }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof CustodyError ? error.code : String(error)
  }
  return 'it succeeded'
}
