/** `exchange replay`: drives the engine from recorded files and tells what came of it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createExchange } from '@bourse/exchange'
import { openFileStorage } from '@bourse/journal-file'
import { loadProject } from '../config/load-project.js'
import { binanceReportLines, type BinanceProgress, type BinanceReplayReport } from '../replay/replay-binance.js'
import { replayCommands } from '../replay/replay-commands.js'
import { replayFlash1 } from '../replay/replay-flash1.js'
import { askRunningExchange, NotRunningError } from '../runtime/control-client.js'
import { openExchange } from '../runtime/open-exchange.js'
import { followVenue } from '../runtime/follow-venue.js'
import { startStage, type Stage } from './progress.js'
import { dataDirOf } from './start-command.js'

export interface ReplayFlags {
  readonly format: 'commands' | 'flash1' | 'binance'
  readonly project: string
  readonly data?: string
  readonly fills?: string
  readonly book5?: string
  readonly reports?: string
  readonly market: string
  /** Times the recorded speed. */
  readonly speed: number | 'max'
  readonly report?: string
}

export async function replayCommand(files: readonly string[], flags: ReplayFlags): Promise<void> {
  if (flags.format === 'binance') return replayVenue(files, flags)
  for (const file of files) await replayFlow(file, flags)
}

/** Replays order flow through an exchange of its own, journal included, that is gone afterwards. */
async function replayFlow(file: string, flags: ReplayFlags): Promise<void> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-replay-'))
  const storage = await openFileStorage(dir)
  const exchange = await createExchange({ journal: storage.journal, snapshots: storage.snapshots })
  const nowMs = (): number => performance.now()
  try {
    if (flags.format === 'flash1') {
      const stage = startStage(path.basename(file))
      const report = await replayFlash1({ door: exchange, file, nowMs, onProgress: (done) => stage.update(done), ...(flags.reports !== undefined && { reportsOut: flags.reports }) })
      stage.done()
      process.stdout.write(`${report.messages} messages, ${report.trades} trades, ${report.reports} reports, ${report.messagesPerSecond} messages per second\n`)
    } else {
      const stages = { checking: undefined as Stage | undefined, replaying: undefined as Stage | undefined }
      const report = await replayCommands({
        door: exchange,
        file,
        nowMs,
        onProgress: (stage, done) => (stages[stage] ??= startStage(`${path.basename(file)}: ${stage}`)).update(done),
        ...(flags.fills !== undefined && { fillsOut: flags.fills }),
        ...(flags.book5 !== undefined && { book5Out: flags.book5 }),
      })
      stages.replaying?.done()
      const rejects = Object.entries(report.rejects).map(([code, count]) => `${count} x ${code}`)
      process.stdout.write(`${report.commands} commands, ${report.fills} fills, ${report.commandsPerSecond} commands per second${rejects.length === 0 ? '' : `; rejected: ${rejects.join(', ')}`}\n`)
      if (report.beyondBounds.orders > 0) process.stdout.write(`${report.beyondBounds.orders} orders were refused because their price or quantity is beyond what a market can hold (first on line ${report.beyondBounds.firstLine})\n`)
    }
  } finally {
    await exchange.close()
    await storage.close()
    await rm(dir, { recursive: true, force: true })
  }
}

/** Lets a market of the running exchange follow a capture; opens the data directory itself when nothing runs. */
async function replayVenue(files: readonly string[], flags: ReplayFlags): Promise<void> {
  const data = dataDirOf(flags)
  const request = { files: files.map((file) => path.resolve(file)), market: flags.market, speed: flags.speed }
  const show = progressShower()
  let report: BinanceReplayReport
  try {
    report = (await askRunningExchange(data.dir, data.controlSocket, { command: 'replay', ...request }, (value) => show.update(value as BinanceProgress))) as BinanceReplayReport
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error
    const project = await loadProject(path.resolve(flags.project))
    const open = await openExchange(project, data, {
      cancelBreakingOrders: false,
      applyChanges: true,
      onConfigChange: () => {},
      onRecovery: () => {},
      onHalt: (halted) => {
        throw halted
      },
    })
    try {
      report = await followVenue({ open, request, onProgress: (progress) => show.update(progress) })
    } finally {
      await open.close()
    }
  }
  show.done()
  process.stdout.write(`${binanceReportLines(report).join('\n')}\n`)
  if (flags.report !== undefined) await writeFile(flags.report, `${JSON.stringify(report, null, 2)}\n`)
}

function progressShower(): { update(progress: BinanceProgress): void; done(): void } {
  let shown: { name: string; stage: Stage } | undefined
  return {
    update(progress) {
      if (shown?.name !== progress.stage) {
        shown?.stage.done()
        shown = { name: progress.stage, stage: startStage(progress.stage === 'checking' ? 'Reading the capture' : 'Following the venue') }
      }
      const detail = progress.stage === 'checking' ? '' : `${progress.equalUpdates} of ${progress.updates} updates equal, ${progress.trades} trades`
      shown.stage.update(progress.done, detail)
    },
    done() {
      shown?.stage.done()
      shown = undefined
    },
  }
}
