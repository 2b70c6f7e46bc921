/** Writes the tables of an exchange in PostgreSQL to files and reads them back: a row of JSON a line, as the server writes it, so that no digit passes through a float. */
import { createReadStream, createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Knex } from 'knex'

const ROWS_A_FETCH = 2_000
/** Of JSON that one insert carries, unless a single row is longer. */
const MAX_INSERT_CHARACTERS = 1 << 20
const STEPS = 'schema_migrations'

/** @returns rows by table, of those tables that there are. */
export async function copyPostgres(knex: Knex, folder: string, tables: readonly string[]): Promise<Record<string, number>> {
  return knex.transaction(
    async (trx) => {
      const counts: Record<string, number> = {}
      for (const table of tables) if (await trx.schema.hasTable(table)) counts[table] = await writeTable(trx, table, fileOf(folder, table))
      return counts
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  )
}

/** Replaces what the tables hold, in one transaction. */
export async function loadPostgres(knex: Knex, folder: string, counts: Readonly<Record<string, number>>): Promise<void> {
  await knex.transaction(async (trx) => {
    const tables = await inOrderOfReferences(trx, Object.keys(counts).filter((table) => table !== STEPS))
    for (const table of [...tables].reverse()) await trx(table).delete()
    for (const table of tables) {
      const rows = await readTable(trx, table, fileOf(folder, table))
      if (rows !== counts[table]) throw new Error(`The table ${table} has ${rows} rows in the backup's file, and the backup says ${counts[table]}. Nothing was restored.`)
    }
    await continueCounters(trx, tables)
  })
}

function fileOf(folder: string, table: string): string {
  return join(folder, `${table}.jsonl.gz`)
}

async function writeTable(trx: Knex.Transaction, table: string, file: string): Promise<number> {
  const packed = createGzip({ level: 6 })
  const target = packed.pipe(createWriteStream(file))
  await trx.raw('declare copied_rows no scroll cursor for select row_to_json(copied)::text as line from ?? copied', [table])
  let count = 0
  for (;;) {
    const { rows } = (await trx.raw(`fetch ${ROWS_A_FETCH} from copied_rows`)) as { rows: { line: string }[] }
    if (rows.length === 0) break
    count += rows.length
    if (!packed.write(`${rows.map(({ line }) => line).join('\n')}\n`)) await once(packed, 'drain')
  }
  await trx.raw('close copied_rows')
  packed.end()
  await finished(target)
  return count
}

async function readTable(trx: Knex.Transaction, table: string, file: string): Promise<number> {
  let batch: string[] = []
  let characters = 0
  let count = 0
  const insert = async (): Promise<void> => {
    if (batch.length > 0) await trx.raw('insert into ?? select * from json_populate_recordset(null::??, ?::json)', [table, table, `[${batch.join(',')}]`])
    batch = []
    characters = 0
  }
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity })) {
    batch.push(line)
    characters += line.length
    count++
    if (characters >= MAX_INSERT_CHARACTERS) await insert()
  }
  await insert()
  return count
}

/** Each table behind those that it refers to. */
async function inOrderOfReferences(trx: Knex.Transaction, tables: readonly string[]): Promise<string[]> {
  const { rows } = (await trx.raw("select child.relname as child, parent.relname as parent from pg_constraint c join pg_class child on child.oid = c.conrelid join pg_class parent on parent.oid = c.confrelid join pg_namespace n on n.oid = c.connamespace where c.contype = 'f' and n.nspname = current_schema()")) as { rows: { child: string; parent: string }[] }
  const ordered: string[] = []
  const visit = (table: string): void => {
    if (ordered.includes(table) || !tables.includes(table)) return
    for (const { child, parent } of rows) if (child === table && parent !== table) visit(parent)
    ordered.push(table)
  }
  for (const table of tables) visit(table)
  return ordered
}

/** Counters of columns go on behind the largest number that was loaded. */
async function continueCounters(trx: Knex.Transaction, tables: readonly string[]): Promise<void> {
  const { rows } = (await trx.raw("select table_name, column_name from information_schema.columns where table_schema = current_schema() and column_default like 'nextval(%'")) as { rows: { table_name: string; column_name: string }[] }
  for (const { table_name: table, column_name: column } of rows) {
    if (!tables.includes(table)) continue
    await trx.raw('select setval(pg_get_serial_sequence(?, ?), coalesce(max(??), 0) + 1, false) from ??', [`"${table}"`, column, column, table])
  }
}
