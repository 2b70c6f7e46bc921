/** What one person has: accounts, what is to be known about them, money between them, and preferences. */
import { z } from 'zod'
import { AssetCode, ClientOrderId, Decimal, MarketSymbol, Sequence, SignedDecimal, TimestampMs } from './common.js'

/** What an account may not do any more. */
export const Freeze = z.enum(['none', 'trading', 'transfers', 'all'])
export type Freeze = z.infer<typeof Freeze>

/** GET /api/v1/account */
export const AccountFacts = z.object({
  accountId: z.string(),
  subAccount: z.boolean(),
  frozen: Freeze.describe('What the account may not do any more; cancels are always taken.'),
  feeTier: z.number().int().describe("0: the fees of each market's own rules."),
  feeAsset: AssetCode.nullable().describe('The asset that pays the fees where it can; null: fees are kept back from what an order receives.'),
  fees: z.array(z.object({ market: MarketSymbol, makerFee: SignedDecimal, takerFee: Decimal })).describe('What an order that is accepted now pays, as fractions.'),
})
export type AccountFacts = z.infer<typeof AccountFacts>

/** GET /api/v1/sub-accounts */
export const SubAccount = z.object({ subAccountId: z.string(), label: z.string(), createdMs: TimestampMs, frozen: Freeze })
export type SubAccount = z.infer<typeof SubAccount>

/** POST /api/v1/sub-accounts -> SubAccount (201) */
export const NewSubAccount = z.strictObject({
  label: z
    .string()
    .min(1)
    .max(40)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'must not hold control characters')
    .describe("For its owner's eyes; unique among theirs."),
})
export type NewSubAccount = z.infer<typeof NewSubAccount>

const AccountName = z.string().min(1).max(36).describe('`main`, or the id of a sub-account.')

/** POST /api/v1/transfers -> Transfer */
export const TransferRequest = z.strictObject({ requestId: ClientOrderId.describe('The same requestId with the same input happens once.'), from: AccountName, to: AccountName, asset: AssetCode, amount: Decimal })
export type TransferRequest = z.infer<typeof TransferRequest>
export const Transfer = TransferRequest.extend({ reference: z.string().describe('Of its ledger entries.'), sequence: Sequence })
export type Transfer = z.infer<typeof Transfer>

/** GET and PUT /api/v1/preferences: a small JSON object whose keys belong to the programs that write them. */
export const Preferences = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9.-]{0,63}$/, 'must begin with a lower-case letter and hold letters, digits, dots and hyphens'), z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()]))
  .refine((value) => Object.keys(value).length <= 100, 'must not hold more than 100 keys')
export type Preferences = z.infer<typeof Preferences>
