/** An exchange served inside the process of a test, with its log in memory. */
import path from 'node:path'
import { loadProject } from '../../packages/bourse/src/config/load-project.js'
import { askRunningExchange } from '../../packages/bourse/src/runtime/control-client.js'
import { dataDir } from '../../packages/bourse/src/runtime/data-dir.js'
import { createLog } from '../../packages/bourse/src/runtime/log.js'
import type { OperatorTask } from '../../packages/bourse/src/runtime/operator-tasks.js'
import { serveExchange } from '../../packages/bourse/src/runtime/serve-exchange.js'
import { temporaryProject } from '../e2e/running-exchange.js'

export interface ServedExchange {
  readonly url: string
  readonly project: Project
  readonly data: string
  /** All lines of the log so far, at every level. */
  readonly log: string[]
  /** What the configuration changed at the start. */
  readonly changes: string[]
  /** Has it do what the `exchange` command asks for. */
  task(task: OperatorTask): Promise<Readonly<Record<string, unknown>>>
  close(): Promise<void>
  /** Closes it and removes what it has kept. */
  remove(): Promise<void>
}

type Project = Awaited<ReturnType<typeof temporaryProject>>

/** A temporary project for the process of a test: its records never go to a database that the environment names. */
export async function projectInProcess(change: (config: string) => string = (config) => config): Promise<Project> {
  const inSqlite = (config: string): string => config.replace("env('DATABASE_URL')", 'undefined')
  const project = await temporaryProject((config) => inSqlite(change(config)))
  return { ...project, rewrite: (next) => project.rewrite((config) => inSqlite(next(config))) }
}

/**
 * Serves the demo exchange without its simulated market, on a free port.
 *
 * @param again an exchange that was closed, to be served again with all that it kept
 */
export async function serveForTest(change: (config: string) => string = (config) => config, again?: Pick<ServedExchange, 'project'>): Promise<ServedExchange> {
  const project = again?.project ?? (await projectInProcess((config) => change(config.replace(/\n {2}simulator: .*\n/, '\n'))))
  const log: string[] = []
  const changes: string[] = []
  const running = await serveExchange(await loadProject(project.dir), dataDir(project.data), {
    port: 0,
    host: '127.0.0.1',
    reset: false,
    cancelBreakingOrders: false,
    onStage: () => undefined,
    onConfigChange: (lines) => void changes.push(...lines),
    onHalt: (error) => {
      throw error
    },
    logger: createLog({ production: true, environment: { BOURSE_LOG_LEVEL: 'trace' }, destination: { write: (line) => void log.push(line) } }),
  })
  return {
    url: running.url.replace('localhost', '127.0.0.1'),
    project,
    data: path.resolve(project.data),
    log,
    changes,
    task: async (task) => (await askRunningExchange(project.data, dataDir(project.data).controlSocket, { command: 'task', task })) as Record<string, unknown>,
    close: () => running.close(),
    remove: async () => {
      await running.close()
      await project.remove()
    },
  }
}
