/** Everything about people and their accounts over one database, put together. */
import type { Knex } from 'knex'
import { randomBytes as cryptoRandomBytes } from 'node:crypto'
import { ApiKeys } from './api-keys.js'
import { AuditLog } from './audit/audit-log.js'
import { memoryFailures, type Failures } from './failure-counters.js'
import { createIdentity, type Identity } from './identity.js'
import { ListenKeys } from './listen-keys.js'
import { MailOutbox, type MailTransport } from './mail/mail-outbox.js'
import type { MailBrand } from './mail/render-mail.js'
import type { Person } from './people.js'
import { OneTimeTokens } from './one-time-tokens.js'
import type { SecretBox } from './secret-box.js'
import { AccountSecurity } from './security/account-security.js'
import { Approvals, type ApprovableAction } from './security/approvals.js'
import { Passkeys } from './security/passkeys.js'
import { SecondFactors } from './security/second-factors.js'
import { SecurityJournal } from './security/security-journal.js'
import type { RandomBytes } from './tokens.js'

export interface AccountsOptions {
  /** A handle whose migrations have run. */
  readonly knex: Knex
  readonly secrets: SecretBox
  /** Milliseconds since 1970. */
  now(): number
  readonly randomBytes?: RandomBytes
  /** The exchange as it names itself in mails and authenticator apps. */
  brand(): MailBrand
  /** Where people reach it, for links and passkeys: `https://exchange.example`. */
  origin(): string
  /** Undefined: mails wait. */
  readonly mail?: MailTransport | undefined
  /** Development: mails stay readable after they were sent. */
  readonly keepsMails?: boolean
  /** Milliseconds for which withdrawals wait after a change that could be a thief's. */
  readonly withdrawalHoldMs: number
  /** Milliseconds for which a proof of who one is opens sensitive actions. */
  readonly proofMs: number
  /** Counts failures for all processes that share these people; in the memory of this one by default. */
  readonly failures?: Failures | undefined
  readonly log: (message: string) => void
}

export interface Accounts {
  readonly identity: Identity
  readonly apiKeys: ApiKeys
  readonly listenKeys: ListenKeys
  readonly security: AccountSecurity
  readonly secondFactors: SecondFactors
  readonly passkeys: Passkeys
  readonly journal: SecurityJournal
  readonly audit: AuditLog
  readonly approvals: Approvals
  readonly outbox: MailOutbox
}

/** Opens the services; call `outbox.start()` to have mails sent. */
export function openAccounts(options: AccountsOptions): Accounts {
  const { knex, secrets, log, withdrawalHoldMs, proofMs } = options
  const randomBytes = options.randomBytes ?? cryptoRandomBytes
  const now = (): number => options.now()
  const failures = options.failures ?? memoryFailures()
  const brand = (): MailBrand => options.brand()
  const origin = (): string => options.origin()
  const audit = new AuditLog(knex, secrets)
  const tokens = new OneTimeTokens({ now, randomBytes })
  const outbox = new MailOutbox({ knex, secrets, transport: options.mail, keepsContent: options.keepsMails ?? false, now, log })
  const journal = new SecurityJournal({ knex, audit, outbox, tokens, brand, origin, withdrawalHoldMs, now })
  const secondFactors = new SecondFactors({ knex, secrets, journal, issuer: () => brand().name, now, randomBytes, failures: failures.codes })
  const passkeys = new Passkeys({ knex, tokens, journal, rpName: () => brand().name, origin, now })
  const identity = createIdentity({ knex, now, randomBytes, journal, secondFactors, failures: failures.logIns })
  const apiKeys = new ApiKeys({ knex, secrets, now, randomBytes, journal })
  const listenKeys = new ListenKeys({ knex, now, randomBytes })
  journal.onChange((userId) => apiKeys.forgetPerson(userId))
  const security = new AccountSecurity({ knex, identity, apiKeys, tokens, journal, secondFactors, passkeys, now, proofMs, failures: failures.links })
  const approvals = new Approvals({ knex, audit, now })
  for (const action of supportActions(identity, security)) approvals.register(action)
  return { identity, apiKeys, listenKeys, security, secondFactors, passkeys, journal, audit, approvals, outbox }
}

/** What support may bring about for a person only together with somebody of compliance. */
function supportActions(identity: Identity, security: AccountSecurity): ApprovableAction[] {
  const roles = { requestedBy: ['support', 'compliance', 'admin'], approvedBy: ['compliance', 'admin'] } as const
  const person = async (userId: unknown): Promise<Person | undefined> => (typeof userId === 'string' ? identity.userById(userId) : undefined)
  return [
    {
      name: 'account.unfreeze',
      ...roles,
      check: async ({ userId }) => ((await person(userId))?.frozen === true ? undefined : 'userId must name a frozen account.'),
      perform: ({ userId }, { decidedBy }) => security.unfreeze(String(userId), decidedBy ?? 'operator'),
    },
    {
      name: 'second-factors.remove',
      ...roles,
      check: async ({ userId }) => ((await person(userId)) === undefined ? 'userId must name a person.' : undefined),
      perform: ({ userId }, { decidedBy }) => security.removeSecondFactors(String(userId), decidedBy ?? 'operator'),
    },
  ]
}
