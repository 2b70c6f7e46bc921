/** An exchange split into an engine and two gateways, served inside the process of a test over the same local socket. */
import { createClient, type BourseClient } from '@bourse/client'
import { loadProject } from '../../packages/bourse/src/config/load-project.js'
import { askRunningExchange } from '../../packages/bourse/src/runtime/control-client.js'
import { dataDir, type DataDir } from '../../packages/bourse/src/runtime/data-dir.js'
import { createLog } from '../../packages/bourse/src/runtime/log.js'
import type { OperatorTask } from '../../packages/bourse/src/runtime/operator-tasks.js'
import { serveEngine } from '../../packages/bourse/src/runtime/serve-engine.js'
import { serveGateway } from '../../packages/bourse/src/runtime/serve-gateway.js'
import type { RunningExchange } from '../../packages/bourse/src/runtime/serving.js'
import { projectInProcess } from './served-exchange.js'

export const PASSWORD = 'correct horse battery'

export interface SplitExchange {
  readonly data: DataDir
  /** All lines of the log at level `warn` and above, of every process. */
  readonly log: string[]
  /** Of the engine's own listener, or of a gateway. */
  urlOf(which: 'engine' | number): string
  /** A client of one gateway, closed with everything. */
  client(gateway: number, token?: string): BourseClient
  /** Makes a log-in with money; resolves with a token. */
  trader(email: string, balances?: Readonly<Record<string, string>>): Promise<string>
  /** Has the engine do what the `exchange` command asks for. */
  task(task: OperatorTask): Promise<unknown>
  /** Writes another configuration beside the running processes, as `change` would have it. */
  rewrite(next: (config: string) => string): Promise<void>
  stop(which: 'engine' | number): Promise<void>
  /** On the port that it had. */
  start(which: 'engine' | number): Promise<void>
  remove(): Promise<void>
}

/** @param change of the configuration. */
export async function startSplitExchange(change: (config: string) => string = (config) => config): Promise<SplitExchange> {
  const project = await projectInProcess((config) => change(config.replace(/\n {2}simulator: .*\n/, '\n')))
  const data = dataDir(project.data)
  const log: string[] = []
  const running = new Map<'engine' | number, RunningExchange>()
  const clients: BourseClient[] = []
  const ports = new Map<'engine' | number, number>()

  async function start(which: 'engine' | number): Promise<void> {
    const serve = which === 'engine' ? serveEngine : serveGateway
    const served = await serve(await loadProject(project.dir), data, {
      port: ports.get(which) ?? 0,
      host: '127.0.0.1',
      reset: false,
      cancelBreakingOrders: false,
      onStage: () => undefined,
      onConfigChange: () => undefined,
      onHalt: (error) => {
        throw error
      },
      logger: createLog({ production: true, environment: { BOURSE_LOG_LEVEL: 'warn' }, destination: { write: (line) => void log.push(line) } }),
    })
    running.set(which, served)
    ports.set(which, Number(new URL(served.url).port))
  }
  async function stop(which: 'engine' | number): Promise<void> {
    await running.get(which)?.close()
    running.delete(which)
  }
  const urlOf = (which: 'engine' | number): string => `http://127.0.0.1:${ports.get(which)}`
  const task = (asked: OperatorTask): Promise<unknown> => askRunningExchange(project.data, data.controlSocket, { command: 'task', task: asked })
  const client = (gateway: number, token?: string): BourseClient => {
    const made = createClient({ baseUrl: urlOf(gateway), ...(token === undefined ? {} : { token }) })
    clients.push(made)
    return made
  }
  const remove = async (): Promise<void> => {
    for (const open of clients) open.close()
    for (const which of [...running.keys()].filter((key) => key !== 'engine')) await stop(which)
    await stop('engine')
    await project.remove()
  }
  try {
    // Whoever is first waits for the engine.
    const early = start(0)
    await start('engine')
    await Promise.all([early, start(1)])
  } catch (error) {
    await remove()
    throw error
  }
  return {
    data,
    log,
    urlOf,
    client,
    async trader(email, balances = {}) {
      await task({ task: 'user.create', email, password: PASSWORD, role: 'customer' })
      for (const [asset, amount] of Object.entries(balances)) await task({ task: 'balance.credit', email, asset, amount })
      return (await client(0).logIn({ email, password: PASSWORD })).token
    },
    task,
    rewrite: (next) => project.rewrite((config) => change(next(config).replace(/\n {2}simulator: .*\n/, '\n'))),
    stop,
    start,
    remove,
  }
}
