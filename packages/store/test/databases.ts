/** Runs tests on every database there is: SQLite always, PostgreSQL where one answers. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Migration } from '@bourse/plugin'
import pg from 'pg'
import { openStore, type Store } from '../src/index.js'

/** An empty database that can be opened again and again until it is dropped. */
export interface TestDatabase {
  open(migrations?: readonly Migration[]): Promise<Store>
  drop(): Promise<void>
}

/** Declares the same tests once for each database. `create` gives an empty one, dropped after the test. */
export function onEveryDatabase(title: string, declare: (create: () => Promise<TestDatabase>) => void): void {
  for (const [name, make] of [['SQLite', createSqlite], ['PostgreSQL', createPostgres]] as const) {
    describe(`${title} on ${name}`, () => {
      const made: TestDatabase[] = []
      before(async function () {
        if (name === 'SQLite' || (await postgresAnswers())) return
        console.log(`    skipped: no PostgreSQL answers at ${describeUrl()} (DATABASE_URL)`)
        this.skip()
      })
      afterEach(async () => {
        for (const database of made.splice(0)) await database.drop()
      })
      declare(async () => {
        const database = await make()
        made.push(database)
        return database
      })
    })
  }
}

const DATABASE_URL = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'
let schemas = 0

function describeUrl(): string {
  const { host, pathname } = new URL(DATABASE_URL)
  return `${host}${pathname}`
}

async function createSqlite(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'bourse-store-'))
  return opening(
    (migrations) => openStore({ file: join(folder, 'exchange.db'), migrations }),
    async () => rmSync(folder, { recursive: true }),
  )
}

/** Each database is a schema of its own, so that nothing else on the server is touched. */
async function createPostgres(): Promise<TestDatabase> {
  const schema = `bourse_store_${process.pid}_${schemas++}`
  await administer(`create schema ${schema}`)
  const url = new URL(DATABASE_URL)
  url.searchParams.set('options', `-c search_path=${schema}`)
  return opening(
    (migrations) => openStore({ url: url.href, migrations }),
    () => administer(`drop schema ${schema} cascade`),
  )
}

function opening(open: (migrations: readonly Migration[]) => Promise<Store>, drop: () => Promise<void>): TestDatabase {
  const opened: Store[] = []
  return {
    async open(migrations = []) {
      const store = await open(migrations)
      opened.push(store)
      return store
    },
    async drop() {
      for (const store of opened) await store.close()
      await drop()
    },
  }
}

async function postgresAnswers(): Promise<boolean> {
  try {
    await administer('select 1')
    return true
  } catch {
    return false
  }
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
