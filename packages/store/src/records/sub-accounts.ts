/** Which sub-accounts belong to whom, and what their owners call them. */
import type { Knex } from 'knex'
import { SUB_ACCOUNTS } from './record-tables.js'

export interface SubAccountRow {
  /** Its name in the engine. */
  readonly account: string
  readonly owner: string
  readonly label: string
  readonly createdMs: number
}

export interface SubAccounts {
  /** False where the owner has one of this label. */
  create(row: SubAccountRow): Promise<boolean>
  /** Oldest first. */
  list(owner: string): Promise<readonly SubAccountRow[]>
  find(account: string): Promise<SubAccountRow | undefined>
}

interface SubAccountRecord {
  account: string
  owner: string
  label: string
  created_ms: bigint | number
}

export function createSubAccounts(knex: Knex): SubAccounts {
  const rows = (): Knex.QueryBuilder<SubAccountRecord> => knex<SubAccountRecord>(SUB_ACCOUNTS)
  return {
    async create({ account, owner, label, createdMs }) {
      await rows().insert({ account, owner, label, created_ms: createdMs }).onConflict(['owner', 'label']).ignore()
      return (await rows().where({ account }).first()) !== undefined
    },
    async list(owner) {
      const records: SubAccountRecord[] = await rows().where({ owner }).orderBy([{ column: 'created_ms' }, { column: 'account' }])
      return records.map(rowOf)
    },
    async find(account) {
      const record: SubAccountRecord | undefined = await rows().where({ account }).first()
      return record === undefined ? undefined : rowOf(record)
    },
  }
}

function rowOf({ account, owner, label, created_ms }: SubAccountRecord): SubAccountRow {
  return { account, owner, label, createdMs: Number(created_ms) }
}
