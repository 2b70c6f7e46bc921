/** The safety of an account as its owner sees it: from a mail's link through codes and passkeys to keys for programs. */
import { createClient } from '@bourse/client'
import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import type { Locator, Page } from 'playwright-core'
import { DESK, openPage, PHONE } from './browser.js'
import { says } from './people.js'
import { setStage, type Stage } from './stage.js'

const EMAIL = 'careful@example.com'
const PASSWORD = 'a long enough passphrase'
const NEW_PASSWORD = 'an even longer passphrase'
/** Shown by several pages; must never run. */
const NASTY = '<img src=x onerror=alert(1)>'

describe('the safety of an account', function () {
  this.timeout(120_000)
  let stage: Stage | undefined
  let page: Page
  let faults: string[]
  let app: TOTP
  let recoveryCode: string
  before(async function () {
    stage = await setStage(this)
    ;({ page, faults } = await openPage(stage.browser, DESK))
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  })
  after(() => stage?.end())
  const at = (testId: string): Locator => page.getByTestId(testId)
  const url = (path: string): string => `${stage!.url}/${path}`
  /** Follows the newest mail's link to this page. */
  const followMail = async (purpose: string): Promise<void> => {
    await page.goto(url('outbox'))
    await at(`outbox-link-${purpose}`).first().click()
    await at(`link-${purpose}`).waitFor()
  }
  const enter = async (password: string): Promise<void> => {
    await page.goto(url('log-in'))
    await at('log-in-email').fill(EMAIL)
    await at('log-in-password').fill(password)
    await at('log-in-submit').click()
  }
  const logOut = async (): Promise<void> => {
    await at('account-menu').click()
    await at('log-out').click()
    await at('header-log-in').waitFor()
  }
  let takenCode = ''
  /** A code is good once: right after one the next moment's is given, which counts already. */
  const nextCode = (): string => {
    const [present, following] = [0, 30_000].map((aheadMs) => app.generate({ timestamp: Date.now() + aheadMs }))
    takenCode = present === takenCode ? following! : present!
    return takenCode
  }

  it('proves an e-mail address by the link of a mail', async () => {
    await page.goto(url('sign-up'))
    await at('log-in-email').fill(EMAIL)
    await at('log-in-password').fill(PASSWORD)
    await at('log-in-submit').click()
    await says(at('verification-banner'), EMAIL)
    await followMail('verify-email')
    await says(at('link-done'), 'confirmed')
    expect(await page.evaluate(() => location.hash)).to.equal('')
    await at('verification-banner').waitFor({ state: 'detached' })
  })

  it('sets an anti-phishing code, which stands in the next mail', async () => {
    await page.goto(url('security'))
    await at('anti-phishing-change').click()
    await at('anti-phishing-code').fill('blue heron')
    await at('anti-phishing-submit').click()
    await says(at('card-anti-phishing'), 'blue heron')
    await page.goto(url('outbox'))
    await says(page.frameLocator('iframe').locator('body'), 'blue heron')
  })

  it('makes an API key that works, shows its secret once, and revokes it', async () => {
    await page.goto(url('security#api-keys'))
    await at('api-key-new').click()
    await at('api-key-label').fill(NASTY)
    await at('api-key-withdraw').check()
    await at('api-key-submit').click()
    await says(at('api-key-dialog'), 'needs the addresses')
    await at('api-key-withdraw').uncheck()
    await at('api-key-trade').check()
    await at('api-key-addresses').fill('127.0.0.1, ::1')
    await at('api-key-submit').click()
    const [key, secret] = [await at('api-key-key').textContent(), await at('api-key-secret').textContent()]
    await at('api-key-done').click()
    await says(at('api-key-row'), NASTY)
    expect(await page.content()).to.not.include(secret)
    const bot = createClient({ baseUrl: stage!.url, apiKey: { key: key!, secret: secret! } })
    expect((await bot.balances()).balances).to.have.length.greaterThan(0)
    await at('api-key-revoke').click()
    await at('api-key-revoke-confirm').click()
    await at('api-key-row').waitFor({ state: 'detached' })
    expect(await bot.balances().then(() => 'works', (error: { status: number }) => error.status)).to.equal(401)
    bot.close()
  })

  it('sets up an authenticator app by QR code, and gives recovery codes', async () => {
    await page.goto(url('security'))
    await at('totp-on').click()
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
    app = new TOTP({ secret: Secret.fromBase32(((await at('totp-secret').textContent()) ?? '').replaceAll(' ', '')) })
    await at('totp-code').fill('12345')
    await at('totp-confirm').click()
    await says(at('totp-dialog'), 'six digits')
    await at('totp-code').fill(nextCode())
    await at('totp-confirm').click()
    await at('recovery-codes').waitFor()
    const codes = await at('recovery-codes').locator('code').allTextContents()
    expect(codes).to.have.length(10)
    recoveryCode = codes[0]!
    await at('recovery-done').click()
    await says(at('card-totp'), 'On')
    await says(at('security-held'), 'nothing can be withdrawn until')
  })

  it('asks for the code at the next log-in, and takes a recovery code in its place', async () => {
    await logOut()
    await enter(PASSWORD)
    await at('log-in-code').fill(nextCode())
    await at('log-in-submit').click()
    await at('account-menu').waitFor()
    await logOut()
    await enter(PASSWORD)
    await at('log-in-code').fill(recoveryCode)
    await at('log-in-submit').click()
    await at('account-menu').waitFor()
    await page.goto(url('security'))
    await says(at('card-recovery'), '9 left')
  })

  it('adds a passkey and logs in with it, without a password', async () => {
    await at('passkey-add').click()
    await at('passkey-label').fill('my laptop')
    await at('passkey-submit').click()
    await says(at('passkey-row'), 'my laptop')
    await logOut()
    await page.goto(url('log-in'))
    await at('log-in-passkey').click()
    await at('account-menu').waitFor()
  })

  it('never scrolls sideways on a phone', async () => {
    const storageState = await page.context().storageState()
    const phone = await openPage(stage!.browser, { ...PHONE, storageState })
    for (const path of ['security', 'security#api-keys', 'security#sessions', 'outbox']) {
      await phone.page.goto(url(path))
      await phone.page.getByRole('heading').first().waitFor()
      expect(await phone.page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth), path).to.equal(0)
    }
    await phone.page.context().close()
  })

  it('lists sessions and devices and what happened', async () => {
    await page.goto(url('security#sessions'))
    await says(at('session-row'), 'Chrome on Linux')
    await says(at('device-row'), 'Chrome on Linux')
    await at('security-activity').click()
    for (const what of ['Passkey added', 'Authenticator app switched on', 'API key made', 'E-mail address confirmed']) await says(at('activity-row'), what)
  })

  it('chooses a new password by mail, and freezes the account by the link of the notice', async () => {
    await logOut()
    await page.goto(url('log-in'))
    await at('log-in-forgot').click()
    await at('forgot-email').fill(EMAIL)
    await at('forgot-submit').click()
    await says(at('forgot-sent'), EMAIL)
    await followMail('reset-password')
    await at('link-password').fill(NEW_PASSWORD)
    await at('link-submit').click()
    await says(at('link-done'), 'Log in with the new one')
    await followMail('freeze-account')
    await at('link-submit').click()
    await says(at('link-done'), 'frozen')
    await enter(NEW_PASSWORD)
    await says(at('log-in-error'), 'frozen')
  })

  it('complained of nothing but what was refused on purpose', () => {
    expect(faults.filter((fault) => !/40[0139]|422/.test(fault))).to.deep.equal([])
  })
})
