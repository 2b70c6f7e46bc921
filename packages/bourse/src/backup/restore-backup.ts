/** Puts a backup back as the data of an exchange: all of it, checked before and after, or nothing. */
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, open, readdir } from 'node:fs/promises'
import path from 'node:path'
import { readStoredState, type StoredState } from '@bourse/exchange'
import { openFileStorage } from '@bourse/journal-file'
import { DatabaseTooNewError, expectNoRecords, loadRecords, SQLITE_COPY } from '@bourse/store'
import type { Project } from '../config/load-project.js'
import { markDataDir, type DataDir } from '../runtime/data-dir.js'
import { openSecretBox } from '../runtime/master-key.js'
import { databasePlace, PROJECT_MIGRATIONS } from '../runtime/project-database.js'
import { FOLDERS, KEY_FILE, readManifest, verifyFiles, type Manifest } from './manifest.js'

export interface RestoreOptions {
  readonly from: string
  readonly onStage: (name: string, done: number) => void
  readonly log: (message: string) => void
}

export interface Restored {
  readonly manifest: Manifest
  readonly state: StoredState
  /** False: what the records seal cannot be opened with the master key that is here. */
  readonly keyFits: boolean
}

/**
 * Restores into an empty data directory, and an empty database where that is PostgreSQL.
 *
 * @throws Error when the backup is damaged (naming the file), of another database, or newer than the program; nothing has been changed then.
 */
export async function restoreBackup(project: Project, data: DataDir, { from, onStage, log }: RestoreOptions): Promise<Restored> {
  const manifest = await readManifest(from)
  const place = databasePlace(project, data)
  expectSameDatabase(manifest, place.url)
  const unknown = manifest.records.migrations.filter((name) => !PROJECT_MIGRATIONS.some((migration) => migration.name === name))
  if (unknown.length > 0) throw new DatabaseTooNewError(unknown)
  await expectEmpty(data.dir)
  if (place.url !== undefined) await expectNoRecords({ url: place.url }, PROJECT_MIGRATIONS)
  await verifyFiles(from, manifest, (done) => onStage('Checking the backup', done))

  onStage('Copying the journal', 0)
  await mkdir(data.dir, { recursive: true, mode: 0o700 })
  await copyFolder(path.join(from, FOLDERS.engine), data.engine)
  await copyFolder(path.join(from, FOLDERS.adapters), data.adapters)
  if (manifest.secrets.keyIncluded) await copyDurably(path.join(from, KEY_FILE), data.secretKey)
  const state = await checkState(data, manifest, { onStage, log })
  onStage('Restoring the records', 0)
  if (place.url === undefined) await copyDurably(path.join(from, FOLDERS.records, SQLITE_COPY), data.database)
  else await loadRecords({ url: place.url }, path.join(from, FOLDERS.records), manifest.records, PROJECT_MIGRATIONS)
  // Last: without the mark no start takes the folder for an exchange.
  await markDataDir(data)
  return { manifest, state, keyFits: await keyFits(data, manifest) }
}

function expectSameDatabase({ records }: Manifest, url: string | undefined): void {
  const here = url === undefined ? 'sqlite' : 'postgres'
  if (records.database === here) return
  throw new Error(
    here === 'sqlite'
      ? 'The records of the backup were in PostgreSQL. Create an empty database and put its address into DATABASE_URL; records do not move between databases.'
      : 'The records of the backup were in SQLite. Leave DATABASE_URL empty; records do not move between databases.',
  )
}

async function expectEmpty(dir: string): Promise<void> {
  if (existsSync(dir) && (await readdir(dir)).length > 0) throw new Error(`${dir} is not empty. Restore into a new folder, and name it with --data when you start.`)
}

async function checkState(data: DataDir, { journal }: Manifest, { onStage, log }: Pick<RestoreOptions, 'onStage' | 'log'>): Promise<StoredState> {
  onStage('Replaying the journal', 0)
  const storage = await openFileStorage(data.engine, { keepSnapshots: 1000 })
  const state = await readStoredState({ ...storage, log }).finally(() => storage.close())
  if (state.stateHash === journal.stateHash && state.sequence === journal.lastSequence) return state
  throw new Error(`The state at sequence ${state.sequence} is ${state.stateHash}, the backup says ${journal.stateHash} at ${journal.lastSequence}. Nothing was started; remove ${data.dir} and restore with the version that wrote the backup (${data.dir} is not marked as an exchange).`)
}

async function keyFits(data: DataDir, { secrets }: Manifest): Promise<boolean> {
  const environment = process.env
  if ((environment['BOURSE_SECRET_KEY'] ?? '') === '' && !existsSync(data.secretKey)) return false
  return (await openSecretBox(data.secretKey)).knows(`v1.${secrets.keyName}`)
}

async function copyFolder(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await copyDurably(path.join(entry.parentPath, entry.name), path.join(to, path.relative(from, entry.parentPath), entry.name))
  }
}

async function copyDurably(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 })
  await copyFile(from, to)
  await chmod(to, 0o600)
  for (const place of process.platform === 'win32' ? [to] : [to, path.dirname(to)]) {
    const handle = await open(place, 'r')
    await handle.sync()
    await handle.close()
  }
}
