/** Runs a gateway of an exchange whose engine is a process of its own: HTTP, sockets and pages, over a twin of the engine. */
import { openRateLimits } from '@bourse/api'
import { connectReplica, type ReplicaExchange } from '@bourse/exchange'
import { loadProject, type Project } from '../config/load-project.js'
import { createClock } from './clock.js'
import type { DataDir } from './data-dir.js'
import { EngineAlerts } from './engine-alerts.js'
import { engineFailures, engineOneTimeRequests, engineRateLimits, engineWallet } from './engine-services.js'
import { withMarketOf } from './market-rules-tasks.js'
import { tellOfPeople, type Note } from './notes.js'
import { openProjectAccounts, publicAddress } from './project-accounts.js'
import { openProjectStore } from './project-database.js'
import { projectGateway } from './project-gateway.js'
import { openGateway, serve, type House, type OpenGateway, type RunningExchange, type ServeOptions } from './serving.js'

/** Listens at once, and answers 503 while the engine is not there. */
export function serveGateway(project: Project, data: DataDir, options: ServeOptions): Promise<RunningExchange> {
  return serve(project, options, async (house) => {
    await bringUp(project, data, options, house)
    return undefined
  })
}

async function bringUp(startedWith: Project, data: DataDir, options: ServeOptions, house: House): Promise<void> {
  const { operations, url, closers } = house
  let project = startedWith
  // The engine's process brings the schema up to date before it takes anybody.
  const replica = await connectReplica({ path: data.engineSocket, log: operations.log, onHalt: options.onHalt })
  closers.push(() => replica.close())
  const store = await openProjectStore(project, data)
  closers.push(() => store.close())
  const clock = createClock()
  clock.setMs(undefined)
  const people = await openProjectAccounts({ store, data, project }, { origin: publicAddress(project) ?? url, failures: engineFailures(replica), log: operations.log })
  const redisUrl = process.env['REDIS_URL'] ?? ''
  const rateLimits = openRateLimits({ redisUrl, exchange: project.config.brand.name, now: clock.nowMs, log: operations.gatewayLog })
  closers.push(() => rateLimits.close())
  await rateLimits.connected()
  const tell = (note: Note): void => replica.note(note)
  const services = projectGateway({
    project: () => project,
    store,
    people,
    clock,
    operations,
    exchange: replica,
    wallet: engineWallet(replica),
    // One count for all gateways: in Redis where that is configured, else in the engine's process.
    limits: redisUrl === '' ? engineRateLimits(replica) : rateLimits.limits,
    oneTimeRequests: engineOneTimeRequests(replica),
    alerts: new EngineAlerts({ link: replica, rows: store.records.priceAlerts, now: clock.nowMs, log: operations.log }),
    simulated: () => false,
  })
  const { gateway, binance } = openGateway(services, house, { tell: (note) => tell({ binance: note }) })
  people.outbox.leaveTo(() => tell({ mail: true }))
  const telling = tellOfPeople(people, tell)
  const adopt = async (market: string): Promise<void> => {
    project = withMarketOf(project, await loadProject(project.dir), market)
  }
  const stops = [
    () => telling.close(),
    replica.onNote((heard) => {
      const note = heard as Note
      telling.hear(note)
      if (note.binance !== undefined) binance.hear(note.binance)
      if (note.market !== undefined) adopt(note.market).catch((error: unknown) => operations.log(`The configuration of ${note.market} could not be read anew: ${error instanceof Error ? error.message : String(error)}`))
    }),
    followPresence(replica, gateway, house),
  ]
  closers.push(() => {
    for (const stop of stops) stop()
  })
  operations.follow({ exchange: replica, clock, store, gateway })
  operations.door.open(gateway.app, { tellsRequestIds: true })
  closers.push(() => operations.drain(gateway))
}

/** Lets people in while the engine is there. */
function followPresence(replica: ReplicaExchange, gateway: OpenGateway['gateway'], { operations }: House): () => void {
  return replica.onPresence((present) => {
    if (operations.door.state === 'draining') return
    if (present) operations.door.open(gateway.app, { tellsRequestIds: true })
    else operations.door.close()
    operations.note(present ? 'The engine is there again.' : 'The engine has gone; requests are answered 503 until it is back.')
  })
}
