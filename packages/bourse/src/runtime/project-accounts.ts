/** People and their accounts as a project configures them: mail, holds, proofs, and where links lead. */
import { keepInOutbox, openAccounts, smtpTransport, type Accounts, type Failures, type MailTransport } from '@bourse/identity'
import type { Project } from '../config/load-project.js'
import { isProduction } from '../config/production-mode.js'
import { openSecretBox } from './master-key.js'
import type { OpenExchange } from './open-exchange.js'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

export interface ProjectAccountsOptions {
  /** Where people reach the exchange; by default what the configuration says. */
  readonly origin?: string
  /** Counts failures where several processes share the people. */
  readonly failures?: Failures
  readonly log?: (message: string) => void
}

/** Opens people and keys over the records of an exchange; mails leave once its outbox is started. */
export async function openProjectAccounts({ store, data, project }: Pick<OpenExchange, 'store' | 'data' | 'project'>, options: ProjectAccountsOptions = {}): Promise<Accounts> {
  const { security, server, brand } = project.config
  const { defaultLanguage, texts } = project.brand.presentation
  const origin = options.origin ?? publicAddress(project) ?? `http://localhost:${server.port}`
  const log = options.log ?? ((): void => undefined)
  const mail = mailTransport(project)
  if (mail === undefined) log('No mail server is configured: mails wait until mail.smtpUrl names one.')
  return openAccounts({
    knex: store.knex,
    secrets: await openSecretBox(data.secretKey),
    now: Date.now,
    brand: () => ({ name: brand.name, defaultLanguage, texts }),
    origin: () => origin,
    mail,
    keepsMails: showsOutbox(project),
    withdrawalHoldMs: security.withdrawalHoldHours * HOUR_MS,
    proofMs: security.proofMinutes * MINUTE_MS,
    failures: options.failures,
    log,
  })
}

/** The address of the configuration, where it has one. */
export function publicAddress({ config }: Project): string | undefined {
  return config.server.publicUrl === undefined ? undefined : new URL(config.server.publicUrl).origin
}

/** Mails are readable by programs of this machine in development, and never where real people reach the exchange. */
export function showsOutbox({ config }: Project): boolean {
  return !isProduction(config) && config.server.publicUrl === undefined
}

function mailTransport(project: Project): MailTransport | undefined {
  const { mail, brand } = project.config
  if (mail.smtpUrl === undefined) return showsOutbox(project) ? keepInOutbox : undefined
  const { hostname, username } = new URL(mail.smtpUrl)
  const user = decodeURIComponent(username)
  const address = user.includes('@') ? user : `no-reply@${hostname}`
  return smtpTransport({ url: mail.smtpUrl, from: mail.from ?? `"${brand.name.replace(/["\\\r\n]/g, '')}" <${address}>` })
}
