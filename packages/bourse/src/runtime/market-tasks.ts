/** What an operator may do to a market from the command line beside its rules: call it to an auction, give it a reference price. */
import type { Command } from '@bourse/core'
import type { Exchange } from '@bourse/exchange'
import { z } from 'zod'

export const MarketTask = z.discriminatedUnion('task', [
  z.strictObject({ task: z.literal('market.auction'), market: z.string(), seconds: z.number().int().min(0).max(86_400) }),
  z.strictObject({ task: z.literal('market.set-reference'), market: z.string(), price: z.string() }),
])
export type MarketTask = z.infer<typeof MarketTask>

/**
 * Carries a task out.
 *
 * @param nowMs milliseconds since 1970: from here the auction takes its seconds.
 * @returns what `--json` prints.
 * @throws Error with a sentence for the operator; nothing has been changed then.
 */
export async function runMarketTask(task: MarketTask, exchange: Pick<Exchange, 'catalog' | 'submit'>, nowMs: number): Promise<object> {
  const { market } = task
  if (exchange.catalog.marketBySymbol(market) === undefined) {
    throw new Error(`There is no market ${market}. This exchange has ${exchange.catalog.markets().map(({ symbol }) => symbol).join(', ')}.`)
  }
  const endsAt = nowMs + (task.task === 'market.auction' ? task.seconds * 1000 : 0)
  const command: Command = task.task === 'market.auction' ? { type: 'market.auction', market, endsAt } : { type: 'market.set-reference', market, referencePrice: task.price }
  const result = await exchange.submit(command)
  if (!result.ok) throw new Error(`${market} did not take that: ${result.reject.code.replaceAll('_', ' ')}.`)
  return task.task === 'market.auction' ? { market, endsAt, sequence: result.sequence } : { market, referencePrice: task.price, sequence: result.sequence }
}
