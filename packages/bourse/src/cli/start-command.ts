/** `exchange start`: brings the exchange up, tells where it is, and takes it down cleanly on Ctrl-C. */
import path from 'node:path'
import { loadProject } from '../config/load-project.js'
import { isProduction, refuseUnsafeProduction } from '../config/production-mode.js'
import { dataDir, type DataDir } from '../runtime/data-dir.js'
import { createLog, type Logger } from '../runtime/log.js'
import { serveEngine } from '../runtime/serve-engine.js'
import { serveExchange } from '../runtime/serve-exchange.js'
import { serveGateway } from '../runtime/serve-gateway.js'
import type { RunningExchange } from '../runtime/serving.js'
import { watchForOrphaning } from './orphan-watch.js'
import { logTeller, personTeller, type StartTeller } from './start-teller.js'

export interface StartFlags {
  readonly project: string
  readonly data?: string
  readonly port?: number
  readonly host?: string
  readonly reset?: boolean
  readonly cancelBreakingOrders?: boolean
  /** Absent: everything in one process. */
  readonly role?: Role
}

/** The processes of an exchange that is split on one host. */
export const ROLES = ['engine', 'gateway'] as const
export type Role = (typeof ROLES)[number]

const SERVE = { engine: serveEngine, gateway: serveGateway } as const

/** As sysexits.h has it: an error inside the program. */
const EXIT_HALTED = 70
/** One Ctrl-C under npm arrives twice: from the terminal, and from npm. */
const SAME_SIGNAL_MS = 1_000

/** The data directory that the flags mean. */
export function dataDirOf(flags: { readonly project: string; readonly data?: string }): DataDir {
  return dataDir(flags.data ?? path.join(flags.project, '.bourse'))
}

export async function startCommand(flags: StartFlags): Promise<void> {
  const startedMs = Date.now()
  if (flags.role === 'gateway' && flags.reset === true) throw new Error('A gateway keeps nothing that could be removed. Start the engine with --reset.')
  const project = await loadProject(path.resolve(flags.project))
  const { server } = project.config
  // Of the engine alone only programs of this machine want to know.
  const place = flags.role === 'engine' ? { host: '127.0.0.1', port: server.enginePort } : server
  const host = flags.host ?? place.host
  refuseUnsafeProduction(project, host)
  const production = isProduction(project.config)
  const logger = createLog({ production })
  const teller = production ? logTeller(logger) : personTeller()
  teller.begin(project.config.brand.name)
  const serve = flags.role === undefined ? serveExchange : SERVE[flags.role]
  const running = await serve(project, dataDirOf(flags), {
    port: flags.port ?? place.port,
    host,
    reset: flags.reset ?? false,
    cancelBreakingOrders: flags.cancelBreakingOrders ?? false,
    onStage: (name, done) => teller.stage(name, done),
    onConfigChange: (lines) => teller.configChange(lines),
    logger,
    onHalt: (error) => halt(logger, error),
  })
  stopOnSignal(running, teller)
  // Last: whoever reads that the exchange is ready may stop it at once.
  teller.ready(running, Date.now() - startedMs)
}

function halt(logger: Logger, error: Error): never {
  logger.fatal({ err: error }, error.message)
  process.exit(EXIT_HALTED)
}

/** The first signal ends in order; a later one at once, which loses nothing that was acknowledged. */
function stopOnSignal(running: RunningExchange, teller: StartTeller): void {
  let stoppingSinceMs: number | undefined
  const stop = (): void => {
    if (stoppingSinceMs !== undefined) {
      if (performance.now() - stoppingSinceMs < SAME_SIGNAL_MS) return
      teller.stoppedAtOnce()
      process.exit(1)
    }
    stoppingSinceMs = performance.now()
    teller.stopping()
    running.close().then(
      () => {
        teller.stopped()
        process.exit(0)
      },
      (error: unknown) => {
        teller.stoppingFailed(error)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  watchForOrphaning(() => {
    if (stoppingSinceMs === undefined) stop()
  })
}
