/** Takes the pictures of docs/images anew, from exchanges that it starts for that: `node scripts/take-pictures.js`. */
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { ROOT, startExchange, temporaryProject, type RunningProcess } from '../e2e/running-exchange.js'
import { DESK, findChromium, launch, openPage, PHONE } from './browser.js'
import { asHarbour, wearHarbour } from './harbour-brand.js'
import { logIn, nextTrade, says } from './people.js'

const IMAGES = path.join(ROOT, 'docs/images')

async function main(): Promise<void> {
  const chromium = findChromium()
  if (chromium === undefined) throw new Error('No Chromium was found. Install it, or set CHROMIUM_PATH to one.')
  const browser = await launch(chromium)
  // A canvas learns of the dense pixels of a phone from the browser, not from the page.
  const dense = await launch(chromium, ['--force-device-scale-factor=2'])
  try {
    await withExchange((config) => config, undefined, async (exchange) => {
      const desk = await enter(browser, exchange, DESK)
      await trade(desk)
      await takeDesk(desk, 'terminal-dark.png')
      await takeWallet(desk, 'wallet.png')
      await takePhone(await enter(dense, exchange, { ...PHONE, deviceScaleFactor: 2 }), 'phone.png')
    })
    await withExchange((config) => asHarbour(config, { language: 'en' }).replace('seed: 20', 'seed: 7'), wearHarbour, async (exchange) => {
      const desk = await enter(browser, exchange, DESK)
      await trade(desk)
      await takeDesk(desk, 'terminal-light-brand.png')
    })
  } finally {
    await Promise.all([browser.close(), dense.close()])
  }
}

async function withExchange(change: (config: string) => string, furnish: ((dir: string) => Promise<void>) | undefined, use: (exchange: RunningProcess) => Promise<void>): Promise<void> {
  const project = await temporaryProject(change)
  try {
    await furnish?.(project.dir)
    console.log('Trading the days before the pictures; this takes a minute.')
    const exchange = await startExchange({ project: project.dir, data: project.data })
    await use(exchange).finally(() => exchange.stop())
  } finally {
    await project.remove()
  }
}

/** The demo user's screen, once the market lives. */
async function enter(browser: Browser, exchange: RunningProcess, options: BrowserContextOptions): Promise<Page> {
  if (exchange.logIn === undefined) throw new Error('The demo exchange printed no log-in.')
  const { page } = await openPage(browser, options)
  await logIn(page, exchange.url, exchange.logIn)
  await page.goto(exchange.url)
  await page.locator('[data-testid=chart] canvas').first().waitFor()
  return page
}

/** One market order and one more resting order, so that there is something to see in the account. */
async function trade(page: Page): Promise<void> {
  await says(page.getByTestId('balance-USDT'), /[1-9]/)
  await page.getByTestId('ticket-market').click()
  await page.getByTestId('ticket-by-total').click()
  await page.getByTestId('ticket-total').fill('2500')
  await page.getByTestId('ticket-submit').click()
  await page.getByTestId('notice-success').waitFor()
  await page.getByTestId('ticket-limit').click()
  await page.getByTestId('ticket-post-only').check()
  const bid = Number((await page.getByTestId('book-buy').first().locator('[role=cell]').first().textContent())?.replaceAll(',', ''))
  await page.getByTestId('ticket-price').fill((bid * 0.995).toFixed(2))
  await page.getByTestId('ticket-quantity').fill('0.05')
  await page.getByTestId('ticket-submit').click()
  await page.getByTestId('open-orders-row').nth(2).waitFor()
}

async function takeDesk(page: Page, file: string): Promise<void> {
  await page.getByTestId('ticket-percent').fill('25')
  await quiet(page)
  await nextTrade(page)
  await take(page, file)
}

async function takeWallet(page: Page, file: string): Promise<void> {
  await page.getByTestId('nav-wallet').click()
  for (const [asset, amount] of [['ETH', '2'], ['BTC', '0.25']] as const) {
    await page.getByTestId(`deposit-${asset}`).click()
    await page.getByTestId('faucet-amount').fill(amount)
    await page.getByTestId('faucet-send').click()
    await says(page.getByTestId('deposit-latest'), 'Credited')
    await page.keyboard.press('Escape')
  }
  await page.getByTestId('wallet-ledger').click()
  await page.getByTestId('ledger-row').nth(3).waitFor()
  await quiet(page)
  await take(page, file)
}

async function takePhone(page: Page, file: string): Promise<void> {
  await quiet(page)
  await take(page, file)
}

/** Closes the notices and takes the pointer away. */
async function quiet(page: Page): Promise<void> {
  await page.mouse.move(0, 0)
  const close = page.locator('[data-testid^=notice-] button')
  while ((await close.count()) > 0) await close.first().click()
}

/** Colours are reduced to a palette where pngquant is installed: a third of the size, and nobody sees it. */
async function take(page: Page, file: string): Promise<void> {
  const target = path.join(IMAGES, file)
  await page.screenshot({ path: target })
  await promisify(execFile)('pngquant', ['--force', '--strip', '--quality', '80-98', '--output', target, target]).catch((error: unknown) => console.log(`${file} keeps all its colours: ${String(error)}`))
  console.log(`${file}: ${(await stat(target)).size} bytes`)
}

await main()
