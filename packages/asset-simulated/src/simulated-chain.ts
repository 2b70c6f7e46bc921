/** An asset adapter over a chain that exists only in a file: for demonstrations, development and tests. */
import { createHash } from 'node:crypto'
import { defineAssetAdapter, type AssetAdapter, type AssetAdapterContext, type BroadcastStatus, type NetworkFacts, type ObservedDeposit, type Plugin, type WithdrawalRequest } from '@bourse/plugin'
import { addressOf, isAddress } from './address.js'
import { ChainLog } from './chain-log.js'
import { ChainState, type ChainRecord, type Transaction } from './chain-state.js'
import { networkFactsOf, wholeNumber, type SimulatedAsset } from './simulated-asset.js'

export interface SimulatedChainOptions {
  /** Codes, or codes with what is special about them. */
  readonly assets: readonly (string | SimulatedAsset)[]
  /** Name that people see; `Simulated chain` when absent. */
  readonly network?: string
  /** Time between blocks; 4 seconds when absent. */
  readonly blockTimeMs?: number
  /** For the assets that do not say; 3 when absent. */
  readonly requiredConfirmations?: number
}

/** The adapter, which is its own plugin too, and what a test may do to its chain. */
export interface SimulatedChain extends AssetAdapter, Plugin {
  readonly name: string
  readonly apiVersion: 1
  readonly assetAdapters: readonly AssetAdapter[]
  readonly faucet: NonNullable<AssetAdapter['faucet']>
  /** Blocks so far. */
  height(): number
  /** Replaces the newest `depth` blocks: their transactions wait for the next block, those in `drop` are gone for ever. */
  reorganise(depth: number, options?: { readonly drop?: readonly string[] }): void
}

const DEFAULT_NETWORK = 'Simulated chain'
const DEFAULT_BLOCK_TIME_MS = 4_000

/** An address of somebody outside the exchange, to withdraw to. */
export function outsideAddress(asset: string, name: string): string {
  return addressOf(asset, 'outside', name)
}

/**
 * Makes the adapter. Blocks come with the clock of the context; everything that was answered is in a file of its
 * data directory and survives kill -9. Its wallet never runs dry: what is withdrawn is created by the chain.
 *
 * @example
 * simulatedChain({ assets: ['BTC', { asset: 'USDT', withdrawalFee: '1' }], blockTimeMs: 5_000 })
 */
export function simulatedChain(options: SimulatedChainOptions): SimulatedChain {
  const chain = new Chain(options)
  const adapter: SimulatedChain = {
    name: 'simulated',
    apiVersion: 1,
    capabilities: ['deposit', 'withdraw', 'faucet'],
    get assetAdapters() {
      return [adapter]
    },
    networks: () => chain.facts,
    start: async (context) => chain.start(context),
    stop: async () => chain.stop(),
    depositAddress: async (asset, key) => chain.depositAddress(asset, key),
    isValidAddress: (asset, address) => chain.serves(asset) && isAddress(asset, address),
    observeDeposits: async () => chain.observeDeposits(),
    broadcast: async (request) => chain.broadcast(request),
    status: async (request) => chain.status(request),
    faucet: async (asset, address, amount) => chain.pay(asset, address, amount, undefined),
    height: () => chain.height(),
    reorganise: (depth, { drop = [] } = {}) => chain.reorganise(depth, drop),
  }
  defineAssetAdapter(adapter)
  return adapter
}

class Chain {
  readonly facts: readonly NetworkFacts[]
  private readonly blockTimeMs: number
  private state = new ChainState()
  private log: ChainLog | undefined
  private now: () => number = () => 0
  /** Final deposits of the last answer: the next call acknowledges them. */
  private answered: readonly string[] = []

  constructor({ assets, network = DEFAULT_NETWORK, blockTimeMs = DEFAULT_BLOCK_TIME_MS, requiredConfirmations }: SimulatedChainOptions) {
    this.blockTimeMs = wholeNumber('blockTimeMs', blockTimeMs, 1, 86_400_000)
    this.facts = assets.map((asset) => networkFactsOf(asset, network, requiredConfirmations))
    const codes = this.facts.map(({ asset }) => asset)
    const repeated = codes.find((code, index) => codes.indexOf(code) !== index)
    if (repeated !== undefined) throw new RangeError(`simulatedChain: ${repeated} is listed twice; list each asset once.`)
  }

  start({ dataDir, now, log: tell }: AssetAdapterContext): void {
    if (this.log !== undefined) throw new Error('The simulated chain has been started already; stop it first.')
    const { log, records } = ChainLog.open(dataDir)
    this.log = log
    this.now = now
    this.state = new ChainState()
    this.answered = []
    for (const record of records) this.state.add(record)
    if (this.state.blockTimeMs !== this.blockTimeMs) this.record({ type: 'pace', fromMs: now(), height: this.height(), blockTimeMs: this.blockTimeMs })
    tell(`Simulated chain at block ${this.height()}, a block every ${this.blockTimeMs} ms`)
  }

  stop(): void {
    this.log?.close()
    this.log = undefined
  }

  serves(asset: string): boolean {
    return this.facts.some((facts) => facts.asset === asset)
  }

  height(): number {
    return this.state.height(this.now())
  }

  depositAddress(asset: string, key: string): { readonly asset: string; readonly network: string; readonly address: string } {
    const { network } = this.factsOf(asset)
    const address = addressOf(asset, 'exchange', key)
    if (!this.state.owns(address)) this.record({ type: 'address', asset, address })
    return { asset, network, address }
  }

  observeDeposits(): readonly ObservedDeposit[] {
    const acknowledged = this.answered.filter((txid) => this.state.deposits.has(txid))
    if (acknowledged.length > 0) this.record({ type: 'handed-over', txids: acknowledged })
    const seen = [...this.state.deposits.values()].filter(({ block, asset }) => block !== null && this.serves(asset))
    this.answered = seen.filter((transaction) => this.isFinal(transaction)).map(({ txid }) => txid)
    return seen.map((transaction) => {
      const { txid, asset, to, amount } = transaction
      return { id: `${txid}:0`, txid, asset, address: to, amount, confirmations: this.confirmations(transaction) }
    })
  }

  broadcast(request: WithdrawalRequest): { readonly txid: string } {
    const known = this.withdrawalOf(request)
    if (known === undefined) return this.pay(request.asset, request.address, request.amount, request.id)
    if (known.block === null) throw new Error(`The simulated chain dropped withdrawal ${request.id} for ever; pay it under a new id.`)
    return { txid: known.txid }
  }

  status(request: WithdrawalRequest): BroadcastStatus {
    const transaction = this.withdrawalOf(request)
    if (transaction === undefined) return { state: 'unknown' }
    if (transaction.block === null) return { state: 'failed', reason: 'dropped by a reorganisation of the chain' }
    return { state: this.isFinal(transaction) ? 'confirmed' : 'pending', txid: transaction.txid, confirmations: this.confirmations(transaction) }
  }

  /** Sends money to an address in the next block. */
  pay(asset: string, to: string, amount: bigint, requestId: string | undefined): { readonly txid: string } {
    this.factsOf(asset)
    if (!isAddress(asset, to)) throw new RangeError(`"${to}" is not a ${asset} address of the simulated chain; check it for typing errors.`)
    if (amount <= 0n) throw new RangeError(`The simulated chain sends amounts above zero, not ${amount}.`)
    const source = requestId === undefined ? `outside/${this.state.transactions.size}` : `withdrawal/${requestId}`
    const txid = createHash('sha256').update(source).digest('hex')
    this.record({ type: 'transaction', txid, asset, to, amount: String(amount), block: this.height() + 1, ...(requestId === undefined ? {} : { requestId }) })
    return { txid }
  }

  reorganise(depth: number, drop: readonly string[]): void {
    const height = this.height()
    for (const { txid, block } of this.state.transactions.values()) {
      if (block === null || block <= height - depth) continue
      this.record({ type: 'move', txid, block: drop.includes(txid) ? null : height + 1 })
    }
  }

  private factsOf(asset: string): NetworkFacts {
    const facts = this.facts.find((candidate) => candidate.asset === asset)
    if (facts === undefined) throw new RangeError(`The simulated chain does not carry ${asset}; add it to the assets of simulatedChain(...).`)
    return facts
  }

  private withdrawalOf({ id, asset, address, amount }: WithdrawalRequest): Transaction | undefined {
    const transaction = this.state.withdrawals.get(id)
    if (transaction === undefined) return undefined
    if (transaction.asset === asset && transaction.to === address && transaction.amount === amount) return transaction
    throw new Error(`Withdrawal ${id} has been sent with another asset, address or amount; an id stands for one payment.`)
  }

  private isFinal(transaction: Transaction): boolean {
    return this.confirmations(transaction) >= this.factsOf(transaction.asset).requiredConfirmations
  }

  private confirmations(transaction: Transaction): number {
    return this.state.confirmations(transaction, this.now())
  }

  /** Durable first, known afterwards. */
  private record(record: ChainRecord): void {
    if (this.log === undefined) throw new Error('The simulated chain is not running; start it first.')
    this.log.append(record)
    this.state.add(record)
  }
}
