import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { assetAdapterContract } from '@bourse/testkit'
import { expect } from 'chai'
import fc from 'fast-check'
import { outsideAddress, simulatedChain, type SimulatedChain, type SimulatedChainOptions } from './index.js'

const BLOCK_TIME_MS = 1_000

assetAdapterContract('simulated chain', {
  make: () => simulatedChain({ assets: ['BTC', { asset: 'USDT', decimals: 6, withdrawalFee: '1' }], blockTimeMs: BLOCK_TIME_MS }),
  confirmationTimeMs: BLOCK_TIME_MS,
})

describe('simulated chain', () => {
  let dataDir: string
  let nowMs: number
  let chain: SimulatedChain

  const start = async (options: Partial<SimulatedChainOptions> = {}): Promise<void> => {
    chain = simulatedChain({ assets: ['BTC', 'USDT'], blockTimeMs: BLOCK_TIME_MS, requiredConfirmations: 3, ...options })
    await chain.start({ dataDir, now: () => nowMs, log: () => undefined })
  }
  const restart = async (options?: Partial<SimulatedChainOptions>): Promise<void> => {
    await chain.stop()
    await start(options)
  }
  const logFile = (): string => join(dataDir, 'simulated-chain.jsonl')

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'bourse-chain-'))
    nowMs = 1_800_000_000_000
    await start()
  })
  afterEach(async () => {
    await chain.stop()
    rmSync(dataDir, { recursive: true })
  })

  it('shows a deposit with no confirmation and gives it one with each block', async () => {
    const { address } = await chain.depositAddress('BTC', 'alice')
    const { txid } = await chain.faucet('BTC', address, 5n)
    const confirmations: (number | undefined)[] = []
    for (let block = 0; block < 4; block++) {
      confirmations.push((await chain.observeDeposits())[0]?.confirmations)
      nowMs += BLOCK_TIME_MS
    }
    expect(confirmations).to.deep.equal([0, 1, 2, 3])
    expect(txid).to.match(/^[0-9a-f]{64}$/)
    expect(await chain.observeDeposits(), 'was answered as final').to.deep.equal([])
  })

  it('answers a final deposit again after a restart unless a later call acknowledged it', async () => {
    const { address } = await chain.depositAddress('BTC', 'alice')
    await chain.faucet('BTC', address, 5n)
    nowMs += 10 * BLOCK_TIME_MS
    expect(await chain.observeDeposits()).to.have.length(1)
    await restart()
    expect(await chain.observeDeposits()).to.have.length(1)
    await chain.observeDeposits()
    await restart()
    expect(await chain.observeDeposits()).to.deep.equal([])
  })

  it('pays a withdrawal to an address of the same exchange as a deposit', async () => {
    const { address } = await chain.depositAddress('USDT', 'bob')
    const { txid } = await chain.broadcast({ id: 'w-1', asset: 'USDT', address, amount: 7n })
    expect(await chain.observeDeposits()).to.deep.equal([{ id: `${txid}:0`, txid, asset: 'USDT', address, amount: 7n, confirmations: 0 }])
  })

  it('pays outside addresses without showing a deposit', async () => {
    await chain.broadcast({ id: 'w-1', asset: 'BTC', address: outsideAddress('BTC', 'mallory'), amount: 7n })
    expect(await chain.observeDeposits()).to.deep.equal([])
  })

  it('notices any one wrong character of an address', () => {
    const address = outsideAddress('BTC', 'shop')
    const typo = fc.tuple(fc.nat(address.length - 1), fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyzABC-_ '))
    fc.assert(
      fc.property(typo, ([place, character]) => {
        fc.pre(address[place] !== character)
        return !chain.isValidAddress('BTC', address.slice(0, place) + character + address.slice(place + 1))
      }),
    )
    expect(chain.isValidAddress('BTC', address)).to.equal(true)
    expect(chain.isValidAddress('USDT', address), 'an address of another asset').to.equal(false)
  })

  it('takes confirmations away in a reorganisation and gives them again', async () => {
    const { address } = await chain.depositAddress('BTC', 'alice')
    await chain.faucet('BTC', address, 5n)
    nowMs += 2 * BLOCK_TIME_MS
    const seen = [(await chain.observeDeposits())[0]?.confirmations]
    chain.reorganise(2)
    seen.push((await chain.observeDeposits())[0]?.confirmations)
    await restart()
    nowMs += BLOCK_TIME_MS
    seen.push((await chain.observeDeposits())[0]?.confirmations)
    expect(seen).to.deep.equal([2, 0, 1])
  })

  it('leaves blocks below the depth of a reorganisation alone', async () => {
    const { address } = await chain.depositAddress('BTC', 'alice')
    await chain.faucet('BTC', address, 5n)
    nowMs += 2 * BLOCK_TIME_MS
    chain.reorganise(1)
    expect((await chain.observeDeposits())[0]?.confirmations).to.equal(2)
  })

  it('drops a deposit for ever', async () => {
    const { address } = await chain.depositAddress('BTC', 'alice')
    const { txid } = await chain.faucet('BTC', address, 5n)
    nowMs += BLOCK_TIME_MS
    chain.reorganise(1, { drop: [txid] })
    await restart()
    nowMs += 10 * BLOCK_TIME_MS
    expect(await chain.observeDeposits()).to.deep.equal([])
  })

  it('reports a dropped withdrawal as failed and does not pay it again', async () => {
    const request = { id: 'w-1', asset: 'BTC', address: outsideAddress('BTC', 'shop'), amount: 7n }
    const { txid } = await chain.broadcast(request)
    chain.reorganise(1, { drop: [txid] })
    await restart()
    expect((await chain.status(request)).state).to.equal('failed')
    expect(await failure(chain.broadcast(request))).to.contain('new id')
  })

  it('keeps its height when the time between blocks is changed', async () => {
    nowMs += 10 * BLOCK_TIME_MS
    await restart({ blockTimeMs: 60_000 })
    expect(chain.height()).to.equal(10)
    nowMs += 60_000
    expect(chain.height()).to.equal(11)
  })

  it('forgets nothing of an asset that is taken out and put back', async () => {
    const { address } = await chain.depositAddress('USDT', 'alice')
    await chain.faucet('USDT', address, 5n)
    await restart({ assets: ['BTC'] })
    expect(await chain.observeDeposits()).to.deep.equal([])
    await restart()
    expect(await chain.observeDeposits()).to.have.length(1)
  })

  it('cuts off a line that a crash left unfinished', async () => {
    const request = { id: 'w-1', asset: 'BTC', address: outsideAddress('BTC', 'shop'), amount: 7n }
    await chain.broadcast(request)
    appendFileSync(logFile(), '{"type":"transaction","txid":"00')
    await restart()
    await chain.broadcast({ ...request, id: 'w-2' })
    await restart()
    expect([(await chain.status(request)).state, (await chain.status({ ...request, id: 'w-2' })).state]).to.deep.equal(['pending', 'pending'])
  })

  it('refuses a damaged line and names it', async () => {
    await chain.depositAddress('BTC', 'alice')
    await chain.stop()
    writeFileSync(logFile(), readFileSync(logFile(), 'utf8').replace('"address"', '"adress"'))
    expect(await failure(start())).to.contain('Line 2 of')
    writeFileSync(logFile(), '')
    await start()
  })

  it('refuses options that make no sense, by name', () => {
    for (const [options, word] of [
      [{ assets: ['btc'] }, 'btc'],
      [{ assets: ['BTC', 'BTC'] }, 'twice'],
      [{ assets: [{ asset: 'BTC', decimals: 19 }] }, 'decimals'],
      [{ assets: [{ asset: 'BTC', withdrawalFee: '1e3' }] }, '1e3'],
      [{ assets: ['BTC'], blockTimeMs: 0 }, 'blockTimeMs'],
    ] as const) {
      expect(() => simulatedChain(options)).to.throw(RangeError, word)
    }
  })

  it('has every withdrawal that it answered for after kill -9', async () => {
    await chain.stop()
    const address = outsideAddress('BTC', 'shop')
    const program = `
      import { simulatedChain } from ${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))}
      const chain = simulatedChain({ assets: ['BTC'] })
      await chain.start({ dataDir: ${JSON.stringify(dataDir)}, now: () => ${nowMs}, log: () => {} })
      for (let id = 0; ; id++) {
        const { txid } = await chain.broadcast({ id: 'w-' + id, asset: 'BTC', address: ${JSON.stringify(address)}, amount: 1n })
        process.stdout.write(txid + '\\n')
      }`
    const child = spawn(process.execPath, ['--conditions=bourse-source', '--import=tsx', '--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const answered: string[] = []
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (txid) => {
      answered.push(txid)
      if (answered.length === 50) child.kill('SIGKILL')
    })
    await Promise.all([once(child, 'exit'), once(lines, 'close')])
    expect(answered.length).to.be.at.least(50)
    await start()
    for (const [id, txid] of answered.entries()) {
      const status = await chain.status({ id: `w-${id}`, asset: 'BTC', address, amount: 1n })
      expect(status.state === 'pending' ? status.txid : status.state).to.equal(txid)
    }
  })
})

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('It succeeded and should not have')
}
