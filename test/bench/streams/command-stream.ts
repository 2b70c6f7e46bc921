/** Streams of command frames in batches, as a gateway gives them to the one door. */
import {
  FrameBuffer,
  PLACE_HAS_PRICE,
  SELF_TRADE_PREVENTIONS,
  writeAccountOpen,
  writeLedgerTransfer,
  writeOrderCancel,
  writeOrderPlace,
  type Command,
} from '@bourse/core'
import { CANCEL, type Workload } from './reference-workload.js'

/** Commands of one batch. */
export const BATCH_COMMANDS = 1024

/** Numbers of the accounts that a stream opens begin behind `world` and `fees`. */
export const FIRST_ACCOUNT = 2

export interface CommandStream {
  /** Definitions of assets and markets. */
  readonly definitions: readonly Command[]
  /** Opens and funds the accounts: made while they are given, because a million accounts are many frames. */
  funding(): Iterable<FrameBuffer>
  /** What is measured. */
  readonly batches: readonly FrameBuffer[]
  /** Commands in the batches. */
  readonly commands: number
}

/** The market of the reference workload; its units are whole numbers of every stage. */
export const REFERENCE_DEFINITIONS: readonly Command[] = [
  { type: 'asset.define', code: 'BASE', scale: 4 },
  { type: 'asset.define', code: 'QUOTE', scale: 4 },
  {
    type: 'market.define',
    symbol: 'BASE-QUOTE',
    base: 'BASE',
    quote: 'QUOTE',
    priceScale: 2,
    quantityScale: 0,
    state: 'open',
    tickSize: '0.01',
    lotSize: '1',
    minQuantity: '1',
    maxQuantity: '1000000',
    maxPrice: '100000',
    minNotional: '0',
    makerFee: '0.0008',
    takerFee: '0.001',
    marketBandBps: 500,
    // As the peer: whoever stands first is traded with.
    allowSelfTrade: true,
    maxOpenOrders: 100_000,
  },
]

/** Gathers frames into batches of a bounded number of commands. */
export class BatchWriter {
  readonly batches: FrameBuffer[] = []
  private inBatch = 0

  /** The buffer into which the next command is to be written. */
  next(): FrameBuffer {
    if (this.batches.length === 0 || this.inBatch === BATCH_COMMANDS) {
      this.batches.push(new FrameBuffer(BATCH_COMMANDS * 96))
      this.inBatch = 0
    }
    this.inBatch++
    return this.batches.at(-1)!
  }

  /** The batches so far; those that follow begin anew. */
  take(): FrameBuffer[] {
    return this.batches.splice(0)
  }
}

/** Opens so many accounts and gives each the amounts of the assets with the numbers that `assetsOf` tells. */
export function* fundingOf(accounts: number, amounts: readonly bigint[], assetsOf: (account: number) => readonly number[] = () => amounts.map((_, asset) => asset)): Generator<FrameBuffer> {
  const writer = new BatchWriter()
  for (let account = 0; account < accounts; account++) {
    writeAccountOpen(writer.next(), { name: `a${account}`, kind: 0, group: '' })
    for (const [index, asset] of assetsOf(account).entries()) {
      writeLedgerTransfer(writer.next(), { requestId: `${index}-${account}`, from: 0, to: FIRST_ACCOUNT + account, asset, amount: amounts[index]! })
    }
    if (writer.batches.length > 1) yield writer.batches.shift()!
  }
  yield* writer.take()
}

/** The reference workload with client order ids of full size, by which orders are cancelled too. */
export function referenceStream(workload: Workload): CommandStream {
  const writer = new BatchWriter()
  const allow = SELF_TRADE_PREVENTIONS.indexOf('none')
  for (let at = 0; at < workload.count; at++) {
    const account = workload.account[at]! + FIRST_ACCOUNT
    const clientOrderId = clientOrderIdOf(workload.order[at]!)
    if (workload.kind[at] === CANCEL) {
      writeOrderCancel(writer.next(), { account, market: 0, orderId: 0, clientOrderId })
      continue
    }
    writeOrderPlace(writer.next(), {
      account,
      market: 0,
      side: workload.side[at]!,
      orderType: 0,
      timeInForce: 0,
      selfTradePrevention: allow,
      flags: PLACE_HAS_PRICE,
      price: BigInt(workload.price[at]!),
      quantity: BigInt(workload.quantity[at]!),
      clientOrderId,
    })
  }
  return {
    definitions: REFERENCE_DEFINITIONS,
    funding: () => fundingOf(workload.accounts, [10n ** 11n, 10n ** 14n]),
    batches: writer.take(),
    commands: workload.count,
  }
}

/** 36 characters that look like a UUID and differ for every number. */
export function clientOrderIdOf(number: number): string {
  const a = Math.imul(number, 0x9e3779b1) >>> 0
  const b = Math.imul(number ^ 0x5bd1e995, 0x85ebca6b) >>> 0
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0').slice(-digits)
  return `${hex(a, 8)}-${hex(b, 4)}-4${hex(b >>> 16, 3)}-8${hex(a >>> 8, 3)}-${hex(number, 12)}`
}
