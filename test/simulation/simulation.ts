/** Runs the production code of writer, journal, snapshots and recovery through many lives on a disk that fails. */
import { KilledError } from '@bourse/journal-file/testing'
import { stream, type Placed } from './faults.js'
import { Life, type Ending } from './life.js'
import { expectFlipNoticed, rotSnapshot } from './recovery-check.js'
import { Run, type Counts, type SimulationOptions } from './run.js'

export interface SimulationResult {
  readonly counts: Counts
  readonly lives: number
  /** Equal in every run of the same seed, commands and faults. */
  readonly trace: string
  /** The state at the end. */
  readonly stateHash: string
}

/** The exchange has broken a promise. */
export class SimulationFailure extends Error {
  constructor(
    readonly seed: number,
    readonly commands: number,
    readonly faults: readonly Placed[],
    /** Commands that had been sent by then. */
    readonly sent: number,
    readonly lives: number,
    cause: unknown,
  ) {
    super(`in life ${lives}, after ${sent} commands: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'SimulationFailure'
  }
}

/** A run that needs more lives than this for one fault does not come to an end. */
const LIVES_PER_FAULT = 8

/**
 * One run: commands are sent, faults strike, the process starts again and is checked, until every command was sent.
 *
 * @throws SimulationFailure with what is needed to see it again.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const run = await simulateRun(options)
  return { counts: run.counts, lives: run.lives, trace: run.traceDigest(), stateHash: run.model.engine.stateHash() }
}

/** As {@link simulate}, and gives the disk that was left and all that is known of what is on it. */
export async function simulateRun(options: SimulationOptions): Promise<Run> {
  const run = new Run(options)
  const faults = [...run.faults]
  try {
    const mostLives = 10 + LIVES_PER_FAULT * faults.length
    for (let finished = false; ; ) {
      if (run.lives > mostLives) throw new Error(`the run has not come to an end after ${run.lives} lives`)
      const ending = await nextLife(run)
      if (ending === 'done' && finished) break
      finished = ending === 'done'
    }
    return run
  } catch (error) {
    throw new SimulationFailure(options.seed, options.commands, faults, run.sent, run.lives, error)
  }
}

async function nextLife(run: Run): Promise<Ending> {
  run.lives++
  run.history.failure = undefined
  const rotten = await damageDisk(run)
  const life = new Life(run)
  const starting = run.crashWhileStarting.shift()
  if (starting !== undefined) life.armed.push((_operation, count) => (count > starting ? 'power-cut' : undefined))
  const ending = await liveToTheEnd(life)
  if (rotten && life.exchange !== undefined && !life.log.some((line) => line.includes('damaged'))) throw new Error('a damaged snapshot was used, or left out without a word')
  if (life.exchange === undefined && ending === 'power-cut') run.counts.crashesWhileStarting++
  leaveDisk(run, ending)
  return ending
}

async function liveToTheEnd(life: Life): Promise<Ending> {
  try {
    return await life.live()
  } catch (error) {
    // An exchange that is born on a full disk, or dies on it while it starts for the first time, has nothing to serve.
    if (life.run.model.engine.sequence === 0 && life.run.disk.capacity < Infinity && String(error).includes('ENOSPC')) return 'read-only'
    if (error instanceof KilledError) throw new Error('the process ended by itself after a kill', { cause: error })
    throw error
  }
}

/** The disk that the next life finds. */
function leaveDisk(run: Run, ending: Ending): void {
  const { counts } = run
  const random = stream(run.options.seed, 'leave', run.lives)
  const { capacity } = run.disk
  const cut = ending === 'power-cut' || (ending === 'halt' && random.onceIn(3))
  run.disk = cut ? run.disk.afterPowerCut(() => random.below(2 ** 30) / 2 ** 30, counts) : run.disk.afterKill()
  if (cut) counts.powerCuts++
  if (ending === 'kill') counts.kills++
  if (ending === 'halt') counts.halts++
  if (ending === 'restart' || ending === 'done') counts.orderlyStops++
  if (ending !== 'read-only') return
  counts.fullDisks++
  // The first start may find the disk still full; then somebody makes room.
  if (run.stillFull) run.disk.capacity = capacity
  run.stillFull = false
}

/** Does the damage that is due; tells whether the newest snapshot is rotten. */
async function damageDisk(run: Run): Promise<boolean> {
  let rotten = false
  for (const { kind, random } of run.damage.splice(0)) {
    if (kind === 'bit-flip') await expectFlipNoticed(run, run.disk, random)
    else if (await rotSnapshot(run.disk, random)) {
      rotten = true
      run.counts.rottenSnapshots++
    }
  }
  return rotten
}
