/** Serves an exchange in one process: everything under it, the gateway over it, the control socket beside it, and the living market in it. */
import { createLocalClients, openRateLimits, walletService } from '@bourse/api'
import type { Project } from '../config/load-project.js'
import { controlHandler } from './control-handler.js'
import { startControlServer } from './control-server.js'
import type { DataDir } from './data-dir.js'
import { prepareDemo } from './demo.js'
import { readDemoLogIn } from './demo-log-in.js'
import { loopback } from './listening.js'
import type { OpenExchange } from './open-exchange.js'
import { openForService } from './open-for-service.js'
import { openOrderEntry } from './open-order-entry.js'
import { openProjectAccounts, publicAddress } from './project-accounts.js'
import { startCustody } from './project-custody.js'
import { projectGateway } from './project-gateway.js'
import { openGateway, serve, type House, type RunningExchange, type ServeOptions } from './serving.js'
import { createSimulatorHost, simulatedMarkets, simulatorEnabled, type SimulatorHost } from './simulator-host.js'

export function serveExchange(project: Project, data: DataDir, options: ServeOptions): Promise<RunningExchange> {
  return serve(project, options, async (house) => {
    const open = await openForService(project, data, options, house.operations)
    house.closers.push(() => open.close())
    await bringUp(open, options, house)
    return readDemoLogIn(data.demoLogIn)
  })
}

async function bringUp(open: OpenExchange, options: ServeOptions, house: House): Promise<void> {
  const { operations, url, closers } = house
  const { project, store, exchange, clock } = open
  const people = await openProjectAccounts(open, { origin: publicAddress(project) ?? url, log: operations.log })
  const { identity, apiKeys } = people
  const custody = await startCustody(open, operations, closers)
  const simulated = await simulatorEnabled(project, store)
  let simulator: SimulatorHost | undefined
  const rateLimits = openRateLimits({ redisUrl: process.env['REDIS_URL'], exchange: project.config.brand.name, now: clock.nowMs, log: operations.gatewayLog })
  closers.push(() => rateLimits.close())
  await rateLimits.connected()
  const services = projectGateway({
    project: () => open.project,
    store,
    people,
    clock,
    operations,
    exchange,
    wallet: walletService(custody),
    limits: rateLimits.limits,
    isUnlimited: (userId) => simulator?.isMember(userId) ?? false,
    simulated: () => simulator?.running ?? false,
  })
  const localClients = createLocalClients(services)
  closers.push(() => localClients.close())
  if (simulatedMarkets(project).length > 0) {
    simulator = await createSimulatorHost({ open, identity, clientOf: localClients.clientOf, log: operations.log })
  }
  if (simulated && simulator !== undefined) {
    await simulator.runHistory((done) => options.onStage(`Trading ${project.config.simulator.historyDays} days of history`, done))
    await prepareDemo({ open, identity, clientOf: localClients.clientOf })
  }

  clock.setMs(undefined)
  const { gateway } = openGateway(services, house)
  people.outbox.start()
  closers.push(() => people.outbox.stop())
  await people.approvals.resume()
  await openOrderEntry({ project, exchange, apiKeys, clock, operations, closers })
  operations.follow({ exchange, clock, store, gateway })
  operations.door.open(gateway.app, { tellsRequestIds: true })
  closers.push(() => operations.drain(gateway))
  const control = await startControlServer(open.data.controlSocket, controlHandler({ open, url, simulator, people }))
  closers.push(() => control.close())
  if (simulated && simulator !== undefined) await simulator.start(loopback(url))
  closers.push(async () => simulator?.stop())
}
