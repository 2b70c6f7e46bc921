/** Deposits and withdrawals over asset adapters: the service, and the loop that moves them on. */
import { randomUUID } from 'node:crypto'
import type { AssetAdapter, CommandPort, DepositAddress } from '@bourse/plugin'
import type { Knex } from 'knex'
import { Deposits } from './deposits.js'
import { Networks, type CustodyNetwork } from './networks.js'
import { depositStates, depositView, readPage, withdrawalStates, withdrawalView, type CustodyPage, type Deposit, type ListFilter, type Withdrawal } from './views.js'
import { Withdrawals, type WithdrawInput } from './withdrawals.js'

export interface CustodyOptions {
  /** A database on which `custodyMigrations` have run. */
  readonly knex: Knex
  readonly commands: CommandPort
  /** Started by the caller, anew for each custody, with a data directory each. No asset may be served by two of them. */
  readonly adapters: readonly AssetAdapter[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Unique, at most 32 printable ASCII characters; random by default. */
  readonly newId?: () => string
  /** Pause between two looks at the chains; a second when absent. */
  readonly pollMs?: number
  readonly log: (message: string) => void
}

export interface CustodyChange {
  readonly deposit?: Deposit
  readonly withdrawal?: Withdrawal
}

export interface CustodyPageQuery extends Omit<ListFilter, 'states'> {
  readonly cursor?: string | undefined
  /** 1 to 1000; 100 when absent. */
  readonly limit?: number | undefined
}

/** `account` is the name of an account of the engine. Refusals are thrown as {@link CustodyError}. */
export interface Custody {
  /** Finishes what a crash interrupted and goes on watching the chains. */
  start(): Promise<void>
  /** Ends the loop after the step under way; adapters are stopped by whoever started them. */
  stop(): Promise<void>
  /** One round of the loop: looks at every chain, credits what is final, moves withdrawals on. */
  poll(): Promise<void>
  networks(): readonly CustodyNetwork[]
  depositAddress(account: string, asset: string): Promise<DepositAddress>
  deposits(account: string, query?: CustodyPageQuery & { readonly status?: Deposit['status'] | undefined }): Promise<CustodyPage<Deposit>>
  /** Resolves when the money is held; the same requestId with the same input gives the same withdrawal. */
  withdraw(account: string, input: WithdrawInput): Promise<Withdrawal>
  withdrawals(account: string, query?: CustodyPageQuery & { readonly status?: Withdrawal['status'] | undefined }): Promise<CustodyPage<Withdrawal>>
  /** Sends test money to the account's deposit address. `amount` is a decimal string. */
  faucet(account: string, asset: string, amount: string): Promise<{ readonly txid: string }>
  /** Tells of every step of a deposit or withdrawal once it is durable; returns the function that ends that. */
  onChange(listener: (account: string, change: CustodyChange) => void): () => void
}

const DEFAULT_POLL_MS = 1_000

export function createCustody({ knex, commands, adapters, now, log, newId = () => randomUUID().replaceAll('-', ''), pollMs = DEFAULT_POLL_MS }: CustodyOptions): Custody {
  const listeners = new Set<(account: string, change: CustodyChange) => void>()
  const tell = (account: string | null, change: CustodyChange): void => {
    if (account === null) return
    for (const listener of listeners) {
      try {
        listener(account, change)
      } catch (error) {
        log(`Custody: a listener failed (${error instanceof Error ? error.message : String(error)})`)
      }
    }
  }
  const networks = new Networks(adapters, commands)
  const deposits = new Deposits({ knex, commands, networks, now, log, changed: (record) => tell(record.account, { deposit: depositView(record) }) })
  const withdrawals = new Withdrawals({ knex, commands, networks, now, newId, log, changed: (record) => tell(record.account, { withdrawal: withdrawalView(record) }) })
  const watched = adapters.filter(({ capabilities }) => capabilities.includes('deposit'))
  const loop = new Loop(
    [
      ...watched.map((adapter) => ({ name: `deposits of ${adapter.name}`, run: () => deposits.observe(adapter) })),
      { name: 'credits', run: () => deposits.credit() },
      { name: 'withdrawals', run: () => withdrawals.advance() },
    ],
    pollMs,
    log,
  )
  return {
    start: () => loop.start(),
    stop: () => loop.stop(),
    poll: () => loop.round(),
    networks: () => networks.list(),
    depositAddress: (account, asset) => deposits.address(account, asset),
    deposits: (account, { status, ...query } = {}) => readPage(knex('deposits').where({ account }), { ...query, ...(status !== undefined && { states: depositStates(status) }) }, depositView),
    withdraw: async (account, input) => withdrawalView(await withdrawals.request(account, input)),
    withdrawals: (account, { status, ...query } = {}) => readPage(knex('withdrawals').where({ account }), { ...query, ...(status !== undefined && { states: withdrawalStates(status) }) }, withdrawalView),
    faucet: (account, asset, amount) => deposits.faucet(account, asset, amount),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

interface Task {
  readonly name: string
  run(): Promise<void>
}

/** Runs the tasks one after another, again and again; a task that fails is told of once and tried again. */
class Loop {
  private readonly faults = new Map<string, string>()
  private running = false
  private timer: NodeJS.Timeout | undefined
  private current: Promise<void> | undefined

  constructor(
    private readonly tasks: readonly Task[],
    private readonly pauseMs: number,
    private readonly log: (message: string) => void,
  ) {}

  async start(): Promise<void> {
    this.running = true
    await this.round()
    this.schedule()
  }

  async stop(): Promise<void> {
    this.running = false
    clearTimeout(this.timer)
    await this.current
  }

  /** Waits for the round under way, if any, and then runs a whole one. */
  async round(): Promise<void> {
    while (this.current !== undefined) await this.current
    this.current = this.runTasks().finally(() => (this.current = undefined))
    await this.current
  }

  private schedule(): void {
    if (!this.running) return
    this.timer = setTimeout(() => {
      void this.round().then(() => this.schedule())
    }, this.pauseMs)
  }

  private async runTasks(): Promise<void> {
    for (const { name, run } of this.tasks) {
      try {
        await run()
        if (this.faults.delete(name)) this.log(`Custody, ${name}: works again`)
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error)
        if (this.faults.get(name) !== fault) this.log(`Custody, ${name}: ${fault} (tried again until it works)`)
        this.faults.set(name, fault)
      }
    }
  }
}
