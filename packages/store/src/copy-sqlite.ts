/** Copies a SQLite file that another process may be writing. */
import BetterSqlite3 from 'better-sqlite3'
import type { Knex } from 'knex'

/**
 * Copies the database as it stands at one moment.
 *
 * After the first pages, the rest goes in one step: that step reads one state of the write-ahead log, while a copy in
 * many steps would begin anew with every commit of the exchange.
 */
export async function copySqlite(file: string, target: string): Promise<void> {
  const source = new BetterSqlite3(file, { readonly: true, fileMustExist: true, timeout: 10_000 })
  try {
    await source.backup(target, { progress: ({ remainingPages }) => Math.max(1, remainingPages) })
  } finally {
    source.close()
  }
}

/**
 * Rows by table.
 *
 * @throws Error when the database is not whole.
 */
export async function countSqlite(knex: Knex): Promise<Record<string, number>> {
  const [check] = (await knex.raw('pragma quick_check')) as { quick_check: string }[]
  if (check?.quick_check !== 'ok') throw new Error(`The database is damaged: ${check?.quick_check ?? 'it cannot be read'}.`)
  const tables = (await knex.raw("select name from sqlite_master where type = 'table' and name not like 'sqlite!_%' escape '!' order by name")) as { name: string }[]
  const counts: Record<string, number> = {}
  for (const { name } of tables) {
    const [row] = (await knex(name).count('* as rows')) as { rows: bigint | number }[]
    counts[name] = Number(row?.rows ?? 0)
  }
  return counts
}
