/** An exchange in memory behind a real port for binary order entry, with two people and their API keys. */
import { randomBytes } from 'node:crypto'
import { createExchange, createMemoryStorage, type Exchange } from '@bourse/exchange'
import { ApiKeys, createIdentity, createSecretBox, identityMigrations, type NewApiKey } from '@bourse/identity'
import { openStore, type Store } from '@bourse/store'
import { connectOrderEntry, type Answer, type OrderEntryClient, type OrderEntryClientOptions } from '@bourse/client/tcp'
import { startOrderEntry, type OrderEntry, type OrderEntryServices } from '../src/index.js'

export const MARKET = 'BTC-USDT'
const RULES = { state: 'open', tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '1000', maxPrice: '1000000', minNotional: '0', makerFee: '0.001', takerFee: '0.002', marketBandBps: 9000, allowSelfTrade: false, maxOpenOrders: 10_000 } as const

export interface RunningEntry {
  readonly exchange: Exchange
  readonly apiKeys: ApiKeys
  readonly entry: OrderEntry
  readonly users: { readonly ann: string; readonly bob: string }
  /** Logged as faults of the server. */
  readonly faults: string[]
  /** Moves the server's clock. */
  passMs(ms: number): void
  key(userId: string, more?: Partial<NewApiKey>): Promise<{ key: string; secret: string }>
  /** A client of a new key with the scope to trade; closed at the end. */
  client(userId: string, options?: Partial<OrderEntryClientOptions>): Promise<RunningClient>
  /** Logs all clients off. */
  logOff(): Promise<void>
  close(): Promise<void>
}

export interface RunningClient {
  readonly client: OrderEntryClient
  readonly credentials: { key: string; secret: string }
  readonly answers: Answer[]
  /** Why its connections ended. */
  readonly ends: string[]
  /** Resolves with the first answer that fits, also one that came before. */
  answer<Type extends Answer['type']>(type: Type, fits?: (answer: Extract<Answer, { type: Type }>) => boolean): Promise<Extract<Answer, { type: Type }>>
  /** Why its last connection ended, once it has. */
  ended(): Promise<string>
}

export async function startEntry(options: { limits?: OrderEntryServices['limits']; exchange?: Partial<Parameters<typeof createExchange>[0]>; mayTrade?: OrderEntryServices['mayTrade'] } = {}): Promise<RunningEntry> {
  const exchange = await createExchange({ ...createMemoryStorage(), ...options.exchange })
  const store = await openStore({ file: ':memory:', migrations: identityMigrations })
  let aheadMs = 0
  const now = (): number => Date.now() + aheadMs
  const identity = createIdentity({ knex: store.knex, now })
  const apiKeys = new ApiKeys({ knex: store.knex, secrets: createSecretBox({ masterKey: Buffer.alloc(32, 7), randomBytes }), now, randomBytes })
  const [ann, bob] = await Promise.all(['ann', 'bob'].map(async (name) => {
    const created = await identity.createUser({ email: `${name}@example.com`, password: 'correct horse battery' })
    if (!created.ok) throw new Error(created.message)
    return created.user.userId
  }))
  await define(exchange, [ann!, bob!])
  const faults: string[] = []
  const log = { info: () => undefined, error: (message: string, facts?: object) => faults.push(`${message} ${JSON.stringify(facts)}`) }
  const entry = await startOrderEntry({ exchange, apiKeys, ...(options.mayTrade && { mayTrade: options.mayTrade }), log, now, randomBytes, ...(options.limits && { limits: options.limits }) }, { port: 0, host: '127.0.0.1' })
  const clients: (() => Promise<unknown>)[] = []
  const logOff = async (): Promise<void> => {
    await Promise.all(clients.splice(0).map((close) => close()))
  }
  const key = async (userId: string, more: Partial<NewApiKey> = {}): Promise<{ key: string; secret: string }> => {
    const made = await apiKeys.create({ userId, label: 'bot', scopes: ['trade'], ...more })
    if (!made.ok) throw new Error(made.message)
    return { key: made.apiKey.key, secret: made.secret ?? '' }
  }
  return {
    exchange,
    apiKeys,
    entry,
    users: { ann: ann!, bob: bob! },
    faults,
    passMs(ms) {
      aheadMs += ms
    },
    key,
    async client(userId, given = {}) {
      const credentials = (given.credentials as { key: string; secret: string } | undefined) ?? (await key(userId))
      const running = await follow({ host: '127.0.0.1', port: entry.port, ...given, credentials })
      clients.push(async () => {
        running.client.close()
        if (running.client.connected) await running.ended()
      })
      return { ...running, credentials }
    },
    logOff,
    async close() {
      await logOff()
      await entry.close()
      await exchange.close()
      await closeStore(store)
    },
  }
}

async function follow(options: OrderEntryClientOptions): Promise<Omit<RunningClient, 'credentials'>> {
  const answers: Answer[] = []
  const ends: string[] = []
  const checks = new Set<() => void>()
  const changed = (): void => {
    for (const check of [...checks]) check()
  }
  const until = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = find()
        if (found === undefined) return
        checks.delete(check)
        resolve(found)
      }
      checks.add(check)
      check()
    })
  const client = await connectOrderEntry({
    ...options,
    onAnswer(answer) {
      answers.push(answer)
      changed()
    },
    onEnd(reason) {
      ends.push(reason)
      options.onEnd?.(reason)
      changed()
    },
  })
  return {
    client,
    answers,
    ends,
    answer: <Type extends Answer['type']>(type: Type, fits: (answer: Extract<Answer, { type: Type }>) => boolean = () => true) =>
      until(() => answers.find((answer): answer is Extract<Answer, { type: Type }> => answer.type === type && fits(answer as Extract<Answer, { type: Type }>))),
    ended: () => until(() => ends[0]),
  }
}

async function define(exchange: Exchange, users: readonly string[]): Promise<void> {
  const results = await Promise.all([
    ...['BTC', 'USDT'].map((code) => exchange.submit({ type: 'asset.define', code, scale: 8 })),
    exchange.submit({ type: 'market.define', symbol: MARKET, base: 'BTC', quote: 'USDT', priceScale: 2, quantityScale: 4, ...RULES }),
    ...users.map((account) => exchange.submit({ type: 'account.open', account, kind: 'user' })),
    ...users.flatMap((to) => ['BTC', 'USDT'].map((asset) => exchange.submit({ type: 'ledger.transfer', requestId: `${asset}-${to}`, from: 'world', to, asset, amount: asset === 'BTC' ? '1000' : '10000000' }))),
  ])
  for (const result of results) if (!result.ok) throw new Error(result.reject.code)
}

async function closeStore(store: Store): Promise<void> {
  await store.close()
}
