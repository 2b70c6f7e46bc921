/** Accounts over a test database, with a clock to turn and a mailbox to read. */
import { randomBytes } from 'node:crypto'
import { createSecretBox, identityMigrations, openAccounts, type Accounts, type OutgoingMail, type Person, type SecretBox } from '../src/index.js'
import { DATABASES, type TestDatabase } from './databases.js'

export const PASSWORD = 'correct horse battery'
export const ORIGIN = 'http://localhost:3000'
export const HERE = { address: '192.0.2.1', userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' } as const

export interface TestAccounts extends Accounts {
  readonly database: TestDatabase
  readonly secrets: SecretBox
  /** Milliseconds since 1970; set it to let time pass. */
  clock: { nowMs: number }
  /** What has arrived, oldest first. */
  readonly mails: OutgoingMail[]
  /** Lets every queued mail arrive. */
  deliver(): Promise<void>
  /** The secret of the newest link to this page. */
  secretFor(page: string): string
  person(email?: string, more?: { emailVerified?: boolean }): Promise<Person>
}

/** The databases that answer, each with a way to open accounts on it. */
export const ACCOUNT_DATABASES = DATABASES.map(({ name, open }) => ({
  name,
  async openAccounts(): Promise<TestAccounts | undefined> {
    const database = await open()
    if (database === undefined) return undefined
    for (const migration of identityMigrations) await migration.up(database.knex)
    const clock = { nowMs: 1_700_000_000_000 }
    const mails: OutgoingMail[] = []
    const secrets = createSecretBox({ masterKey: randomBytes(32), randomBytes })
    const accounts = openAccounts({
      knex: database.knex,
      secrets,
      now: () => clock.nowMs,
      brand: () => ({ name: 'Acme', defaultLanguage: 'en', texts: {} }),
      origin: () => ORIGIN,
      mail: async (mail) => void mails.push(mail),
      withdrawalHoldMs: 24 * 3_600_000,
      proofMs: 10 * 60_000,
      log: () => undefined,
    })
    const deliver = async (): Promise<void> => {
      await accounts.outbox.stop()
      await accounts.outbox.deliverDue()
    }
    return {
      ...accounts,
      database,
      secrets,
      clock,
      mails,
      deliver,
      secretFor(page) {
        const found = mails.map(({ text }) => new RegExp(`/${page}#([\\w-]{43})`).exec(text)?.[1]).filter((secret) => secret !== undefined)
        const last = found.at(-1)
        if (last === undefined) throw new Error(`No mail with a link to ${page} has arrived.`)
        return last
      },
      async person(email = 'ann@example.com', more = {}) {
        const result = await accounts.identity.createUser({ email, password: PASSWORD, ...more })
        if (!result.ok) throw new Error(result.message)
        return result.user
      },
    }
  },
}))
