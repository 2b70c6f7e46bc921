/** What is on the simulated chain: a fold of the log's records. The height follows from the clock, so no timer runs. */

/** From `fromMs` on, when the chain had `height` blocks, a block comes every `blockTimeMs`. */
export interface PaceRecord {
  readonly type: 'pace'
  readonly fromMs: number
  readonly height: number
  readonly blockTimeMs: number
}

/** An address that belongs to the exchange: payments to it are deposits. */
export interface AddressRecord {
  readonly type: 'address'
  readonly asset: string
  readonly address: string
}

export interface TransactionRecord {
  readonly type: 'transaction'
  readonly txid: string
  readonly asset: string
  readonly to: string
  /** Integer in chain units, in decimal. */
  readonly amount: string
  /** Height of the block that holds it. */
  readonly block: number
  /** The withdrawal that it pays; absent for money from outside. */
  readonly requestId?: string
}

/** A reorganisation put a transaction into another block, or left it out for ever (null). */
export interface MoveRecord {
  readonly type: 'move'
  readonly txid: string
  readonly block: number | null
}

/** These final deposits have been answered for good. */
export interface HandedOverRecord {
  readonly type: 'handed-over'
  readonly txids: readonly string[]
}

export type ChainRecord = PaceRecord | AddressRecord | TransactionRecord | MoveRecord | HandedOverRecord

const RECORD_TYPES: readonly string[] = ['pace', 'address', 'transaction', 'move', 'handed-over'] satisfies ChainRecord['type'][]

/** Tells whether a line of the log is one that this version writes. */
export function isChainRecord(value: unknown): value is ChainRecord {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && RECORD_TYPES.includes(value.type)
}

export interface Transaction {
  readonly txid: string
  readonly asset: string
  readonly to: string
  readonly amount: bigint
  /** Null: dropped for ever. */
  block: number | null
  readonly requestId: string | undefined
}

export class ChainState {
  readonly transactions = new Map<string, Transaction>()
  readonly withdrawals = new Map<string, Transaction>()
  /** Payments to addresses of the exchange that have not been handed over. */
  readonly deposits = new Map<string, Transaction>()
  private readonly addresses = new Set<string>()
  private pace: PaceRecord | undefined

  get blockTimeMs(): number | undefined {
    return this.pace?.blockTimeMs
  }

  add(record: ChainRecord): void {
    switch (record.type) {
      case 'pace':
        this.pace = record
        break
      case 'address':
        this.addresses.add(record.address)
        break
      case 'transaction':
        this.addTransaction(record)
        break
      case 'move':
        this.transactions.get(record.txid)!.block = record.block
        break
      case 'handed-over':
        for (const txid of record.txids) this.deposits.delete(txid)
    }
  }

  owns(address: string): boolean {
    return this.addresses.has(address)
  }

  /** Blocks at an instant. */
  height(nowMs: number): number {
    const { pace } = this
    if (pace === undefined) return 0
    return pace.height + Math.max(0, Math.floor((nowMs - pace.fromMs) / pace.blockTimeMs))
  }

  /** Blocks from the transaction's own to the newest, 0 while it waits for its block. */
  confirmations({ block }: Transaction, nowMs: number): number {
    return block === null ? 0 : Math.max(0, this.height(nowMs) - block + 1)
  }

  private addTransaction({ txid, asset, to, amount, block, requestId }: TransactionRecord): void {
    const transaction: Transaction = { txid, asset, to, amount: BigInt(amount), block, requestId }
    this.transactions.set(txid, transaction)
    if (requestId !== undefined) this.withdrawals.set(requestId, transaction)
    if (this.owns(to)) this.deposits.set(txid, transaction)
  }
}
