import { MAX_AMOUNT } from '@bourse/core'
import type { Migration } from '@bourse/plugin'
import { expect } from 'chai'
import fc from 'fast-check'
import { onEveryDatabase } from '../test/databases.js'
import { failure } from '../test/failure.js'
import { historyMigration } from './history-tables.js'
import { openStore } from './index.js'
import { settingsMigration } from './settings.js'

const NOTES: Migration = {
  name: 'notes_0001',
  up: async (knex) => {
    await knex.schema.createTable('notes', (table) => {
      table.text('id').primary()
      table.bigInteger('amount').notNullable()
    })
  },
  down: async (knex) => {
    await knex.schema.dropTable('notes')
  },
}
const COLOUR: Migration = {
  name: 'notes_0002',
  up: async (knex) => {
    await knex.schema.alterTable('notes', (table) => table.text('colour'))
  },
  down: async (knex) => {
    await knex.schema.alterTable('notes', (table) => table.dropColumn('colour'))
  },
}

onEveryDatabase('store', (create) => {
  it('runs each migration once, in the order of the list', async () => {
    const database = await create()
    const ran: string[] = []
    const watched = [NOTES, COLOUR].map((migration): Migration => ({
      ...migration,
      up: async (knex) => {
        ran.push(migration.name)
        await migration.up(knex)
      },
    }))
    await database.open(watched.slice(0, 1))
    const store = await database.open(watched)
    await store.migrate()
    expect(ran).to.deep.equal(['notes_0001', 'notes_0002'])
    await store.knex('notes').insert({ id: 'a', amount: 1n, colour: 'red' })
  })

  it('refuses a database that a newer version has changed, and names the change', async () => {
    const database = await create()
    await database.open([NOTES, COLOUR])
    expect(await failure(database.open([NOTES]))).to.contain('notes_0002')
  })

  it('leaves nothing of a migration that failed and goes on from there', async () => {
    const database = await create()
    const broken: Migration = {
      ...COLOUR,
      up: async (knex) => {
        await COLOUR.up(knex)
        await knex('no_such_table').insert({ id: 1 })
      },
    }
    expect(await failure(database.open([NOTES, broken]))).to.contain('no_such_table')
    const store = await database.open([NOTES, COLOUR])
    await store.knex('notes').insert({ id: 'a', amount: 1n, colour: 'red' })
  })

  it('refuses two migrations of one name', async () => {
    const database = await create()
    expect(await failure(database.open([NOTES, NOTES]))).to.contain('notes_0001')
  })

  it('can take its own migrations back and run them again', async () => {
    const { knex } = await (await create()).open()
    for (const migration of [historyMigration, settingsMigration]) await migration.down(knex)
    for (const migration of [settingsMigration, historyMigration]) await migration.up(knex)
  })

  it('returns every 64-bit integer as it was written and sorts them as numbers', async () => {
    const { knex } = await (await create()).open([NOTES])
    const amount = fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.constantFrom(2n ** 53n + 1n, -(2n ** 53n) - 1n, MAX_AMOUNT, -MAX_AMOUNT))
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(amount, { minLength: 1, maxLength: 50 }), async (amounts) => {
        await knex('notes').delete()
        await knex('notes').insert(amounts.map((value) => ({ id: String(value), amount: value })))
        const rows: { id: string; amount: bigint }[] = await knex('notes').select('id', 'amount').orderBy('amount')
        const sorted = [...amounts].sort((a, b) => (a < b ? -1 : 1))
        expect(rows).to.deep.equal(sorted.map((value) => ({ id: String(value), amount: value })))
      }),
      { numRuns: 30 },
    )
    const count: { rows: bigint }[] = await knex('notes').count('* as rows')
    expect(count[0]?.rows, 'counts are bigints too').to.be.a('bigint')
  })

  it('keeps settings as JSON over a restart', async () => {
    const database = await create()
    const { settings } = await database.open()
    await settings.set('simulator', { enabled: true })
    await settings.set('simulator', { enabled: false, seeds: [1, 'two', null] })
    await settings.set('gone', 1)
    await settings.set('gone', undefined)
    const reopened = await database.open()
    expect(await reopened.settings.get('simulator')).to.deep.equal({ enabled: false, seeds: [1, 'two', null] })
    expect(await reopened.settings.get('gone')).to.equal(undefined)
  })
})

describe('opening a store', () => {
  it('says what is missing or wrong, and never the password', async () => {
    expect(await failure(openStore({}))).to.contain('url').and.to.contain('file')
    expect(await failure(openStore({ url: 'mysql://localhost/x' }))).to.contain('postgres://')
    const unreachable = await failure(openStore({ url: 'postgres://someone:secret@127.0.0.1:1/shop' }))
    expect(unreachable).to.contain('127.0.0.1:1/shop').and.not.to.contain('secret')
  })

  it('syncs SQLite at every commit and writes ahead', async () => {
    const store = await openStore({ file: ':memory:' })
    expect(await store.knex.raw('pragma synchronous')).to.deep.equal([{ synchronous: 2n }])
    await store.close()
  })
})
