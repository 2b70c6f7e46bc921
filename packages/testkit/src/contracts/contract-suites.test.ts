/** Tests of the contract suites themselves: sound implementations in memory pass, and each named fault is found. */
import { expect } from 'chai'
import type { AssetAdapter, BroadcastStatus, Journal, JournalBatch, SnapshotStore, WithdrawalRequest } from '@bourse/plugin'
import { assetAdapterContract } from './asset-adapter-contract.js'
import { journalContract } from './journal-contract.js'
import { snapshotStoreContract } from './snapshot-store-contract.js'

/** A journal in memory; subclasses break one promise each. Folders that were opened before give what they held. */
class MemoryJournal implements Journal {
  private static readonly folders = new Map<string, JournalBatch[]>()
  protected batches: JournalBatch[]
  protected closed = false

  constructor(dataDir: string) {
    this.batches = MemoryJournal.folders.get(dataDir) ?? []
    MemoryJournal.folders.set(dataDir, this.batches)
  }

  get lastSequence(): number {
    return this.batches.at(-1)?.lastSequence ?? 0
  }

  async append(frames: Uint8Array, firstSequence: number, lastSequence: number): Promise<void> {
    if (this.closed) throw new Error('The journal is closed.')
    this.checkGap(firstSequence)
    this.batches.push({ firstSequence, lastSequence, frames: Uint8Array.from(frames) })
  }

  async *read(fromSequence: number): AsyncGenerator<JournalBatch> {
    for (const batch of [...this.batches]) if (batch.lastSequence >= fromSequence) yield batch
  }

  async close(): Promise<void> {
    this.closed = true
  }

  protected checkGap(firstSequence: number): void {
    if (firstSequence !== this.lastSequence + 1) throw new Error('The sequence does not follow on.')
  }
}

const JOURNAL_FAULTS: Record<string, new (dataDir: string) => Journal> = {
  'takes a gap': class extends MemoryJournal {
    protected override checkGap(): void {}
  },
  'forgets what it held when opened again': class extends MemoryJournal {
    constructor(dataDir: string) {
      super(`${dataDir}/${Math.random()}`)
    }
  },
  'takes appends after it was closed': class extends MemoryJournal {
    override async close(): Promise<void> {}
  },
  'starts to read one batch late': class extends MemoryJournal {
    override async *read(fromSequence: number): AsyncGenerator<JournalBatch> {
      for (const batch of this.batches) if (batch.firstSequence >= fromSequence) yield batch
    }
  },
  'changes a byte': class extends MemoryJournal {
    override async *read(fromSequence: number): AsyncGenerator<JournalBatch> {
      for await (const batch of super.read(fromSequence)) yield { ...batch, frames: batch.frames.map((byte, at) => (at === 32 ? byte ^ 1 : byte)) }
    }
  },
  'drops the second of two appends under way': class extends MemoryJournal {
    private busy = false
    override async append(frames: Uint8Array, firstSequence: number, lastSequence: number): Promise<void> {
      if (this.busy) return
      this.busy = true
      await Promise.resolve()
      this.busy = false
      return super.append(frames, firstSequence, lastSequence)
    }
  },
}

class MemorySnapshots implements SnapshotStore {
  protected static readonly folders = new Map<string, { sequence: number; parts: Uint8Array[] }[]>()
  constructor(protected readonly dataDir: string) {}

  async write(sequence: number, parts: readonly Uint8Array[]): Promise<void> {
    const others = (MemorySnapshots.folders.get(this.dataDir) ?? []).filter((snapshot) => snapshot.sequence !== sequence)
    MemorySnapshots.folders.set(this.dataDir, [{ sequence, parts: parts.map((part) => Uint8Array.from(part)) }, ...others])
  }

  async *read(_onCorrupt: (file: string, reason: string) => void): ReturnType<SnapshotStore['read']> extends AsyncIterable<infer S> ? AsyncGenerator<S> : never {
    for (const { sequence, parts } of MemorySnapshots.folders.get(this.dataDir) ?? []) yield { sequence, parts: parts.map((part) => part.slice()) }
  }
}

const SNAPSHOT_FAULTS: Record<string, new (dataDir: string) => SnapshotStore> = {
  'keeps only the newest': class extends MemorySnapshots {
    override async write(sequence: number, parts: readonly Uint8Array[]): Promise<void> {
      MemorySnapshots.folders.delete(this.dataDir)
      await super.write(sequence, parts)
    }
  },
  'drops empty parts': class extends MemorySnapshots {
    override async write(sequence: number, parts: readonly Uint8Array[]): Promise<void> {
      await super.write(sequence, parts.filter((part) => part.length > 0))
    }
  },
  'gives away the bytes that it holds': class extends MemorySnapshots {
    override async *read(): ReturnType<MemorySnapshots['read']> {
      yield* MemorySnapshots.folders.get(this.dataDir) ?? []
    }
  },
  'forgets what it held when opened again': class extends MemorySnapshots {
    constructor(dataDir: string) {
      super(`${dataDir}/${Math.random()}`)
    }
  },
}

interface MemoryPayment {
  readonly id: string
  readonly address: string
  readonly amount: bigint
  readonly paidMs: number
}

/** A chain in memory with a confirmation a second; every option breaks one promise. */
interface ChainFaults {
  readonly confirmsAtOnce?: boolean
  readonly forgetsPayments?: boolean
  readonly paysTwice?: boolean
  readonly paysAnyone?: boolean
  readonly sameAddress?: boolean
  readonly joinsPayments?: boolean
  readonly takesAnyAddress?: boolean
}

const CHAINS = new Map<string, { payments: MemoryPayment[]; withdrawals: Map<string, { txid: string; paidMs: number }> }>()
const REQUIRED = 3

function memoryAdapter(dataDir: string, faults: ChainFaults = {}): AssetAdapter {
  if (!CHAINS.has(dataDir) || faults.forgetsPayments === true) CHAINS.set(dataDir, { payments: [], withdrawals: new Map() })
  const chain = CHAINS.get(dataDir)!
  let now = (): number => 0
  const confirmations = (paidMs: number): number => (faults.confirmsAtOnce === true ? REQUIRED : Math.floor((now() - paidMs) / 1000))
  const check = (asset: string): void => {
    if (asset !== 'COIN') throw new Error(`This chain does not know ${asset}.`)
  }
  const isValidAddress = (asset: string, address: string): boolean => asset === 'COIN' && (faults.takesAnyAddress === true || /^m-key-[a-z0-9]+-ok$/.test(address))
  return {
    name: 'memory chain',
    apiVersion: 1,
    capabilities: ['deposit', 'withdraw', 'faucet'],
    networks: () => [{ asset: 'COIN', network: 'Memory', decimals: 2, requiredConfirmations: REQUIRED, minimumDeposit: '0.05', minimumWithdrawal: '0.10', withdrawalFee: '0' }],
    start: async (context) => {
      now = () => context.now()
    },
    stop: async () => undefined,
    depositAddress: async (asset, key) => {
      check(asset)
      return { asset, network: 'Memory', address: faults.sameAddress === true ? 'm-one-ok' : `m-${key}-ok` }
    },
    isValidAddress,
    observeDeposits: async () => chain.payments.map((payment) => ({ ...payment, asset: 'COIN', txid: payment.id, confirmations: confirmations(payment.paidMs) })),
    broadcast: async (request: WithdrawalRequest) => {
      if (faults.paysAnyone !== true && !isValidAddress(request.asset, request.address)) throw new Error(`${request.address} is no address.`)
      const known = chain.withdrawals.get(request.id)
      if (known !== undefined && faults.paysTwice !== true) return { txid: known.txid }
      const txid = `w-${request.id}-${Math.random()}`
      chain.withdrawals.set(request.id, { txid, paidMs: now() })
      return { txid }
    },
    status: async (request): Promise<BroadcastStatus> => {
      const known = chain.withdrawals.get(request.id)
      if (known === undefined) return { state: 'unknown' }
      const seen = confirmations(known.paidMs)
      return { state: seen >= REQUIRED ? 'confirmed' : 'pending', txid: known.txid, confirmations: seen }
    },
    faucet: async (asset, address, amount) => {
      check(asset)
      const id = faults.joinsPayments === true ? address : `p-${chain.payments.length}`
      chain.payments.push({ id, address, amount, paidMs: now() })
      return { txid: id }
    },
  }
}

journalContract('journal in memory', async (dataDir) => new MemoryJournal(dataDir))
snapshotStoreContract('snapshots in memory', { open: (dataDir) => new MemorySnapshots(dataDir) })
assetAdapterContract('chain in memory', { make: (dataDir) => memoryAdapter(dataDir), confirmationTimeMs: 1000 })

describe('The contract suites', () => {
  for (const [fault, Faulty] of Object.entries(JOURNAL_FAULTS)) {
    it(`find a journal that ${fault}`, async () => {
      expect(await failuresOf(() => journalContract('faulty', async (dataDir) => new Faulty(dataDir)))).not.to.deep.equal([])
    })
  }

  for (const [fault, Faulty] of Object.entries(SNAPSHOT_FAULTS)) {
    it(`find a snapshot store that ${fault}`, async () => {
      expect(await failuresOf(() => snapshotStoreContract('faulty', { open: (dataDir) => new Faulty(dataDir) }))).not.to.deep.equal([])
    })
  }

  for (const [fault, faults] of Object.entries<ChainFaults>({
    'calls a fresh payment final': { confirmsAtOnce: true },
    'forgets payments when it restarts': { forgetsPayments: true },
    'pays a request twice': { paysTwice: true },
    'pays to anything': { paysAnyone: true },
    'gives everybody the same address': { sameAddress: true },
    'takes two payments for one': { joinsPayments: true },
    'calls every address valid': { takesAnyAddress: true },
  })) {
    it(`find an adapter that ${fault}`, async () => {
      const failures = await failuresOf(() => assetAdapterContract('faulty', { make: (dataDir) => memoryAdapter(dataDir, faults), confirmationTimeMs: 1000 }))
      expect(failures).not.to.deep.equal([])
    })
  }

  it('find nothing wrong with what is sound', async () => {
    expect(await failuresOf(() => journalContract('sound', async (dataDir) => new MemoryJournal(dataDir)))).to.deep.equal([])
  })
})

/** Runs the tests that a suite declares, outside mocha's own count, and names those that fail. */
async function failuresOf(declare: () => void): Promise<string[]> {
  const tests: { title: string; run: () => Promise<void> }[] = []
  const own = { describe: globalThis.describe, it: globalThis.it }
  const collectSuite = (_title: string, body: () => void): void => body()
  const collectTest = (title: string, run: () => Promise<void>): void => void tests.push({ title, run })
  Object.assign(globalThis, { describe: collectSuite, it: collectTest })
  try {
    declare()
  } finally {
    Object.assign(globalThis, own)
  }
  const failures: string[] = []
  for (const { title, run } of tests) await run().catch(() => failures.push(title))
  return failures
}
