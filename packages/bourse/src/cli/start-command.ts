/** `exchange start`: brings the exchange up, tells where it is, and takes it down cleanly on Ctrl-C. */
import path from 'node:path'
import { loadProject } from '../config/load-project.js'
import { dataDir, type DataDir } from '../runtime/data-dir.js'
import { serveExchange, type RunningExchange } from '../runtime/serve-exchange.js'
import { watchForOrphaning } from './orphan-watch.js'
import { startStage, type Stage } from './progress.js'

export interface StartFlags {
  readonly project: string
  readonly data?: string
  readonly port?: number
  readonly host?: string
  readonly reset?: boolean
  readonly cancelBreakingOrders?: boolean
}

/** The data directory that the flags mean. */
export function dataDirOf(flags: { readonly project: string; readonly data?: string }): DataDir {
  return dataDir(flags.data ?? path.join(flags.project, '.bourse'))
}

export async function startCommand(flags: StartFlags): Promise<void> {
  const startedMs = Date.now()
  const project = await loadProject(path.resolve(flags.project))
  const data = dataDirOf(flags)
  process.stderr.write(`\n  ${project.config.brand.name}\n\n`)
  const stages = stageReporter()
  const running = await serveExchange(project, data, {
    port: flags.port ?? project.config.server.port,
    host: flags.host ?? project.config.server.host,
    reset: flags.reset ?? false,
    cancelBreakingOrders: flags.cancelBreakingOrders ?? false,
    onStage: stages.report,
    onConfigChange: (lines) => process.stderr.write(`  ${lines.join('\n  ')}\n`),
    log: (message) => process.stderr.write(`  ${message}\n`),
    onHalt: (error) => {
      process.stderr.write(`\n  The exchange has halted: ${error.message}\n`)
      process.exit(70)
    },
  })
  stages.end()
  stopOnSignal(running)
  // Last: whoever reads that the exchange is ready may stop it at once.
  announce(running, Date.now() - startedMs)
}

/** Turns the progress of named stages into lines: a new name ends the stage before. */
function stageReporter(): { report(name: string, done: number): void; end(): void } {
  let current: { name: string; stage: Stage } | undefined
  return {
    report(name, done) {
      if (current?.name !== name) {
        current?.stage.done()
        current = { name, stage: startStage(name) }
      }
      current.stage.update(done)
    },
    end() {
      current?.stage.done()
      current = undefined
    },
  }
}

function announce(running: RunningExchange, tookMs: number): void {
  const lines = ['', `  Ready in ${(tookMs / 1000).toFixed(1)} s`, '', `  Open     ${running.url}`]
  if (running.demoLogIn !== undefined) lines.push(`  Log in   ${running.demoLogIn.email}   password ${running.demoLogIn.password}`)
  lines.push('  Stop     Ctrl-C', '')
  process.stdout.write(`${lines.join('\n')}\n`)
}

function stopOnSignal(running: RunningExchange): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    process.stderr.write('\n  Stopping ...\n')
    running.close().then(
      () => {
        process.stderr.write('  Stopped; everything is on disk.\n')
        process.exit(0)
      },
      (error: unknown) => {
        process.stderr.write(`  Stopping failed: ${error instanceof Error ? error.message : String(error)}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  watchForOrphaning(stop)
}
