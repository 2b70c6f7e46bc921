import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Knex } from 'knex'
import { failure } from '../test/failure.js'
import { lateSynced } from './late-sync.js'
import { openSqlite } from './sqlite.js'

const NORMAL = 1n
const FULL = 2n

describe('a transaction that is synced late', () => {
  let folder: string
  let knex: Knex
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bourse-store-'))
    knex = await openSqlite(join(folder, 'exchange.db'))
    await knex.raw('create table rows (id integer primary key)')
  })
  afterEach(async () => {
    await knex.destroy()
    rmSync(folder, { recursive: true })
  })

  const level = async (database: Knex): Promise<unknown> => (await database.raw<{ synchronous: bigint }[]>('pragma synchronous'))[0]?.synchronous

  it('does not wait for the disk at its commit, but before it is said to be done', async () => {
    let synced: (() => void) | undefined
    let log = ''
    let done = false
    const work = async (trx: Knex.Transaction): Promise<void> => {
      expect(await level(trx)).to.equal(NORMAL)
      await trx('rows').insert({ id: 1 })
    }
    const late = lateSynced(knex, work, (path) => {
      log = path
      return new Promise((resolve) => (synced = resolve))
    }).then(() => (done = true))
    while (synced === undefined) await new Promise(setImmediate)
    expect([log, done]).to.deep.equal([join(folder, 'exchange.db-wal'), false])
    synced()
    await late
    expect(await knex('rows')).to.deep.equal([{ id: 1n }])
  })

  it('leaves every other commit to be synced at once', async () => {
    let others: Promise<unknown> | undefined
    await lateSynced(knex, async (trx) => {
      others = level(knex)
      await trx('rows').insert({ id: 1 })
    })
    expect([await others, await level(knex)]).to.deep.equal([FULL, FULL])
  })

  it('syncs as ever after a transaction that failed', async () => {
    const work = async (trx: Knex.Transaction): Promise<void> => {
      await trx('rows').insert({ id: 1 })
      throw new Error('no more')
    }
    expect(await failure(lateSynced(knex, work))).to.contain('no more')
    expect(await level(knex)).to.equal(FULL)
    expect(await knex('rows')).to.deep.equal([])
  })
})
