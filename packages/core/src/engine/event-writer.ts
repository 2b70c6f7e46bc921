/** Appends the events of the command being applied. */
import { NONE_16, TEXT_BYTES, type FrameBuffer } from '../values/frames.js'
import * as event from '../domain/frames/event-frames.js'
import { ROW_BITS, type RowMemory } from '../values/row-memory.js'
import * as orderLayout from '../matching/order-layout.js'
import * as registers from '../matching/registers.js'
import * as seatLayout from '../matching/seat-layout.js'
import type { OrderNames } from './order-names.js'
import type { OrderTermsRows } from './order-terms.js'

const {
  BY_QUOTE,
  NAMED,
  ICEBERG,
  ORDER_ENUMS,
  ORDER_FEE,
  ORDER_FILLED,
  ORDER_FILLED_QUOTE,
  ORDER_FLAGS,
  ORDER_HELD,
  ORDER_ID,
  ORDER_LEAVES,
  ORDER_NAME,
  ORDER_PRICE,
  ORDER_QUANTITY,
  ORDER_SEAT,
  POST_ONLY,
  QUOTE,
} = orderLayout
const { SEQUENCE, TIMESTAMP } = registers
const { SEAT_ACCOUNT, SEAT_MARKET_ID } = seatLayout
const { KEEPS_PLACE, ORDER_ACCEPTED, ORDER_CANCELLED, ORDER_RESTED, STATE_REASON, STATE_RESTED } = event

/** Bytes and type of a frame as they stand in its first word. */
const SIZE_AND_TYPE = Int32Array.from(event.EVENT_BYTES, (bytes, type) => bytes | (type << 16))
const BYTES = Int32Array.from(event.EVENT_BYTES)
const NO_ASSET = NONE_16 << 16
const ROW = ROW_BITS

/** Words of 8 bytes from the start of an order event. */
const ID_WORD = event.STATE_ORDER_ID >> 3
const ENUMS_WORD = event.STATE_SIDE >> 3
const PRICE_WORD = event.STATE_PRICE >> 3
const QUANTITY_WORD = event.STATE_QUANTITY >> 3
const QUOTE_QUANTITY_WORD = event.STATE_QUOTE_QUANTITY >> 3
const FILLED_WORD = event.STATE_FILLED_QUANTITY >> 3
const LEAVES_WORD = event.STATE_LEAVES_QUANTITY >> 3
const FILLED_QUOTE_WORD = event.STATE_FILLED_QUOTE >> 3
const FEE_WORD = event.STATE_FEE >> 3
const NAME_WORD = event.STATE_CLIENT_ORDER_ID >> 3
/** What follows the order state. */
const EXTRA_WORD = event.ACCEPTED_HELD >> 3

export class EventWriter {
  frames: FrameBuffer
  /** Events so far of this command. */
  index = 0
  /** Where the events begin of which the trades have not been shown to waiting orders. */
  examined = 0

  constructor(
    frames: FrameBuffer,
    private readonly memory: RowMemory,
    private readonly names: OrderNames,
    private readonly terms: OrderTermsRows,
  ) {
    this.frames = frames
  }

  /** Appends a zeroed frame with its header; pass `NONE_32` and `NONE_16` for what the event does not name. */
  begin(type: number, account: number, market: number, asset: number): number {
    const offset = this.frames.append(BYTES[type]!, type)
    this.header(offset, type, account, market | (asset << 16))
    return offset
  }

  /** The same for a frame that is longer than the others of its type. */
  beginLong(type: number, bytes: number, names: { account: number; market: number; asset: number }): number {
    const offset = this.frames.append(bytes, type)
    this.header(offset, type, names.account, names.market | (names.asset << 16))
    this.frames.u16[offset >> 1] = bytes
    return offset
  }

  accepted(row: number): void {
    const word = this.orderEvent(ORDER_ACCEPTED, row)
    this.frames.i64[word + EXTRA_WORD] = this.memory.i64[row + ORDER_HELD]!
  }

  /** Of an order that came to rest as it was accepted: one frame for both events. */
  acceptedAtRest(row: number): void {
    const word = this.orderEvent(ORDER_ACCEPTED, row)
    this.frames.i64[word + EXTRA_WORD] = this.memory.i64[row + ORDER_HELD]!
    this.frames.u8[word * 8 + STATE_RESTED] = 1
    this.index++
  }

  /** Of an order that has its terms already. */
  acceptedSpecial(row: number): void {
    const offset = this.frames.length
    this.accepted(row)
    this.terms.append(row, this.frames, offset)
  }

  rested(row: number): void {
    this.orderEvent(ORDER_RESTED, row)
  }

  /** Of an order that has its terms. */
  triggered(row: number): void {
    const word = this.orderEvent(event.ORDER_TRIGGERED, row)
    this.terms.append(row, this.frames, word * 8)
  }

  /** Of an iceberg whose next part stands in the book already. */
  refreshed(row: number): void {
    const word = this.orderEvent(event.ORDER_REFRESHED, row)
    this.frames.i64[word + EXTRA_WORD] = this.memory.i64[row + ORDER_LEAVES]!
  }

  /** To be called while the order's row still has its leaves and its hold. */
  cancelled(row: number, reason: number, rested: boolean): void {
    const word = this.orderEvent(ORDER_CANCELLED, row)
    const { i64, u8 } = this.frames
    u8[word * 8 + STATE_REASON] = reason
    u8[word * 8 + STATE_RESTED] = rested ? 1 : 0
    i64[word + EXTRA_WORD] = i64[word + LEAVES_WORD]!
    i64[word + LEAVES_WORD] = 0n
    i64[word + EXTRA_WORD + 1] = this.memory.i64[row + ORDER_HELD]!
  }

  /** To be called while the order's row still has its leaves and its hold. */
  expired(row: number, rested: boolean): void {
    const word = this.orderEvent(event.ORDER_EXPIRED, row)
    const { i64, u8 } = this.frames
    u8[word * 8 + STATE_RESTED] = rested ? 1 : 0
    i64[word + EXTRA_WORD] = i64[word + LEAVES_WORD]!
    i64[word + LEAVES_WORD] = 0n
    i64[word + EXTRA_WORD + 1] = this.memory.i64[row + ORDER_HELD]!
  }

  /** To be called after the order's row has shrunk; of an iceberg that rests, `displayed` is what its level has lost. */
  reduced(row: number, change: { reason: number; rested: boolean; quantity: bigint; released: bigint; displayed?: bigint }): void {
    const word = this.orderEvent(event.ORDER_REDUCED, row)
    const { i64, u8 } = this.frames
    u8[word * 8 + STATE_REASON] = change.reason
    u8[word * 8 + STATE_RESTED] = change.rested ? 1 : 0
    i64[word + EXTRA_WORD] = change.quantity
    i64[word + EXTRA_WORD + 1] = change.released
    if (this.frames.length > word * 8 + BYTES[event.ORDER_REDUCED]!) i64[word + EXTRA_WORD + 2] = change.displayed ?? 0n
  }

  /** To be called after the order's row has its new terms; `rested` where it has left its level, `keepsPlace` where it stays there. */
  amended(row: number, change: { rested: boolean; keepsPlace?: boolean; oldPrice: bigint; oldLeaves: bigint; heldChange: bigint }): void {
    const word = this.orderEvent(event.ORDER_AMENDED, row)
    const { i64, u8 } = this.frames
    u8[word * 8 + STATE_RESTED] = change.rested ? 1 : change.keepsPlace === true ? KEEPS_PLACE : 0
    i64[word + EXTRA_WORD] = change.oldPrice
    i64[word + EXTRA_WORD + 1] = change.oldLeaves
    i64[word + EXTRA_WORD + 2] = change.heldChange
    this.terms.append(row, this.frames, word * 8)
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

  /** Appends the header of a frame whose body the caller must write in full. @returns the frame's offset. */
  extend(type: number, account: number, marketAndAsset: number): number {
    const offset = this.frames.extend(BYTES[type]!)
    this.header(offset, type, account, marketAndAsset)
    return offset
  }

  private header(offset: number, type: number, account: number, marketAndAsset: number): void {
    const { u32, f64 } = this.frames
    const word = offset >> 3
    u32[word * 2] = SIZE_AND_TYPE[type]!
    u32[word * 2 + 1] = account
    f64[word + 1] = this.memory.f64[SEQUENCE]!
    f64[word + 2] = this.memory.f64[TIMESTAMP]!
    u32[word * 2 + 6] = marketAndAsset
    u32[word * 2 + 7] = this.index++
  }

  /** Writes the whole order state; what follows it is the caller's. @returns the frame's first word of 8 bytes. */
  private orderEvent(type: number, order: number): number {
    const row = order & ROW
    const offset = this.frames.extend(BYTES[type]!)
    // All 8-byte fields are copied as integers, whatever they mean: fewer views fit into more registers.
    const { u32, i64 } = this.frames
    const { i32, i64: cells } = this.memory
    const word = offset >> 3
    const seat = (i32[row * 2 + ORDER_SEAT]! & ROW) * 2
    const flags = i32[row * 2 + ORDER_FLAGS]!
    u32[word * 2] = SIZE_AND_TYPE[type]!
    u32[word * 2 + 1] = i32[seat + SEAT_ACCOUNT]!
    i64[word + 1] = cells[SEQUENCE]!
    i64[word + 2] = cells[TIMESTAMP]!
    u32[word * 2 + 6] = i32[seat + SEAT_MARKET_ID]! | NO_ASSET
    u32[word * 2 + 7] = this.index++
    i64[word + ID_WORD] = cells[row + ORDER_ID]!
    u32[(word + ENUMS_WORD) * 2] = i32[row * 2 + ORDER_ENUMS]!
    u32[(word + ENUMS_WORD) * 2 + 1] = flags & (POST_ONLY | QUOTE)
    i64[word + PRICE_WORD] = cells[row + ORDER_PRICE]!
    i64[word + QUANTITY_WORD] = cells[row + ORDER_QUANTITY]!
    i64[word + QUOTE_QUANTITY_WORD] = 0n
    i64[word + FILLED_WORD] = cells[row + ORDER_FILLED]!
    i64[word + LEAVES_WORD] = cells[row + ORDER_LEAVES]!
    i64[word + FILLED_QUOTE_WORD] = cells[row + ORDER_FILLED_QUOTE]!
    i64[word + FEE_WORD] = cells[row + ORDER_FEE]!
    if ((flags & BY_QUOTE) !== 0) {
      i64[word + QUANTITY_WORD] = 0n
      i64[word + QUOTE_QUANTITY_WORD] = cells[row + ORDER_QUANTITY]!
    }
    // Row 0 reads as zeros: no name.
    const named = (flags & NAMED) === 0 ? 0 : row
    i64[word + NAME_WORD] = cells[named + ORDER_NAME]!
    i64[word + NAME_WORD + 1] = cells[named + ORDER_NAME + 1]!
    i64[word + NAME_WORD + 2] = cells[named + ORDER_NAME + 2]!
    i64[word + NAME_WORD + 3] = cells[named + ORDER_NAME + 3]!
    i64[word + NAME_WORD + 4] = cells[named + ORDER_NAME + 4]!
    if ((flags & ICEBERG) !== 0) this.addDisplayed(word, row)
    return word
  }

  /** A resting iceberg has more left than it displays; where the book changes, the event says what is displayed. */
  private addDisplayed(word: number, row: number): void {
    const { frames, memory } = this
    frames.i64[word + LEAVES_WORD] = memory.i64[row + ORDER_QUANTITY]! - memory.i64[row + ORDER_FILLED]!
    if (frames.type(word * 8) === event.ORDER_REFRESHED) return
    const at = frames.extend(8)
    frames.u16[word * 4] = frames.length - word * 8
    frames.i64[at >> 3] = memory.i64[row + ORDER_LEAVES]!
  }
}
