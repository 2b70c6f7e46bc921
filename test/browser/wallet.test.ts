/** The way of money in and out of the exchange, from signing up to the entries of the ledger. */
import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { DESK, openPage } from './browser.js'
import { credited, newPerson, says } from './people.js'
import { setStage, YOUNG, type Stage } from './stage.js'

/** Blocks slow enough that every confirmation is seen. */
const SLOWER = (config: string): string => YOUNG(config).replace('blockTimeMs: 200', 'blockTimeMs: 600')

describe('the wallet', function () {
  this.timeout(120_000)
  let stage: Stage | undefined
  before(async function () {
    stage = await setStage(this, SLOWER)
  })
  after(() => stage?.end())

  it('takes a new account from a first deposit, confirmation by confirmation, to a confirmed withdrawal', async () => {
    const { url, browser } = stage!
    const { page, faults } = await openPage(browser, DESK)
    const at = (testId: string): ReturnType<typeof page.getByTestId> => page.getByTestId(testId)

    await page.goto(`${url}/wallet`)
    await page.getByRole('main').getByText('Sign up').click()
    await at('log-in-email').fill('newcomer@example.com')
    await at('log-in-password').fill('a long enough passphrase')
    await at('log-in-submit').click()
    await page.waitForURL(`${url}/wallet`)
    await at('verification-outbox').click()
    await at('outbox-link-verify-email').click()
    await at('link-done').waitFor()
    await page.goto(`${url}/wallet`)
    await says(at('wallet-asset-USDT'), /0\.00/)

    await at('deposit-USDT').click()
    await says(at('deposit-address'), /^sim-usdt-[0-9a-f]{48}$/)
    await at('faucet-amount').fill('2500')
    await at('faucet-send').click()
    await says(at('deposit-latest'), /2,500\.00 USDT.*\d\/\d confirmations/)
    await says(at('deposit-latest'), /2,500\.00 USDT.*Credited/)
    await page.keyboard.press('Escape')
    await at('deposit-dialog').waitFor({ state: 'detached' })
    await says(at('wallet-asset-USDT'), '2,500.00')
    await says(at('wallet-total'), '2,500.00 USDT')
    await says(at('deposits-row'), /2,500\.00 USDT.*Credited/)

    const friend = await newPerson(url)
    const { address } = await friend.client.depositAddress('USDT')
    await at('withdraw-USDT').click()
    await at('withdraw-address').fill(`${address.slice(0, -1)}x`)
    await at('withdraw-amount').fill('100')
    await at('withdraw-submit').click()
    await at('withdraw-submit').click()
    await page.getByRole('dialog').locator('[aria-invalid=true]').waitFor()
    await at('withdraw-address').fill(address)
    await at('withdraw-amount').fill('3000')
    await at('withdraw-submit').click()
    await page.getByRole('dialog').locator('[aria-invalid=true]').waitFor()
    await at('withdraw-amount').fill('100')
    await at('withdraw-submit').click()
    await at('withdraw-address').waitFor({ state: 'detached' })
    await says(at('withdraw-dialog'), address)
    const received = /([\d.]+) USDT/.exec((await at('withdraw-receive').textContent()) ?? '')?.[1]
    await at('withdraw-submit').click()
    await at('withdraw-dialog').waitFor({ state: 'detached' })
    await says(at('wallet-asset-USDT'), '2,400.00')

    await at('wallet-withdrawals').click()
    await says(at('withdrawals-row'), /100\.00 USDT.*Confirmed/)
    await credited(friend.client, { USDT: received! })
    friend.client.close()

    await at('wallet-ledger').click()
    await says(at('ledger-row'), /Deposit.*\+2,500\.00 USDT/)
    await says(at('ledger-row'), /Withdrawal.*[-−]\d+(\.\d+)? USDT/)
    const [file] = await Promise.all([page.waitForEvent('download'), at('download-ledger').click()])
    expect(file.suggestedFilename()).to.equal('ledger.csv')
    expect(await readFile(await file.path(), 'utf8')).to.match(/^entryId,asset,kind,.*\r\n/).and.to.include(',deposit,2500.00000000,')
    expect(faults.filter((fault) => !fault.includes('422') && !fault.includes('400'))).to.deep.equal([])
    await page.context().close()
  })
})
