/** `exchange backup` and `exchange restore`: journal, snapshots and records together. */
import path from 'node:path'
import type { Manifest } from '../backup/manifest.js'
import { restoreBackup } from '../backup/restore-backup.js'
import { writeBackup } from '../backup/write-backup.js'
import { loadProject } from '../config/load-project.js'
import type { PlaceFlags } from './operate-commands.js'
import { personTeller } from './start-teller.js'
import { dataDirOf } from './start-command.js'

const log = (message: string): void => void process.stderr.write(`  ${message}\n`)

export async function backupCommand(flags: PlaceFlags & { to: string; includeKey?: boolean; json?: boolean }): Promise<void> {
  const project = await loadProject(path.resolve(flags.project))
  const stages = personTeller()
  const manifest = await writeBackup(project, dataDirOf(flags), {
    to: path.resolve(flags.to),
    includeKey: flags.includeKey ?? false,
    now: () => new Date(),
    onStage: (name, done) => stages.stage(name, done),
    log,
  })
  stages.endStage()
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ to: path.resolve(flags.to), ...summary(manifest) })}\n`)
  else process.stdout.write(`\n  Backup of ${manifest.exchange} in ${path.resolve(flags.to)}\n  up to sequence ${manifest.journal.lastSequence}, state ${manifest.journal.stateHash}, ${manifest.files.length} files\n\n  Not in it:\n${leftOut(manifest).map((line) => `  - ${line}\n`).join('')}\n`)
}

export async function restoreCommand(flags: PlaceFlags & { from: string; json?: boolean }): Promise<void> {
  const project = await loadProject(path.resolve(flags.project))
  const data = dataDirOf(flags)
  const stages = personTeller()
  const { manifest, state, keyFits } = await restoreBackup(project, data, { from: path.resolve(flags.from), onStage: (name, done) => stages.stage(name, done), log })
  stages.endStage()
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ data: data.dir, keyFits, ...summary(manifest) })}\n`)
  else process.stdout.write(`\n  Restored ${manifest.exchange} into ${data.dir}: sequence ${state.sequence}, state ${state.stateHash}, as in the backup.\n`)
  if (!keyFits) log(`The secrets in the records (keys of programs, second factors) were sealed under the master key ${manifest.secrets.keyName}, which is not here: put it into .env as BOURSE_SECRET_KEY, or, as a file, to ${data.secretKey}, before you start.`)
}

function summary({ takenAt, journal, records, secrets, files }: Manifest): object {
  return { takenAt, sequence: journal.lastSequence, stateHash: journal.stateHash, database: records.database, secrets, files: files.length }
}

/** What a restore needs beside the backup. */
function leftOut({ secrets }: Manifest): string[] {
  const key =
    secrets.keyFrom === 'environment'
      ? `BOURSE_SECRET_KEY (master key ${secrets.keyName}, from .env or the environment): without it the sealed secrets stay closed. Keep it apart from the backup.`
      : secrets.keyIncluded
        ? undefined
        : `secret.key of the data folder (master key ${secrets.keyName}): without it the sealed secrets stay closed. Copy it to another place than the backup, or take it in with --include-key.`
  return [...(key === undefined ? [] : [key]), 'the project: exchange.config.ts, brand/, plugins/ and .env.', 'the demo log-in, and journal files that were moved to storage.archive.']
}
