/** Corrects a person's balance by hand: requested by one of finance, approved by another, booked once. */
import { parseDecimal } from '@bourse/core'
import type { ApprovableAction, Identity } from '@bourse/identity'
import { z } from 'zod'
import type { TradingService } from './services.js'

/**
 * `credit` gives to the person, `debit` takes from them, never below zero. The other side is the exchange's own money
 * (`fees`), or `world` where money came or went that no deposit or withdrawal has booked.
 */
const Adjustment = z.strictObject({
  userId: z.string().max(60),
  asset: z.string().max(16),
  amount: z.string().max(40),
  direction: z.enum(['credit', 'debit']),
  against: z.enum(['fees', 'world']),
})

export interface BalanceAdjustmentServices {
  readonly exchange: Pick<TradingService, 'submit' | 'catalog'>
  readonly identity: Pick<Identity, 'userById'>
  /** Opens the person's account in the engine unless it is there. */
  prepareAccount(userId: string): Promise<void>
}

export function balanceAdjustment({ exchange, identity, prepareAccount }: BalanceAdjustmentServices): ApprovableAction {
  return {
    name: 'balance.adjust',
    requestedBy: ['finance', 'admin'],
    approvedBy: ['finance', 'admin'],
    async check(input) {
      const parsed = Adjustment.safeParse(input)
      if (!parsed.success) return `Give userId, asset, amount, direction (credit or debit) and against (fees or world): ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}.`
      const { userId, asset, amount } = parsed.data
      const known = exchange.catalog.assetByCode(asset)
      if (known === undefined) return `There is no asset ${asset}.`
      const units = parseDecimal(amount, known.scale)
      if (typeof units === 'string' || units <= 0n) return `amount must be a plain decimal above zero with at most ${known.scale} decimals.`
      return (await identity.userById(userId)) === undefined ? 'userId must name a person.' : undefined
    },
    async perform(input, { approvalId }) {
      const { userId, asset, amount, direction, against } = Adjustment.parse(input)
      await prepareAccount(userId)
      const [from, to] = direction === 'credit' ? [against, userId] : [userId, against]
      // The same approval under the same name is booked once, however often it is carried out.
      const result = await exchange.submit({ type: 'ledger.transfer', requestId: approvalId, from, to, asset, amount })
      if (!result.ok) throw new Error(`The ledger refused it: ${result.reject.code.replaceAll('_', ' ')}.`)
    },
  }
}
