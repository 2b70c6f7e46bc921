/** The doctor on a whole exchange: well while it runs and while it rests, and in words about everything that is wrong. */
import { expect } from 'chai'
import { chmod, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runDoctor } from '../../packages/bourse/src/doctor/run-doctor.js'
import type { Finding } from '../../packages/bourse/src/doctor/finding.js'
import { dataDir } from '../../packages/bourse/src/runtime/data-dir.js'
import { openStore } from '../../packages/store/src/index.js'
import { PROJECT_MIGRATIONS } from '../../packages/bourse/src/runtime/project-database.js'
import { serveForTest, type ServedExchange } from './served-exchange.js'

describe('exchange doctor', function () {
  this.timeout(60_000)
  let served: ServedExchange
  before(async () => {
    served = await serveForTest((config) => config.replace("defineExchange({", "defineExchange({\n  server: { port: 0 },"))
    await served.task({ task: 'user.create', email: 'bot@example.com', password: 'correct horse battery', role: 'customer' })
    await served.task({ task: 'api-key.create', email: 'bot@example.com', scopes: ['read'], allowedAddresses: [], label: 'bot' })
  })
  after(() => served.remove())

  const findings = (): Promise<Finding[]> => runDoctor({ projectDir: served.project.dir, data: dataDir(served.data) })
  const wrong = async (): Promise<string[]> => (await findings()).filter(({ status }) => status === 'problem').map(({ check, message, remedy }) => `${check}: ${message} ${remedy}`)

  it('finds nothing wrong with an exchange that runs, and says what it looked at', async () => {
    const all = await findings()
    expect(all.filter(({ status }) => status === 'problem')).to.deep.equal([])
    expect(all.map(({ check }) => check)).to.include.members(['node', 'memory', 'configuration', 'data: folder', 'data: lock', 'clock: journal', 'disk: space', 'disk: sync', 'database', 'database: schema', 'secrets: files', 'secrets: master key', 'secrets: sealed', 'mode', 'port: HTTP'])
    expect(all.find(({ check }) => check === 'data: lock')?.message).to.contain(`process ${process.pid}`)
    expect(all.find(({ check }) => check === 'secrets: sealed')?.message).to.contain('All of')
  })

  it('finds nothing wrong with one that rests', async () => {
    await served.close()
    expect(await wrong()).to.deep.equal([])
    expect((await findings()).find(({ check }) => check === 'data: journal')?.message).to.match(/ends at sequence \d+/)
  })

  it('names the key of a configuration that is wrong, and goes on with the rest', async () => {
    await served.project.rewrite((config) => config.replace("defineExchange({", "defineExchange({\n  server: { port: 99_999 },"))
    const problems = await wrong()
    expect(problems).to.have.length(1)
    expect(problems[0]).to.contain('configuration: server.port:').and.to.contain('exchange.config.ts')
    await served.project.rewrite((config) => config.replace("defineExchange({", "defineExchange({\n  server: { port: 0 },"))
  })

  it('warns of secrets that others may read', async () => {
    const file = path.join(served.project.dir, '.env')
    await writeFile(file, 'SOMETHING="x"\n')
    await chmod(file, 0o644)
    const finding = (await findings()).find(({ check, message }) => check === 'secrets: files' && message.includes('.env'))
    expect(finding).to.deep.include({ status: 'warning', remedy: `chmod 600 ${file}` })
    await rm(file)
  })

  it('tells when the sealed secrets do not open', async () => {
    const key = dataDir(served.data).secretKey
    const right = await readFile(key)
    await writeFile(key, `${Buffer.alloc(32, 3).toString('base64')}\n`)
    expect(String(await wrong())).to.contain('sealed secrets do not open').and.to.contain('BOURSE_SECRET_KEY')
    await rm(key)
    expect(String(await wrong())).to.contain('There is no master key')
    await writeFile(key, right, { mode: 0o600 })
    expect(await wrong()).to.deep.equal([])
  })

  it('tells when a newer version has changed the database', async () => {
    const later = { name: 'zz_9999_later', up: async () => undefined, down: async () => undefined }
    const store = await openStore({ file: dataDir(served.data).database, migrations: [...PROJECT_MIGRATIONS.filter(({ name }) => !name.startsWith('store_')), later] })
    expect(String(await wrong())).to.contain('zz_9999_later').and.to.contain('Start the version that wrote it')
    await store.knex('schema_migrations').where({ name: later.name }).delete()
    await store.close()
  })

  it('tells when the journal is damaged', async () => {
    // Without snapshots every start reads the journal from its first byte.
    await rm(path.join(served.data, 'engine/snapshots'), { recursive: true })
    const [segment] = (await readdir(path.join(served.data, 'engine/journal'))).filter((name) => name.endsWith('.journal')).sort()
    const handle = await open(path.join(served.data, 'engine/journal', segment!), 'r+')
    const byte = Buffer.alloc(1)
    await handle.read(byte, 0, 1, 100)
    await handle.write(Buffer.from([byte[0]! ^ 1]), 0, 1, 100)
    expect(String(await wrong())).to.contain('data: journal: The journal is damaged').and.to.contain(segment).and.to.contain('Do not start')
    await handle.write(byte, 0, 1, 100)
    await handle.close()
  })

  it('says that a folder is none of an exchange', async () => {
    expect(String((await runDoctor({ projectDir: served.project.dir, data: dataDir(served.project.dir) })).map(({ message }) => message))).to.contain('is not the data of an exchange')
  })
})
