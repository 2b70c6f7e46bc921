/** `exchange user`, `api-key`, `audit`, `balance` and `market`: what an operator does for people and to markets, whether or not the exchange is running. */
import { text as readAll } from 'node:stream/consumers'
import type { AuditEntry } from '@bourse/identity'
import { askRunningExchange, NotRunningError } from '../runtime/control-client.js'
import { OperatorTask, runOperatorTask } from '../runtime/operator-tasks.js'
import { openProjectAccounts } from '../runtime/project-accounts.js'
import type { OpenOptions } from '../runtime/open-exchange.js'
import { openAtRest, type PlaceFlags } from './operate-commands.js'
import { dataDirOf } from './start-command.js'

export interface AnswerFlags extends PlaceFlags {
  readonly json?: boolean
}

interface ManageFlags extends AnswerFlags {
  readonly email: string
}

export async function createUserCommand(flags: ManageFlags & { password?: string; passwordStdin?: boolean; role?: string }): Promise<void> {
  if ((flags.password === undefined) === (flags.passwordStdin !== true)) throw new Error('Give the password by exactly one of --password and --password-stdin.')
  const password = flags.password ?? (await readAll(process.stdin)).replace(/\r?\n$/, '')
  const done = await perform(flags, { task: 'user.create', email: flags.email, password, role: flags.role })
  print(flags, done, `${flags.email} can log in now, as ${String(done['role'])}.`)
}

export async function createApiKeyCommand(flags: ManageFlags & { scopes: string; ip: string[]; label: string }): Promise<void> {
  const scopes = flags.scopes.split(',').map((scope) => scope.trim())
  const done = await perform(flags, { task: 'api-key.create', email: flags.email, scopes, allowedAddresses: flags.ip, label: flags.label })
  print(flags, done, `key     ${String(done['key'])}\nsecret  ${String(done['secret'])}\nThe secret is shown this once. The key may ${(done['scopes'] as string[]).join(', ')}.`)
}

export async function creditBalanceCommand(flags: ManageFlags & { asset: string; amount: string }): Promise<void> {
  const done = await perform(flags, { task: 'balance.credit', email: flags.email, asset: flags.asset, amount: flags.amount })
  print(flags, done, `${flags.email} owns ${flags.amount} ${flags.asset} more.`)
}

export async function auctionCommand(market: string, flags: AnswerFlags & { seconds: string }): Promise<void> {
  const done = await perform(flags, { task: 'market.auction', market, seconds: Number(flags.seconds) })
  print(flags, done, `${market} collects orders until ${new Date(Number(done['endsAt'])).toISOString()} and then opens at one price.`)
}

export async function referenceCommand(market: string, price: string, flags: AnswerFlags): Promise<void> {
  const done = await perform(flags, { task: 'market.set-reference', market, price })
  print(flags, done, `The price band of ${market} is measured from ${price} until its next trade.`)
}

export async function freezeUserCommand(task: 'user.freeze' | 'user.unfreeze', flags: ManageFlags): Promise<void> {
  const done = await perform(flags, { task, email: flags.email })
  print(flags, done, done['frozen'] === true ? `The account of ${flags.email} is frozen: sessions and API keys have ended.` : `The account of ${flags.email} is open again; withdrawals stay held for a while.`)
}

export async function removeSecondFactorsCommand(flags: ManageFlags): Promise<void> {
  const done = await perform(flags, { task: 'user.remove-second-factors', email: flags.email })
  print(flags, done, `${flags.email} logs in with the password alone, until they set up a second factor again.`)
}

/** Ends with exit code 1 when the log is not as it was written. */
export async function verifyAuditCommand(flags: AnswerFlags & { head?: string }): Promise<void> {
  const done = await perform(flags, { task: 'audit.verify', ...(flags.head !== undefined && { head: flags.head }) })
  if (done['ok'] !== true) process.exitCode = 1
  print(flags, done, done['ok'] === true ? `The audit log is whole: ${String(done['entries'])} entries.\nhead ${String(done['head'])}` : String(done['message']))
}

export async function listAuditCommand(flags: AnswerFlags & { email?: string; limit: string }): Promise<void> {
  const done = await perform(flags, { task: 'audit.list', limit: Number(flags.limit), ...(flags.email !== undefined && { email: flags.email }) })
  const entries = done['entries'] as AuditEntry[]
  const lines = entries.map(({ sequence, timestampMs, actor, action, subject, details }) => `${sequence}  ${new Date(timestampMs).toISOString()}  ${actor}  ${action}  ${subject}  ${details}`)
  print(flags, done, lines.join('\n'))
}

/** Has the running exchange do it, or opens the data of one that rests. */
export async function perform(flags: PlaceFlags, input: Readonly<Record<string, unknown>>, atRest: Partial<Pick<OpenOptions, 'applyChanges'>> = {}): Promise<Readonly<Record<string, unknown>>> {
  const parsed = OperatorTask.safeParse(input)
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const data = dataDirOf(flags)
  try {
    return (await askRunningExchange(data.dir, data.controlSocket, { command: 'task', task: parsed.data })) as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error
  }
  const open = await openAtRest(flags, atRest)
  try {
    return { ...(await runOperatorTask(parsed.data, open, await openProjectAccounts(open))) }
  } finally {
    await open.close()
  }
}

export function print({ json }: AnswerFlags, done: object, words: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(done)}\n` : `${words}\n`)
}
