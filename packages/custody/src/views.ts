/** Deposits and withdrawals as their owner sees them, with decimal strings; and pages of them. */
import { formatDecimal } from '@bourse/core'
import type { Knex } from 'knex'
import { CustodyError } from './custody-error.js'
import type { DepositRecord, WithdrawalRecord, WithdrawalState } from './custody-schema.js'

export interface Deposit {
  readonly depositId: string
  readonly asset: string
  /** What is or will be credited. */
  readonly amount: string
  /** What came beyond it and is too fine for the ledger; it stays on record here. */
  readonly dust: string
  readonly txid: string
  readonly address: string
  readonly confirmations: number
  readonly requiredConfirmations: number
  readonly status: 'pending' | 'credited' | 'too_small' | 'dropped'
  readonly createdMs: number
}

export interface Withdrawal {
  readonly withdrawalId: string
  readonly requestId: string
  readonly asset: string
  /** What leaves the balance; the recipient gets it less the fee. */
  readonly amount: string
  readonly fee: string
  readonly address: string
  readonly txid: string | null
  readonly confirmations: number
  readonly status: 'pending' | 'broadcast' | 'confirmed' | 'failed'
  /** Why it failed. */
  readonly reason: string | null
  readonly createdMs: number
}

/** A part of a list, newest first; `nextCursor` is null at its end. */
export interface CustodyPage<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

const WITHDRAWAL_STATUS: Readonly<Record<WithdrawalState, Withdrawal['status']>> = {
  reserving: 'pending',
  unreserving: 'pending',
  reserved: 'pending',
  broadcast: 'broadcast',
  settling: 'broadcast',
  confirmed: 'confirmed',
  releasing: 'failed',
  failed: 'failed',
}
const MAX_ITEMS = 1_000

export function depositView(record: DepositRecord): Deposit {
  const scale = Number(record.scale)
  return {
    depositId: record.deposit_id,
    asset: record.asset,
    amount: formatDecimal(BigInt(record.amount), scale),
    dust: formatDecimal(BigInt(record.dust), Number(record.decimals)),
    txid: record.txid,
    address: record.address,
    confirmations: Number(record.confirmations),
    requiredConfirmations: Number(record.required_confirmations),
    status: record.state === 'crediting' ? 'pending' : record.state,
    createdMs: Number(record.created_ms),
  }
}

export function withdrawalView(record: WithdrawalRecord): Withdrawal {
  const scale = Number(record.scale)
  const status = WITHDRAWAL_STATUS[record.state]
  return {
    withdrawalId: record.withdrawal_id,
    requestId: record.request_id,
    asset: record.asset,
    amount: formatDecimal(BigInt(record.amount), scale),
    fee: formatDecimal(BigInt(record.fee), scale),
    address: record.address,
    txid: record.txid,
    confirmations: Number(record.confirmations),
    status,
    reason: status === 'failed' ? record.note : null,
    createdMs: Number(record.created_ms),
  }
}

/** States in which a deposit has this status. */
export function depositStates(status: Deposit['status']): readonly string[] {
  return status === 'pending' ? ['pending', 'crediting'] : [status]
}

/** States in which a withdrawal has this status. */
export function withdrawalStates(status: Withdrawal['status']): readonly string[] {
  return Object.entries(WITHDRAWAL_STATUS).flatMap(([state, shown]) => (shown === status ? [state] : []))
}

/** What narrows a list; what is not given does not. Times are both inclusive. */
export interface ListFilter {
  readonly asset?: string | undefined
  readonly states?: readonly string[] | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

/**
 * Reads one page of an account's records, newest first.
 *
 * @throws CustodyError when the cursor is not one of ours.
 */
export async function readPage<Stored extends { position: bigint }, Item>(
  records: Knex.QueryBuilder,
  { cursor, limit, asset, states, fromMs, toMs }: ListFilter & { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  view: (record: Stored) => Item,
): Promise<CustodyPage<Item>> {
  const size = Math.min(Math.max(limit ?? 100, 1), MAX_ITEMS)
  if (cursor !== undefined) records.andWhere('position', '<', decodeCursor(cursor))
  if (asset !== undefined) records.andWhere({ asset })
  if (states !== undefined) records.whereIn('state', [...states])
  if (fromMs !== undefined) records.andWhere('created_ms', '>=', fromMs)
  if (toMs !== undefined) records.andWhere('created_ms', '<=', toMs)
  const found: Stored[] = await records.orderBy('position', 'desc').limit(size + 1)
  const shown = found.slice(0, size)
  const last = shown.at(-1)
  return { items: shown.map(view), nextCursor: found.length > size && last !== undefined ? encodeCursor(last.position) : null }
}

function encodeCursor(position: bigint): string {
  return Buffer.from(String(position), 'latin1').toString('base64url')
}

function decodeCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1')
  const position = /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined
  if (position === undefined || encodeCursor(BigInt(position)) !== cursor) throw new CustodyError('invalid_request', `"${cursor}" is not a cursor of this list.`, 'cursor')
  return position
}
