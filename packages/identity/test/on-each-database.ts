/** Runs a suite of tests on each database that answers, over accounts that the suite shares. */
import { ACCOUNT_DATABASES, type TestAccounts } from './open-test-accounts.js'

export function onEachDatabase(what: string, suite: (accounts: () => TestAccounts) => void): void {
  for (const { name, openAccounts } of ACCOUNT_DATABASES) {
    describe(`${what} on ${name}`, function () {
      this.timeout(30_000)
      let accounts: TestAccounts | undefined
      before(async function () {
        accounts = await openAccounts()
        if (accounts !== undefined) return
        console.log(`    skipped: no ${name} answers (DATABASE_URL)`)
        this.skip()
      })
      after(async () => {
        await accounts?.outbox.stop()
        await accounts?.database.drop()
      })
      suite(() => {
        if (accounts === undefined) throw new Error(`${name} does not answer.`)
        return accounts
      })
    })
  }
}
