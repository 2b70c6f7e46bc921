/** Price alerts from the market's bar: set, told when a trade reaches them, removed. */
import { expect } from 'chai'
import { DESK, openPage } from './browser.js'
import { logIn, newPerson, says } from './people.js'
import { setStage, type Stage } from './stage.js'

describe('price alerts', function () {
  this.timeout(120_000)
  let stage: Stage | undefined
  before(async function () {
    stage = await setStage(this)
  })
  after(() => stage?.end())

  it('are set for the market on the screen, told once, and removed', async () => {
    const { url, browser } = stage!
    const person = await newPerson(url)
    const { page, faults } = await openPage(browser, DESK)
    const at = (testId: string): ReturnType<typeof page.getByTestId> => page.getByTestId(testId)
    await logIn(page, url, person)
    await page.goto(`${url}/trade/BTC-USDT`)
    // The living market trades far above one and far below a million all the time.
    await at('alert-menu').click()
    await at('alert-price').fill('1000000')
    await says(at('alert-create'), 'at or above')
    await at('alert-create').click()
    await says(at('alert-row'), /At or above 1,000,000\.00.*waiting/)
    await person.client.createAlert({ market: 'BTC-USDT', direction: 'above', price: '1', note: 'as expected' })
    await says(at('notice-info'), /BTC\/USDT has reached [\d,.]+.*as expected/)
    await says(at('alert-row'), /At or above 1\.00/)
    await at('alert-remove').first().click()
    await at('alert-row').nth(1).waitFor({ state: 'detached' })
    expect((await person.client.alerts()).map(({ price }) => price)).to.deep.equal(['1000000.00'])
    person.client.close()
    expect(faults).to.deep.equal([])
    await page.context().close()
  })
})
