/** People, balances, ledger, deposits and withdrawals. */
import { z } from 'zod'
import { AssetCode, ClientOrderId, Decimal, HistoryQuery, PageQuery, queryTime, Sequence, SignedDecimal, TimestampMs } from './common.js'

/** POST /api/v1/auth/sign-up -> Session (201); POST /api/v1/auth/log-in -> Session. Both set the session cookie as well. */
export const Credentials = z.strictObject({ email: z.email().max(254), password: z.string().min(8).max(200) })
export type Credentials = z.infer<typeof Credentials>
/** `language`: of the mails; that of the brand by default. */
export const SignUp = Credentials.extend({ language: z.string().regex(/^[a-z]{2}$/, 'must be a language such as "en"').optional() })
export type SignUp = z.infer<typeof SignUp>
/** Where the account has a second factor, a log-in without `code` is refused with 401 `second_factor_required`. */
export const LogIn = Credentials.extend({ code: z.string().min(6).max(20).optional().describe('Six digits of the authenticator app, or a recovery code.') })
export type LogIn = z.infer<typeof LogIn>

export const User = z.object({ userId: z.string(), email: z.string(), createdMs: TimestampMs, emailVerified: z.boolean(), withdrawalsHeldUntilMs: TimestampMs.nullable().describe('No withdrawal leaves before; null: nothing holds them.'), role: z.string().describe('`customer`, or what the person does for the operator.') })
export type User = z.infer<typeof User>

/** `token` goes into `Authorization: Bearer` for programs; browsers use the cookie and get an empty token. POST /api/v1/auth/log-out ends it. */
export const Session = z.object({ user: User, token: z.string(), expiresMs: TimestampMs })
export type Session = z.infer<typeof Session>

/** GET /api/v1/auth/session */
export const CurrentSession = z.object({ user: User.nullable() })
export type CurrentSession = z.infer<typeof CurrentSession>

/** GET /api/v1/balances: one entry an asset of the exchange, zeros included. */
export const Balance = z.object({ asset: AssetCode, available: Decimal, held: Decimal })
export type Balance = z.infer<typeof Balance>
export const Balances = z.object({ sequence: Sequence, balances: z.array(Balance) })
export type Balances = z.infer<typeof Balances>

export const LedgerEntryKind = z.enum(['deposit', 'withdrawal', 'transfer', 'trade', 'fee', 'rebate', 'referral'])

/** GET /api/v1/ledger: every change of the account's total in an asset, newest first. */
export const LedgerEntry = z.object({
  entryId: z.string(),
  asset: AssetCode,
  kind: LedgerEntryKind,
  amount: SignedDecimal,
  reference: z.string().describe('What it belongs to: trade, deposit, withdrawal or request.'),
  timestampMs: TimestampMs,
  sequence: Sequence,
})
export type LedgerEntry = z.infer<typeof LedgerEntry>
export const LedgerQuery = HistoryQuery.extend({ asset: AssetCode.optional(), kind: LedgerEntryKind.optional() })
export type LedgerQuery = z.input<typeof LedgerQuery>

/** POST /api/v1/deposit-addresses {asset} */
export const DepositAddressRequest = z.strictObject({ asset: AssetCode })
export const DepositAddress = z.object({ asset: AssetCode, network: z.string(), address: z.string(), tag: z.string().nullable() })
export type DepositAddress = z.infer<typeof DepositAddress>

/** GET /api/v1/deposits?cursor=&limit= */
export const DepositStatus = z.enum(['pending', 'credited', 'too_small', 'dropped'])
export const Deposit = z.object({
  depositId: z.string(),
  asset: AssetCode,
  amount: Decimal,
  txid: z.string(),
  address: z.string(),
  confirmations: z.number().int(),
  requiredConfirmations: z.number().int(),
  status: DepositStatus,
  createdMs: TimestampMs,
})
export type Deposit = z.infer<typeof Deposit>

/** POST /api/v1/withdrawals -> Withdrawal (202). The amount leaves the balance; the recipient gets amount - fee. */
export const WithdrawRequest = z.strictObject({ requestId: ClientOrderId, asset: AssetCode, address: z.string().min(1).max(200), amount: Decimal })
export type WithdrawRequest = z.infer<typeof WithdrawRequest>

/** GET /api/v1/withdrawals?cursor=&limit= */
export const WithdrawalStatus = z.enum(['pending', 'broadcast', 'confirmed', 'failed'])
export const Withdrawal = z.object({
  withdrawalId: z.string(),
  requestId: z.string(),
  asset: AssetCode,
  amount: Decimal,
  fee: Decimal,
  address: z.string(),
  txid: z.string().nullable(),
  confirmations: z.number().int(),
  status: WithdrawalStatus,
  createdMs: TimestampMs,
})
export type Withdrawal = z.infer<typeof Withdrawal>

/** POST /api/v1/faucet: sends test money to one's own deposit address, where the asset's network offers it. -> {txid} (202) */
export const FaucetRequest = z.strictObject({ asset: AssetCode, amount: Decimal })
export const FaucetResult = z.object({ txid: z.string() })

const WalletQuery = PageQuery.extend({ asset: AssetCode.optional(), fromMs: queryTime.optional().describe('Not older than this.'), toMs: queryTime.optional().describe('Not newer than this.') })
/** GET /api/v1/deposits */
export const DepositQuery = WalletQuery.extend({ status: DepositStatus.optional() })
export type DepositQuery = z.input<typeof DepositQuery>
/** GET /api/v1/withdrawals */
export const WithdrawalQuery = WalletQuery.extend({ status: WithdrawalStatus.optional() })
export type WithdrawalQuery = z.input<typeof WithdrawalQuery>
