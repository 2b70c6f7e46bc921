/** The schema of all packages together: forward, back, and refused where it is newer than the program. */
import type { Migration } from '@bourse/plugin'
import { migrate, migrateDownTo, migrationStatus, type Store } from '@bourse/store'
import { expect } from 'chai'
import { onEveryDatabase } from '../../packages/store/test/databases.js'
import { failure } from '../../packages/store/test/failure.js'
import { PROJECT_MIGRATIONS } from '../../packages/bourse/src/runtime/project-database.js'
import { migrateCommand, migrateDownCommand, migrateStatusCommand } from '../../packages/bourse/src/cli/migrate-commands.js'
import { printed } from './printed.js'
import { projectInProcess } from './served-exchange.js'

const NAMES = PROJECT_MIGRATIONS.map(({ name }) => name)
const OTHERS = PROJECT_MIGRATIONS.filter(({ name }) => !name.startsWith('store_'))
/** The history is always made in its present shape, and filled again from the journal. */
const HISTORY = new Set(['orders', 'fills', 'trades', 'ledger_entries', 'candles', 'projection_cursors'])

/** Tables with their columns and indexes, in words. */
async function schemaOf({ knex, dialect }: Store): Promise<Record<string, string[]>> {
  const sqlite = "select m.name as table_name, c.name || ' ' || c.type || case when c.\"notnull\" then ' not null' else '' end as part from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name <> 'sqlite_sequence' union all select tbl_name, 'index ' || name from sqlite_master where type = 'index'"
  const postgres = "select table_name, column_name || ' ' || data_type || ' ' || is_nullable as part from information_schema.columns where table_schema = current_schema() union all select tablename, 'index ' || indexname from pg_indexes where schemaname = current_schema()"
  const answer: unknown = await knex.raw(dialect === 'sqlite' ? sqlite : postgres)
  const rows = (Array.isArray(answer) ? answer : (answer as { rows: unknown[] }).rows) as { table_name: string; part: string }[]
  const schema: Record<string, string[]> = {}
  for (const { table_name, part } of rows) if (!HISTORY.has(table_name)) (schema[table_name] ??= []).push(part)
  for (const parts of Object.values(schema)) parts.sort()
  return schema
}

onEveryDatabase('the schema of all packages', (create) => {
  it('goes back step by step to what it was before each, and forward again', async () => {
    const store = await (await create()).open(OTHERS)
    expect((await migrationStatus(store, PROJECT_MIGRATIONS)).applied).to.deep.equal(NAMES)
    const onTheWayDown: Record<string, string[]>[] = []
    for (let left = NAMES.length; left >= 0; left--) {
      if (left < NAMES.length) expect(await migrateDownTo(store, PROJECT_MIGRATIONS, left === 0 ? 'none' : NAMES[left - 1]!)).to.deep.equal([NAMES[left]])
      onTheWayDown[left] = await schemaOf(store)
    }
    expect(Object.keys(onTheWayDown[0]!)).to.deep.equal(['schema_migrations'])
    for (let done = 0; done <= NAMES.length; done++) {
      await migrate(store, PROJECT_MIGRATIONS.slice(0, done))
      expect(await schemaOf(store), done === 0 ? 'before the first step' : `after ${NAMES[done - 1]}`).to.deep.equal(onTheWayDown[done])
    }
    expect(NAMES.length).to.be.greaterThan(5)
  })

  it('is told as it is', async () => {
    const store = await (await create()).open([])
    const { applied, pending, unknown } = await migrationStatus(store, PROJECT_MIGRATIONS)
    expect([applied, pending, unknown]).to.deep.equal([NAMES.filter((name) => name.startsWith('store_')), OTHERS.map(({ name }) => name), []])
  })

  it('is not taken back to a step that never ran, nor past one that is not known', async () => {
    const later: Migration = { name: 'zz_9999_of_a_newer_version', up: async () => undefined, down: async () => undefined }
    const store = await (await create()).open([...OTHERS, later])
    expect(await failure(migrateDownTo(store, [...PROJECT_MIGRATIONS, later], 'identity_0000'))).to.contain('has not been through a migration "identity_0000"')
    expect(await failure(migrateDownTo(store, PROJECT_MIGRATIONS, 'none'))).to.contain(later.name)
    expect((await migrationStatus(store, PROJECT_MIGRATIONS)).unknown).to.deep.equal([later.name])
  })
})

describe('exchange migrate', function () {
  this.timeout(60_000)
  it('brings the database forward and back, and refuses to go back in production', async () => {
    const project = await projectInProcess()
    const flags = { project: project.dir, data: project.data }
    expect(await failure(migrateStatusCommand(flags))).to.contain('There is no database')
    expect(await printed(() => migrateCommand(flags))).to.contain(`+ ${NAMES[0]}`)
    const last = NAMES.at(-1)!
    expect(await printed(() => migrateDownCommand({ ...flags, to: NAMES.at(-2)! }))).to.contain(`- ${last}`)
    expect(JSON.parse(await printed(() => migrateStatusCommand({ ...flags, json: true })))).to.deep.equal({ applied: NAMES.slice(0, -1), pending: [last], unknown: [] })
    await project.rewrite((config) => config.replace('defineExchange({', "defineExchange({\n  mode: 'production',"))
    expect(await failure(migrateDownCommand({ ...flags, to: 'none' }))).to.contain('refused in production mode')
    await project.remove()
  })
})
