/** `exchange migrate`: the schema of the database forward, how far it is, and back in development. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Database } from '@bourse/plugin'
import { lockDirectory } from '@bourse/journal-file'
import { DatabaseTooNewError, migrate, migrateDownTo, migrationStatus, openDatabase } from '@bourse/store'
import { loadProject, type Project } from '../config/load-project.js'
import { isProduction } from '../config/production-mode.js'
import { prepareDataDir } from '../runtime/data-dir.js'
import { databasePlace, PROJECT_MIGRATIONS } from '../runtime/project-database.js'
import type { PlaceFlags } from './operate-commands.js'
import { dataDirOf } from './start-command.js'

export async function migrateCommand(flags: PlaceFlags): Promise<void> {
  await withDatabase(flags, 'change', async (database) => {
    const { pending } = await migrationStatus(database, PROJECT_MIGRATIONS)
    await migrate(database, PROJECT_MIGRATIONS)
    process.stdout.write(pending.length === 0 ? 'The database is up to date.\n' : `${pending.map((name) => `+ ${name}`).join('\n')}\nThe database is up to date now.\n`)
  })
}

export async function migrateStatusCommand(flags: PlaceFlags & { json?: boolean }): Promise<void> {
  await withDatabase(flags, 'look', async (database) => {
    const status = await migrationStatus(database, PROJECT_MIGRATIONS)
    if (flags.json === true) process.stdout.write(`${JSON.stringify(status)}\n`)
    else {
      for (const name of status.applied) process.stdout.write(`${status.unknown.includes(name) ? 'unknown ' : 'done    '} ${name}\n`)
      for (const name of status.pending) process.stdout.write(`pending  ${name}\n`)
    }
    if (status.unknown.length > 0) throw new DatabaseTooNewError(status.unknown)
  })
}

export async function migrateDownCommand(flags: PlaceFlags & { to: string }): Promise<void> {
  await withDatabase(flags, 'change', async (database, project) => {
    if (isProduction(project.config)) {
      throw new Error('migrate down loses what the steps hold, and is refused in production mode. Restore the backup from before the upgrade instead: "exchange restore".')
    }
    const back = await migrateDownTo(database, PROJECT_MIGRATIONS, flags.to)
    process.stdout.write(back.length === 0 ? 'Nothing ran after that step.\n' : `${back.map((name) => `- ${name}`).join('\n')}\nThe next start runs these steps again; start the version that does not know them instead, or remove them from it.\n`)
  })
}

/** Opens the database without bringing it up to date; to change it, nobody else may run the exchange. */
async function withDatabase(flags: PlaceFlags, purpose: 'look' | 'change', work: (database: Database, project: Project) => Promise<void>): Promise<void> {
  const project = await loadProject(path.resolve(flags.project))
  const data = dataDirOf(flags)
  const place = databasePlace(project, data)
  if (place.url === undefined && !existsSync(place.file)) {
    if (purpose === 'look') throw new Error(`There is no database in ${data.dir} yet. The first start makes it.`)
    await prepareDataDir(data)
  }
  const lock = purpose === 'change' && existsSync(data.engine) ? await lockDirectory(data.engine) : undefined
  try {
    const database = await openDatabase(place)
    try {
      await work(database, project)
    } finally {
      await database.knex.destroy()
    }
  } finally {
    await lock?.release()
  }
}
