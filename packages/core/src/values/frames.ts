/** A growable run of binary frames: the form in which commands enter the engine and events leave it. */

/** Bytes every frame starts with; see {@link FrameBuffer} for the fields. */
export const FRAME_HEADER_BYTES = 32

/** Stands in a header for "no market", "no asset" (16 bit) and "no account" (32 bit). */
export const NONE_16 = 0xffff
export const NONE_32 = 0xffffffff

/** Longest text (client order id, account name, request id) that a frame carries, in ASCII bytes. */
export const TEXT_BYTES = 36

const PRINTABLE = /^[\x21-\x7e]{1,36}$/

/** Tells whether a text can be carried: 1 to 36 printable ASCII characters without spaces. */
export function isFrameText(text: string): boolean {
  return PRINTABLE.test(text)
}

/**
 * Frames one after another in one buffer, little-endian, each a multiple of 8 bytes:
 *
 * | offset | field |
 * |---|---|
 * | 0 | u16 size of the whole frame in bytes |
 * | 2 | u8 type, 3 u8 flags |
 * | 4 | u32 account |
 * | 8 | f64 sequence, assigned by the writer |
 * | 16 | f64 timestamp in microseconds since 1970, assigned by the writer |
 * | 24 | u16 market, 26 u16 asset, 28 u32 index (events: place among the events of the command) |
 *
 * The typed views share one ArrayBuffer and are replaced when it grows: read them from the object,
 * never keep one across a call that may append.
 */
export class FrameBuffer {
  bytes: Uint8Array
  u8: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  f64: Float64Array
  i64: BigInt64Array
  /** Bytes in use. */
  length = 0

  constructor(capacityBytes = 4096) {
    this.bytes = this.u8 = new Uint8Array((capacityBytes + 7) & ~7)
    this.u16 = new Uint16Array(this.bytes.buffer)
    this.u32 = new Uint32Array(this.bytes.buffer)
    this.f64 = new Float64Array(this.bytes.buffer)
    this.i64 = new BigInt64Array(this.bytes.buffer)
  }

  /** Wraps bytes that already hold whole frames; copies them, so that alignment is certain. */
  static from(frames: Uint8Array): FrameBuffer {
    const buffer = new FrameBuffer(Math.max(8, frames.length))
    buffer.bytes.set(frames)
    buffer.length = frames.length
    return buffer
  }

  /** Wraps bytes that already hold whole frames as they are, from a multiple of 8 bytes in their buffer on: to read. */
  static over(frames: Uint8Array): FrameBuffer {
    const buffer = new FrameBuffer(0)
    buffer.view(frames.buffer, frames.byteOffset, frames.length)
    return buffer
  }

  /** A view of the frames from one offset to another; an append to it goes into memory of its own. */
  part(from: number, to: number): FrameBuffer {
    const part = new FrameBuffer(0)
    part.view(this.bytes.buffer, this.bytes.byteOffset + from, to - from)
    return part
  }

  private view(buffer: ArrayBufferLike, at: number, length: number): void {
    this.bytes = this.u8 = new Uint8Array(buffer, at, length)
    this.u16 = new Uint16Array(buffer, at, length >> 1)
    this.u32 = new Uint32Array(buffer, at, length >> 2)
    this.f64 = new Float64Array(buffer, at, length >> 3)
    this.i64 = new BigInt64Array(buffer, at, length >> 3)
    this.length = length
  }

  /** Forgets the content and keeps the memory. */
  clear(): void {
    this.length = 0
  }

  /** The frames in use, as a view that the next append may overwrite or detach. */
  used(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  /** Makes room for `size` zeroed bytes at the end and returns the offset of the new frame, its header's size and type set. */
  append(size: number, type: number): number {
    const offset = this.length
    if (offset + size > this.bytes.length) this.grow(offset + size)
    const words = this.f64
    for (let word = offset >> 3, end = (offset + size) >> 3; word < end; word++) words[word] = 0
    this.length = offset + size
    this.u16[offset >> 1] = size
    this.u8[offset + 2] = type
    return offset
  }

  /** Makes room for `size` bytes at the end, all of which the caller must write; returns their offset. */
  extend(size: number): number {
    const offset = this.length
    if (offset + size > this.bytes.length) this.grow(offset + size)
    this.length = offset + size
    return offset
  }

  /** Appends the frame that stands at `offset` of another buffer and returns its offset here. */
  appendFrom(source: FrameBuffer, offset: number): number {
    const size = source.u16[offset >> 1]!
    const target = this.length
    if (target + size > this.bytes.length) this.grow(target + size)
    this.bytes.set(source.bytes.subarray(offset, offset + size), target)
    this.length = target + size
    return target
  }

  /** Appends the frames from one offset to another of another buffer and returns the offset of the first here. */
  appendRange(source: FrameBuffer, from: number, to: number): number {
    const target = this.length
    const end = target + to - from
    if (end > this.bytes.length) this.grow(end)
    this.bytes.set(source.bytes.subarray(from, to), target)
    this.length = end
    return target
  }

  size(offset: number): number {
    return this.u16[offset >> 1]!
  }

  type(offset: number): number {
    return this.u8[offset + 2]!
  }

  account(offset: number): number {
    return this.u32[(offset + 4) >> 2]!
  }

  sequence(offset: number): number {
    return this.f64[(offset + 8) >> 3]!
  }

  timestampUs(offset: number): number {
    return this.f64[(offset + 16) >> 3]!
  }

  market(offset: number): number {
    return this.u16[(offset + 24) >> 1]!
  }

  asset(offset: number): number {
    return this.u16[(offset + 26) >> 1]!
  }

  /** Stamps what only the writer knows. */
  stamp(offset: number, sequence: number, timestampUs: number): void {
    this.f64[(offset + 8) >> 3] = sequence
    this.f64[(offset + 16) >> 3] = timestampUs
  }

  setText(offset: number, text: string): void {
    if (text !== '' && !isFrameText(text)) throw new RangeError(`"${text}" is not 1 to ${TEXT_BYTES} printable ASCII characters`)
    for (let i = 0; i < text.length; i++) this.u8[offset + i] = text.charCodeAt(i)
  }

  text(offset: number): string {
    let text = ''
    for (let i = offset, end = offset + TEXT_BYTES; i < end && this.u8[i] !== 0; i++) text += String.fromCharCode(this.u8[i]!)
    return text
  }

  private grow(needed: number): void {
    let capacity = Math.max(64, this.bytes.length)
    while (capacity < needed) capacity *= 2
    const old = this.bytes.subarray(0, this.length)
    this.bytes = this.u8 = new Uint8Array(capacity)
    this.u16 = new Uint16Array(this.bytes.buffer)
    this.u32 = new Uint32Array(this.bytes.buffer)
    this.f64 = new Float64Array(this.bytes.buffer)
    this.i64 = new BigInt64Array(this.bytes.buffer)
    this.bytes.set(old)
  }
}
