/** Reads one command frame field by field, checking what the layout cannot promise. */
import { COMMAND_TYPES, NONE_16, ORDER_TYPES, PLACE_EXPIRES_AT, PLACE_ORDER_TYPE, PLACE_TIME_IN_FORCE, REPLACED_ORDER_ID, TEXT_BYTES, TIMES_IN_FORCE, isCommandSize, isFrameText, type CommandType, type FrameBuffer } from '@bourse/core'

/** Commands about orders and quotes: they use account and market of the header. */
const TRADING: readonly string[] = [
  'order.place',
  'order.place-special',
  'order.place-oco',
  'order.place-bracket',
  'order.cancel',
  'order.reduce',
  'order.amend',
  'order.cancel-all',
  'order.cancel-all-after',
  'order.cancel-replace',
  'quote.place',
  'quote.protect',
  'quote.reset-protection',
]
/** Commands that use the account of the header; in others it stands for nothing. */
const NAMES_ACCOUNT: readonly string[] = [...TRADING, 'ledger.transfer', 'ledger.hold', 'ledger.settle', 'account.update']
/** The same for the market. */
const NAMES_MARKET: readonly string[] = [...TRADING, 'market.update', 'fees.define-tier', 'market.set-reference', 'market.auction']

export class FrameReader {
  readonly sequence: number
  readonly timestampUs: number
  readonly typeByte: number
  readonly account: number
  readonly market: number
  readonly asset: number
  private readonly view: DataView<ArrayBuffer>

  constructor(frames: FrameBuffer, offset: number) {
    const size = frames.size(offset)
    this.view = new DataView(frames.bytes.slice(offset, offset + size).buffer)
    this.sequence = frames.sequence(offset)
    this.timestampUs = frames.timestampUs(offset)
    this.typeByte = frames.type(offset)
    this.account = frames.account(offset)
    this.market = frames.market(offset)
    this.asset = frames.asset(offset)
  }

  /** The command, or `none` where the type byte names none. */
  get command(): CommandType | 'none' {
    return COMMAND_TYPES[this.typeByte] ?? 'none'
  }

  /** Whether the new order that the frame carries is to be read with the terms of special orders. */
  get carriesTerms(): boolean {
    if (this.command !== 'order.cancel-replace') return this.command === 'order.place-special'
    const terms = Array.from({ length: REPLACED_ORDER_ID - PLACE_EXPIRES_AT }, (_, i) => this.u8(PLACE_EXPIRES_AT + i))
    return this.u8(PLACE_ORDER_TYPE) > ORDER_TYPES.indexOf('market') || this.u8(PLACE_TIME_IN_FORCE) > TIMES_IN_FORCE.indexOf('fok') || terms.some((byte) => byte !== 0)
  }

  get hasRightSize(): boolean {
    return isCommandSize(this.typeByte, this.view.byteLength)
  }

  get bytes(): number {
    return this.view.byteLength
  }

  get namesAccount(): boolean {
    return NAMES_ACCOUNT.includes(this.command)
  }

  get namesMarket(): boolean {
    return NAMES_MARKET.includes(this.command)
  }

  /** Market named by a command that may name none. */
  get optionalMarket(): number | undefined {
    return this.market === NONE_16 ? undefined : this.market
  }

  u8(at: number): number {
    return this.view.getUint8(at)
  }

  u16(at: number): number {
    return this.view.getUint16(at, true)
  }

  u32(at: number): number {
    return this.view.getUint32(at, true)
  }

  i32(at: number): number {
    return this.view.getInt32(at, true)
  }

  i64(at: number): bigint {
    return this.view.getBigInt64(at, true)
  }

  f64(at: number): number {
    return this.view.getFloat64(at, true)
  }

  /** A word of a list by its place; undefined where the list has no such place. */
  word<W extends string>(words: readonly W[], at: number): W | undefined {
    return words[this.u8(at)]
  }

  /** An empty string where nothing is written; undefined where what is written is no text. */
  text(at: number): string | undefined {
    const bytes = Array.from({ length: TEXT_BYTES }, (_, i) => this.u8(at + i))
    const end = bytes.indexOf(0)
    const text = String.fromCharCode(...(end < 0 ? bytes : bytes.slice(0, end)))
    if (end >= 0 && bytes.slice(end).some((byte) => byte !== 0)) return undefined
    return text === '' || isFrameText(text) ? text : undefined
  }

  /** The whole frame in words of 32 bits. */
  words(): Uint32Array {
    return new Uint32Array(this.view.buffer)
  }

  /** Everything that the sender chose, without what the writer stamped. */
  input(): string {
    const bytes = [...new Uint8Array(this.view.buffer)].map((byte) => byte.toString(16).padStart(2, '0'))
    return [...bytes.slice(0, 8), ...bytes.slice(24)].join('')
  }
}
