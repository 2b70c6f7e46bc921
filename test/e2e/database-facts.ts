/** Reads the SQL history of an exchange that is not running and tells what must hold in it. */
import { custodyMigrations } from '@bourse/custody'
import { identityMigrations } from '@bourse/identity'
import { openStore } from '@bourse/store'
import { createHash } from 'node:crypto'
import path from 'node:path'

const HISTORY = ['orders', 'fills', 'trades', 'ledger_entries', 'candles']
/** Accounts 0 and 1 are the world and the fees. */
const FIRST_CUSTOMER = 1

export interface DatabaseFacts {
  /** Asset number to the sum of every ledger entry over all accounts, the world included. */
  readonly sumsPerAsset: Readonly<Record<string, bigint>>
  /** `account/asset` of every customer whose entries add up to less than nothing. */
  readonly negativeCustomers: readonly string[]
  /** A digest of the rows of each table, in the order of their keys. */
  readonly digests: Readonly<Record<string, string>>
}

export async function databaseFacts(dataDir: string, url?: string): Promise<DatabaseFacts> {
  const store = await openStore({ url, file: path.join(dataDir, 'bourse.sqlite'), migrations: [...identityMigrations, ...custodyMigrations] })
  try {
    const sums = new Map<string, bigint>()
    const negative: string[] = []
    const rows: { account: bigint; asset: bigint; amount: bigint }[] = await store.knex('ledger_entries').select('account', 'asset', 'amount')
    const totals = new Map<string, bigint>()
    for (const { account, asset, amount } of rows) {
      sums.set(String(asset), (sums.get(String(asset)) ?? 0n) + amount)
      totals.set(`${account}/${asset}`, (totals.get(`${account}/${asset}`) ?? 0n) + amount)
    }
    for (const [key, total] of totals) if (total < 0n && Number(key.split('/')[0]) >= FIRST_CUSTOMER) negative.push(key)
    const digests: Record<string, string> = {}
    for (const table of HISTORY) digests[table] = await digest(store.knex(table).select('*'))
    return { sumsPerAsset: Object.fromEntries(sums), negativeCustomers: negative, digests }
  } finally {
    await store.close()
  }
}

async function digest(query: PromiseLike<Record<string, unknown>[]>): Promise<string> {
  const lines = (await query).map((row) => JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).sort()
  return `${lines.length} rows ${createHash('sha256').update(lines.join('\n')).digest('hex')}`
}
