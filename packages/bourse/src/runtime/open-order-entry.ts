/** Opens the port for binary order entry where the configuration asks for one. */
import { randomBytes } from 'node:crypto'
import type { Exchange } from '@bourse/exchange'
import type { ApiKeys, Person } from '@bourse/identity'
import { startOrderEntry } from '@bourse/order-entry'
import type { Project } from '../config/load-project.js'
import type { SettableClock } from './clock.js'
import type { Operations } from './operations.js'

export interface OrderEntryParts {
  readonly project: Project
  readonly exchange: Exchange
  readonly apiKeys: ApiKeys
  readonly clock: SettableClock
  readonly operations: Pick<Operations, 'gatewayLog' | 'note'>
  readonly closers: (() => Promise<unknown> | void)[]
}

export async function openOrderEntry({ project, exchange, apiKeys, clock, operations, closers }: OrderEntryParts): Promise<void> {
  const { orderEntry } = project.config
  if (orderEntry === undefined) return
  const { host, port, commandsPerSecond } = orderEntry
  const mayTrade = (user: Person): boolean => user.emailVerified || project.config.security.unverifiedMay !== 'read'
  const entry = await startOrderEntry({ exchange, apiKeys, mayTrade, log: operations.gatewayLog, now: clock.nowMs, randomBytes, limits: { commandsPerSecond } }, { host, port })
  closers.push(() => entry.close())
  operations.note(`Binary order entry listens on ${entry.host}:${entry.port}.`)
}
