/** The example that runs a whole exchange in a page, built and used as a visitor would. */
import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { DESK, openBrowser, openPage, PATIENCE_MS, PHONE } from '../browser/browser.js'
import { serveFolder, type StaticFiles } from './static-files.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const VITE = path.join(ROOT, 'node_modules/vite/bin/vite.js')
const EXAMPLE = path.join(ROOT, 'examples/exchange-in-a-tab')

describe('An exchange in a browser tab', function () {
  this.timeout(60_000)
  let folder: string
  let browser: Browser
  let site: StaticFiles

  before(async function () {
    browser = await openBrowser(this)
    folder = await mkdtemp(path.join(os.tmpdir(), 'bourse-tab-'))
    await promisify(execFile)(process.execPath, [VITE, 'build', EXAMPLE, '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'])
    site = await serveFolder(folder)
  })

  after(async () => {
    await site?.close()
    await browser?.close()
    if (folder !== undefined) await rm(folder, { recursive: true })
  })

  for (const [device, options] of Object.entries({ desk: DESK, phone: PHONE })) {
    it(`trades, draws every frame, and takes the visitor's orders on a ${device}`, async () => {
      const { page, faults } = await openPage(browser, options)
      await page.goto(site.url)
      await page.selectOption('#speed', '60')
      const number = async (id: string): Promise<number> => Number((await page.textContent(`#${id}`))?.replaceAll(',', ''))
      await page.waitForFunction(() => Number(document.querySelector('#trades')?.textContent.replaceAll(',', '')) > 50, undefined, { timeout: PATIENCE_MS })
      await page.waitForFunction(() => Number(document.querySelector('#frames')?.textContent) > 0)
      console.log(`      ${await number('frames')} frames a second, ${await number('commands')} commands, ${await number('trades')} trades`)
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the page').to.equal(true)

      await page.click('button.buy')
      await page.waitForFunction(() => /^Traded 0\.\d+ BTC in/.test(document.querySelector('#outcome')?.textContent ?? ''))
      await page.waitForFunction(() => /BTC1\.[1-9]/.test(document.querySelector('#balances')?.textContent ?? '') || /BTC1\.0[1-9]/.test(document.querySelector('#balances')?.textContent ?? ''))
      await page.fill('input[name=price]', '1.00')
      await page.fill('input[name=quantity]', '2')
      await page.click('button.buy')
      await page.waitForFunction(() => document.querySelector('#open')?.textContent === '1')
      await page.click('#cancel')
      await page.waitForFunction(() => document.querySelector('#open')?.textContent === '0')
      await page.fill('input[name=price]', '1.005')
      await page.click('button.buy')
      await page.waitForFunction(() => document.querySelector('#outcome')?.textContent?.startsWith('Refused: '))
      expect(faults).to.deep.equal([])
      await page.context().close()
    })
  }
})
