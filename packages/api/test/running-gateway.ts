/** A whole exchange behind a real gateway on an ephemeral port, for tests. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createClient, type BourseClient, type ClientOptions, type Exchange as Presentation } from '@bourse/client'
import { simulatedChain } from '@bourse/asset-simulated'
import { createCustody, custodyMigrations, type Custody } from '@bourse/custody'
import { createExchange, type Exchange, type ExchangeOptions } from '@bourse/exchange'
import { createSecretBox, identityMigrations, openAccounts, type Accounts, type Identity, type OutgoingMail } from '@bourse/identity'
import { openFileStorage } from '@bourse/journal-file'
import { openStore, type Store } from '@bourse/store'
import { createGateway, walletService, type Gateway, type GatewayServices } from '../src/index.js'

const BLOCK_MS = 1_000

export const PASSWORD = 'correct horse battery'

export interface RunningGateway {
  readonly url: string
  readonly dir: string
  readonly exchange: Exchange
  readonly identity: Identity
  readonly accounts: Accounts
  /** Has every queued mail sent. @returns all that were, oldest first. */
  mails(): Promise<readonly OutgoingMail[]>
  readonly store: Store
  readonly gateway: Gateway
  readonly custody: Custody
  /** Lets this many blocks pass on the simulated chain, and custody look at each. */
  passBlocks(count: number): Promise<void>
  /** What the gateway logged as faults of the exchange. */
  readonly faults: string[]
  /** A client that is closed with the gateway. */
  client(options?: Partial<ClientOptions>): BourseClient
  /** A client of a new person with these balances, whose e-mail address counts as proved. */
  trader(name: string, balances?: Record<string, string>, options?: Partial<ClientOptions>): Promise<{ client: BourseClient; userId: string; token: string }>
  /** Breaks every connection, as a failing network does. */
  dropConnections(): void
  /** Stops everything and keeps the data. */
  stop(): Promise<void>
  /** Stops everything and removes the data. */
  remove(): Promise<void>
}

export interface RunningGatewayOptions {
  /** Bounds of the exchange's writer. */
  readonly exchange?: Pick<ExchangeOptions, 'maxQueue'>
  /** Data of an earlier run. */
  readonly dir?: string
  readonly services?: (services: GatewayServices) => GatewayServices
  /** The clock of people and sessions; milliseconds since 1970. */
  readonly now?: () => number
}

export async function startGateway(options: RunningGatewayOptions = {}): Promise<RunningGateway> {
  const dir = options.dir ?? (await mkdtemp(path.join(os.tmpdir(), 'bourse-api-')))
  const storage = await openFileStorage(path.join(dir, 'engine'))
  const store = await openStore({ file: path.join(dir, 'bourse.sqlite'), migrations: [...identityMigrations, ...custodyMigrations] })
  const exchange = await createExchange({ ...storage, projections: [store.projection], ...options.exchange })
  if (exchange.catalog.markets().length === 0) await defineMarkets(exchange)
  const faults: string[] = []
  const mails: OutgoingMail[] = []
  const accounts = openAccounts({
    knex: store.knex,
    secrets: createSecretBox({ masterKey: Buffer.alloc(32, 7), randomBytes }),
    now: options.now ?? Date.now,
    brand: () => ({ name: 'Test Exchange', defaultLanguage: 'en', texts: {} }),
    origin: () => 'http://localhost:3000',
    mail: async (mail) => void mails.push(mail),
    keepsMails: true,
    withdrawalHoldMs: 24 * 3_600_000,
    proofMs: 10 * 60_000,
    log: (message) => faults.push(message),
  })
  const { identity, apiKeys } = accounts
  let chainMs = Date.now()
  const chain = simulatedChain({ assets: ['BTC', { asset: 'USDT', withdrawalFee: '1', minimumWithdrawal: '10', minimumDeposit: '1' }], blockTimeMs: BLOCK_MS, requiredConfirmations: 2 })
  await mkdir(path.join(dir, 'chain'), { recursive: true })
  await chain.start({ dataDir: path.join(dir, 'chain'), now: () => chainMs, log: () => undefined })
  const custody = createCustody({ knex: store.knex, commands: exchange, adapters: [chain], now: () => Date.now(), log: (message) => faults.push(message) })
  const services: GatewayServices = {
    exchange,
    identity,
    apiKeys,
    accounts,
    showsOutbox: true,
    history: store.history,
    records: store.records,
    wallet: walletService(custody),
    presentation: () => presentation(exchange),
    production: false,
    log: { info: () => undefined, error: (message, facts) => faults.push(`${message} ${JSON.stringify(facts)}`) },
    now: () => Date.now(),
    randomId: () => randomUUID(),
  }
  const gateway = createGateway(options.services?.(services) ?? services)
  const server = createServer(gateway.app)
  // A busy machine may pause longer than the usual five seconds between two requests of a test.
  server.keepAliveTimeout = 60_000
  gateway.attach(server)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients: BourseClient[] = []
  const client = (given: Partial<ClientOptions> = {}): BourseClient => {
    const made = createClient({ baseUrl: url, ...given })
    clients.push(made)
    return made
  }
  const stop = async (): Promise<void> => {
    for (const open of clients) open.close()
    gateway.close()
    await closeServer(server)
    await custody.stop()
    await chain.stop()
    await exchange.close()
    await storage.close()
    await store.close()
  }
  return {
    url,
    dir,
    exchange,
    identity,
    accounts,
    async mails() {
      await accounts.outbox.deliverDue()
      return mails
    },
    store,
    gateway,
    custody,
    async passBlocks(count) {
      for (let i = 0; i < count; i++) {
        chainMs += BLOCK_MS
        await custody.poll()
      }
    },
    faults,
    client,
    async trader(name, balances = {}, given = {}) {
      const made = client(given)
      const { user, token } = await made.signUp({ email: `${name}@example.com`, password: PASSWORD })
      await accounts.security.markVerified(user.userId)
      for (const [asset, amount] of Object.entries(balances)) await fund(exchange, user.userId, asset, amount)
      return { client: made, userId: user.userId, token }
    },
    dropConnections() {
      for (const socket of sockets) socket.destroy()
    },
    stop,
    async remove() {
      await stop()
      await rm(dir, { recursive: true })
    },
  }
}

let transfers = 0

/** Puts money from outside into an account. */
export async function fund(exchange: Exchange, userId: string, asset: string, amount: string): Promise<void> {
  const result = await exchange.submit({ type: 'ledger.transfer', requestId: `test-${Date.now()}-${transfers++}`, from: 'world', to: userId, asset, amount })
  if (!result.ok) throw new Error(`The transfer was refused: ${result.reject.code}`)
}

async function defineMarkets(exchange: Exchange): Promise<void> {
  const rules = { state: 'open', minQuantity: '0.00001', maxQuantity: '1000', maxPrice: '10000000', minNotional: '5', makerFee: '0.0008', takerFee: '0.0010', marketBandBps: 500, allowSelfTrade: false, maxOpenOrders: 20_000 } as const
  for (const code of ['BTC', 'ETH', 'USDT']) await submitted(exchange, { type: 'asset.define', code, scale: 8 })
  await submitted(exchange, { type: 'market.define', symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 5, tickSize: '0.01', lotSize: '0.00001', ...rules })
  await submitted(exchange, { type: 'market.define', symbol: 'ETH-USDT', base: 'ETH', quote: 'USDT', priceScale: 2, quantityScale: 4, tickSize: '0.05', lotSize: '0.0001', ...rules, minQuantity: '0.001' })
}

async function submitted(exchange: Exchange, command: Parameters<Exchange['submit']>[0]): Promise<void> {
  const result = await exchange.submit(command)
  if (!result.ok) throw new Error(`${command.type} was refused: ${result.reject.code}`)
}

function presentation({ catalog }: Exchange): Presentation {
  return {
    brand: { name: 'Test Exchange', tagline: '', logoUrl: '/brand/logo.svg', theme: { light: {}, dark: {} }, defaultAppearance: 'dark', defaultLanguage: 'en', texts: {} },
    assets: catalog.assets().map(({ code, scale }) => ({ code, name: code, scale })),
    markets: [],
    time: Date.now(),
    simulated: false,
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
