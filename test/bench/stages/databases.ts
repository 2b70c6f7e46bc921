/** Stores for stages that measure SQL: an empty one in SQLite, and in PostgreSQL where one answers. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@bourse/store'
import pg from 'pg'

const DATABASE_URL = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'

export interface BenchStore {
  readonly name: 'sqlite' | 'postgres'
  readonly store: Store
  /** Closes it and removes all that is in it. */
  end(): Promise<void>
}

export async function openSqliteStore(): Promise<BenchStore> {
  const folder = mkdtempSync(join(tmpdir(), 'bourse-bench-'))
  const store = await openStore({ file: join(folder, 'exchange.db') })
  return {
    name: 'sqlite',
    store,
    async end() {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** In a schema of its own; undefined where no server answers at DATABASE_URL. */
export async function openPostgresStore(): Promise<BenchStore | undefined> {
  const schema = `bourse_bench_${process.pid}`
  if (!(await administer(`create schema ${schema}`))) return undefined
  const url = new URL(DATABASE_URL)
  url.searchParams.set('options', `-c search_path=${schema}`)
  const store = await openStore({ url: url.href })
  return {
    name: 'postgres',
    store,
    async end() {
      await store.close()
      await administer(`drop schema ${schema} cascade`)
    },
  }
}

/** Has the database look at its tables, as it does by itself after a while. */
export async function settle({ name, store }: BenchStore): Promise<void> {
  await store.knex.raw(name === 'sqlite' ? 'pragma wal_checkpoint(truncate)' : 'analyze')
}

async function administer(sql: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: DATABASE_URL })
  try {
    await client.connect()
  } catch {
    return false
  }
  try {
    await client.query(sql)
    return true
  } finally {
    await client.end()
  }
}
