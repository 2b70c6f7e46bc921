/** Backups: taken while people trade, restored on a blank host to the same state, refused where a byte is wrong. */
import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createClient } from '@bourse/client'
import { readStoredState } from '@bourse/exchange'
import { openFileStorage } from '@bourse/journal-file'
import pg from 'pg'
import { readManifest, type Manifest } from '../../packages/bourse/src/backup/manifest.js'
import { restoreBackup, type Restored } from '../../packages/bourse/src/backup/restore-backup.js'
import { writeBackup } from '../../packages/bourse/src/backup/write-backup.js'
import { backupCommand, restoreCommand } from '../../packages/bourse/src/cli/backup-commands.js'
import { loadProject } from '../../packages/bourse/src/config/load-project.js'
import { dataDir } from '../../packages/bourse/src/runtime/data-dir.js'
import { printed } from './printed.js'
import { serveForTest, type ServedExchange } from './served-exchange.js'

const PASSWORD = 'correct horse battery'
const DATABASE_URL = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'
const quiet = { onStage: () => undefined, log: () => undefined }
let names = 0

async function sql(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

/** A place for records: SQLite in the data folder, or a schema of its own in PostgreSQL. */
interface Records {
  change(config: string): string
  drop(): Promise<void>
}

async function postgresRecords(): Promise<Records> {
  const schema = `bourse_backup_${process.pid}_${names++}`
  await sql(`create schema ${schema}`)
  const url = new URL(DATABASE_URL)
  url.searchParams.set('options', `-c search_path=${schema}`)
  return { change: (config) => config.replace("env('DATABASE_URL')", `'${url.href}'`), drop: () => sql(`drop schema ${schema} cascade`) }
}

const sqliteRecords = async (): Promise<Records> => ({ change: (config) => config.replace("env('DATABASE_URL')", 'undefined'), drop: async () => undefined })

/** The state of a journal at a sequence, replayed from its first command. */
async function stateAt(data: string, sequence: number): Promise<string> {
  const storage = await openFileStorage(path.join(data, 'engine'))
  const journal = {
    lastSequence: sequence,
    async *read(from: number) {
      for await (const batch of storage.journal.read(from)) {
        if (batch.lastSequence > sequence) break
        yield batch
      }
    },
  }
  const none = { write: async () => undefined, async *read() {} }
  return readStoredState({ journal, snapshots: none, log: () => undefined })
    .then(({ stateHash }) => stateHash)
    .finally(() => storage.close())
}

for (const [name, makeRecords] of [
  ['SQLite', sqliteRecords],
  ['PostgreSQL', postgresRecords],
] as const) {
  describe(`a backup of an exchange with its records in ${name}`, function () {
    this.timeout(60_000)
    let records: Records
    let served: ServedExchange
    let to: string
    let manifest: Manifest
    let acknowledged = 0
    before(async function () {
      if (name === 'PostgreSQL' && !(await sql('select 1').then(() => true, () => false))) {
        console.log('    skipped: no PostgreSQL answers at DATABASE_URL')
        this.skip()
      }
      records = await makeRecords()
      served = await serveForTest((config) => records.change(config))
      to = path.join(await mkdtemp(path.join(os.tmpdir(), 'bourse-backup-')), 'backup')
      const client = createClient({ baseUrl: served.url })
      await served.task({ task: 'user.create', email: 'trader@example.com', password: PASSWORD, role: 'customer' })
      await client.logIn({ email: 'trader@example.com', password: PASSWORD })
      await served.task({ task: 'balance.credit', email: 'trader@example.com', asset: 'USDT', amount: '1000000' })
      await served.task({ task: 'api-key.create', email: 'trader@example.com', scopes: ['read'], allowedAddresses: [], label: 'bot' })
      await client.faucet({ asset: 'BTC', amount: '1' })
      let trading = true
      const traders = Array.from({ length: 4 }, async () => {
        for (; trading; acknowledged++) await client.placeOrder({ market: 'BTC-USDT', side: acknowledged % 2 === 0 ? 'buy' : 'sell', orderType: 'limit', price: '60000', quantity: '0.00100' }).catch(() => undefined)
      })
      manifest = await writeBackup(await loadProject(served.project.dir), dataDir(served.data), { to, includeKey: true, now: () => new Date(), ...quiet })
      trading = false
      await Promise.all(traders)
      client.close()
      await served.close()
    })
    after(async () => {
      if (records === undefined) return
      await served.remove()
      await records.drop()
      await rm(path.dirname(to), { recursive: true })
    })

    /** Into a new folder, and a new schema where records are in PostgreSQL. */
    async function restore(from: string, use: (project: ServedExchange['project'], restored: Restored) => Promise<void>): Promise<void> {
      const blank = await makeRecords()
      const data = path.join(await mkdtemp(path.join(os.tmpdir(), 'bourse-restored-')), 'data')
      await served.project.rewrite((config) => blank.change(config.replace(/\n {2}simulator: .*\n/, '\n')))
      try {
        const restored = await restoreBackup(await loadProject(served.project.dir), dataDir(data), { from, ...quiet })
        await use({ ...served.project, data }, restored)
      } finally {
        await rm(path.dirname(data), { recursive: true })
        await blank.drop()
      }
    }

    it('was taken in the middle of trading', async () => {
      expect(acknowledged).to.be.greaterThan(5)
      const whole = await openFileStorage(path.join(served.data, 'engine'))
      expect(manifest.journal.lastSequence).to.be.greaterThan(5).and.to.be.lessThan(whole.journal.lastSequence)
      await whole.close()
    })

    it('is restored on a blank host to the same state, and goes on from there', async () => {
      expect(manifest.journal.stateHash).to.equal(await stateAt(served.data, manifest.journal.lastSequence))
      await restore(to, async (project, { state, keyFits }) => {
        expect(state).to.include({ stateHash: manifest.journal.stateHash, sequence: manifest.journal.lastSequence })
        expect(keyFits).to.equal(true)
        const again = await serveForTest(undefined, { project })
        const client = createClient({ baseUrl: again.url })
        await client.logIn({ email: 'trader@example.com', password: PASSWORD })
        expect((await client.apiKeys()).map(({ label }) => label)).to.include('bot')
        const { items } = await client.orders({ limit: 5 })
        expect(items.length, 'the history was made up for').to.be.greaterThan(0)
        await again.task({ task: 'api-key.create', email: 'trader@example.com', scopes: ['read'], allowedAddresses: [], label: 'after the restore' })
        const deposit = await client.faucet({ asset: 'BTC', amount: '1' })
        expect(deposit.txid).to.be.a('string')
        await client.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '50000', quantity: '0.001' })
        client.close()
        await again.close()
      })
    })

    it('names the file in which a single bit is wrong, and changes nothing', async () => {
      const { files } = await readManifest(to)
      expect(files.map((file) => file.path.split('/')[0])).to.include.members(['engine', 'records', 'adapters', 'secret.key'])
      const damaged = path.join(path.dirname(to), 'damaged')
      // One of each folder; all of them when everything is verified.
      const tried = Number(process.env['BOURSE_TEST_SCALE'] ?? 1) > 1 ? files : files.filter((file, index) => files.findIndex((other) => other.path.split('/')[0] === file.path.split('/')[0]) === index)
      for (const file of tried) {
        await cp(to, damaged, { recursive: true })
        const place = path.join(damaged, file.path)
        const bytes = await readFile(place)
        if (bytes.length === 0) continue
        bytes[Math.floor(bytes.length / 2)]! ^= 1
        await writeFile(place, bytes)
        const message = await restore(damaged, async () => undefined).then(() => 'restored', (error: Error) => error.message)
        expect(message).to.contain(place).and.to.contain('damaged')
        await rm(damaged, { recursive: true })
      }
    })

    it('is refused when a file is missing or foreign, and when it is not finished', async () => {
      const damaged = path.join(path.dirname(to), 'damaged')
      const message = async (change: () => Promise<void>): Promise<string> => {
        await cp(to, damaged, { recursive: true })
        await change()
        return restore(damaged, async () => undefined).then(() => 'restored', (error: Error) => error.message).finally(() => rm(damaged, { recursive: true }))
      }
      const [journal] = (await readdir(path.join(to, 'engine/journal'))).sort()
      expect(await message(() => rm(path.join(damaged, 'engine/journal', journal!)))).to.contain(`${journal} is missing`)
      expect(await message(() => writeFile(path.join(damaged, 'engine/more'), 'x'))).to.contain('engine/more is no part of the backup')
      expect(await message(() => rm(path.join(damaged, 'backup.json')))).to.contain('holds no whole backup')
    })

    it('goes into an empty folder only, and into no exchange', async () => {
      const project = await loadProject(served.project.dir)
      const taken = await writeBackup(project, dataDir(served.data), { to, includeKey: false, now: () => new Date(), ...quiet }).catch((error: Error) => error.message)
      expect(taken).to.contain('is not empty')
      const over = await restoreBackup(project, dataDir(served.data), { from: to, ...quiet }).catch((error: Error) => error.message)
      expect(over).to.contain('is not empty')
      expect(existsSync(path.join(served.data, 'engine'))).to.equal(true)
    })

    it('is taken and restored from the command line, which tells what it leaves out', async () => {
      await served.project.rewrite((config) => records.change(config.replace(/\n {2}simulator: .*\n/, '\n')))
      const place = { project: served.project.dir, data: served.data }
      const words = await printed(() => backupCommand({ ...place, to: path.join(path.dirname(to), 'told') }))
      expect(words).to.match(/up to sequence \d+, state [0-9a-f]+, \d+ files/)
      expect(words).to.contain('Not in it:').and.to.contain('secret.key of the data folder').and.to.contain('exchange.config.ts')
      const { journal } = await readManifest(path.join(path.dirname(to), 'told'))
      const blank = await makeRecords()
      await served.project.rewrite((config) => blank.change(config.replace(/\n {2}simulator: .*\n/, '\n')))
      const restored = JSON.parse(await printed(() => restoreCommand({ project: served.project.dir, data: path.join(path.dirname(to), 'restored'), from: path.join(path.dirname(to), 'told'), json: true }))) as object
      await blank.drop()
      expect(restored).to.include({ sequence: journal.lastSequence, stateHash: journal.stateHash, keyFits: false })
    })

    it('is taken of an exchange at rest as well, and tells which key it leaves out', async () => {
      await served.project.rewrite((config) => records.change(config.replace(/\n {2}simulator: .*\n/, '\n')))
      const rest = path.join(path.dirname(to), 'at-rest')
      const resting = await writeBackup(await loadProject(served.project.dir), dataDir(served.data), { to: rest, includeKey: false, now: () => new Date(), ...quiet })
      expect(resting.journal.lastSequence).to.be.greaterThan(manifest.journal.lastSequence)
      expect(resting.secrets).to.deep.equal({ keyName: manifest.secrets.keyName, keyFrom: 'file', keyIncluded: false })
      expect(existsSync(path.join(rest, 'secret.key'))).to.equal(false)
      await restore(rest, async (_project, { keyFits }) => void expect(keyFits).to.equal(false))
    })
  })
}
