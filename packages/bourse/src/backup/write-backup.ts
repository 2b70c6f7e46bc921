/** Takes a backup of an exchange that runs or rests: adapters, records and journal, in the order that keeps them consistent. */
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { readStoredState } from '@bourse/exchange'
import { copyJournal, copySnapshots, openFileStorage, type CopiedJournal } from '@bourse/journal-file'
import { JournalArchivedError } from '@bourse/plugin'
import { copyRecords } from '@bourse/store'
import type { Project } from '../config/load-project.js'
import { askRunningExchange, NotRunningError } from '../runtime/control-client.js'
import type { DataDir } from '../runtime/data-dir.js'
import { masterKeyFrom, openSecretBox } from '../runtime/master-key.js'
import { packageVersion } from '../runtime/package-version.js'
import { databasePlace, PROJECT_MIGRATIONS } from '../runtime/project-database.js'
import { FOLDERS, KEY_FILE, writeManifest, type Manifest } from './manifest.js'

export interface BackupOptions {
  /** An empty or missing folder. */
  readonly to: string
  /** Puts the master key into the backup, where it is kept beside the data: then the backup alone opens every secret. */
  readonly includeKey: boolean
  readonly now: () => Date
  readonly onStage: (name: string, done: number) => void
  readonly log: (message: string) => void
}

/** How often a copy is tried that old journal files were put away under. */
const ATTEMPTS = 3
/** How often a file is copied that changes meanwhile. */
const FILE_ATTEMPTS = 5

/**
 * Copies everything that a restore needs, and checks the copy by replaying it.
 *
 * What knows of the journal is copied before it: the facts that adapters have told are in the records, and what
 * records say of the ledger is in the journal. So the journal is never behind, and a start makes up for the rest.
 */
export async function writeBackup(project: Project, data: DataDir, options: BackupOptions): Promise<Manifest> {
  const { to, onStage, log } = options
  await makeEmpty(to)
  onStage('Copying the records', 0)
  await copyAdapters(data.adapters, path.join(to, FOLDERS.adapters))
  const records = await copyRecords(databasePlace(project, data), path.join(to, FOLDERS.records), PROJECT_MIGRATIONS)
  const engine = path.join(to, FOLDERS.engine)
  const journal = await copyEngine(data, engine, options)
  onStage('Replaying the copy', 0)
  const storage = await openFileStorage(engine, { checkAll: true, keepSnapshots: 1000 })
  const state = await readStoredState({ ...storage, log }).finally(() => storage.close())
  const box = await openSecretBox(data.secretKey)
  const keyFrom = masterKeyFrom()
  const keyIncluded = options.includeKey && keyFrom === 'file'
  if (keyIncluded) await copyFile(data.secretKey, path.join(to, KEY_FILE))
  onStage('Writing checksums', 0)
  return writeManifest(to, {
    program: packageVersion(),
    takenAt: options.now().toISOString(),
    exchange: project.config.brand.name,
    journal: { ...journal, stateHash: state.stateHash },
    records: { ...records, migrations: [...records.migrations] },
    secrets: { keyName: box.keyName, keyFrom, keyIncluded },
  })
}

type EngineFacts = CopiedJournal & { readonly snapshots: number[] }

async function copyEngine(data: DataDir, to: string, { onStage, log }: BackupOptions): Promise<EngineFacts> {
  for (let attempt = 1; ; attempt++) {
    onStage('Copying the journal', 0)
    await mkdir(to, { recursive: true })
    // First: a snapshot that the journal has passed is useful, one that it has not reached is none.
    const snapshots = await copySnapshots(data.engine, to, (file, reason) => log(`The snapshot ${file} is damaged and was left out: ${reason}.`))
    try {
      const journal = await copyJournalOf(data, to, onStage)
      const reachesBack = journal.firstSequence === 1 || snapshots.some((sequence) => sequence + 1 >= journal.firstSequence)
      if (reachesBack) return { ...journal, snapshots }
    } catch (error) {
      if (!(error instanceof JournalArchivedError)) throw error
    }
    if (attempt === ATTEMPTS) throw new Error('Old journal files were put away while they were copied, again and again. Try again when less is going on, or set storage.archive to "keep".')
    await rm(to, { recursive: true })
  }
}

/** By the process that runs the exchange, or here when none does. */
async function copyJournalOf(data: DataDir, to: string, onStage: BackupOptions['onStage']): Promise<CopiedJournal> {
  try {
    return (await askRunningExchange(data.dir, data.controlSocket, { command: 'copy-journal', to }, (done) => onStage('Copying the journal', Number(done)))) as CopiedJournal
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error
  }
  const storage = await openFileStorage(data.engine)
  try {
    return await copyJournal(storage.journal, to, (done) => onStage('Copying the journal', done))
  } finally {
    await storage.close()
  }
}

async function copyAdapters(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const source = path.join(entry.parentPath, entry.name)
    const target = path.join(to, path.relative(from, source))
    await mkdir(path.dirname(target), { recursive: true })
    await copyStill(source, target)
  }
}

/** Copies a file again when it changed while it was copied. */
async function copyStill(source: string, target: string): Promise<void> {
  for (let attempt = 1; attempt <= FILE_ATTEMPTS; attempt++) {
    const before = await stat(source)
    await copyFile(source, target)
    const after = await stat(source)
    if (before.size === after.size && before.mtimeMs === after.mtimeMs) return
  }
}

async function makeEmpty(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  if ((await readdir(dir)).length > 0) throw new Error(`${dir} is not empty. Name a folder of its own for each backup.`)
}
