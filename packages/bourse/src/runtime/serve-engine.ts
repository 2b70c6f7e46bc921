/** Runs the engine of an exchange without a gateway: journal, history, custody, mails and order entry over TCP; gateways of other processes connect to its local socket. */
import type { RequestListener } from 'node:http'
import { AlertWatch, balanceAdjustment, followFreezes, MemoryRateLimits, TakenRequests, walletService } from '@bourse/api'
import { openEngineLink, type EngineLink } from '@bourse/exchange'
import { memoryFailures, type Accounts } from '@bourse/identity'
import type { Project } from '../config/load-project.js'
import { controlHandler } from './control-handler.js'
import { startControlServer } from './control-server.js'
import type { DataDir } from './data-dir.js'
import { engineCalls, type EngineCallParts } from './engine-calls.js'
import { tellOfPeople, type Note } from './notes.js'
import type { OpenExchange } from './open-exchange.js'
import { openForService } from './open-for-service.js'
import { openOrderEntry } from './open-order-entry.js'
import { openProjectAccounts, publicAddress } from './project-accounts.js'
import { startCustody } from './project-custody.js'
import { serve, type House, type RunningExchange, type ServeOptions } from './serving.js'
import { openAccount } from './simulator-host.js'

/** Serves health, readiness and metrics over HTTP, everything else over the local socket. */
export function serveEngine(project: Project, data: DataDir, options: ServeOptions): Promise<RunningExchange> {
  return serve(project, options, async (house) => {
    await bringUp(project, data, options, house)
    return undefined
  })
}

async function bringUp(project: Project, data: DataDir, options: ServeOptions, { operations, url, closers }: House): Promise<void> {
  const open = await openForService(project, data, options, operations)
  closers.push(() => open.close())
  const { exchange, clock, store } = open
  clock.setMs(undefined)
  if (project.config.simulator.enabled) operations.note('The market is simulated only where everything runs in one process: without --role.')
  const origin = publicAddress(project)
  const failures = memoryFailures()
  const people = await openProjectAccounts(open, { ...(origin !== undefined && { origin }), failures, log: operations.log })
  const custody = await startCustody(open, operations, closers)
  const alerts = new AlertWatch({ exchange, alerts: store.records.priceAlerts, log: operations.gatewayLog })
  closers.push(() => alerts.close())
  const link = await openLink({ open, people, failures, alerts, wallet: walletService(custody) }, { operations, closers })
  closers.push(followFreezes({ exchange, accounts: people, records: store.records, log: operations.gatewayLog }))
  people.outbox.start()
  closers.push(() => people.outbox.stop())
  people.approvals.register(balanceAdjustment({ exchange, identity: people.identity, prepareAccount: (userId) => openAccount(open, userId) }))
  await people.approvals.resume()
  await openOrderEntry({ project, exchange, apiKeys: people.apiKeys, clock, operations, closers })
  const control = await startControlServer(data.controlSocket, controlHandler({ open, url, simulator: undefined, people }))
  closers.push(() => control.close())
  operations.follow({ exchange, clock, store, gateways: () => link.gateways })
  operations.door.open(nothingHere)
  closers.push(() => operations.drain())
  // First of all: gateways answer 503 from here on, and nothing new comes.
  closers.push(() => link.close())
}

interface Linked extends Omit<EngineCallParts, 'exchange' | 'limits' | 'taken'> {
  readonly open: OpenExchange
  readonly people: Accounts
}

/** Opens the local socket, and tells the gateways what happens here. */
async function openLink({ open, people, wallet, failures, alerts }: Linked, { operations, closers }: Pick<House, 'operations' | 'closers'>): Promise<EngineLink> {
  const { exchange, clock, data } = open
  const calls = engineCalls({ exchange, wallet, limits: new MemoryRateLimits(clock.nowMs), taken: new TakenRequests(), failures, alerts })
  const link = await openEngineLink({ exchange, path: data.engineSocket, calls, log: operations.log })
  const tell = (note: Note): void => link.note(note)
  const telling = tellOfPeople(people, tell)
  const stops = [
    () => telling.close(),
    link.onNote((heard) => {
      const note = heard as Note
      telling.hear(note)
      if (note.mail === true) people.outbox.wake()
    }),
    wallet.onChange((change) => tell({ wallet: change })),
    alerts.onFired((alert) => tell({ alert })),
    open.onAdopt((market) => tell({ market })),
  ]
  closers.push(() => {
    for (const stop of stops) stop()
  })
  return link
}

const nothingHere: RequestListener = (_request, response) => {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('This is the engine of an exchange: /health, /ready and /metrics. People and programs are served by its gateways.\n')
}
