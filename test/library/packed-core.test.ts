/** `npm pack` of the core, installed alone in an empty folder: it must work in Node, in a worker, and in a page without a bundler. */
import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { openBrowser, openPage } from '../browser/browser.js'
import { serveFolder } from './static-files.js'

const run = promisify(execFile)
const ROOT = path.resolve(import.meta.dirname, '../..')

/** One trade and what it left behind, as text; `createVenue` is in scope. */
const TRADE = `
  const venue = createVenue({ assets: { BTC: 8, USD: 8 }, markets: { 'BTC-USD': { tickSize: '0.01', lotSize: '0.001', takerFee: '0.001' } }, clock: () => 1 })
  for (const [account, asset, amount] of [['alice', 'USD', '100'], ['bob', 'BTC', '1']]) {
    venue.submit({ type: 'account.open', account, kind: 'user' })
    venue.submit({ type: 'ledger.transfer', requestId: account, from: 'world', to: account, asset, amount })
  }
  const order = { type: 'order.place', market: 'BTC-USD', orderType: 'limit', price: '100.00', quantity: '1' }
  venue.submit({ ...order, account: 'alice', side: 'buy' })
  venue.submit({ ...order, account: 'bob', side: 'sell' })
  const outcome = venue.balance('bob', 'USD').available + ' ' + venue.engine.stateHash()
`

describe('The packed core', function () {
  this.timeout(60_000)
  let folder: string
  /** What every place must come to. */
  let expected: string

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bourse-packed-'))
    const packed = await run('npm', ['pack', '--workspace', 'packages/core', '--pack-destination', folder, '--json'], { cwd: ROOT })
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }]
    const home = path.join(folder, 'node_modules', '@bourse', 'core')
    await mkdir(home, { recursive: true })
    await run('tar', ['-xzf', path.join(folder, path.basename(filename)), '-C', home, '--strip-components=1'])
    await writeFile(path.join(folder, 'node.mjs'), `import { createVenue } from '@bourse/core'\n${TRADE}\nconsole.log(outcome)`)
    await writeFile(
      path.join(folder, 'worker.mjs'),
      `import { isMainThread, parentPort, Worker } from 'node:worker_threads'\nimport { createVenue } from '@bourse/core'\nif (isMainThread) new Worker(new URL(import.meta.url)).on('message', console.log)\nelse {${TRADE}\nparentPort.postMessage(outcome) }`,
    )
    await writeFile(path.join(folder, 'page.js'), `import { createVenue } from './node_modules/@bourse/core/dist/index.js'\n${TRADE}\ndocument.title = outcome`)
    await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>wait</title><script type="module" src="page.js"></script>')
    expected = (await run(process.execPath, ['node.mjs'], { cwd: folder })).stdout
  })

  after(() => rm(folder, { recursive: true }))

  it('trades in Node', () => {
    expect(expected).to.match(/^99\.90000000 [0-9a-f]{16}\n$/)
  })

  it('comes to the same state in a worker thread', async () => {
    expect((await run(process.execPath, ['worker.mjs'], { cwd: folder })).stdout).to.equal(expected)
  })

  it('comes to the same state in a browser page, without a bundler', async function () {
    const browser = await openBrowser(this)
    const site = await serveFolder(folder)
    try {
      const { page, faults } = await openPage(browser)
      await page.goto(site.url)
      await page.waitForFunction(() => document.title !== 'wait')
      expect(`${await page.title()}\n`).to.equal(expected)
      expect(faults).to.deep.equal([])
    } finally {
      await site.close()
      await browser.close()
    }
  })

  it('has types that refuse an undeclared market', async () => {
    const program = (market: string): string =>
      `import { createVenue } from '@bourse/core'\nconst venue = createVenue({ assets: { BTC: 8, USD: 8 }, markets: { 'BTC-USD': { tickSize: '0.01', lotSize: '0.001' } }, clock: () => 1 })\nvenue.depth('${market}', 1)\n`
    const check = (): Promise<unknown> => run(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', '', 'program.ts'], { cwd: folder })
    await writeFile(path.join(folder, 'program.ts'), program('BTC-USD'))
    await check()
    await writeFile(path.join(folder, 'program.ts'), program('BTC-EUR'))
    const refused = await check().then(() => '', (error: { stdout?: string }) => error.stdout ?? '')
    expect(refused).to.contain(`'"BTC-EUR"' is not assignable`)
  })

  it('depends on nothing and carries no tests', async () => {
    const manifest = JSON.parse(await readFile(path.join(folder, 'node_modules/@bourse/core/package.json'), 'utf8')) as { dependencies?: object; exports: { '.': object } }
    expect(manifest.dependencies ?? {}).to.deep.equal({})
    const listed = await run('tar', ['-tzf', path.join(folder, 'bourse-core-0.1.0.tgz')])
    expect(listed.stdout.split('\n').filter((name) => name.includes('.test.'))).to.deep.equal([])
  })
})
