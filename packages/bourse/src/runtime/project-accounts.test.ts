import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { identityMigrations, type Accounts } from '@bourse/identity'
import { openStore, type Store } from '@bourse/store'
import { loadProject, parseConfig, type Project } from '../config/load-project.js'
import { dataDir } from './data-dir.js'
import { openProjectAccounts, publicAddress, showsOutbox } from './project-accounts.js'

const DEMO = fileURLToPath(new URL('../../../../examples/demo-exchange', import.meta.url))

describe('the accounts of a project', () => {
  let dir: string
  let store: Store
  let demo: Project
  let said: string[]
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-accounts-'))
    store = await openStore({ file: ':memory:', migrations: identityMigrations })
    demo = await loadProject(DEMO)
  })
  beforeEach(() => {
    said = []
  })
  after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const configured = (change: Partial<Project['config']>): Project => ({ ...demo, config: { ...demo.config, ...change } })
  const open = (project: Project): Promise<Accounts> => openProjectAccounts({ store, data: dataDir(dir), project }, { log: (message) => said.push(message) })
  const signUp = async ({ identity, outbox }: Accounts, email: string): Promise<void> => {
    await identity.createUser({ email, password: 'correct horse battery', emailVerified: false })
    await outbox.deliverDue()
  }

  it('show mails in development, with links to the address of the exchange', async () => {
    const accounts = await open(demo)
    await signUp(accounts, 'ann@example.com')
    expect(said).to.deep.equal([])
    const [mail] = await accounts.outbox.list()
    expect(mail).to.include({ recipient: 'ann@example.com' })
    expect(mail?.text).to.include('http://localhost:3000/verify-email#')
    expect(await accounts.outbox.waiting()).to.equal(0)
  })

  it('let mails wait where people reach the exchange and no mail server is named, and say so', async () => {
    const project = configured({ server: { host: '127.0.0.1', port: 3000, enginePort: 3900, publicUrl: 'https://exchange.example/start' } })
    expect([showsOutbox(project), publicAddress(project)]).to.deep.equal([false, 'https://exchange.example'])
    const accounts = await open(project)
    await signUp(accounts, 'bob@example.com')
    expect(said.join()).to.include('mail.smtpUrl')
    expect(await accounts.outbox.waiting()).to.equal(1)
    // With a mail server, or back in development, what waited goes out.
    const later = await open(demo)
    await later.outbox.deliverDue()
    expect(await later.outbox.waiting()).to.equal(0)
  })

  it('never show mails in production mode', () => {
    expect(showsOutbox(configured({ mode: 'production' }))).to.equal(false)
  })

  for (const [key, value] of [['mail', { smtpUrl: 'https://mail.example' }], ['mail', { from: 'nobody' }], ['mail', { from: 'x\r\nBcc: a@example.com' }], ['security', { withdrawalHoldHours: -1 }], ['security', { unverifiedMay: 'withdraw' }], ['security', { proofMinutes: 0 }]] as const) {
    it(`are not configured by ${JSON.stringify({ [key]: value })}`, () => {
      expect(() => parseConfig('exchange.config.ts', { brand: { name: 'Acme' }, assets: [{ code: 'BTC' }, { code: 'USDT' }], markets: [{ base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001' }], [key]: value })).to.throw(`${key}.`)
    })
  }
})
