/** Appends the events of the command being applied. */
import { NONE_16, NONE_32, TEXT_BYTES, type FrameBuffer } from '../values/frames.js'
import * as event from '../domain/event-frames.js'
import { type OrderRows } from '../matching/order-rows.js'
import type { OrderNames } from './order-names.js'
import { type Seats } from './seats.js'
import * as orderLayout from '../matching/order-layout.js'
import * as seatLayout from './seat-layout.js'

const {
  ORDER_WORDS,
  ORDER_ID,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_LEAVES,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FEE,
  ORDER_HELD,
  ORDER_SEAT,
  ORDER_ENUMS,
  ORDER_FLAGS,
  POST_ONLY,
  BY_QUOTE,
} = orderLayout
const { SEAT_WORDS, SEAT_ACCOUNT, SEAT_MARKET } = seatLayout

const BYTES = Uint16Array.from(event.EVENT_BYTES)

export class EventWriter {
  frames: FrameBuffer
  sequence = 0
  timestampUs = 0
  private index = 0

  constructor(
    frames: FrameBuffer,
    private readonly orders: OrderRows,
    private readonly seats: Seats,
    private readonly names: OrderNames,
  ) {
    this.frames = frames
  }

  /** Starts the events of a command. */
  open(frames: FrameBuffer, sequence: number, timestampUs: number): void {
    this.frames = frames
    this.sequence = sequence
    this.timestampUs = timestampUs
    this.index = 0
  }

  /** Appends a frame with its header; pass `NONE_32` and `NONE_16` for what the event does not name. */
  begin(type: number, account: number, market: number, asset: number): number {
    const frames = this.frames
    const offset = frames.append(BYTES[type]!, type)
    const u32 = frames.u32
    u32[(offset + 4) >> 2] = account
    frames.f64[(offset + 8) >> 3] = this.sequence
    frames.f64[(offset + 16) >> 3] = this.timestampUs
    u32[(offset + 24) >> 2] = market | (asset << 16)
    u32[(offset + event.EVENT_INDEX) >> 2] = this.index++
    return offset
  }

  accepted(row: number): void {
    const offset = this.orderEvent(event.ORDER_ACCEPTED, row)
    this.frames.i64[(offset + event.ACCEPTED_HELD) >> 3] = this.orders.i64[row * ORDER_WORDS + ORDER_HELD]!
  }

  rested(row: number): void {
    this.orderEvent(event.ORDER_RESTED, row)
  }

  /** To be called while the order's row still has its leaves and its hold. */
  cancelled(row: number, reason: number, rested: boolean): void {
    const offset = this.orderEvent(event.ORDER_CANCELLED, row)
    const { u8, i64 } = this.frames
    u8[offset + event.STATE_REASON] = reason
    u8[offset + event.STATE_RESTED] = rested ? 1 : 0
    i64[(offset + event.CANCELLED_QUANTITY) >> 3] = i64[(offset + event.STATE_LEAVES_QUANTITY) >> 3]!
    i64[(offset + event.STATE_LEAVES_QUANTITY) >> 3] = 0n
    i64[(offset + event.CANCELLED_RELEASED) >> 3] = this.orders.i64[row * ORDER_WORDS + ORDER_HELD]!
  }

  /** To be called after the order's row has shrunk. */
  reduced(row: number, change: { reason: number; rested: boolean; quantity: bigint; released: bigint }): void {
    const offset = this.orderEvent(event.ORDER_REDUCED, row)
    const { u8, i64 } = this.frames
    u8[offset + event.STATE_REASON] = change.reason
    u8[offset + event.STATE_RESTED] = change.rested ? 1 : 0
    i64[(offset + event.REDUCED_QUANTITY) >> 3] = change.quantity
    i64[(offset + event.REDUCED_RELEASED) >> 3] = change.released
  }

  /** To be called after the order's row has its new terms. */
  amended(row: number, change: { oldPrice: bigint; oldLeaves: bigint; heldChange: bigint }): void {
    const offset = this.orderEvent(event.ORDER_AMENDED, row)
    const i64 = this.frames.i64
    i64[(offset + event.AMENDED_OLD_PRICE) >> 3] = change.oldPrice
    i64[(offset + event.AMENDED_OLD_LEAVES) >> 3] = change.oldLeaves
    i64[(offset + event.AMENDED_HELD_CHANGE) >> 3] = change.heldChange
  }

  /** `nameAt` is the place of a client order id in `frames`, or 0 where the command has none. */
  rejected(code: number, command: { type: number; account: number; market: number; frames: FrameBuffer; nameAt: number }): void {
    const offset = this.begin(event.COMMAND_REJECTED, command.account, command.market, NONE_16)
    this.frames.u8[offset + event.RESULT_CODE] = code
    this.frames.u8[offset + event.RESULT_COMMAND] = command.type
    if (command.nameAt === 0) return
    const name = command.frames.bytes.subarray(command.nameAt, command.nameAt + TEXT_BYTES)
    this.frames.bytes.set(name, offset + event.REJECTED_CLIENT_ORDER_ID)
  }

  repeated(command: { type: number; account: number; firstSequence: number; orderId: number }): void {
    const offset = this.begin(event.COMMAND_REPEATED, command.account, NONE_16, NONE_16)
    this.frames.u8[offset + event.RESULT_COMMAND] = command.type
    this.frames.f64[(offset + event.REPEATED_FIRST_SEQUENCE) >> 3] = command.firstSequence
    this.frames.f64[(offset + event.REPEATED_ORDER_ID) >> 3] = command.orderId
  }

  /** An event without account: trades. */
  beginMarketEvent(type: number, market: number): number {
    return this.begin(type, NONE_32, market, NONE_16)
  }

  private orderEvent(type: number, row: number): number {
    const seat = this.orders.i32[row * 2 * ORDER_WORDS + ORDER_SEAT]! * 2 * SEAT_WORDS
    const offset = this.begin(type, this.seats.i32[seat + SEAT_ACCOUNT]!, this.seats.i32[seat + SEAT_MARKET]!, NONE_16)
    const { u32, f64, i64 } = this.frames
    const from = this.orders.i64
    const at = row * ORDER_WORDS
    const word = offset >> 3
    const flags = this.orders.i32[at * 2 + ORDER_FLAGS]!
    f64[word + 4] = this.orders.f64[at + ORDER_ID]!
    u32[(offset + event.STATE_SIDE) >> 2] = this.orders.i32[at * 2 + ORDER_ENUMS]!
    u32[(offset + event.STATE_POST_ONLY) >> 2] = flags & POST_ONLY
    i64[word + 6] = from[at + ORDER_PRICE]!
    i64[word + ((flags & BY_QUOTE) === 0 ? 7 : 8)] = from[at + ORDER_QUANTITY]!
    i64[word + 9] = from[at + ORDER_FILLED]!
    i64[word + 10] = from[at + ORDER_LEAVES]!
    i64[word + 11] = from[at + ORDER_FILLED_QUOTE]!
    i64[word + 12] = from[at + ORDER_FEE]!
    this.names.copyTo(row, u32, (offset + event.STATE_CLIENT_ORDER_ID) >> 2)
    return offset
  }
}

