/** What a visitor sees and may do before anything else: the market, languages, looks, and the way in and out. */
import { expect } from 'chai'
import { DESK, openPage } from './browser.js'
import { logIn, newPerson, nextTrade, says } from './people.js'
import { setStage, type Stage } from './stage.js'

describe('the terminal on a desk', function () {
  this.timeout(120_000)
  let stage: Stage | undefined
  let url: string
  before(async function () {
    stage = await setStage(this)
    url = stage.url
  })
  after(() => stage?.end())
  const open = (): ReturnType<typeof openPage> => openPage(stage!.browser, DESK)

  it('shows a living market to a visitor, under the name of the brand, without a complaint of the browser', async () => {
    const { page, faults } = await open()
    await page.goto(url)
    for (const part of ['chart', 'order-book', 'trade-tape', 'order-ticket', 'last-price']) await page.getByTestId(part).waitFor()
    await says(page.getByTestId('brand'), 'Bourse Demo')
    await page.getByTestId('book-buy').nth(4).waitFor()
    await page.getByTestId('book-sell').nth(4).waitFor()
    await page.locator('[data-testid=chart] canvas').first().waitFor()
    await says(page.getByTestId('last-price'), /^[\d,]+\.\d\d$/)
    await nextTrade(page)
    await page.waitForFunction(() => /^[\d,]+\.\d\d BTC\/USDT \| Bourse Demo$/.test(document.title))
    expect(await page.getByTestId('simulated-badge').isVisible()).to.equal(true)
    expect(faults).to.deep.equal([])
    await page.context().close()
  })

  it('draws candles into the chart', async () => {
    const { page } = await open()
    await page.goto(url)
    await page.getByTestId('interval-1s').click()
    await page.waitForFunction(() => {
      const canvases = [...document.querySelectorAll<HTMLCanvasElement>('[data-testid=chart] canvas')]
      const up = getComputedStyle(document.documentElement).getPropertyValue('--color-chart-up').trim()
      const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(up.slice(at, at + 2), 16))
      return canvases.some((canvas) => {
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
        for (let at = 0; at < pixels.length; at += 4) if (pixels[at] === red && pixels[at + 1] === green && pixels[at + 2] === blue) return true
        return false
      })
    })
    await page.context().close()
  })

  it('changes to another market by the selector', async () => {
    const { page } = await open()
    await page.goto(url)
    await page.getByTestId('market-selector').click()
    await page.getByTestId('market-search').fill('ether')
    await page.getByTestId('market-BTC-USDT').waitFor({ state: 'detached' })
    await page.getByTestId('market-ETH-USDT').click()
    await page.waitForURL(`${url}/trade/ETH-USDT`)
    await says(page.getByTestId('market-selector'), 'ETH/USDT')
    await page.waitForFunction(() => document.title.includes('ETH/USDT'))
    await page.waitForFunction(() => Number(document.querySelector('[data-testid=book-buy]')?.textContent?.replaceAll(',', '').slice(0, 4)) < 10_000)
    await page.goBack()
    await says(page.getByTestId('market-selector'), 'BTC/USDT')
    await page.context().close()
  })

  it('speaks German and Spanish, and still does after a reload', async () => {
    const { page, faults } = await open()
    await page.goto(url)
    for (const [language, buy, trade] of [['de', 'Kaufen', 'Handel'], ['es', 'Comprar', 'Operar']] as const) {
      await page.getByTestId('language-menu').click()
      await page.getByTestId(`language-${language}`).click()
      await says(page.getByTestId('ticket-buy'), buy)
      await says(page.getByTestId('nav-trade'), trade)
      await page.reload()
      await says(page.getByTestId('ticket-buy'), buy)
      expect(await page.locator('html').getAttribute('lang')).to.equal(language)
    }
    expect(faults).to.deep.equal([])
    await page.context().close()
  })

  it('changes between dark and light, and keeps the choice', async () => {
    const { page } = await open()
    await page.goto(url)
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const look = (choice: string): Promise<void> => page.locator(`html[data-appearance=${choice}]`).waitFor({ state: 'attached' })
    await look('dark')
    const dark = await background()
    await page.getByTestId('appearance-menu').click()
    await page.getByTestId('appearance-light').click()
    await look('light')
    const light = await background()
    expect(light).not.to.equal(dark)
    await page.reload()
    await look('light')
    expect(await background()).to.equal(light)
    await page.context().close()
  })

  it('refuses a wrong password in plain words, keeps the session over a reload, and ends it', async () => {
    const person = await newPerson(url)
    person.client.close()
    const { page } = await open()
    await page.goto(`${url}/log-in`)
    await page.getByTestId('log-in-email').fill(person.email)
    await page.getByTestId('log-in-password').fill('not the passphrase')
    await page.getByTestId('log-in-submit').click()
    await says(page.getByTestId('log-in-error'), /wrong/)
    await logIn(page, url, person)
    await says(page.getByTestId('account-menu'), person.email)
    await page.reload()
    await says(page.getByTestId('account-menu'), person.email)
    await page.getByTestId('account-menu').click()
    await page.getByTestId('log-out').click()
    await page.getByTestId('header-log-in').waitFor()
    await page.reload()
    await page.getByTestId('header-log-in').waitFor()
    expect(await page.getByTestId('account-menu').count()).to.equal(0)
    await page.context().close()
  })
})
