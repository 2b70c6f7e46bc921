/** Keeps the built-in market of an exchange: its accounts, the days it begins with, and its switch. */
import { createMarketSimulator, SIMULATOR_ROLES, simulatorFunding, type FundedMarket, type MarketSimulator, type SimulatorRole } from '@bourse/market-simulator'
import type { LocalClient } from '@bourse/api'
import { createClient } from '@bourse/client'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Identity, Person } from '@bourse/identity'
import type { Store } from '@bourse/store'
import type { Project } from '../config/load-project.js'
import { marketSymbol } from '../config/market-terms.js'
import type { OpenExchange } from './open-exchange.js'

const SWITCH = 'simulator.enabled'
const HISTORY_DONE = 'simulator.history'
const DAY_MS = 86_400_000
/** Well before the sessions of the simulated people end. */
const RENEW_EVERY_MS = 7 * DAY_MS
const MAIL_DOMAIN = 'simulator.invalid'

/** The operator's switch wins over the configuration. */
export async function simulatorEnabled(project: Project, store: Store): Promise<boolean> {
  const saved = await store.settings.get(SWITCH)
  return typeof saved === 'boolean' ? saved : project.config.simulator.enabled
}

export function saveSimulatorSwitch(store: Store, enabled: boolean): Promise<void> {
  return store.settings.set(SWITCH, enabled)
}

/** The markets of the configuration that say how they are simulated. */
export function simulatedMarkets(project: Project): FundedMarket[] {
  return project.config.markets.flatMap((market) =>
    market.simulation === undefined || market.state !== 'open' ? [] : [{ symbol: marketSymbol(market), base: market.base, quote: market.quote, ...market.simulation }],
  )
}

/** When the days begin that a new exchange has behind it. */
export function historyStartMs(project: Project, nowMs: number): number {
  return nowMs - project.config.simulator.historyDays * DAY_MS
}

export interface SimulatorHostOptions {
  readonly open: OpenExchange
  readonly identity: Identity
  /** A client of one person inside this process, for the past: nobody can connect to a day that is over. */
  clientOf(userId: string): LocalClient
  readonly log: (message: string) => void
}

export interface SimulatorHost {
  /** Trades through the days before now, once in the life of an exchange. */
  runHistory(onProgress: (done: number) => void): Promise<void>
  /** Trades live over the public API at this address. */
  start(baseUrl: string): Promise<void>
  stop(): Promise<void>
  /** Takes every simulated order out of the books as well. */
  switchOff(): Promise<void>
  readonly running: boolean
  /** Whether an account is one of the simulator's. */
  isMember(userId: string): boolean
  /** Takes a market out of the simulation while something else drives it; resolves to the way back. */
  leave(market: string): Promise<() => Promise<void>>
}

export async function createSimulatorHost(options: SimulatorHostOptions): Promise<SimulatorHost> {
  const { open, identity, log } = options
  const { project, exchange, store, clock } = open
  const markets = simulatedMarkets(project)
  const settings = { seed: project.config.simulator.seed, markets, log }
  let people = await knownPeople(identity)
  const join = async (): Promise<Record<SimulatorRole, Person>> => {
    const all = await simulatorPeople(options, markets)
    people = Object.values(all)
    return all
  }
  let live: { simulator: MarketSimulator; renewal: NodeJS.Timeout; close(): void } | undefined
  const left = new Set<string>()

  const renew = async (baseUrl: string): Promise<void> => {
    try {
      await host.stop()
      await host.start(baseUrl)
    } catch (error) {
      log(`The market simulator could not go on: ${error instanceof Error ? error.message : String(error)}. "exchange simulator on" starts it again.`)
    }
  }
  const host: SimulatorHost = {
    get running() {
      return live !== undefined
    },
    isMember: (userId) => people.some((person) => person.userId === userId),
    async runHistory(onProgress) {
      if (project.config.simulator.historyDays === 0 || markets.length === 0 || (await store.settings.get(HISTORY_DONE)) !== undefined) return
      const toMs = Date.now()
      // A history that was interrupted goes on where the journal ends.
      const fromMs = Math.max(historyStartMs(project, toMs), Math.ceil(exchange.engine.timestampUs / 1_000))
      const roles = await join()
      const simulator = createMarketSimulator({ ...settings, clients: byRole((role) => options.clientOf(roles[role].userId)), clock: { nowMs: clock.nowMs, sleep } })
      await simulator.runHistory({ fromMs, toMs, advanceTo: (ms) => clock.setMs(ms), onProgress })
      clock.setMs(undefined)
      await store.settings.set(HISTORY_DONE, { fromMs, toMs })
    },
    async start(baseUrl) {
      if (live !== undefined || markets.length === 0) return
      const roles = await join()
      const sessions = await Promise.all(SIMULATOR_ROLES.map(async (role) => [role, (await identity.openSession(roles[role])).token] as const))
      const clients = new Map(sessions.map(([role, token]) => [role, createClient({ baseUrl, token })]))
      await Promise.all([...clients.values()].map((client) => client.connect()))
      const simulator = createMarketSimulator({ ...settings, clients: byRole((role) => clients.get(role)!), clock: { nowMs: clock.nowMs, sleep } })
      for (const market of left) await simulator.pause(market)
      const renewal = setTimeout(() => void renew(baseUrl), RENEW_EVERY_MS)
      renewal.unref()
      live = { simulator, renewal, close: () => clients.forEach((client) => client.close()) }
      await simulator.start()
    },
    async stop() {
      const ending = live
      live = undefined
      clearTimeout(ending?.renewal)
      await ending?.simulator.stop()
      ending?.close()
    },
    async switchOff() {
      await host.stop()
      for (const person of people) await exchange.submit({ type: 'order.cancel-all', account: person.userId })
    },
    async leave(market) {
      left.add(market)
      await live?.simulator.pause(market)
      for (const person of people) await exchange.submit({ type: 'order.cancel-all', account: person.userId, market })
      return async () => {
        left.delete(market)
        await live?.simulator.resume(market)
      }
    },
  }
  return host
}

function byRole<Value>(make: (role: SimulatorRole) => Value): Record<SimulatorRole, Value> {
  return Object.fromEntries(SIMULATOR_ROLES.map((role) => [role, make(role)])) as Record<SimulatorRole, Value>
}

/** The simulator's people of earlier starts; an exchange that never simulated has none. */
async function knownPeople(identity: Identity): Promise<Person[]> {
  const found = await Promise.all(SIMULATOR_ROLES.map((role) => identity.userByEmail(mailOf(role))))
  return found.filter((person) => person !== undefined)
}

function mailOf(role: SimulatorRole): string {
  return `${role}@${MAIL_DOMAIN}`
}

/** One person a role, made and funded once; their passwords are random and kept nowhere. */
async function simulatorPeople({ open, identity }: SimulatorHostOptions, markets: readonly FundedMarket[]): Promise<Record<SimulatorRole, Person>> {
  const funding = simulatorFunding(markets)
  const people = {} as Record<SimulatorRole, Person>
  for (const role of SIMULATOR_ROLES) {
    const email = mailOf(role)
    const person = (await identity.userByEmail(email)) ?? (await createPerson(identity, email))
    await openAccount(open, person.userId)
    for (const [asset, amount] of Object.entries(funding[role])) await fundOnce(open, { account: person.userId, asset, amount, requestId: `simulator-${role}-${asset}` })
    people[role] = person
  }
  return people
}

async function createPerson(identity: Identity, email: string): Promise<Person> {
  const created = await identity.createUser({ email, password: randomBytes(24).toString('base64url') })
  if (!created.ok) throw new Error(`The market simulator has no account ${email}: ${created.message}`)
  return created.user
}

/**
 * Gives an account money from the world, once in the life of the exchange.
 *
 * The engine remembers a requestId within its window only, so the fact is kept in the settings as well; a crash
 * between the two is healed by the requestId.
 */
export async function fundOnce({ exchange, store }: OpenExchange, transfer: { account: string; asset: string; amount: string; requestId: string }): Promise<void> {
  const key = `funded.${transfer.requestId}`
  if ((await store.settings.get(key)) !== undefined) return
  const result = await exchange.submit({ type: 'ledger.transfer', requestId: transfer.requestId, from: 'world', to: transfer.account, asset: transfer.asset, amount: transfer.amount })
  if (!result.ok) throw new Error(`${transfer.amount} ${transfer.asset} could not be given to a demonstration account: ${result.reject.code}.`)
  await store.settings.set(key, transfer.amount)
}

/** Opens the engine account of a person, unless it is open. */
export async function openAccount({ exchange }: OpenExchange, account: string): Promise<void> {
  if (exchange.catalog.accountByName(account) === undefined) await exchange.submit({ type: 'account.open', account, kind: 'user' })
}
