/** Trading on the desk as a person does: placing, changing, cancelling, being refused. */
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { DESK, openPage } from './browser.js'
import { credited, holds, logIn, newPerson, says, type Person } from './people.js'
import { setStage, type Stage } from './stage.js'

/** Far below and far above whatever the simulated market does within a test. */
const [LOW, HIGH] = ['50000', '90000']

describe('trading on a desk', function () {
  this.timeout(120_000)
  let stage: Stage | undefined
  let person: Person
  let page: Page
  let faults: string[]

  before(async function () {
    stage = await setStage(this)
    person = await newPerson(stage.url, { USDT: '10000', BTC: '1' })
    ;({ page, faults } = await openPage(stage.browser, DESK))
    await logIn(page, stage.url, person)
  })
  after(async () => {
    person?.client.close()
    await stage?.end()
  })
  beforeEach(async () => {
    await page.goto(`${stage!.url}/trade/BTC-USDT`)
    // The page remembers which list was shown last.
    await page.getByTestId('widget-tab-open-orders').click()
    await says(page.getByTestId('balance-USDT'), /[1-9]/)
    await page.getByTestId('book-sell').first().waitFor()
  })
  afterEach(async () => {
    faults.length = 0
    await person?.client.cancelAll({})
  })

  const at = (testId: string): ReturnType<Page['getByTestId']> => page.getByTestId(testId)
  const amount = async (testId: string): Promise<number> => Number((await at(testId).locator('[role=cell]').nth(1).textContent())?.replaceAll(',', ''))

  async function limitOrder({ price, quantity }: { price: string; quantity: string }): Promise<void> {
    await at('ticket-price').fill(price)
    await at('ticket-quantity').fill(quantity)
    await at('ticket-submit').click()
  }

  it('places a stop order that waits for its trigger price', async () => {
    await at('ticket-stop').click()
    await at('ticket-stop-price').fill(HIGH)
    await at('ticket-price').fill('90100')
    await at('ticket-quantity').fill('0.01')
    await at('ticket-submit').click()
    await says(at('notice-success'), 'Buy order placed')
    await says(at('open-orders-row'), 'Stop limit')
    await says(at('open-orders-row'), /90,100\.00.*Trigger 90,000\.00/)
    await at('order-cancel').click()
    await says(at('widget-tab-open-orders'), /^Open orders$/)
  })

  it('places a limit order with a share of the balance, shows its fee first, changes its price and cancels it', async () => {
    await at('ticket-price').fill(LOW)
    await at('ticket-percent').fill('25')
    await holds(at('ticket-quantity'), '0.05')
    await holds(at('ticket-total'), '2500')
    await says(at('ticket-fee'), '0.00004 BTC')
    await says(at('ticket-receive'), '0.04996 BTC')
    await at('ticket-submit').click()
    await says(at('notice-success'), 'Buy order placed')
    await says(at('open-orders-row'), '50,000.00')
    await says(at('widget-tab-open-orders'), '1')
    await says(at('balance-USDT'), /7,500\.00.*2,500\.00/)
    await says(at('ticket-available'), '7,500.00 USDT')

    await at('order-change').click()
    await at('order-edit-price').fill('49000.5')
    await at('order-edit-save').click()
    await says(at('open-orders-row'), '49,000.50')
    await says(at('balance-USDT'), '2,450.025')

    await at('order-cancel').click()
    await at('open-orders-row').waitFor({ state: 'detached' })
    await says(at('balance-USDT'), /10,000\.00.*0\.00/)
    expect(faults).to.deep.equal([])
  })

  it('fills a market order at once, and shows the trade and the new balances', async () => {
    const [bitcoin, tether] = [await amount('balance-BTC'), await amount('balance-USDT')]
    await at('ticket-market').click()
    await at('ticket-by-total').click()
    await at('ticket-total').fill('1000')
    await at('ticket-submit').click()
    await says(at('notice-success'), 'Order filled')
    await page.waitForFunction((before) => Number(document.querySelector('[data-testid=balance-BTC] [role=cell]:nth-child(2)')?.textContent) > before, bitcoin)
    expect(await amount('balance-USDT')).to.be.within(tether - 1000, tether - 900)
    await at('widget-tab-fills').click()
    await says(at('fills-row'), /BTC\/USDT.*Buy.*BTC.*Taker/)
    await at('widget-tab-order-history').click()
    await says(at('order-history-row'), /Buy.*Market.*[Ff]illed/)
    expect(faults).to.deep.equal([])
  })

  it('says in the ticket what stands against an order, before it is sent', async () => {
    await limitOrder({ price: LOW, quantity: '1' })
    await says(at('order-ticket'), /Only [\d.]+ USDT available/)
    await at('ticket-quantity').fill('0.00001')
    await at('ticket-submit').click()
    await says(at('order-ticket'), 'The total must be at least 5 USDT.')
    await at('ticket-post-only').check()
    await limitOrder({ price: HIGH, quantity: '0.001' })
    await says(at('order-ticket'), 'At this price a post-only order would trade at once.')
    expect(await at('open-orders-row').count()).to.equal(0)
  })

  it('shows the refusals of the exchange in its own words, and translated', async () => {
    await limitOrder({ price: LOW, quantity: '0.01' })
    await at('order-change').click()
    await at('order-edit-quantity').fill('5')
    await at('order-edit-save').click()
    const [order] = await person.client.openOrders()
    const insufficient = await person.client.changeOrder({ market: 'BTC-USDT', orderId: order!.orderId, quantity: '5' }).catch((error: Error) => error.message)
    await says(at('order-editor'), String(insufficient))

    await page.goto(`${stage!.url}/trade/SOL-BTC`)
    await at('ticket-market').click()
    await at('ticket-quantity').fill('1')
    await at('ticket-submit').click()
    const nobody = await person.client.placeOrder({ market: 'SOL-BTC', side: 'buy', orderType: 'market', quantity: '1' }).catch((error: Error) => error.message)
    await says(at('ticket-error'), String(nobody))
    await at('language-menu').click()
    await at('language-de').click()
    await at('ticket-submit').click()
    await says(at('ticket-error'), 'Auf der anderen Seite bietet derzeit niemand.')
    await at('language-menu').click()
    await at('language-en').click()
  })

  it('lets an immediate order trade or go, and a post-only order rest', async () => {
    await at('ticket-time-in-force').selectOption('fok')
    await limitOrder({ price: LOW, quantity: '0.01' })
    await says(at('notice-info'), 'Order not filled')
    await at('ticket-time-in-force').selectOption('ioc')
    await limitOrder({ price: HIGH, quantity: '0.001' })
    await says(at('notice-success'), /Order filled.*0\.001 BTC/)
    await at('ticket-time-in-force').selectOption('gtc')
    await at('ticket-post-only').check()
    await limitOrder({ price: LOW, quantity: '0.01' })
    await says(at('open-orders-row'), /50,000\.00/)
    await at('widget-tab-order-history').click()
    await says(at('order-history-row'), /FOK.*Cancelled/)
    await says(at('order-history-row'), /IOC.*Filled/)
  })

  it('keeps the buttons that matter in sight in a small window', async () => {
    await person.client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: LOW, quantity: '0.01' })
    const { cookies } = await page.context().storageState()
    const small = await openPage(stage!.browser, { viewport: { width: 1280, height: 720 }, storageState: { cookies, origins: [] } })
    await small.page.goto(stage!.url)
    for (const testId of ['ticket-submit', 'order-change', 'order-cancel']) {
      const button = small.page.getByTestId(testId)
      await button.waitFor()
      const share = await button.evaluate((element) => new Promise<number>((resolve) => new IntersectionObserver(([entry]) => resolve(entry!.intersectionRatio)).observe(element)))
      expect(share, testId).to.equal(1)
    }
    await small.page.context().close()
  })

  it('sells from the other side of the ticket, takes a price from the book, and cancels everything at once', async () => {
    await at('ticket-sell').click()
    await says(at('ticket-available'), 'BTC')
    const level = at('book-sell').last()
    const price = (await level.locator('[role=cell]').first().textContent())?.replaceAll(',', '') ?? ''
    await level.click()
    await page.waitForFunction(() => Number(document.querySelector<HTMLInputElement>('[data-testid=ticket-price]')?.value) > 0)
    expect(Number(await at('ticket-price').inputValue())).to.be.within(Number(price) * 0.99, Number(price) * 1.01)
    await limitOrder({ price: HIGH, quantity: '0.01' })
    await says(at('open-orders-row'), '90,000.00')
    await limitOrder({ price: '91000', quantity: '0.01' })
    await says(at('open-orders-row'), '91,000.00')
    await at('cancel-all').click()
    await says(at('notice-info'), 'Orders cancelled: 2')
    await at('open-orders-row').first().waitFor({ state: 'detached' })
    await credited(person.client, { BTC: '1' })
    expect(faults).to.deep.equal([])
  })
})
