/** The terminal on a phone: every part within reach of a thumb and within the width of the screen. */
import { expect } from 'chai'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openPage, PHONE, SMALL_PHONE } from './browser.js'
import { logIn, newPerson, says, type Person } from './people.js'
import { setStage, type Stage } from './stage.js'

const PARTS = ['chart', 'book', 'trade', 'orders', 'wallet'] as const

describe('the terminal on a phone', function () {
  this.timeout(120_000)
  let stage: Stage | undefined
  let person: Person
  let loggedIn: NonNullable<BrowserContextOptions['storageState']>
  before(async function () {
    stage = await setStage(this)
    person = await newPerson(stage.url, { USDT: '10000' })
    const { page } = await openPage(stage.browser, PHONE)
    await logIn(page, stage.url, person)
    loggedIn = await page.context().storageState()
    await page.context().close()
  })
  after(async () => {
    person?.client.close()
    await stage?.end()
  })

  it('shows every part by its tab, without a complaint of the browser', async () => {
    const { page, faults } = await openPage(stage!.browser, PHONE)
    await page.goto(stage!.url)
    await page.locator('[data-testid=chart] canvas').first().waitFor()
    await says(page.getByTestId('last-price'), /^[\d,]+\.\d\d$/)
    await page.getByTestId('phone-book').tap()
    await page.getByTestId('book-sell').first().waitFor()
    await page.getByRole('tab', { name: 'Trades' }).tap()
    await page.getByTestId('trade-row').first().waitFor()
    await page.getByTestId('phone-sell').tap()
    await page.getByTestId('ticket-log-in').waitFor()
    expect(await page.getByTestId('ticket-sell').getAttribute('aria-selected')).to.equal('true')
    await page.getByTestId('phone-orders').tap()
    await page.getByRole('main').getByText('Log in to trade and to see your open orders.').waitFor()
    await page.getByTestId('phone-wallet').tap()
    await page.getByRole('main').getByText('Log in to see your wallet.').waitFor()
    await page.getByTestId('phone-chart').tap()
    await page.getByTestId('chart').waitFor()
    expect(faults).to.deep.equal([])
    await page.context().close()
  })

  it('places an order, shows it and cancels it', async () => {
    const { page, faults } = await openPage(stage!.browser, { ...PHONE, storageState: loggedIn })
    await page.goto(stage!.url)
    await page.getByTestId('phone-buy').tap()
    await says(page.getByTestId('ticket-available'), '10,000.00')
    await page.getByTestId('ticket-price').fill('50000')
    await page.getByTestId('ticket-percent').fill('50')
    await page.getByTestId('ticket-submit').tap()
    await says(page.getByTestId('notice-success'), 'Buy order placed')
    await says(page.getByTestId('ticket-available'), '5,000.00')
    await page.getByTestId('phone-orders').tap()
    await says(page.getByTestId('open-orders-row'), '50,000.00')
    await page.getByTestId('order-cancel').tap()
    await page.getByTestId('open-orders-row').waitFor({ state: 'detached' })
    await page.getByTestId('phone-trade').tap()
    await says(page.getByTestId('ticket-available'), '10,000.00')
    expect(faults).to.deep.equal([])
    await page.context().close()
  })

  for (const { width, options, languages } of [{ width: 390, options: PHONE, languages: ['en'] }, { width: 360, options: SMALL_PHONE, languages: ['de', 'es'] }]) {
    it(`never scrolls sideways at ${width} pixels: ${languages.join(', ')}`, async () => {
      const { page } = await openPage(stage!.browser, { ...options, storageState: loggedIn })
      const wide: string[] = []
      const look = async (what: string): Promise<void> => void wide.push(...(await tooWide(page)).map((part) => `${what}: ${part}`))
      for (const language of languages) {
        await page.goto(stage!.url)
        await page.getByTestId('language-menu').tap()
        await look(`${language} menu`)
        await page.getByTestId(`language-${language}`).tap()
        await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' })
        for (const part of PARTS) {
          await page.getByTestId(`phone-${part}`).tap()
          await page.locator(part === 'wallet' ? '[data-testid=wallet-assets]' : `[data-testid=phone-${part}][aria-current]`).waitFor()
          await look(`${language} ${part}`)
        }
        for (const dialog of ['deposit', 'withdraw']) {
          await page.getByTestId(`${dialog}-USDT`).tap()
          await page.getByTestId(dialog === 'deposit' ? 'deposit-address' : 'withdraw-address').waitFor()
          await look(`${language} ${dialog}`)
          await page.keyboard.press('Escape')
          await page.getByTestId(`${dialog}-dialog`).waitFor({ state: 'detached' })
        }
      }
      await page.context().clearCookies()
      for (const entrance of ['log-in', 'sign-up']) {
        await page.goto(`${stage!.url}/${entrance}`)
        await page.getByTestId('log-in-email').waitFor()
        await look(entrance)
      }
      expect(wide).to.deep.equal([])
      await page.context().close()
    })
  }
})

/** The page itself when it scrolls sideways, and everything to press or to fill that stands out of the screen. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = document.scrollingElement!.scrollWidth > innerWidth ? [`the page is ${document.scrollingElement!.scrollWidth} wide`] : []
    for (const control of document.querySelectorAll<HTMLElement>('button, a, input, select')) {
      const { left, right, width } = control.getBoundingClientRect()
      if (width === 0 || (left >= -0.5 && right <= innerWidth + 0.5)) continue
      let scrolls = control.parentElement
      while (scrolls !== null && !/auto|scroll/.test(getComputedStyle(scrolls).overflowX)) scrolls = scrolls.parentElement
      if (scrolls === null || scrolls === document.body) found.push(`${control.dataset['testid'] ?? control.textContent} ends at ${right}`)
    }
    return found
  })
}
