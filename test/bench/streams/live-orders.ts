/** Makes streams whose cancels name orders that live: commands are tried on an engine of their own while they are made. */
import {
  createEngine,
  execute,
  FrameBuffer,
  ORDER_CANCELLED,
  ORDER_RESTED,
  PARTY_ORDER_ID,
  PLACE_HAS_PRICE,
  restedAtOnce,
  STATE_ORDER_ID,
  TRADE_EXECUTED,
  TRADE_MAKER,
  TRADE_MAKER_DONE,
  writeOrderCancel,
  writeOrderPlace,
  type Command,
  type Engine,
} from '@bourse/core'
import { BatchWriter, clientOrderIdOf } from './command-stream.js'

/** An order as it was placed. */
interface Placed {
  readonly account: number
  readonly market: number
  readonly clientOrderId: string
}

export interface LimitTerms {
  readonly account: number
  readonly market: number
  /** 0 buy, 1 sell. */
  readonly side: number
  readonly price: number
  readonly quantity: number
  /** Place in `SELF_TRADE_PREVENTIONS`. */
  readonly selfTradePrevention: number
}

export class LiveOrders {
  private readonly writer = new BatchWriter()
  private readonly engine: Engine = createEngine()
  private readonly events = new FrameBuffer(1 << 16)
  private readonly placed = new Map<number, Placed>()
  private readonly live: number[] = []
  private readonly places = new Map<number, number>()
  private named = 0

  constructor(definitions: readonly Command[], funding: Iterable<FrameBuffer>) {
    for (const command of definitions) {
      const done = execute(this.engine, command, 0)
      if (!done.ok) throw new Error(`${command.type} was refused: ${done.reject.code}.`)
    }
    for (const batch of funding) for (let offset = 0; offset < batch.length; offset += batch.size(offset)) this.apply(batch, offset)
  }

  /** Orders that rest. */
  get count(): number {
    return this.live.length
  }

  /** The batches so far; those that follow begin anew. */
  take(): FrameBuffer[] {
    return this.writer.take()
  }

  place({ account, market, side, price, quantity, selfTradePrevention }: LimitTerms): void {
    const clientOrderId = clientOrderIdOf(++this.named)
    const frames = this.writer.next()
    const fields = { account, market, side, orderType: 0, timeInForce: 0, selfTradePrevention, flags: PLACE_HAS_PRICE, price: BigInt(price), quantity: BigInt(quantity), clientOrderId }
    this.apply(frames, writeOrderPlace(frames, fields))
    this.follow({ account, market, clientOrderId })
  }

  /** Cancels the resting order of a number from 0 to {@link LiveOrders.count}, by its name. */
  cancel(index: number): void {
    const { account, market, clientOrderId } = this.placed.get(this.live[index]!)!
    const frames = this.writer.next()
    this.apply(frames, writeOrderCancel(frames, { account, market, orderId: 0, clientOrderId }))
    this.follow(undefined)
  }

  private apply(frames: FrameBuffer, offset: number): void {
    this.events.clear()
    frames.stamp(offset, this.engine.sequence + 1, 0)
    this.engine.apply(frames, offset, this.events)
  }

  private follow(placed: Placed | undefined): void {
    const { events } = this
    for (let offset = 0; offset < events.length; offset += events.size(offset)) {
      const type = events.type(offset)
      if ((type === ORDER_RESTED || restedAtOnce(events, offset)) && placed !== undefined) this.add(events.f64[(offset + STATE_ORDER_ID) >> 3]!, placed)
      else if (type === ORDER_CANCELLED) this.remove(events.f64[(offset + STATE_ORDER_ID) >> 3]!)
      else if (type === TRADE_EXECUTED && events.u8[offset + TRADE_MAKER_DONE] === 1) this.remove(events.f64[(offset + TRADE_MAKER + PARTY_ORDER_ID) >> 3]!)
    }
  }

  private add(orderId: number, placed: Placed): void {
    this.placed.set(orderId, placed)
    this.places.set(orderId, this.live.push(orderId) - 1)
  }

  private remove(orderId: number): void {
    const place = this.places.get(orderId)
    if (place === undefined) return
    this.placed.delete(orderId)
    this.places.delete(orderId)
    const last = this.live.pop()!
    if (last === orderId) return
    this.live[place] = last
    this.places.set(last, place)
  }
}
