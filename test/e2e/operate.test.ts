/** Operates a running exchange from the command line: status, the simulator's switch, a market that follows a capture. */
import { expect } from 'chai'
import { createClient } from '@bourse/client'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { ROOT, runExchange, startExchange, temporaryProject, type RunningProcess } from './running-exchange.js'

/** Best prices 100.0 / 100.1, a trade at each side, then both prices move up. */
const CAPTURE = [
  '1000000000 {"lastUpdateId":10,"bids":[["100.00","2.00000"],["99.90","5.00000"]],"asks":[["100.10","3.00000"],["100.20","4.00000"]]}',
  '1100000000 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":11,"u":12,"b":[["99.90","4.00000"]],"a":[]}}',
  '1200000000 {"stream":"btcusdt@trade","data":{"e":"trade","E":2,"s":"BTCUSDT","t":1,"p":"100.10","q":"0.50000","T":2,"m":false,"M":true}}',
  '1300000000 {"stream":"btcusdt@trade","data":{"e":"trade","E":3,"s":"BTCUSDT","t":2,"p":"100.00","q":"0.25000","T":3,"m":true,"M":true}}',
  '1400000000 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":4,"s":"BTCUSDT","U":13,"u":15,"b":[["100.00","1.75000"],["100.10","1.00000"]],"a":[["100.10","0.00000"],["100.20","3.00000"]]}}',
]

describe('an exchange that is operated', function () {
  this.timeout(120_000)
  let project: Awaited<ReturnType<typeof temporaryProject>>
  let running: RunningProcess
  let place: string[]
  before(async () => {
    project = await temporaryProject((config) => config.replace('historyDays: 3', 'historyDays: 0'))
    running = await startExchange({ project: project.dir, data: project.data })
    place = ['--project', project.dir, '--data', project.data]
  })
  after(async () => {
    await running.stop()
    await project.remove()
  })

  const depth = async (): Promise<{ bids: unknown[]; asks: unknown[] }> => {
    const client = createClient({ baseUrl: running.url })
    const { bids, asks } = await client.depth('BTC-USDT', 3)
    client.close()
    return { bids, asks }
  }

  it('tells its status', async () => {
    const { code, output } = await runExchange(['status', ...place])
    expect(code).to.equal(0)
    expect(JSON.parse(output)).to.include({ name: 'Bourse Demo', url: running.url, pid: running.pid, simulator: true })
  })

  it('lets a market follow a captured venue while people watch, and gives it back to the simulator', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-capture-'))
    const file = path.join(dir, 'capture.txt')
    await writeFile(file, `${CAPTURE.join('\n')}\n`)
    const report = path.join(dir, 'report.json')
    const { code, output } = await runExchange(['replay', '--format', 'binance', file, '--market', 'BTC-USDT', '--speed', 'max', '--report', report, ...place])
    expect(code, output).to.equal(0)
    expect(output).to.contain('best bid and ask equal after 2 of 2 (100.000 %').and.to.contain('trades: 2 of 2 executed')
    expect(JSON.parse(await readFile(report, 'utf8'))).to.deep.nested.include({ 'trades.executed': 2, 'updates.equal': 2 })
    const client = createClient({ baseUrl: running.url })
    const trades = await client.trades('BTC-USDT', { limit: 500 })
    expect(trades.map(({ price, quantity }) => `${quantity} at ${price}`)).to.include.members(['0.50000 at 100.10', '0.25000 at 100.00'])
    client.close()
    await rm(dir, { recursive: true })
  })

  it('replays recorded order flow without touching the exchange', async function () {
    const file = path.join(ROOT, '../shared/data/lobster/AAPL_50_hour1.commands.csv.gz')
    if (!existsSync(file)) {
      console.log('skipped: no recorded order flow in ../shared/data')
      this.skip()
    }
    const { code, output } = await runExchange(['replay', '--format', 'commands', file])
    expect(code, output).to.equal(0)
    expect(output).to.match(/89070 commands, 4038 fills, \d+ commands per second/)
  })

  it('says which line of a file is wrong', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-capture-'))
    const file = path.join(dir, 'flow.csv')
    await writeFile(file, 'seq,ts_ms,op,id,side,price,qty\n1,1,N,1,B,100,1.5\n')
    const { code, output } = await runExchange(['replay', '--format', 'commands', file])
    expect(code).to.equal(1)
    expect(output).to.contain('flow.csv, line 2').and.not.to.contain('    at ')
    await rm(dir, { recursive: true })
  })

  it('switches the simulator off, now and at the next start, and on again', async () => {
    expect((await runExchange(['simulator', 'off', ...place])).code).to.equal(0)
    expect(await depth()).to.deep.include({ bids: [], asks: [] })
    await running.stop()
    running = await startExchange({ project: project.dir, data: project.data })
    expect(await depth()).to.deep.include({ bids: [], asks: [] })
    expect((await runExchange(['simulator', 'on', ...place])).code).to.equal(0)
    expect((await depth()).bids.length).to.be.greaterThan(0)
  })
})
