/** A brand of one's own: name, logo, colours, words and defaults reach every visitor, by files alone. */
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { createClient } from '@bourse/client'
import { DESK, openPage, PHONE } from './browser.js'
import { asHarbour, HARBOUR, wearHarbour } from './harbour-brand.js'
import { says } from './people.js'
import { setStage, YOUNG, type Stage } from './stage.js'

describe('a brand of one\'s own', function () {
  this.timeout(120_000)
  let stage: Stage | undefined
  before(async function () {
    stage = await setStage(this, (config) => asHarbour(YOUNG(config), { language: 'de' }), (dir) => wearHarbour(dir, { de: { 'header.trade': 'Parkett', 'ticket.logIn': 'An Bord kommen' } }))
  })
  after(() => stage?.end())

  it('is in the answer of the API and in the page before any script runs', async () => {
    const { brand } = await createClient({ baseUrl: stage!.url }).exchange()
    expect(brand).to.include({ name: HARBOUR.name, tagline: HARBOUR.tagline, defaultLanguage: 'de', defaultAppearance: 'light' })
    expect(brand.theme).to.deep.equal({ light: HARBOUR.light, dark: HARBOUR.dark })
    const page = await (await fetch(stage!.url)).text()
    expect(page).to.contain(`<title>${HARBOUR.name}</title>`).and.to.contain('lang="de"').and.not.to.contain('Bourse')
    expect(await (await fetch(stage!.url + brand.logoUrl)).text()).to.contain('<svg').and.to.contain('#0f6f78')
  })

  it('shows its name, colours, words, language and appearance on the desk', async () => {
    const { page, faults } = await openPage(stage!.browser, { ...DESK, locale: 'fr-FR' })
    await page.goto(stage!.url)
    await says(page.getByTestId('brand'), HARBOUR.name)
    await page.waitForFunction((name) => document.title.endsWith(name), HARBOUR.name)
    await page.locator('html[data-appearance=light][lang=de]').waitFor({ state: 'attached' })
    await says(page.getByTestId('nav-trade'), 'Parkett')
    await says(page.getByTestId('ticket-log-in'), 'An Bord kommen')
    await says(page.getByTestId('ticket-sell'), 'Verkaufen')
    const { light } = HARBOUR
    await isFilledWith(page, 'ticket-log-in', light['--color-accent'])
    await isFilledWith(page, 'ticket-buy', light['--color-buy-fill'])
    await page.getByTestId('book-sell').first().waitFor()
    expect(await page.locator('[data-testid=book-sell] .sell').first().evaluate((price) => getComputedStyle(price).color)).to.equal(rgb(light['--color-sell']))
    expect(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).to.equal(rgb(light['--color-bg']))
    expect(await page.locator('link[rel=icon]').getAttribute('href')).to.equal('/brand/logo.svg')
    expect(await page.getByTestId('brand').locator('img').evaluate((logo: HTMLImageElement) => logo.naturalWidth)).to.be.greaterThan(0)
    expect(faults).to.deep.equal([])
    await page.context().close()
  })

  it('follows a visitor who prefers the dark, on a phone', async () => {
    const { page, faults } = await openPage(stage!.browser, PHONE)
    await page.goto(stage!.url)
    await page.getByTestId('appearance-menu').tap()
    await page.getByTestId('appearance-dark').tap()
    await page.locator('html[data-appearance=dark]').waitFor({ state: 'attached' })
    await isFilledWith(page, 'phone-buy', HARBOUR.dark['--color-buy-fill'])
    await says(page.getByTestId('brand'), HARBOUR.name)
    expect(faults).to.deep.equal([])
    await page.context().close()
  })
})

/** Resolves when the element has this background: colours fade from one to another. */
async function isFilledWith(page: Page, testId: string, hex: string): Promise<void> {
  const element = await page.getByTestId(testId).elementHandle()
  await page.waitForFunction(([shown, colour]) => shown !== null && getComputedStyle(shown as Element).backgroundColor === colour, [element, rgb(hex)] as const)
}

function rgb(hex: string): string {
  return `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`
}
