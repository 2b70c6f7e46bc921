/** What an operator may have done from the command line, on an exchange that runs or rests: people, API keys, test balances, markets. */
import { randomBytes, randomUUID } from 'node:crypto'
import { ApiKeys, createIdentity, ROLES, API_SCOPES, type Identity } from '@bourse/identity'
import { z } from 'zod'
import { MarketTask, runMarketTask } from './market-tasks.js'
import type { OpenExchange } from './open-exchange.js'
import { openSecretBox } from './master-key.js'
import { openAccount } from './simulator-host.js'

export const OperatorTask = z.discriminatedUnion('task', [
  ...MarketTask.options,
  z.strictObject({ task: z.literal('user.create'), email: z.email(), password: z.string(), role: z.enum(ROLES).default('customer') }),
  z.strictObject({ task: z.literal('api-key.create'), email: z.email(), scopes: z.array(z.enum(API_SCOPES)), allowedAddresses: z.array(z.string()), label: z.string() }),
  z.strictObject({ task: z.literal('balance.credit'), email: z.email(), asset: z.string(), amount: z.string() }),
])
export type OperatorTask = z.infer<typeof OperatorTask>

export interface OperatorServices {
  readonly identity: Identity
  readonly apiKeys: ApiKeys
}

/** Opens people and keys over the records of an exchange. */
export async function openOperatorServices({ store, data }: Pick<OpenExchange, 'store' | 'data'>): Promise<OperatorServices> {
  const secrets = await openSecretBox(data.secretKey)
  return {
    identity: createIdentity({ knex: store.knex, now: Date.now }),
    apiKeys: new ApiKeys({ knex: store.knex, secrets, now: Date.now, randomBytes }),
  }
}

/**
 * Carries a task out.
 *
 * @returns what `--json` prints.
 * @throws Error with a sentence for the operator; nothing has been changed then.
 */
export async function runOperatorTask(task: OperatorTask, open: OpenExchange, services: OperatorServices): Promise<object> {
  switch (task.task) {
    case 'user.create': {
      const result = await services.identity.createUser(task)
      if (!result.ok) throw new Error(result.message)
      const { userId, email, role } = result.user
      return { userId, email, role }
    }
    case 'api-key.create': {
      const { userId } = await personOf(services, task.email)
      const { label, scopes, allowedAddresses } = task
      const result = await services.apiKeys.create({ userId, label, scopes, allowedAddresses })
      if (!result.ok) throw new Error(result.message)
      return { key: result.apiKey.key, secret: result.secret, scopes: result.apiKey.scopes, allowedAddresses }
    }
    case 'balance.credit':
      return credit(task, open, services)
    case 'market.auction':
    case 'market.set-reference':
      return runMarketTask(task, open.exchange, Date.now())
  }
}

async function personOf({ identity }: OperatorServices, email: string): Promise<{ userId: string }> {
  const person = await identity.userByEmail(email)
  if (person === undefined) throw new Error(`There is no person with the e-mail address ${email}. Make one with "exchange user create --email ${email} --password-stdin".`)
  return person
}

/** Money out of nothing: for development, never where real people reach the exchange. */
async function credit(task: Extract<OperatorTask, { task: 'balance.credit' }>, open: OpenExchange, services: OperatorServices): Promise<object> {
  if (open.project.config.server.publicUrl !== undefined) {
    throw new Error('balance credit works in development only: this exchange has a publicUrl, and there money enters by deposits alone.')
  }
  const { userId } = await personOf(services, task.email)
  await openAccount(open, userId)
  const { asset, amount } = task
  const result = await open.exchange.submit({ type: 'ledger.transfer', requestId: randomUUID(), from: 'world', to: userId, asset, amount })
  if (!result.ok) throw new Error(`${amount} ${asset} could not be credited: ${result.reject.code.replaceAll('_', ' ')}. Give an asset of the configuration and an amount such as 1.5.`)
  return { userId, asset, amount, sequence: result.sequence }
}
