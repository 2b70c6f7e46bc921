/** Copies a graph of objects as it lies in memory, and fills a graph of the same shape from such a copy. */

import { wasm } from './wasm.js'

/**
 * An object that knows how far its arrays are in use: what lies behind is zero, and left out of images. It must ask the
 * arrays themselves how much room they have, because after a restore that may be more or less.
 */
export interface PartlyFilled {
  /** Bytes in use of one of the object's own arrays. */
  filledBytes(array: ArrayBufferView): number
}

/** A {@link PartlyFilled} object whose arrays share one buffer of its own making, into which the content of another is copied. */
export interface MovesInto {
  moveInto(content: Uint8Array): void
}

/** Arrays below so many bytes share a part. What counts is their length, not how much is in use: the parts of an object stay the same ones while it fills up. */
const LARGE_BYTES = 1 << 16
/** Lists of numbers from this length on are written as an array. */
const LONG_LIST = 64
/** Memory is touched in such steps, which take a tenth of a millisecond each, and where the machine itself gets memory only then several times as long; less than one is touched at once. */
const TOUCH_BYTES = 1 << 18
const PAGE_BYTES = 4096

const VIEWS = { f64: Float64Array, i64: BigInt64Array, i32: Int32Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array } as const
type ViewKind = keyof typeof VIEWS

/**
 * What is told of a value; the arrays themselves stand apart. Plain values are themselves, others have one key:
 * `n` a number that JSON lacks, `b` a bigint, `u` undefined, `v` a view: [number of the buffer, kind], `f` a long list of
 * numbers: [number of the buffer], `l` a list, `m` a map, `s` a set, `o` a plain object, `i` an instance of a class,
 * `r` one of the last five that was met before, by its number.
 */
type Note = number | string | boolean | null | { readonly [tag: string]: unknown }
type Notes = Readonly<Record<string, Note>>

interface Head {
  readonly layout: string
  readonly root: Note
  /** By the number of a buffer: its length in bytes, and how many of them are in the image. */
  readonly buffers: readonly (readonly [length: number, filled: number])[]
}

/** How long a part is, and how much memory it gets: a quarter more by default. What is not used of it costs nothing but addresses. */
export interface PartSize {
  readonly bytes: number
  readonly capacity?: number
}

/** Memory that images are copied into, and used again by the next one: fresh memory costs ten times as much as the copy. */
export class ImageMemory {
  private readonly slabs: Uint8Array<ArrayBuffer>[] = []
  /** How much of each slab the system has given already. */
  private readonly touched: number[] = []

  /** So many bytes for the part of a number, with room behind them where new memory is needed. */
  slab(part: number, { bytes, capacity = spacious(bytes) }: PartSize): Uint8Array<ArrayBuffer> {
    const slab = this.slabs[part]
    if (slab !== undefined && slab.length >= bytes) return slab.subarray(0, bytes)
    const larger = new Uint8Array(capacity)
    this.slabs[part] = larger
    this.touched[part] = 0
    return larger.subarray(0, bytes)
  }

  /** Gets memory for parts of such sizes, a little at a step, so that the copy itself need not wait for it. The first step makes room for all. */
  *prepare(sizes: readonly PartSize[]): Generator<void> {
    for (const [part, size] of sizes.entries()) this.slab(part, size)
    for (const [part, { bytes }] of sizes.entries()) {
      const slab = this.slabs[part]!
      for (let at = this.touched[part]!; at < bytes; at += PAGE_BYTES) {
        slab[at] = 0
        if ((at + PAGE_BYTES) % TOUCH_BYTES === 0) yield
      }
      this.touched[part] = Math.max(this.touched[part]!, Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES)
    }
  }
}

/**
 * Copies everything that can be reached from an object of a class: numbers, texts, lists, maps and plain objects by
 * value, arrays of the six kinds above by their bytes. Functions are left out: a graph of the same shape has its own.
 *
 * @param layout whatever must be the same for the image to be read.
 * @returns the parts; the first one tells what the others are.
 */
export function takeImage(root: object, layout: string, memory = new ImageMemory()): Uint8Array<ArrayBuffer>[] {
  const survey = new Survey()
  const note = survey.note(root)
  const { buffers } = survey
  const head: Head = { layout, root: note, buffers: buffers.map(({ buffer, filled }) => [buffer.byteLength, filled]) }
  const small = memory.slab(0, { bytes: survey.smallBytes })
  const parts = [bytesOfText(JSON.stringify(head)), small]
  let at = 0
  for (const taken of buffers) {
    const { buffer, filled } = taken
    const source = new Uint8Array(buffer, 0, filled)
    if (buffer.byteLength >= LARGE_BYTES) {
      const copy = memory.slab(parts.length - 1, sizeOf(taken))
      copy.set(source)
      parts.push(copy)
    } else {
      small.set(source, at)
      at += roundedUp(filled)
    }
  }
  return parts
}

/** How long each part behind the first one is, for {@link ImageMemory.prepare}. */
export function imageSizes(root: object): PartSize[] {
  const survey = new Survey()
  survey.note(root)
  return [{ bytes: survey.smallBytes }, ...survey.buffers.filter(({ buffer }) => buffer.byteLength >= LARGE_BYTES).map(sizeOf)]
}

/** As much room as the array itself has: what grows into it needs no other part. */
function sizeOf({ buffer, filled }: { readonly buffer: ArrayBuffer; readonly filled: number }): PartSize {
  return { bytes: filled, capacity: buffer.byteLength }
}

/** States grow, after a restore too. */
function spacious(bytes: number): number {
  return roundedUp(Math.ceil(bytes * 1.25))
}

/** Whether parts are such an image, of whatever layout. */
export function isImage(parts: readonly Uint8Array[]): boolean {
  return parts[0] !== undefined && parts[0].length > 2 && textOfBytes(parts[0].subarray(0, 2)) === '{"'
}

/**
 * Fills a graph of objects, freshly made in the same way as the one that the image was taken of. Large parts become
 * arrays of the graph as they are, where they are as long as the array was, or have room behind them and belong to an
 * object that grows: they must not be used for anything else.
 *
 * @throws RangeError when the image is of another layout or another shape.
 */
export function loadImage(root: object, layout: string, parts: readonly Uint8Array[]): void {
  const head = JSON.parse(textOfBytes(parts[0]!)) as Head
  if (head.layout !== layout) throw new RangeError('The image was taken by another version of this program. Replay the journal, or start the version that took it and let it close in order.')
  new Loading(buffersOf(head, parts)).into(root, head.root, 'it')
}

function buffersOf(head: Head, parts: readonly Uint8Array[]): TakenBuffer[] {
  let part = 1
  let at = 0
  return head.buffers.map(([length, filled]) => {
    let source: Uint8Array
    if (length >= LARGE_BYTES) {
      source = parts[++part] ?? new Uint8Array()
      const { buffer, byteOffset } = source
      const fits = filled === length ? buffer.byteLength === length : buffer.byteLength > filled && buffer.byteLength % 8 === 0
      if (buffer instanceof ArrayBuffer && byteOffset === 0 && fits && source.length === filled) return new TakenBuffer(source, buffer)
    } else {
      source = (parts[1] ?? new Uint8Array()).subarray(at, at + filled)
      at += roundedUp(filled)
    }
    if (source.length !== filled) throw new RangeError(`The image holds ${source.length} bytes of an array of ${filled}.`)
    return new TakenBuffer(source, length)
  })
}

/** A buffer of the image: its bytes, and the buffer that the graph gets, made when it is asked for. */
class TakenBuffer {
  constructor(
    readonly content: Uint8Array,
    private whole: ArrayBuffer | number,
  ) {}

  buffer(): ArrayBuffer {
    if (typeof this.whole !== 'number') return this.whole
    const bytes = new Uint8Array(this.whole)
    bytes.set(this.content)
    this.whole = bytes.buffer
    return bytes.buffer
  }
}

/** Goes through a graph and notes what there is to copy. */
class Survey {
  readonly buffers: { readonly buffer: ArrayBuffer; readonly filled: number }[] = []
  smallBytes = 0
  private readonly numbers = new Map<object, number>()
  private readonly bufferNumbers = new Map<ArrayBufferLike, number>()

  note(value: unknown, owner?: object): Note {
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : { n: Object.is(value, -0) ? '-0' : String(value) }
    if (typeof value === 'bigint') return { b: String(value) }
    if (value === undefined) return { u: 1 }
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
    // Its buffer is that of the views beside it.
    if (value instanceof wasm.Memory) return null
    if (ArrayBuffer.isView(value)) return { v: this.view(value, owner) }
    if (Array.isArray(value) && value.length >= LONG_LIST && value.every((entry) => typeof entry === 'number')) {
      return { f: this.add(Float64Array.from(value).buffer, value.length * 8) }
    }
    return this.object(value as object)
  }

  private object(value: object): Note {
    const number = this.numbers.get(value)
    if (number !== undefined) return { r: number }
    this.numbers.set(value, this.numbers.size)
    if (Array.isArray(value)) return { l: Array.from(value, (entry) => this.note(entry)) }
    if (value instanceof Map) return { m: [...value].map(([key, entry]) => [this.note(key), this.note(entry)]) }
    if (value instanceof Set) return { s: [...value].map((entry) => this.note(entry)) }
    const fields: Record<string, Note> = {}
    for (const [key, field] of Object.entries(value)) if (typeof field !== 'function') fields[key] = this.note(field, value)
    return isPlain(value) ? { o: fields } : { i: fields }
  }

  private view(view: ArrayBufferView, owner: object | undefined): [buffer: number, kind: string] {
    const kind = kindOf(view)
    const { buffer, byteLength } = view
    if (kind === undefined || !(buffer instanceof ArrayBuffer) || byteLength !== buffer.byteLength) throw new TypeError(`An image holds whole arrays of six kinds, not a ${view.constructor.name} of a part of its buffer.`)
    const known = this.bufferNumbers.get(buffer)
    if (known !== undefined) return [known, kind]
    const filled = owner !== undefined && isPartlyFilled(owner) ? owner.filledBytes(view) : byteLength
    const number = this.add(buffer, filled)
    this.bufferNumbers.set(buffer, number)
    return [number, kind]
  }

  private add(buffer: ArrayBuffer, filled: number): number {
    if (buffer.byteLength < LARGE_BYTES) this.smallBytes += roundedUp(filled)
    return this.buffers.push({ buffer, filled }) - 1
  }
}

/** Puts what was noted into a graph. */
class Loading {
  /** What was met, by its number. */
  private readonly met: unknown[] = []

  constructor(private readonly buffers: readonly TakenBuffer[]) {}

  /** @param where names the object in errors. */
  into(target: object, note: Note, where: string): void {
    if (typeof note !== 'object' || note === null) throw new RangeError(`The image has ${String(note)} where ${where} is an object.`)
    // A view of the graph that was met elsewhere before.
    if ('r' in note) return
    if (!('i' in note)) throw new RangeError(`The image has no object for ${where}.`)
    const fields = note['i'] as Notes
    const own = target as Record<string, unknown>
    this.met.push(target)
    const keys = Object.keys(own).filter((key) => typeof own[key] !== 'function')
    if (keys.join() !== Object.keys(fields).join()) throw new RangeError(`The image knows other fields of ${where}: ${Object.keys(fields).join()} instead of ${keys.join()}.`)
    const moves = movesInto(target)
    if (moves) target.moveInto(this.contentOf(fields, where))
    for (const key of keys) {
      const value = own[key]
      if (moves && (ArrayBuffer.isView(value) || value instanceof wasm.Memory)) continue
      if (isInstance(value)) this.into(value, fields[key]!, `${where}.${key}`)
      else own[key] = this.value(fields[key]!)
    }
  }

  /** The bytes of the first array among the fields. */
  private contentOf(fields: Notes, where: string): Uint8Array {
    for (const note of Object.values(fields)) {
      if (typeof note === 'object' && note !== null && 'v' in note) return this.buffers[(note['v'] as [number, ViewKind])[0]]!.content
    }
    throw new RangeError(`The image has no array of ${where}.`)
  }

  private value(note: Note): unknown {
    if (typeof note !== 'object' || note === null) return note
    const [tag = '', content] = Object.entries(note)[0] ?? []
    switch (tag) {
      case 'n':
        return Number(content)
      case 'b':
        return BigInt(content as string)
      case 'u':
        return undefined
      case 'r':
        return this.met[content as number]
      case 'v': {
        const [buffer, kind] = content as [number, ViewKind]
        return new VIEWS[kind](this.buffers[buffer]!.buffer())
      }
      case 'f':
        return Array.from(new Float64Array(this.buffers[content as number]!.buffer()))
      default:
        return this.container(tag, content)
    }
  }

  private container(tag: string, content: unknown): unknown {
    if (tag === 'l') {
      const list: unknown[] = []
      this.met.push(list)
      for (const entry of content as Note[]) list.push(this.value(entry))
      return list
    }
    if (tag === 'm') {
      const map = new Map<unknown, unknown>()
      this.met.push(map)
      for (const [key, entry] of content as [Note, Note][]) map.set(this.value(key), this.value(entry))
      return map
    }
    if (tag === 's') {
      const set = new Set<unknown>()
      this.met.push(set)
      for (const entry of content as Note[]) set.add(this.value(entry))
      return set
    }
    if (tag !== 'o') throw new RangeError(`The image has something of the kind "${tag}" in a place where nothing can be made of it.`)
    const plain: Record<string, unknown> = {}
    this.met.push(plain)
    for (const [key, field] of Object.entries(content as Notes)) plain[key] = this.value(field)
    return plain
  }
}

function kindOf(view: ArrayBufferView): ViewKind | undefined {
  for (const kind of Object.keys(VIEWS) as ViewKind[]) if (view instanceof VIEWS[kind]) return kind
  return undefined
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function isInstance(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isPlain(value) && !ArrayBuffer.isView(value) && !Array.isArray(value) && !(value instanceof Map) && !(value instanceof Set)
}

function movesInto(object: object): object is MovesInto {
  return 'moveInto' in object
}

function isPartlyFilled(owner: object): owner is PartlyFilled {
  return 'filledBytes' in owner
}

/** To whole words, so that every array begins at one. */
function roundedUp(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}

/** Names and definitions are ASCII, and so is JSON around them. */
function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

function textOfBytes(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  return text
}
