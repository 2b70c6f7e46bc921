/** A small exchange for tests of custody: a real engine, a simulated chain, a real database; and a switch that crashes it anywhere. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulatedChain, type SimulatedChain } from '@bourse/asset-simulated'
import { createEngine, execute, formatDecimal, type Command, type Engine } from '@bourse/core'
import type { AssetAdapter, CommandPort, CommandResult } from '@bourse/plugin'
import type { Store } from '@bourse/store'
import { onEveryDatabase, type TestDatabase } from '../../store/test/databases.js'
import { createCustody, custodyMigrations, type Custody } from '../src/index.js'

export const BLOCK_MS = 1_000
/** Confirmations that the chain of the bench asks for. */
export const REQUIRED = 3
const START_MS = 1_800_000_000_000
const SCALE = 8

/** The process is gone: nothing that it calls works any more. */
export class Crash extends Error {}

/** Declares tests once for each database; each test gets a bench of its own. */
export function onEveryBench(title: string, declare: (bench: () => Bench) => void): void {
  onEveryDatabase(title, (create) => {
    let bench: Bench
    beforeEach(async () => {
      bench = await Bench.open(await create())
    })
    afterEach(() => bench.close())
    declare(() => bench)
  })
}

export class Bench {
  nowMs = START_MS
  readonly engine: Engine = createEngine()
  readonly logged: string[] = []
  /** What outlives a crash beside the engine: the chain and its file. */
  readonly chain: SimulatedChain
  readonly commands: CommandPort
  declare store: Store
  declare custody: Custody
  private crashAt = Infinity
  private points = 0
  private ids = 0
  private readonly folder = mkdtempSync(join(tmpdir(), 'bourse-custody-'))

  private constructor(private readonly database: TestDatabase) {
    this.chain = simulatedChain({
      assets: [
        { asset: 'BTC', minimumDeposit: '0.001', minimumWithdrawal: '0.002', withdrawalFee: '0.0005' },
        { asset: 'ETH', decimals: 18, minimumDeposit: '0' },
        { asset: 'USDT', decimals: 6 },
      ],
      blockTimeMs: BLOCK_MS,
      requiredConfirmations: REQUIRED,
    })
    this.commands = this.commandPort()
  }

  static async open(database: TestDatabase): Promise<Bench> {
    const bench = new Bench(database)
    for (const code of ['BTC', 'ETH', 'USDT']) bench.execute({ type: 'asset.define', code, scale: SCALE })
    for (const account of ['alice', 'bob']) bench.execute({ type: 'account.open', account, kind: 'user' })
    await bench.restart()
    return bench
  }

  async close(): Promise<void> {
    await this.chain.stop()
    rmSync(this.folder, { recursive: true })
  }

  /** A new process on the same engine, chain and database. */
  async restart(adapters: readonly AssetAdapter[] = [this.chain]): Promise<void> {
    this.points = 0
    this.crashAt = Infinity
    await this.chain.stop()
    await this.chain.start({ dataDir: this.folder, now: () => this.nowMs, log: () => undefined })
    const point = (): void => this.point()
    if ('store' in this) await this.store.close()
    this.store = await this.database.open(custodyMigrations)
    this.store.knex.on('query', ({ sql }: { sql: string }) => {
      // A database takes back what a dead process left open.
      if (!/^rollback/i.test(sql)) point()
    })
    this.custody = createCustody({
      knex: this.store.knex,
      commands: { ...this.commands, submit: async (command) => (point(), this.commands.submit(command)) },
      adapters: adapters.map((adapter) => crashing(adapter, point)),
      now: () => this.nowMs,
      newId: () => `id-${this.ids++}`,
      log: (message) => this.logged.push(message),
    })
  }

  /** The next process dies before its `count`-th call to the database, the engine or the chain. */
  crashBefore(count: number): void {
    this.points = 0
    this.crashAt = count
  }

  /** True when the process has died. */
  get crashed(): boolean {
    return this.points >= this.crashAt
  }

  execute(command: Command): CommandResult {
    const execution = execute(this.engine, command, this.nowMs * 1_000)
    const { sequence, timestampUs } = this.engine
    return execution.ok ? { ok: true, sequence, timestampUs, events: execution.events } : { ok: false, sequence, timestampUs, reject: { code: execution.reject.code } }
  }

  /** Gives an account money without a deposit. */
  fund(account: string, asset: string, amount: string): void {
    this.execute({ type: 'ledger.transfer', requestId: `fund-${this.engine.sequence}`, from: 'world', to: account, asset, amount })
  }

  /** `available+held`, as decimals. */
  balance(account: string, asset = 'BTC'): string {
    const { available, held } = this.commands.balance(account, asset)
    return `${formatDecimal(available, SCALE)}+${formatDecimal(held, SCALE)}`
  }

  /** Lets blocks come, with a look at the chain after each. */
  async blocks(count: number): Promise<void> {
    for (let block = 0; block < count; block++) {
      this.nowMs += BLOCK_MS
      await this.custody.poll()
    }
  }

  private point(): void {
    this.points++
    if (this.crashed) throw new Crash('The process is dead')
  }

  private commandPort(): CommandPort {
    const { engine } = this
    return {
      submit: async (command) => this.execute(command),
      catalog: engine.catalog,
      balance(account, asset) {
        const accountId = engine.catalog.accountByName(account)
        const spec = engine.catalog.assetByCode(asset)
        return accountId === undefined || spec === undefined ? { available: 0n, held: 0n } : engine.balance(accountId, spec.id)
      },
    }
  }
}

function crashing(adapter: AssetAdapter, point: () => void): AssetAdapter {
  return {
    ...adapter,
    observeDeposits: async () => (point(), adapter.observeDeposits()),
    broadcast: async (request) => (point(), adapter.broadcast(request)),
    status: async (request) => (point(), adapter.status(request)),
    depositAddress: async (asset, key) => (point(), adapter.depositAddress(asset, key)),
  }
}
