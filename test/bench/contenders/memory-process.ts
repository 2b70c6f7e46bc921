/** A process that fills an engine with balances and orders and prints by how much it has grown. */
import { FrameBuffer, PLACE_HAS_PRICE, SELF_TRADE_PREVENTIONS, writeAccountOpen, writeLedgerTransfer, writeOrderPlace, type Command, type Engine } from '@bourse/core'
import type { MeasuredMemory } from '../stages/memory.js'
import { clientOrderIdOf, FIRST_ACCOUNT } from '../streams/command-stream.js'
import { fundedEngine } from './stream-contender.js'

const ORDERS = 1_000_000
const BALANCES = 1_000_000
const ACCOUNTS = 10_000
const ASSETS = 100
const MARKETS = 100
const LEVELS = 500

/** An engine whose commands are written one at a time, so that nothing but its tables grows. */
class MeasuredExchange {
  readonly engine: Engine
  private readonly frames = new FrameBuffer(4096)
  private readonly events = new FrameBuffer(4096)
  private readonly accounts: number

  constructor(
    private readonly share: number,
  ) {
    this.accounts = Math.ceil(ACCOUNTS * share)
    this.engine = fundedEngine({ definitions: definitions(), funding: () => [] })
    for (let account = 0; account < this.accounts; account++) {
      writeAccountOpen(this.frames, { name: `a${account}`, kind: 0, group: '' })
      this.apply()
    }
    // The memory of repeated requests is bounded: it is full before balances are counted.
    this.transfers('w', 300_000, () => ({ account: 0, asset: 0 }))
  }

  bytesPerBalance(): number {
    const count = Math.ceil(BALANCES * this.share)
    return this.grown(count, () => this.transfers('b', count, (at) => ({ account: at % this.accounts, asset: Math.floor(at / this.accounts) % ASSETS })))
  }

  bytesPerOrder(): number {
    const count = Math.ceil(ORDERS * this.share)
    for (let account = 0; account < this.accounts; account++) this.transfers(`q${account}`, 1, () => ({ account, asset: ASSETS }))
    return this.grown(count, () => {
      for (let at = 0; at < count; at++) this.place(at)
    })
  }

  private place(at: number): void {
    const price = 100_000 + ((at * 7919) % LEVELS)
    writeOrderPlace(this.frames, {
      account: FIRST_ACCOUNT + (at % this.accounts),
      market: at % MARKETS,
      side: 0,
      orderType: 0,
      timeInForce: 0,
      selfTradePrevention: SELF_TRADE_PREVENTIONS.indexOf('cancel-taker'),
      flags: PLACE_HAS_PRICE,
      price: BigInt(price),
      quantity: 5n,
      clientOrderId: clientOrderIdOf(at),
    })
    this.apply()
  }

  private transfers(name: string, count: number, target: (at: number) => { account: number; asset: number }): void {
    for (let at = 0; at < count; at++) {
      const { account, asset } = target(at)
      writeLedgerTransfer(this.frames, { requestId: `${name}-${at}`, from: 0, to: FIRST_ACCOUNT + account, asset, amount: 10n ** 10n })
      this.apply()
    }
  }

  private apply(): void {
    const { engine, frames, events } = this
    frames.stamp(0, engine.sequence + 1, 0)
    events.clear()
    engine.apply(frames, 0, events)
    frames.clear()
  }

  /** Bytes by which the process has grown, for each. */
  private grown(count: number, fill: () => void): number {
    const before = this.resident()
    fill()
    return (this.resident() - before) / count
  }

  private resident(): number {
    gc!()
    gc!()
    // What the collector keeps for garbage to come belongs to nobody's order.
    const { rss, heapTotal, heapUsed } = process.memoryUsage()
    return rss - heapTotal + heapUsed
  }
}

function definitions(): Command[] {
  const assets = Array.from({ length: ASSETS }, (_, asset): Command => ({ type: 'asset.define', code: `B${asset}`, scale: 4 }))
  const markets = Array.from({ length: MARKETS }, (_, market): Command => ({
    type: 'market.define', symbol: `B${market}-QUOTE`, base: `B${market}`, quote: 'QUOTE', priceScale: 2, quantityScale: 0, state: 'open',
    tickSize: '0.01', lotSize: '1', minQuantity: '1', maxQuantity: '1000000', maxPrice: '100000', minNotional: '0',
    makerFee: '0.0008', takerFee: '0.001', marketBandBps: 500, allowSelfTrade: false, maxOpenOrders: 100_000,
  }))
  return [...assets, { type: 'asset.define', code: 'QUOTE', scale: 4 }, ...markets]
}

const exchange = new MeasuredExchange(Number(process.argv[2]))
const bytesPerBalance = exchange.bytesPerBalance()
const measured: MeasuredMemory = { bytesPerOrder: exchange.bytesPerOrder(), bytesPerBalance }
exchange.engine.checkInvariants()
console.log(JSON.stringify(measured))
