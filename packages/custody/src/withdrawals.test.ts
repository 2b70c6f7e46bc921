import { outsideAddress } from '@bourse/asset-simulated'
import type { AssetAdapter } from '@bourse/plugin'
import { expect } from 'chai'
import { onEveryBench, REQUIRED } from '../test/bench.js'
import { CustodyError, type Withdrawal, type WithdrawInput } from './index.js'

const SHOP = outsideAddress('BTC', 'shop')
const INPUT: WithdrawInput = { requestId: 'r-1', asset: 'BTC', address: SHOP, amount: '1' }

onEveryBench('withdrawals', (bench) => {
  const only = async (): Promise<Withdrawal> => {
    const { items } = await bench().custody.withdrawals('alice')
    expect(items).to.have.length(1)
    return items[0]!
  }

  beforeEach(() => bench().fund('alice', 'BTC', '5'))

  it('holds the money, pays the recipient the amount less the fee, and keeps the fee', async () => {
    const { custody } = bench()
    const steps: unknown[] = []
    custody.onChange((account, { withdrawal }) => steps.push([account, withdrawal?.status, withdrawal?.confirmations]))
    const first = await custody.withdraw('alice', INPUT)
    expect(first).to.include({ requestId: 'r-1', asset: 'BTC', amount: '1.00000000', fee: '0.00050000', address: SHOP, txid: null, status: 'pending' })
    expect(bench().balance('alice')).to.equal('4.00000000+1.00000000')
    await bench().blocks(REQUIRED + 2)
    expect(steps).to.deep.equal([
      ['alice', 'pending', 0],
      ['alice', 'broadcast', 0],
      ['alice', 'broadcast', 1],
      ['alice', 'broadcast', 2],
      ['alice', 'broadcast', 3],
      ['alice', 'confirmed', 3],
    ])
    expect(bench().balance('alice')).to.equal('4.00000000+0.00000000')
    expect(bench().balance('fees')).to.equal('0.00050000+0.00000000')
    expect(bench().balance('world')).to.equal('-4.00050000+0.00000000')
    const { txid, withdrawalId } = await only()
    const status = await bench().chain.status({ id: withdrawalId, asset: 'BTC', address: SHOP, amount: 99_950_000n })
    expect(status).to.include({ state: 'confirmed', txid })
  })

  it('needs no second hold where the network takes no fee', async () => {
    bench().fund('alice', 'ETH', '2')
    const { fee } = await bench().custody.withdraw('alice', { requestId: 'r-1', asset: 'ETH', address: outsideAddress('ETH', 'shop'), amount: '2' })
    expect(fee).to.equal('0.00000000')
    await bench().blocks(REQUIRED + 2)
    expect(bench().balance('alice', 'ETH')).to.equal('0.00000000+0.00000000')
    expect(bench().balance('world', 'ETH')).to.equal('0.00000000+0.00000000')
  })

  it('pays another account of the exchange over the chain, as a deposit', async () => {
    const { address } = await bench().custody.depositAddress('bob', 'BTC')
    await bench().custody.withdraw('alice', { ...INPUT, address })
    await bench().blocks(2 * REQUIRED)
    expect(bench().balance('bob')).to.equal('0.99950000+0.00000000')
    expect(bench().balance('alice')).to.equal('4.00000000+0.00000000')
  })

  it('returns the first withdrawal for the same request, at once and later, and pays it once', async () => {
    const { custody } = bench()
    const answers = await Promise.all(Array.from({ length: 20 }, () => custody.withdraw('alice', INPUT)))
    await bench().blocks(REQUIRED + 2)
    answers.push(await custody.withdraw('alice', { ...INPUT, amount: '1.00' }))
    expect(new Set(answers.map(({ withdrawalId }) => withdrawalId)).size).to.equal(1)
    expect((await only()).status).to.equal('confirmed')
    expect(bench().balance('alice')).to.equal('4.00000000+0.00000000')
  })

  it('refuses the same request with other input', async () => {
    await bench().custody.withdraw('alice', INPUT)
    for (const other of [{ amount: '2' }, { amount: 'x' }, { address: outsideAddress('BTC', 'other') }, { asset: 'ETH' }]) {
      expect(await codeOf(bench().custody.withdraw('alice', { ...INPUT, ...other }))).to.equal('conflict')
    }
    expect(await codeOf(bench().custody.withdraw('bob', INPUT)), 'requests of another account are its own').to.equal('insufficient_balance')
  })

  it('holds nothing and records nothing when it refuses', async () => {
    bench().fund('alice', 'USDT', '10')
    for (const [change, code, field] of [
      [{ asset: 'DOGE' }, 'withdrawal_unavailable', 'asset'],
      [{ address: SHOP.slice(0, -1) + '!' }, 'invalid_address', 'address'],
      [{ address: outsideAddress('ETH', 'shop') }, 'invalid_address', 'address'],
      [{ amount: '5.00000001' }, 'insufficient_balance', 'amount'],
      [{ amount: '0.00199999' }, 'invalid_request', 'amount'],
      [{ amount: '0' }, 'amount_not_positive', 'amount'],
      [{ amount: '1e1' }, 'invalid_request', 'amount'],
      [{ amount: '1.000000001' }, 'invalid_request', 'amount'],
      [{ asset: 'USDT', address: outsideAddress('USDT', 'shop'), amount: '1.0000001' }, 'invalid_request', 'amount'],
      [{ requestId: '' }, 'invalid_request', 'requestId'],
      [{ requestId: 'x'.repeat(37) }, 'invalid_request', 'requestId'],
    ] as const) {
      const error = await refusal(bench().custody.withdraw('alice', { ...INPUT, ...change }))
      expect([error.code, error.field], JSON.stringify(change)).to.deep.equal([code, field])
    }
    await bench().custody.poll()
    expect((await bench().custody.withdrawals('alice')).items).to.deep.equal([])
    expect(bench().balance('alice')).to.equal('5.00000000+0.00000000')
  })

  it('gives the first hold back when the balance does not suffice for the fee', async () => {
    const steps: unknown[] = []
    bench().custody.onChange((_, change) => steps.push(change))
    expect(await codeOf(bench().custody.withdraw('alice', { ...INPUT, amount: '5.0003' }))).to.equal('insufficient_balance')
    expect(bench().balance('alice')).to.equal('5.00000000+0.00000000')
    expect(steps).to.deep.equal([])
    bench().fund('alice', 'BTC', '1')
    await bench().custody.withdraw('alice', { ...INPUT, amount: '5.0003' })
    expect(bench().balance('alice'), 'the same request may be tried again').to.equal('0.99970000+5.00030000')
  })

  it('lets only as many through as the balance covers, however many come at once', async () => {
    const attempts = Array.from({ length: 12 }, (_, index) => codeOf(bench().custody.withdraw('alice', { ...INPUT, requestId: `r-${index}`, amount: '0.9' })))
    const codes = await Promise.all(attempts)
    expect(codes.filter((code) => code === 'it succeeded')).to.have.length(5)
    expect(codes.filter((code) => code === 'insufficient_balance')).to.have.length(7)
    expect(bench().balance('alice')).to.equal('0.50000000+4.50000000')
  })

  it('gives the money back when the chain says that the payment failed for good', async () => {
    await bench().custody.withdraw('alice', INPUT)
    await bench().custody.poll()
    bench().chain.reorganise(1, { drop: [(await only()).txid!] })
    await bench().blocks(1)
    expect(await only()).to.include({ status: 'failed', reason: 'dropped by a reorganisation of the chain' })
    expect(bench().balance('alice')).to.equal('5.00000000+0.00000000')
    expect((await bench().custody.withdraw('alice', INPUT)).status).to.equal('failed')
  })

  it('keeps the money held while the chain cannot be reached, and pays once when it can', async () => {
    const { chain } = bench()
    let down = true
    const guarded = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => async (...args: Args): Promise<Result> => {
      if (down) throw new Error('no route to the chain')
      return call(...args)
    }
    await bench().restart([{ ...chain, broadcast: guarded(chain.broadcast), status: guarded(chain.status), observeDeposits: guarded(chain.observeDeposits) }])
    await bench().custody.withdraw('alice', INPUT)
    await bench().blocks(5)
    expect((await only()).status).to.equal('pending')
    expect(bench().balance('alice')).to.equal('4.00000000+1.00000000')
    expect(bench().logged.filter((line) => line.includes('no route')), 'told once for each thing that waits').to.have.length(2)
    down = false
    await bench().blocks(REQUIRED + 2)
    expect((await only()).status).to.equal('confirmed')
    expect(bench().balance('alice')).to.equal('4.00000000+0.00000000')
  })

  it('pays once although the answer to the broadcast was lost', async () => {
    const { chain } = bench()
    const sent: string[] = []
    const deaf: AssetAdapter = {
      ...chain,
      broadcast: async (request) => {
        const { txid } = await chain.broadcast(request)
        sent.push(txid)
        if (sent.length < 3) throw new Error('timed out')
        return { txid }
      },
    }
    await bench().restart([deaf])
    await bench().custody.withdraw('alice', INPUT)
    await bench().blocks(REQUIRED + 5)
    expect(new Set(sent).size).to.equal(1)
    expect((await only()).status).to.equal('confirmed')
    expect(bench().balance('alice')).to.equal('4.00000000+0.00000000')
  })

  it('broadcasts again what the chain has forgotten', async () => {
    const { chain } = bench()
    let forgets = 2
    await bench().restart([{ ...chain, status: async (request) => (forgets-- > 0 ? { state: 'unknown' } : chain.status(request)) }])
    await bench().custody.withdraw('alice', INPUT)
    await bench().blocks(REQUIRED + 5)
    expect((await only()).status).to.equal('confirmed')
    expect(bench().balance('alice')).to.equal('4.00000000+0.00000000')
  })

  it('goes on with the others when one withdrawal cannot go on', async () => {
    const { chain } = bench()
    await bench().restart([{ ...chain, broadcast: async (request) => (request.amount === 99_950_000n ? Promise.reject(new Error('stuck')) : chain.broadcast(request)) }])
    await bench().custody.withdraw('alice', INPUT)
    await bench().custody.withdraw('alice', { ...INPUT, requestId: 'r-2', amount: '2' })
    await bench().blocks(REQUIRED + 2)
    const { items } = await bench().custody.withdrawals('alice')
    expect(items.map(({ requestId, status }) => [requestId, status])).to.deep.equal([['r-2', 'confirmed'], ['r-1', 'pending']])
  })

  it('waits for an adapter that was taken out of the configuration', async () => {
    await bench().custody.withdraw('alice', INPUT)
    await bench().restart([])
    await bench().custody.poll()
    expect((await only()).status).to.equal('pending')
    await bench().restart()
    await bench().blocks(REQUIRED + 2)
    expect((await only()).status).to.equal('confirmed')
  })

  it('refuses two adapters for one asset', async () => {
    expect(await codeOf(bench().restart([bench().chain, { ...bench().chain, name: 'other' }]))).to.contain('"simulated" and "other"')
  })
})

async function refusal(promise: Promise<unknown>): Promise<CustodyError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof CustodyError) return error
    throw error
  }
  throw new Error('It succeeded and should not have')
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof CustodyError ? error.code : String(error)
  }
  return 'it succeeded'
}
