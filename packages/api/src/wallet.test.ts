import { expect } from 'chai'
import { outsideAddress } from '@bourse/asset-simulated'
import type { AccountUpdate, BourseClient } from '@bourse/client'
import { Expectation } from '../test/event-wait.js'
import { refusal } from '../test/refusal.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

describe('the wallet', () => {
  let running: RunningGateway
  let client: BourseClient
  before(async () => {
    running = await startGateway()
    client = (await running.trader('ann', { USDT: '1000' })).client
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })
  const available = async (asset: string): Promise<string | undefined> => (await client.balances()).balances.find((balance) => balance.asset === asset)?.available

  it('credits a deposit once it has its confirmations, and tells each step', async () => {
    const seen: AccountUpdate['deposits'] = []
    const credited = new Expectation<true>(() => (seen.at(-1)?.status === 'credited' ? true : undefined))
    const stop = await client.subscribe({ channel: 'account' }, {
      onSnapshot: () => undefined,
      onMessage({ data }) {
        seen.push(...data.deposits)
        credited.changed()
      },
    })
    const address = await client.depositAddress('BTC')
    expect(await client.depositAddress('BTC')).to.deep.equal(address)
    expect(address).to.include({ asset: 'BTC', tag: null })
    const { txid } = await client.faucet({ asset: 'BTC', amount: '0.5' })
    await running.passBlocks(1)
    const [pending] = (await client.deposits()).items
    expect(pending).to.include({ asset: 'BTC', amount: '0.50000000', txid, address: address.address, status: 'pending', requiredConfirmations: 2 })
    expect(await available('BTC')).to.equal('0.00000000')
    await running.passBlocks(2)
    expect((await client.deposits()).items[0]).to.include({ status: 'credited' })
    expect(await available('BTC')).to.equal('0.50000000')
    await credited.value
    expect(seen[0]).to.include({ txid, status: 'pending' })
    expect((await client.ledger({ asset: 'BTC' })).items[0]).to.include({ kind: 'deposit', amount: '0.50000000' })
    stop()
  })

  it('pays a withdrawal out once, however often it is asked for', async () => {
    const request = { requestId: 'w-1', asset: 'USDT', address: outsideAddress('USDT', 'ann'), amount: '100' }
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.withdraw(request)))
    expect(new Set(answers.map(({ withdrawalId }) => withdrawalId)).size).to.equal(1)
    expect(answers[0]).to.include({ requestId: 'w-1', asset: 'USDT', amount: '100.00000000', fee: '1.00000000' })
    expect(await available('USDT')).to.equal('900.00000000')
    await running.passBlocks(5)
    const { items } = await client.withdrawals()
    expect(items).to.have.length(1)
    expect(items[0]).to.include({ status: 'confirmed' })
    const entries = (await client.ledger({ asset: 'USDT', limit: 2 })).items.map(({ kind, amount }) => `${kind} ${amount}`)
    expect(entries).to.have.members(['withdrawal -99.00000000', 'fee -1.00000000'])
  })

  it('says why a deposit, a withdrawal or test money is not to be had', async () => {
    let requests = 0
    const withdraw = (change: object) => client.withdraw({ requestId: `refused-${requests++}`, asset: 'USDT', address: outsideAddress('USDT', 'ann'), amount: '100', ...change })
    expect(await refusal(client.depositAddress('ETH'))).to.include({ code: 'deposit_unavailable', field: 'asset', status: 422 })
    expect(await refusal(client.faucet({ asset: 'BTC', amount: '0' }))).to.include({ code: 'amount_not_positive', field: 'amount', status: 422 })
    expect(await refusal(client.faucet({ asset: 'BTC', amount: '0.000000001' }))).to.include({ status: 400, field: 'amount' })
    expect(await refusal(withdraw({ asset: 'ETH' }))).to.include({ code: 'withdrawal_unavailable', status: 422 })
    expect(await refusal(withdraw({ address: 'nonsense' }))).to.include({ code: 'invalid_address', field: 'address', status: 422 })
    expect(await refusal(withdraw({ amount: '1000000' }))).to.include({ code: 'insufficient_balance', status: 422 })
    expect(await refusal(withdraw({ amount: '2' }))).to.include({ status: 400, field: 'amount' })
    expect(await refusal(withdraw({ requestId: 'w-1', amount: '101' }))).to.include({ status: 409 })
    expect(await available('USDT')).to.equal('900.00000000')
  })

  it('lists deposits and withdrawals by asset, status and time', async () => {
    const { client } = await running.trader('lister', { USDT: '1000' })
    await client.faucet({ asset: 'BTC', amount: '1' })
    await running.passBlocks(4)
    const { address } = await client.depositAddress('USDT')
    await client.withdraw({ requestId: 'listed', asset: 'USDT', address, amount: '50' })
    const [deposit] = (await client.deposits()).items
    for (const query of [{ asset: 'BTC' }, { status: 'credited' }, { fromMs: deposit!.createdMs, toMs: deposit!.createdMs }] as const) expect((await client.deposits(query)).items, JSON.stringify(query)).to.deep.equal([deposit])
    for (const query of [{ asset: 'ETH' }, { status: 'pending' }, { fromMs: deposit!.createdMs + 1 }, { toMs: deposit!.createdMs - 1 }] as const) expect((await client.deposits(query)).items, JSON.stringify(query)).to.deep.equal([])
    expect((await client.withdrawals({ asset: 'USDT' })).items).to.have.length(1)
    expect((await client.withdrawals({ asset: 'BTC' })).items).to.deep.equal([])
    const { status } = (await client.withdrawals()).items[0]!
    expect((await client.withdrawals({ status })).items).to.have.length(1)
    expect((await client.withdrawals({ status: 'failed' })).items).to.deep.equal([])
  })

  it('shows nobody the deposits and withdrawals of another', async () => {
    const eve = (await running.trader('eve')).client
    expect((await eve.deposits()).items).to.deep.equal([])
    expect((await eve.withdrawals()).items).to.deep.equal([])
    expect((await eve.ledger()).items).to.deep.equal([])
    expect(await eve.depositAddress('BTC')).to.not.deep.equal(await client.depositAddress('BTC'))
  })
})
