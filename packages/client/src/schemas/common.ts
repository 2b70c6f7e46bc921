/** Pieces that most messages of the v1 API share. */
import { z } from 'zod'

/** A plain non-negative decimal; the service refuses excess digits, it never rounds. */
export const Decimal = z.string().max(40).regex(/^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/, 'must be a plain decimal such as "0.50"')
/** A decimal that may be negative: changes, entries. */
export const SignedDecimal = z.string().max(41).regex(/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/)
export const MarketSymbol = z.string().regex(/^[A-Z0-9]{1,16}-[A-Z0-9]{1,16}$/, 'must look like BTC-USDT')
export const AssetCode = z.string().regex(/^[A-Z0-9]{1,16}$/, 'must look like BTC')
export const ClientOrderId = z.string().regex(/^[\x21-\x7e]{1,36}$/, 'must be 1 to 36 printable ASCII characters without spaces')
/** Milliseconds since 1970. */
export const TimestampMs = z.number().int().nonnegative()
/** Sequence number of a command of the exchange: a safe integer. */
export const Sequence = z.number().int().nonnegative()
export const Side = z.enum(['buy', 'sell'])

/** Every error of the API, with the HTTP status that carries it. */
export const ApiError = z.object({
  error: z.object({
    code: z.string().describe('Stable; a reject code of the engine, or one of API_ERROR_CODES.'),
    message: z.string(),
    field: z.string().optional().describe('The field of the request that is wrong, where there is one.'),
    docs: z.string().optional().describe('Where the error is explained, on this exchange.'),
    requestId: z.string().describe('As in the header X-Request-Id; tell it to the operator.'),
  }),
})
export type ApiError = z.infer<typeof ApiError>

export const API_ERROR_CODES = [
  'invalid_request',
  'not_logged_in',
  'forbidden',
  'not_found',
  'conflict',
  'too_many_requests',
  'queue_full',
  'email_taken',
  'wrong_credentials',
  'weak_password',
  'deposit_unavailable',
  'withdrawal_unavailable',
  'invalid_address',
  'request_out_of_time',
  'request_repeated',
  'too_many_api_keys',
  'email_not_verified',
  'link_expired',
  'second_factor_required',
  'wrong_code',
  'proof_required',
  'passkey_refused',
  'too_many_passkeys',
  'withdrawals_held',
  'too_many_sub_accounts',
  'too_many_alerts',
  'unavailable',
  'internal',
] as const

/** A whole number in the query of an address: plain digits, no sign, no exponent. */
export const queryNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,15})$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(minimum).max(maximum))
    .meta({ type: 'integer', minimum, maximum })

/** The last millisecond that a Date can name. */
const MAX_TIME_MS = 8_640_000_000_000_000
/** Milliseconds since 1970 in the query of an address. */
export const queryTime = queryNumber(0, MAX_TIME_MS)

/** GET /api/v1/time */
export const ServerTime = z.object({ timeMs: TimestampMs })

/** A page of a list, newest first; pass `nextCursor` as `cursor` to go on. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })
export const PageQuery = z.strictObject({
  cursor: z.string().max(200).optional().describe('nextCursor of the page before.'),
  limit: queryNumber(1, 1000).default(100),
})

/** A page of the history, or all of it as a file. A page may hold fewer items than its limit although there are more: go on until nextCursor is null. */
export const HistoryQuery = PageQuery.extend({
  fromMs: queryTime.optional().describe('Not older than this.'),
  toMs: queryTime.optional().describe('Not newer than this.'),
  format: z.enum(['json', 'csv']).optional().describe('`csv`: everything that fits, from the cursor on, as one file of comma-separated values.'),
})
