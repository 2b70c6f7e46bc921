/** Runs a whole exchange on PostgreSQL: the same people, orders and history as on SQLite, over kills and restarts. */
import { expect } from 'chai'
import { createClient, type BourseClient } from '@bourse/client'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { databaseFacts } from './database-facts.js'
import { runExchange, startExchange, temporaryProject, type RunningProcess } from './running-exchange.js'

const SERVER = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER, connectionTimeoutMillis: 3_000 })
  await client.connect()
  await client.query(sql)
  await client.end()
}

describe('an exchange on PostgreSQL', function () {
  this.timeout(120_000)
  const name = `bourse_e2e_${randomBytes(6).toString('hex')}`
  const url = Object.assign(new URL(SERVER), { pathname: `/${name}` }).href
  let project: Awaited<ReturnType<typeof temporaryProject>>
  let running: RunningProcess | undefined
  before(async function () {
    try {
      await onServer(`create database ${name}`)
    } catch (error) {
      console.log(`skipped: no PostgreSQL at ${SERVER.replace(/:[^:@/]*@/, ':***@')} (${error instanceof Error ? error.message : String(error)})`)
      this.skip()
    }
    project = await temporaryProject((config) => config.replace('historyDays: 3', 'historyDays: 0'))
  })
  after(async () => {
    if (project === undefined) return
    await running?.kill()
    await project.remove()
    await onServer(`drop database ${name} with (force)`)
  })

  const start = (flags: readonly string[] = []): Promise<RunningProcess> => startExchange({ project: project.dir, data: project.data, flags, env: { DATABASE_URL: url } })
  const logIn = async (): Promise<BourseClient> => {
    const client = createClient({ baseUrl: running!.url })
    await client.logIn(running!.logIn!)
    return client
  }
  const trade = async (client: BourseClient, clientOrderId: string): Promise<void> => {
    await client.placeOrder({ market: 'BTC-USDT', clientOrderId, side: 'buy', orderType: 'market', quantity: '0.01' })
    await client.placeOrder({ market: 'BTC-USDT', clientOrderId: `${clientOrderId}-resting`, side: 'buy', orderType: 'limit', price: '20000.00', quantity: '0.01' })
  }
  const state = async (client: BourseClient): Promise<unknown> => ({
    balances: (await client.balances()).balances,
    open: (await client.openOrders()).map(({ orderId }) => orderId),
    fills: (await client.fills()).items,
    ledger: (await client.ledger()).items,
  })

  it('keeps people, orders, fills and the ledger over a clean restart and a kill', async () => {
    running = await start()
    let client = await logIn()
    await trade(client, 'before')
    const before = await state(client)
    client.close()
    await running.stop()
    running = await start()
    client = await logIn()
    expect(await state(client)).to.deep.equal(before)
    await trade(client, 'killed')
    const acknowledged = await state(client)
    await running.kill()
    client.close()
    running = await start()
    client = await logIn()
    expect(await state(client)).to.deep.equal(acknowledged)
    client.close()
    await running.stop()
  })

  it('has a history that adds up and equals one rebuilt from the journal', async () => {
    const before = await databaseFacts(project.data, url)
    expect(Object.values(before.sumsPerAsset)).to.satisfy((sums: bigint[]) => sums.length > 0 && sums.every((sum) => sum === 0n))
    expect(before.negativeCustomers).to.deep.equal([])
    const rebuilt = await runExchange(['rebuild-history', '--project', project.dir, '--data', project.data], { DATABASE_URL: url })
    expect(rebuilt.code, rebuilt.output).to.equal(0)
    expect((await databaseFacts(project.data, url)).digests).to.deep.equal(before.digests)
  })

  it('begins anew with --reset, tables included', async () => {
    running = await start(['--reset'])
    const client = await logIn()
    expect((await client.orders()).items.map(({ clientOrderId }) => clientOrderId)).not.to.include('before')
    client.close()
    await running.stop()
  })
})
