/** Looks at the data of an exchange: its folder, who holds it, and the last time in its journal. */
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { FrameBuffer } from '@bourse/core'
import { DirectoryLockedError, openFileStorage } from '@bourse/journal-file'
import { askRunningExchange, NotRunningError } from '../runtime/control-client.js'
import { isMarkedDataDir, type DataDir } from '../runtime/data-dir.js'
import { messageOf, ok, problem, warning, type Finding } from './finding.js'

/** A clock may be corrected by so much without anybody minding. */
const CLOCK_TOLERANCE_MS = 2_000

/** What a running exchange says of itself, as far as the doctor reads it. */
export interface RunningFacts {
  readonly pid: number
  readonly url: string
  readonly lastCommandMs: number
  readonly readOnly?: string
}

/** Asks the exchange of a data folder; undefined when none runs. */
export async function askRunning(data: DataDir): Promise<RunningFacts | undefined> {
  try {
    return (await askRunningExchange(data.dir, data.controlSocket, { command: 'status' })) as RunningFacts
  } catch (error) {
    if (error instanceof NotRunningError) return undefined
    throw error
  }
}

/** Whether the folder is one, private, and free or held by the exchange itself. */
export async function checkFolder(data: DataDir, running: RunningFacts | undefined): Promise<Finding[]> {
  if (!existsSync(data.dir)) return [ok('data: folder', `${data.dir} does not exist yet; the first start makes it.`)]
  const findings: Finding[] = []
  if (!isMarkedDataDir(data) && (await readdir(data.dir)).length > 0) {
    return [problem('data: folder', `${data.dir} is not the data of an exchange.`, 'Name the right folder with --data DIR, or an empty one.')]
  }
  const mode = process.platform === 'win32' ? 0 : (await stat(data.dir)).mode & 0o077
  findings.push(mode === 0 ? ok('data: folder', `${data.dir} is readable by its owner only.`) : warning('data: folder', `${data.dir} can be opened by other users of this machine.`, `chmod 700 ${data.dir}`))
  if (running !== undefined) findings.push(ok('data: lock', `The exchange runs as process ${running.pid} at ${running.url}.`))
  if (running?.readOnly !== undefined) findings.push(problem('data: state', running.readOnly, 'Free space on the disk of the journal.'))
  return findings
}

/** Opens the journal of an exchange that rests, which checks it, and reads the last time in it. */
export async function checkJournal(data: DataDir, running: RunningFacts | undefined, nowMs: number): Promise<Finding[]> {
  if (running !== undefined) return [checkClock(running.lastCommandMs, nowMs)]
  if (!existsSync(data.engine)) return [ok('data: journal', 'There is none yet.')]
  try {
    const storage = await openFileStorage(data.engine)
    try {
      const { lastSequence } = storage.journal
      return [ok('data: lock', 'Nobody holds the data.'), ok('data: journal', `The journal ends at sequence ${lastSequence}.`), checkClock(await lastTimeMs(storage.journal), nowMs)]
    } finally {
      await storage.close()
    }
  } catch (error) {
    if (error instanceof DirectoryLockedError) return [problem('data: lock', error.message, 'Stop that process, or look whether it is an exchange that hangs.')]
    return [problem('data: journal', messageOf(error), 'Do not start. Restore the file from a backup; "exchange check" reads all of it.')]
  }
}

/** The journal's time never runs backwards: commands would be stamped with the last one until the clock has caught up. */
export function checkClock(lastCommandMs: number, nowMs: number): Finding {
  const aheadMs = lastCommandMs - nowMs
  if (aheadMs > CLOCK_TOLERANCE_MS) {
    return problem('clock: journal', `The last command in the journal is ${(aheadMs / 1000).toFixed(1)} s later than this machine's clock.`, 'Set the clock by NTP (timedatectl set-ntp true). Until it has caught up, every command gets the same time.')
  }
  return ok('clock: journal', lastCommandMs === 0 ? 'The journal holds no command yet.' : `The last command was stamped ${new Date(lastCommandMs).toISOString()}.`)
}

/** How far the database's clock is from this one. */
export function checkDatabaseClock(databaseMs: number, nowMs: number): Finding {
  const apartMs = Math.abs(databaseMs - nowMs)
  if (apartMs > CLOCK_TOLERANCE_MS) return warning('clock: database', `The clock of the database is ${(apartMs / 1000).toFixed(1)} s from this machine's.`, 'Set both clocks by NTP; signed requests are refused when the exchange is 5 s off.')
  return ok('clock: database', `The clock of the database is ${apartMs.toFixed(0)} ms from this machine's.`)
}

async function lastTimeMs(journal: { readonly lastSequence: number; read(from: number): AsyncIterable<{ readonly frames: Uint8Array }> }): Promise<number> {
  let lastUs = 0
  if (journal.lastSequence === 0) return 0
  for await (const { frames } of journal.read(journal.lastSequence)) {
    const commands = FrameBuffer.from(frames)
    for (let offset = 0; offset < commands.length; offset += commands.size(offset)) lastUs = commands.timestampUs(offset)
  }
  return lastUs / 1000
}
