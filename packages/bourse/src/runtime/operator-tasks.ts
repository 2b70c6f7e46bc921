/** What an operator may have done from the command line, on an exchange that runs or rests: people, API keys, test balances, markets. */
import { randomUUID } from 'node:crypto'
import { ROLES, API_SCOPES, type Accounts, type Person } from '@bourse/identity'
import { z } from 'zod'
import { isProduction } from '../config/production-mode.js'
import { releaseMarket } from './held-markets.js'
import { MarketRulesTask, runMarketRulesTask } from './market-rules-tasks.js'
import { MarketTask, runMarketTask } from './market-tasks.js'
import type { OpenExchange } from './open-exchange.js'
import { openAccount } from './simulator-host.js'

export const OperatorTask = z.discriminatedUnion('task', [
  ...MarketTask.options,
  ...MarketRulesTask.options,
  z.strictObject({ task: z.literal('user.create'), email: z.email(), password: z.string(), role: z.enum(ROLES).default('customer') }),
  z.strictObject({ task: z.literal('api-key.create'), email: z.email(), scopes: z.array(z.enum(API_SCOPES)), allowedAddresses: z.array(z.string()), label: z.string() }),
  z.strictObject({ task: z.literal('user.freeze'), email: z.email() }),
  z.strictObject({ task: z.literal('user.unfreeze'), email: z.email() }),
  z.strictObject({ task: z.literal('user.remove-second-factors'), email: z.email() }),
  z.strictObject({ task: z.literal('audit.verify'), head: z.string().optional() }),
  z.strictObject({ task: z.literal('audit.list'), email: z.email().optional(), limit: z.number().int().min(1).max(10_000) }),
  z.strictObject({ task: z.literal('balance.credit'), email: z.email(), asset: z.string(), amount: z.string() }),
])
export type OperatorTask = z.infer<typeof OperatorTask>

/** Who the audit log names for what is done on the command line. */
const OPERATOR = 'operator'

/**
 * Carries a task out.
 *
 * @returns what `--json` prints.
 * @throws Error with a sentence for the operator; nothing has been changed then.
 */
export async function runOperatorTask(task: OperatorTask, open: OpenExchange, services: Accounts): Promise<object> {
  switch (task.task) {
    case 'user.create': {
      const result = await services.identity.createUser({ ...task, actor: OPERATOR })
      if (!result.ok) throw new Error(result.message)
      const { userId, email, role } = result.user
      return { userId, email, role }
    }
    case 'api-key.create': {
      const { userId } = await personOf(services, task.email)
      const { label, scopes, allowedAddresses } = task
      const result = await services.apiKeys.create({ userId, label, scopes, allowedAddresses, actor: OPERATOR })
      if (!result.ok) throw new Error(result.message)
      return { key: result.apiKey.key, secret: result.secret, scopes: result.apiKey.scopes, allowedAddresses }
    }
    case 'user.freeze':
    case 'user.unfreeze':
      return freeze(task, services)
    case 'user.remove-second-factors': {
      const { userId, email } = await personOf(services, task.email)
      await services.security.removeSecondFactors(userId, OPERATOR)
      return { userId, email }
    }
    case 'audit.verify':
      return services.audit.verify(task.head)
    case 'audit.list': {
      const subject = task.email === undefined ? undefined : (await personOf(services, task.email)).userId
      return { entries: await services.audit.list({ subject, limit: task.limit }) }
    }
    case 'balance.credit':
      return credit(task, open, services)
    case 'market.auction': {
      const called = await runMarketTask(task, open.exchange, Date.now())
      // It opens the market at its end: who calls it holds the market no longer.
      await releaseMarket(open.store.settings, task.market)
      return called
    }
    case 'market.set-reference':
      return runMarketTask(task, open.exchange, Date.now())
    case 'market.halt':
    case 'market.resume':
    case 'market.add':
    case 'market.rules':
      return runMarketRulesTask(task, open, Date.now())
  }
}

async function freeze({ task, email }: Extract<OperatorTask, { task: 'user.freeze' | 'user.unfreeze' }>, services: Accounts): Promise<object> {
  const { userId, frozen } = await personOf(services, email)
  const wanted = task === 'user.freeze'
  if (frozen === wanted) throw new Error(`The account of ${email} is ${frozen ? 'frozen already' : 'not frozen'}.`)
  if (wanted) await services.security.freeze(userId, { actor: OPERATOR })
  else await services.security.unfreeze(userId, OPERATOR)
  return { userId, email, frozen: wanted }
}

async function personOf({ identity }: Accounts, email: string): Promise<Person> {
  const person = await identity.userByEmail(email)
  if (person === undefined) throw new Error(`There is no person with the e-mail address ${email}. Make one with "exchange user create --email ${email} --password-stdin".`)
  return person
}

/** Money out of nothing: for development, never where real people reach the exchange. */
async function credit(task: Extract<OperatorTask, { task: 'balance.credit' }>, open: OpenExchange, services: Accounts): Promise<object> {
  const { config } = open.project
  if (isProduction(config) || config.server.publicUrl !== undefined) {
    throw new Error(`balance credit works in development only: this exchange ${isProduction(config) ? 'runs in production mode' : 'has a publicUrl'}, and there money enters by deposits alone.`)
  }
  const { userId } = await personOf(services, task.email)
  await openAccount(open, userId)
  const { asset, amount } = task
  const result = await open.exchange.submit({ type: 'ledger.transfer', requestId: randomUUID(), from: 'world', to: userId, asset, amount })
  if (!result.ok) throw new Error(`${amount} ${asset} could not be credited: ${result.reject.code.replaceAll('_', ' ')}. Give an asset of the configuration and an amount such as 1.5.`)
  return { userId, asset, amount, sequence: result.sequence }
}
