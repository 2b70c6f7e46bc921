/** An exchange that ends and comes back while its page is open. */
import { expect } from 'chai'
import { startExchange, type RunningProcess } from '../e2e/running-exchange.js'
import { DESK, openPage } from './browser.js'
import { logIn, newPerson, nextTrade, says } from './people.js'
import { setStage, type Stage } from './stage.js'

describe('a page whose exchange is killed and started again', function () {
  this.timeout(120_000)
  let stage: Stage | undefined
  let second: RunningProcess | undefined
  before(async function () {
    stage = await setStage(this)
  })
  after(async () => {
    await second?.stop()
    await stage?.end()
  })

  it('says that the connection is lost, then goes on by itself: market, session, orders and balances', async () => {
    const { url, project, exchange, browser } = stage!
    const person = await newPerson(url, { USDT: '10000' })
    const { page } = await openPage(browser, DESK)
    await logIn(page, url, person)
    await page.goto(url)
    await person.client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '50000', quantity: '0.1' })
    person.client.close()
    await says(page.getByTestId('balance-USDT'), /5,000\.00.*5,000\.00/)
    await nextTrade(page)
    await page.evaluate(() => document.documentElement.setAttribute('data-loaded-once', 'yes'))

    await exchange.kill()
    await page.getByTestId('connection-banner').waitFor()
    second = await startExchange({ project: project.dir, data: project.data, flags: ['--port', new URL(url).port] })
    await page.getByTestId('connection-banner').waitFor({ state: 'detached', timeout: 30_000 })
    await nextTrade(page)
    await says(page.getByTestId('open-orders-row'), '50,000.00')
    await page.getByTestId('order-cancel').click()
    await page.getByTestId('open-orders-row').waitFor({ state: 'detached' })
    await says(page.getByTestId('balance-USDT'), /10,000\.00.*0\.00/)
    expect(await page.locator('html').getAttribute('data-loaded-once')).to.equal('yes')
    await page.context().close()
  })
})
