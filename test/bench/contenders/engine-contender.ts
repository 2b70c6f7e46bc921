/** Runs the reference workload through the engine: every check, holds, fees, ledger, event frames out. */
import {
  createEngine,
  execute,
  FrameBuffer,
  PLACE_HAS_PRICE,
  SELF_TRADE_PREVENTIONS,
  writeAccountOpen,
  writeLedgerTransfer,
  writeOrderCancel,
  writeOrderPlace,
  type Engine,
} from '@bourse/core'
import type { Contender } from '../measure.js'
import { clientOrderIdOf, FIRST_ACCOUNT, REFERENCE_DEFINITIONS } from '../streams/command-stream.js'
import { CANCEL, FillChecksum, type Workload } from '../streams/reference-workload.js'
import { addTrades } from './trades.js'

/** As many commands as a writer applies before it takes the events away. */
const BATCH = 256
const EVENT_BATCH_BYTES = 1 << 16

export class EngineContender implements Contender {
  readonly name = 'engine'
  private readonly commands: FrameBuffer
  private readonly events = new FrameBuffer(EVENT_BATCH_BYTES * 2)
  private engine: Engine

  constructor(private readonly workload: Workload) {
    this.engine = this.fundedEngine()
    this.commands = encode(workload, this.engine.sequence)
  }

  get operations(): number {
    return this.workload.count
  }

  /** A fresh engine with open and funded accounts; not measured. */
  prepare(): void {
    this.engine = this.fundedEngine()
  }

  run(): void {
    for (const _ of this.batches()) continue
  }

  /** The fills of a run of its own; also checks the state that it leaves. */
  fills(): FillChecksum {
    this.prepare()
    const checksum = new FillChecksum()
    for (const events of this.batches()) addTrades(events, checksum)
    this.engine.checkInvariants()
    return checksum
  }

  /** The events of one batch after another; each is overwritten by the next. */
  private *batches(): Generator<FrameBuffer> {
    const { engine, commands, events } = this
    for (let offset = 0; offset < commands.length; ) {
      let end = offset
      for (let count = 0; count < BATCH && end < commands.length; count++) end += commands.size(end)
      events.clear()
      offset = engine.applyAll(commands, offset, end, events)
      yield events
    }
  }

  private fundedEngine(): Engine {
    const engine = createEngine()
    for (const command of REFERENCE_DEFINITIONS) {
      const done = execute(engine, command, 0)
      if (!done.ok) throw new Error(`${command.type} was refused: ${done.reject.code}.`)
    }
    const frames = new FrameBuffer(256)
    for (let account = 0; account < this.workload.accounts; account++) {
      const number = account + FIRST_ACCOUNT
      frames.clear()
      writeAccountOpen(frames, { name: `a${account}`, kind: 0, group: '' })
      writeLedgerTransfer(frames, { requestId: `b${account}`, from: 0, to: number, asset: 0, amount: 10n ** 11n })
      writeLedgerTransfer(frames, { requestId: `q${account}`, from: 0, to: number, asset: 1, amount: 10n ** 14n })
      this.events.clear()
      for (let offset = 0; offset < frames.length; offset += frames.size(offset)) {
        frames.stamp(offset, engine.sequence + 1, 0)
        engine.apply(frames, offset, this.events)
      }
    }
    return engine
  }
}

function encode(workload: Workload, afterSequence: number): FrameBuffer {
  const frames = new FrameBuffer(workload.count * 96)
  const allow = SELF_TRADE_PREVENTIONS.indexOf('none')
  for (let at = 0; at < workload.count; at++) {
    const account = workload.account[at]! + FIRST_ACCOUNT
    const offset =
      workload.kind[at] === CANCEL
        ? writeOrderCancel(frames, { account, market: 0, orderId: 0, clientOrderId: clientOrderIdOf(workload.order[at]!) })
        : writeOrderPlace(frames, {
            account,
            market: 0,
            side: workload.side[at]!,
            orderType: 0,
            timeInForce: 0,
            selfTradePrevention: allow,
            flags: PLACE_HAS_PRICE,
            price: BigInt(workload.price[at]!),
            quantity: BigInt(workload.quantity[at]!),
            clientOrderId: clientOrderIdOf(workload.order[at]!),
          })
    frames.stamp(offset, afterSequence + at + 1, at)
  }
  return frames
}
