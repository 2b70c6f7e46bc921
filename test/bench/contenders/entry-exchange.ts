/** A whole exchange on the machine's disk behind the port for binary order entry, with people who have keys and money. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createExchange, type Exchange } from '@bourse/exchange'
import { ApiKeys, createIdentity, createSecretBox, identityMigrations, type Identity } from '@bourse/identity'
import { openFileStorage } from '@bourse/journal-file'
import { startOrderEntry } from '@bourse/order-entry'
import { openStore, type Store } from '@bourse/store'
import { REFERENCE_DEFINITIONS } from '../streams/command-stream.js'

export interface Credentials {
  readonly key: string
  readonly secret: string
}

export interface PeopledExchange {
  readonly exchange: Exchange
  readonly store: Store
  readonly identity: Identity
  readonly apiKeys: ApiKeys
  readonly people: readonly (Credentials & { readonly userId: string })[]
  close(): Promise<void>
}

/** The market of the reference workload, and so many people with an API key and plenty of both assets. */
export async function openPeopledExchange(people: number): Promise<PeopledExchange> {
  const directory = mkdtempSync(join(tmpdir(), 'bourse-bench-'))
  const storage = await openFileStorage(join(directory, 'engine'))
  const store = await openStore({ file: join(directory, 'records.sqlite'), migrations: identityMigrations })
  const exchange = await createExchange({ ...storage, onHalt: (error) => { throw error } })
  const identity = createIdentity({ knex: store.knex, now: Date.now })
  const apiKeys = new ApiKeys({ knex: store.knex, secrets: createSecretBox({ masterKey: randomBytes(32), randomBytes }), now: Date.now, randomBytes })
  for (const command of REFERENCE_DEFINITIONS) await done(exchange.submit(command))
  const made: (Credentials & { userId: string })[] = []
  for (let index = 0; index < people; index++) {
    const created = await identity.createUser({ email: `trader-${index}@example.com`, password: randomBytes(12).toString('hex') })
    if (!created.ok) throw new Error(created.message)
    const { userId } = created.user
    const key = await apiKeys.create({ userId, label: 'bench', scopes: ['trade'] })
    if (!key.ok) throw new Error(key.message)
    await done(exchange.submit({ type: 'account.open', account: userId, kind: 'user' }))
    for (const asset of ['BASE', 'QUOTE']) await done(exchange.submit({ type: 'ledger.transfer', requestId: `${asset}-${index}`, from: 'world', to: userId, asset, amount: '10000000000' }))
    made.push({ userId, key: key.apiKey.key, secret: key.secret ?? '' })
  }
  return {
    exchange,
    store,
    identity,
    apiKeys,
    people: made,
    async close() {
      await exchange.close()
      await storage.close()
      await store.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The same behind the port for binary order entry, which sets no bound on the pace. */
export async function openEntryExchange(sessions: number, inFlight: number): Promise<PeopledExchange & { readonly port: number }> {
  const peopled = await openPeopledExchange(sessions)
  const { exchange, apiKeys } = peopled
  const log = { info: () => undefined, error: (message: string, facts?: object) => console.error(message, facts) }
  const entry = await startOrderEntry({ exchange, apiKeys, log, now: Date.now, randomBytes, limits: { commandsPerSecond: 0, inFlight } }, { port: 0, host: '127.0.0.1' })
  return {
    ...peopled,
    port: entry.port,
    async close() {
      await entry.close()
      await peopled.close()
    },
  }
}

async function done(result: ReturnType<Exchange['submit']>): Promise<void> {
  const answer = await result
  if (!answer.ok) throw new Error(`A command of the preparation was refused: ${answer.reject.code}.`)
}
