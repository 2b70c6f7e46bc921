import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { onEachDatabase } from '../../test/on-each-database.js'
import { rowOf, AuditLog, type AuditEntry } from './audit-log.js'
import { createSecretBox } from '../secret-box.js'

/** Every entry of a full run counts: as many as an exchange writes in weeks. */
const ENTRIES = Number(process.env['BOURSE_TEST_SCALE'] ?? 1) > 1 ? 100_000 : 2_000
const ROWS_OF_ONE_INSERT = 100

onEachDatabase('the audit log', (accounts) => {
  const entry = (index: number) => ({ timestampMs: 1_700_000_000_000 + index, actor: `u_${index % 7}`, action: 'password.changed', subject: `u_${index % 11}`, details: { index } })

  before(async function () {
    this.timeout(300_000)
    const { audit, database } = accounts()
    let last: AuditEntry | undefined
    let rows: ReturnType<typeof rowOf>[] = []
    await database.knex.transaction(async (trx) => {
      for (let index = 0; index < ENTRIES; index++) {
        last = audit.next(last, entry(index))
        rows.push(rowOf(last))
        if (rows.length < ROWS_OF_ONE_INSERT && index < ENTRIES - 1) continue
        await trx('audit_log').insert(rows)
        rows = []
      }
    })
  })

  it(`finds each kind of alteration in ${ENTRIES} entries, wherever it is`, async function () {
    this.timeout(300_000)
    const { audit, database } = accounts()
    const { knex } = database
    const whole = await audit.verify()
    expect(whole).to.include({ ok: true, entries: ENTRIES })
    const head = whole.ok ? whole.head : ''
    const places = [1, Math.ceil(Math.random() * (ENTRIES - 2)) + 1, ENTRIES]
    let found = 0
    for (const sequence of places) {
      for (const change of [{ actor: 'u_x' }, { details: '{"index":-1}' }, { timestamp_ms: 1 }, { subject: 'u_y' }, { action: 'email.verified' }]) {
        const row = await knex('audit_log').where({ sequence }).first<Record<string, unknown>>()
        await knex('audit_log').where({ sequence }).update(change)
        expect(await audit.verify(), JSON.stringify({ sequence, change })).to.include({ ok: false, sequence })
        await knex('audit_log').where({ sequence }).update(row)
        found++
      }
      const row = await knex('audit_log').where({ sequence }).first<Record<string, unknown>>()
      await knex('audit_log').where({ sequence }).delete()
      expect((await audit.verify(head)).ok, `without ${sequence}`).to.equal(false)
      await knex('audit_log').insert(row)
      found++
    }
    expect(await audit.verify(head)).to.include({ ok: true, entries: ENTRIES })
    console.log(`      ${found} alterations of ${ENTRIES} entries, ${found} found`)
  })

  it('cannot be written anew by somebody who has the database alone', async () => {
    const { audit, database } = accounts()
    const forger = new AuditLog(database.knex, createSecretBox({ masterKey: randomBytes(32), randomBytes }))
    await database.knex('audit_log').delete()
    const forged = forger.next(undefined, entry(0))
    await database.knex('audit_log').insert(rowOf(forged))
    expect((await forger.verify()).ok).to.equal(true)
    expect(await audit.verify()).to.include({ ok: false, sequence: 1 })
    await database.knex('audit_log').delete()
  })

  it('keeps its chain when many write at the same moment, and loses no entry of a transaction that was committed', async () => {
    const { audit, database } = accounts()
    await Promise.all(Array.from({ length: 20 }, (_, index) => database.knex.transaction((trx) => audit.append(trx, entry(index))).then(() => undefined)))
    await database.knex.transaction(async (trx) => {
      await audit.append(trx, entry(20))
      throw new Error('taken back')
    }).catch(() => undefined)
    expect(await audit.verify()).to.include({ ok: true, entries: 20 })
    expect((await audit.list({ subject: 'u_3', limit: 100 })).map(({ subject }) => subject)).to.deep.equal(['u_3', 'u_3'])
  })
})
