/** Runs every example as its README says. */
import { expect } from 'chai'
import { createClient } from '@bourse/client'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { ROOT, startExchange, temporaryProject, type RunningProcess } from './running-exchange.js'

async function runExample(file: string, args: readonly string[] = []): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, 'examples', file), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  await once(child, 'close')
  expect(child.exitCode, output).to.equal(0)
  return output
}

describe('the examples', function () {
  this.timeout(120_000)

  it('trade with the core alone, the same way every time', async () => {
    const first = await runExample('core-as-a-library/main.ts')
    expect(first).to.contain('trade 1: 0.20000 BTC at 64000.00 USD')
    expect(first).to.contain('alice  0.19984000 (+ 0.00000000 held) BTC, 38000.00000000 (+ 19200.00000000 held) USD')
    expect(await runExample('core-as-a-library/main.ts')).to.equal(first)
  })

  it('keep what was acknowledged over two runs', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-durable-'))
    expect(await runExample('core-as-a-library/durable.ts', [dir])).to.contain('alice owns 500 thousandths')
    expect(await runExample('core-as-a-library/durable.ts', [dir])).to.contain('alice owns 1000 thousandths')
    await rm(dir, { recursive: true })
  })

  it('serve the small exchange of the tutorial over HTTP', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, 'examples/core-as-a-library/tutorial.ts'), '0'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'close')
    try {
      let output = ''
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
        output += chunk.toString('utf8')
        if (/port: \d+/.test(output)) break
      }
      const port = /port: (\d+)/.exec(output)?.[1]
      const call = async (route: string, body?: object): Promise<unknown> => {
        const [method = '', target = ''] = route.split(' ')
        const answer = await fetch(`http://127.0.0.1:${port}${target}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
        return answer.json()
      }
      for (const [account, asset, amount] of [['alice', 'USD', '1000'], ['bob', 'BTC', '2']]) {
        await call('POST /accounts', { account })
        expect(await call('POST /deposits', { id: account, account, asset, amount })).to.deep.equal({ events: ['transfer.posted'] })
      }
      expect(await call('POST /orders', { account: 'alice', side: 'buy', price: '500.00', quantity: '1' })).to.deep.equal({ events: ['order.accepted', 'order.rested'] })
      expect(await call('POST /orders', { account: 'bob', side: 'sell', quantity: '0.4' })).to.deep.equal({ events: ['order.accepted', 'trade.executed'] })
      expect(await call('GET /balances?account=bob')).to.deep.equal({ BTC: { available: '1.60000000', held: '0.00000000' }, USD: { available: '199.80000000', held: '0.00000000' } })
      expect(await call('GET /depth')).to.deep.equal({ bids: [['500.00', '0.60000']], asks: [] })
      expect(await call('GET /trades')).to.deep.equal([{ tradeId: 1, price: '500.00', quantity: '0.40000' }])
      expect(await call('POST /orders', { account: 'bob', side: 'sell', quantity: '5' })).to.deep.equal({ error: 'insufficient_balance' })
      expect(await call('DELETE /orders?account=alice')).to.deep.equal({ events: ['order.cancelled'] })
      expect(await call('GET /elsewhere')).to.deep.equal({ error: 'not_found' })
    } finally {
      child.kill()
      await ended
    }
  })

  describe('against a running exchange', () => {
    let project: Awaited<ReturnType<typeof temporaryProject>>
    let running: RunningProcess
    before(async () => {
      project = await temporaryProject((config) => config.replace('historyDays: 3', 'historyDays: 0'))
      running = await startExchange({ project: project.dir, data: project.data })
    })
    after(async () => {
      await running.stop()
      await project.remove()
    })

    it('quote both sides as a trading bot and take the quotes back', async () => {
      const env = { ...process.env, BOURSE_URL: running.url, BOURSE_EMAIL: running.logIn!.email, BOURSE_PASSWORD: running.logIn!.password }
      const bot = spawn(process.execPath, ['--import', 'tsx', path.join(ROOT, 'examples/trading-bot/main.ts'), 'BTC-USDT', '0.001'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      await new Promise<void>((resolve, reject) => {
        const read = (chunk: Buffer): void => {
          output += chunk.toString('utf8')
          if (/^buy .* at /m.test(output) && /^sell .* at /m.test(output)) resolve()
        }
        bot.stdout.on('data', read)
        bot.stderr.on('data', read)
        bot.once('exit', () => reject(new Error(output)))
      })
      const client = createClient({ baseUrl: running.url })
      await client.logIn(running.logIn!)
      const ended = once(bot, 'close')
      bot.kill('SIGINT')
      await ended
      expect(bot.exitCode, output).to.equal(0)
      expect((await client.openOrders('BTC-USDT')).length).to.equal(0)
      client.close()
    })
  })
})
