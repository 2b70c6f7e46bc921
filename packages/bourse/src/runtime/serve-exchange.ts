/** Serves an exchange: everything under it, the gateway over it, the control socket beside it, and the living market in it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createGateway, createLocalClients, walletService, type GatewayServices } from '@bourse/api'
import { createCustody, type Custody } from '@bourse/custody'
import type { AssetAdapter } from '@bourse/plugin'
import type { Project } from '../config/load-project.js'
import type { ControlRequest } from './control-protocol.js'
import { startControlServer } from './control-server.js'
import type { DataDir } from './data-dir.js'
import { prepareDemo } from './demo.js'
import { readDemoLogIn, type DemoLogIn } from './demo-log-in.js'
import { followVenue } from './follow-venue.js'
import { openExchange, type OpenExchange } from './open-exchange.js'
import { openOperatorServices, runOperatorTask, type OperatorServices } from './operator-tasks.js'
import { presentExchange } from './presentation.js'
import { createSimulatorHost, saveSimulatorSwitch, historyStartMs, simulatedMarkets, simulatorEnabled, type SimulatorHost } from './simulator-host.js'

export interface ServeOptions {
  readonly port: number
  readonly host: string
  /** Removes all data first. */
  readonly reset: boolean
  readonly cancelBreakingOrders: boolean
  /** Work that takes a while, by name, 0 to 1. */
  readonly onStage: (name: string, done: number) => void
  readonly onConfigChange: (lines: readonly string[]) => void
  readonly onHalt: (error: Error) => void
  readonly log: (message: string) => void
}

export interface RunningExchange {
  /** Where people reach it. */
  readonly url: string
  readonly demoLogIn: DemoLogIn | undefined
  /** Refuses new work, makes what was acknowledged durable, and ends. */
  close(): Promise<void>
}

export async function serveExchange(project: Project, data: DataDir, options: ServeOptions): Promise<RunningExchange> {
  const open = await openExchange(project, data, {
    reset: options.reset,
    cancelBreakingOrders: options.cancelBreakingOrders,
    applyChanges: true,
    ...(project.config.simulator.enabled && simulatedMarkets(project).length > 0 && { birthMs: historyStartMs(project, Date.now()) }),
    onConfigChange: options.onConfigChange,
    onRecovery: (done) => options.onStage('Replaying the journal', done),
    onHalt: options.onHalt,
    onReadOnly: (error) => options.log(error.message),
    log: options.log,
  })
  const closers: (() => Promise<void> | void)[] = [() => open.close()]
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer()
  }
  try {
    const { url } = await bringUp(open, options, closers)
    return { url, demoLogIn: await readDemoLogIn(data.demoLogIn), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function bringUp(open: OpenExchange, options: ServeOptions, closers: (() => Promise<void> | void)[]): Promise<{ url: string }> {
  const { project, store, exchange, clock } = open
  const people = await openOperatorServices(open)
  const { identity, apiKeys } = people
  const custody = await startCustody(open, options, closers)
  const adapters = adaptersOf(project)
  const simulated = await simulatorEnabled(project, store)
  let simulator: SimulatorHost | undefined
  const services: GatewayServices = {
    exchange,
    history: store.history,
    identity,
    apiKeys,
    wallet: walletService(custody),
    presentation: () => presentExchange({ project, catalog: exchange.catalog, adapters, simulated: simulator?.running ?? false, nowMs: clock.nowMs() }),
    logo: project.brand.logo,
    terminalDir: terminalDir(),
    production: project.config.server.publicUrl !== undefined,
    allowedOrigins: project.config.server.publicUrl === undefined ? [] : [new URL(project.config.server.publicUrl).origin],
    proxies: project.config.server.publicUrl === undefined ? 0 : 1,
    isUnlimited: (userId) => simulator?.isMember(userId) ?? false,
    log: { info: () => {}, error: (message, facts) => options.log(`${message}${facts === undefined ? '' : ` ${JSON.stringify(facts)}`}`) },
    now: clock.nowMs,
    randomId: randomUUID,
  }
  const localClients = createLocalClients(services)
  closers.push(() => localClients.close())
  if (simulatedMarkets(project).length > 0) {
    simulator = await createSimulatorHost({ open, identity, clientOf: localClients.clientOf, log: options.log })
  }
  if (simulated && simulator !== undefined) {
    await simulator.runHistory((done) => options.onStage(`Trading ${project.config.simulator.historyDays} days of history`, done))
    await prepareDemo({ open, identity, clientOf: localClients.clientOf })
  }

  clock.setMs(undefined)
  const gateway = createGateway(services)
  const server = createServer(gateway.app)
  gateway.attach(server)
  const url = await listen(server, options)
  closers.push(() => closeServer(server))
  closers.push(() => gateway.close())
  const control = await startControlServer(open.data.controlSocket, controlHandler({ open, url, simulator, people }))
  closers.push(() => control.close())
  if (simulated && simulator !== undefined) await simulator.start(loopback(url))
  closers.push(async () => simulator?.stop())
  return { url }
}

function adaptersOf(project: Project): AssetAdapter[] {
  return project.config.plugins.flatMap((plugin) => plugin.assetAdapters ?? [])
}

async function startCustody(open: OpenExchange, options: ServeOptions, closers: (() => Promise<void> | void)[]): Promise<Custody> {
  const { project, store, exchange, data } = open
  const adapters = adaptersOf(project)
  for (const adapter of adapters) {
    const dataDir = path.join(data.adapters, adapter.name)
    await mkdir(dataDir, { recursive: true })
    await adapter.start({ dataDir, now: Date.now, log: options.log })
    closers.push(() => adapter.stop())
  }
  const custody = createCustody({ knex: store.knex, commands: exchange, adapters, now: Date.now, log: options.log })
  await custody.start()
  closers.push(() => custody.stop())
  return custody
}

/** The terminal's built assets, wherever the package is installed. */
function terminalDir(): string {
  return path.join(path.dirname(createRequire(import.meta.url).resolve('@bourse/terminal/package.json')), 'dist')
}

function listen(server: Server, { port, host }: ServeOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} on ${host} is taken by another program. Choose another one with --port.`) : error)
    })
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo
      const shown = host === '127.0.0.1' || host === '::1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host
      resolve(`http://${shown}:${address.port}`)
    })
  })
}

function loopback(url: string): string {
  return url.replace('localhost', '127.0.0.1')
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

interface Controlled {
  readonly open: OpenExchange
  readonly url: string
  readonly simulator: SimulatorHost | undefined
  readonly people: OperatorServices
}

function controlHandler({ open, url, simulator, people }: Controlled): (request: ControlRequest, progress: (value: unknown) => void, signal: AbortSignal) => Promise<unknown> {
  return async (request, progress, signal) => {
    switch (request.command) {
      case 'status':
        return { name: open.project.config.brand.name, url, pid: process.pid, simulator: simulator?.running ?? false, ...open.exchange.status() }
      case 'simulator':
        return switchSimulator({ open, url, simulator }, request.enabled)
      case 'task':
        return runOperatorTask(request.task, open, people)
      case 'replay': {
        const { files, market, speed } = request
        return followVenue({ open, request: { files, market, speed }, ...(simulator !== undefined && { simulator }), onProgress: progress, signal })
      }
    }
  }
}

async function switchSimulator({ open, url, simulator }: Omit<Controlled, 'people'>, enabled: boolean): Promise<{ enabled: boolean }> {
  if (simulator === undefined) throw new Error('No market of the configuration says how it is simulated. Add "simulation" to a market first.')
  await saveSimulatorSwitch(open.store, enabled)
  if (enabled) await simulator.start(loopback(url))
  else await simulator.switchOff()
  return { enabled }
}
