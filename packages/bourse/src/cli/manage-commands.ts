/** `exchange user`, `api-key`, `balance` and `market`: what an operator does for people and to markets, whether or not the exchange is running. */
import { text as readAll } from 'node:stream/consumers'
import { askRunningExchange, NotRunningError } from '../runtime/control-client.js'
import { OperatorTask, openOperatorServices, runOperatorTask } from '../runtime/operator-tasks.js'
import { openAtRest, type PlaceFlags } from './operate-commands.js'
import { dataDirOf } from './start-command.js'

interface AnswerFlags extends PlaceFlags {
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

/** Has the running exchange do it, or opens the data of one that rests. */
async function perform(flags: PlaceFlags, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
  const parsed = OperatorTask.safeParse(input)
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const data = dataDirOf(flags)
  try {
    return (await askRunningExchange(data.dir, data.controlSocket, { command: 'task', task: parsed.data })) as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error
  }
  const open = await openAtRest(flags)
  try {
    return { ...(await runOperatorTask(parsed.data, open, await openOperatorServices(open))) }
  } finally {
    await open.close()
  }
}

function print({ json }: AnswerFlags, done: object, words: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(done)}\n` : `${words}\n`)
}
