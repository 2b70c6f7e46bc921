/** What a project's gateway works with, whichever process its engine is in. */
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { GatewayServices } from '@bourse/api'
import type { Accounts } from '@bourse/identity'
import type { Store } from '@bourse/store'
import type { Project } from '../config/load-project.js'
import { isProduction, trustedProxies } from '../config/production-mode.js'
import type { SettableClock } from './clock.js'
import type { Operations } from './operations.js'
import { presentExchange } from './presentation.js'
import { showsOutbox } from './project-accounts.js'
import { adaptersOf } from './project-custody.js'

export interface GatewayParts extends Pick<GatewayServices, 'exchange' | 'wallet' | 'limits' | 'oneTimeRequests' | 'alerts' | 'isUnlimited'> {
  /** As it is now: it may be brought up to date while the exchange runs. */
  project(): Project
  readonly store: Store
  readonly people: Accounts
  readonly clock: SettableClock
  readonly operations: Pick<Operations, 'gatewayLog'>
  /** Whether the market is simulated at this moment. */
  simulated(): boolean
}

export function projectGateway({ project, store, people, clock, operations, simulated, exchange, ...parts }: GatewayParts): GatewayServices {
  const { brand, config } = project()
  const { publicUrl } = config.server
  const adapters = adaptersOf(project())
  return {
    ...parts,
    exchange,
    history: store.history,
    records: store.records,
    identity: people.identity,
    apiKeys: people.apiKeys,
    accounts: people,
    unverifiedMay: config.security.unverifiedMay,
    showsOutbox: showsOutbox(project()),
    presentation: () => presentExchange({ project: project(), catalog: exchange.catalog, adapters, simulated: simulated(), nowMs: clock.nowMs() }),
    logo: brand.logo,
    terminalDir: terminalDir(),
    production: isProduction(config) || publicUrl !== undefined,
    allowedOrigins: publicUrl === undefined ? [] : [new URL(publicUrl).origin],
    proxies: trustedProxies(config),
    log: operations.gatewayLog,
    now: clock.nowMs,
    randomId: randomUUID,
  }
}

/** The terminal's built assets, wherever the package is installed. */
function terminalDir(): string {
  return path.join(path.dirname(createRequire(import.meta.url).resolve('@bourse/terminal/package.json')), 'dist')
}
