/**
 * Applies groups of commands: plain ones by the kernel, many at a time, all others one by one.
 *
 * The kernel is WebAssembly, which takes a fraction of the instructions that the same takes in JavaScript. Its sources
 * stand in packages/core/kernel; `npm run kernel` compiles them into `kernel-code.ts`.
 */
import type { FrameBuffer } from '../values/frames.js'
import { wasm, type WasmMemory, type WasmModule } from '../values/wasm.js'
import { PLACE_SIDE } from '../domain/frames/command-frames.js'
import * as marketLayout from '../matching/market-layout.js'
import { ORDER_ENUMS } from '../matching/order-layout.js'
import { LEVEL_NODES } from '../matching/price-index.js'
import * as register from '../matching/registers.js'
import { hasWork } from './backlog.js'
import { KERNEL_CODE } from './kernel-code.js'
import { findsSeat, tradeAndRest } from './plain-order.js'
import { freezeQuotes } from './protect-quotes.js'
import type { EngineState } from './state.js'
import { afterTrades } from './trigger-orders.js'

const DIRECTORY = register.DIRECTORY * 2
const { AFTER_TRADES, NEEDS_ROOM, NEEDS_SEAT, WALKS_ON } = register
const { MARKET_WAITING } = marketLayout

/** How many bytes of commands are given to the kernel at a time, and how many of events it may write before they are taken away: both stay in the processor's second cache. */
const IN_BYTES = 24 << 10
const OUT_BYTES = 64 << 10
const LISTS_BYTES = 4 << 10
/** Up to so many bytes of rows a look ahead costs what it saves: they are in the processor's caches. */
const CACHED_BYTES = 2 << 20
/** Fewer bytes of commands are not worth the way there. */
const FEW_BYTES = 512

/** Applies any command, and knows whether another one may follow. */
interface OneByOne {
  readonly hasBacklog: boolean
  apply(commands: FrameBuffer, offset: number, events: FrameBuffer): void
}

/** The kernel once it has been compiled; null where that is not allowed. */
let compiled: WasmModule | null | undefined

export class Kernel {
  /** The memory that {@link run} works on. */
  private bound: WasmMemory | null = null
  private run: (from: number, to: number) => number = unbound
  private lookAhead: (from: number, to: number) => number = unbound

  /** @param cachedBytes up to so many bytes of rows nothing is read ahead. */
  constructor(
    private readonly state: EngineState,
    private readonly cachedBytes = CACHED_BYTES,
  ) {
    const { accounts, books, clearing, ids, markets, memory, names } = state
    const { i32 } = memory
    i32[DIRECTORY + register.ORDERS] = clearing.orders.at
    i32[DIRECTORY + register.LEVELS] = books.levels.at
    i32[DIRECTORY + register.NODES] = books.index.nodes.at
    i32[DIRECTORY + register.IDS] = ids.heads.at
    i32[DIRECTORY + register.NAMES] = names.heads.at
    i32[DIRECTORY + register.RECENT] = books.recent.at
    i32[DIRECTORY + register.ACCOUNTS] = accounts.at
    i32[DIRECTORY + register.MARKETS] = markets.listed.at
  }

  /** See `Engine.applyAll`. */
  applyAll(commands: FrameBuffer, offset: number, end: number, into: { events: FrameBuffer; others: OneByOne }): number {
    const { events, others } = into
    let at = offset
    // What the kernel has been given, and what was read ahead, both up to a place in the commands.
    let from = offset
    let given = offset
    let looked = offset
    while (at < end) {
      if (end - from >= FEW_BYTES && !others.hasBacklog && mayRun()) {
        if (at >= given) {
          from = at
          given = Math.min(end, at + IN_BYTES)
          this.give(commands, from, given)
          looked = at
        }
        if (at >= looked) looked = this.look(from, at, given)
        at = this.applyPlain(from, at, looked, events)
        if (others.hasBacklog) return at
        if (at >= looked) continue
        // The next one has not been given as a whole.
        if (at > from && commands.size(at) > given - at) {
          given = at
          continue
        }
      }
      others.apply(commands, at, events)
      at += commands.size(at)
      if (others.hasBacklog) return at
    }
    return at
  }

  /** Reads what the next commands will need. @returns where the first one stands that was not looked at. */
  private look(from: number, offset: number, end: number): number {
    const { memory } = this.state
    if (memory.filledBytes() <= this.cachedBytes) return end
    if (memory.shared !== this.bound) this.bind()
    const start = memory.i32[DIRECTORY + register.IN_START]! - from
    return this.lookAhead(start + offset, start + end) - start
  }

  private give(commands: FrameBuffer, from: number, to: number): void {
    const { memory } = this.state
    if (memory.i32[DIRECTORY + register.IN_START] === 0) this.open()
    memory.u8.set(commands.bytes.subarray(from, to), memory.i32[DIRECTORY + register.IN_START]!)
  }

  /** Applies commands up to one that is not plain. @returns where it stands. */
  private applyPlain(from: number, offset: number, end: number, events: FrameBuffer): number {
    const { memory } = this.state
    const start = memory.i32[DIRECTORY + register.IN_START]! - from
    let at = offset
    for (;;) {
      if (memory.shared !== this.bound) this.bind()
      const code = this.run(start + at, start + end)
      at = memory.i32[DIRECTORY + register.NEXT_FRAME]! - start
      const commandAt = events.length + memory.i32[DIRECTORY + register.COMMAND_OUT]! - memory.i32[DIRECTORY + register.OUT_START]!
      this.take(events)
      if (code === NEEDS_ROOM) this.makeRoom()
      else if (code === NEEDS_SEAT && this.openSeat(start + at)) continue
      else if (code === WALKS_ON || code === AFTER_TRADES) this.goOn(code, events, commandAt)
      else return at
      if (hasWork(this.state)) return at
    }
  }

  /** Appends the events that the kernel has written. */
  private take(events: FrameBuffer): void {
    const { i32, u8 } = this.state.memory
    const start = i32[DIRECTORY + register.OUT_START]!
    const end = i32[DIRECTORY + register.OUT_NEXT]!
    if (end === start) return
    const at = events.extend(end - start)
    events.bytes.set(u8.subarray(start, end), at)
  }

  /** Finishes a command that the kernel has begun. */
  private goOn(code: number, events: FrameBuffer, commandAt: number): void {
    const { state } = this
    state.makeRoom()
    const { i32 } = state.memory
    const market = i32[DIRECTORY + register.MARKET_ROW]!
    if (state.out.frames !== events) state.out.frames = events
    state.out.index = i32[DIRECTORY + register.EVENT_COUNT]!
    state.out.examined = commandAt
    if (code === WALKS_ON) {
      const order = i32[DIRECTORY + register.ORDER_ROW]!
      tradeAndRest(state, order, market, i32[order * 2 + ORDER_ENUMS]! & 1)
    }
    if (state.memory.i32[market * 2 + MARKET_WAITING] !== 0) afterTrades(state, market)
    if (state.memory.f64[register.REACHED_PROTECTIONS] !== 0) freezeQuotes(state)
  }

  /** Makes the seat of the account and the market that a command names. @returns whether there is one now. */
  private openSeat(frame: number): boolean {
    const { state } = this
    state.makeRoom()
    const { i32, u8 } = state.memory
    const [account, marketId, side] = [i32[(frame + 4) >> 2]! >>> 0, i32[(frame + 24) >> 2]! & 0xffff, u8[frame + PLACE_SIDE]! & 1]
    return marketId < state.markets.count && findsSeat(state, account, marketId, side)
  }

  private makeRoom(): void {
    const { state } = this
    state.makeRoom()
    state.clearing.orders.makeRoom(1)
    state.books.levels.makeRoom(1)
    state.books.index.nodes.makeRoom(LEVEL_NODES)
  }

  /** Takes the memory through which commands and events go. */
  private open(): void {
    const { memory } = this.state
    const start = memory.take((IN_BYTES + OUT_BYTES + LISTS_BYTES) / 8) * 8
    const { i32 } = memory
    i32[DIRECTORY + register.IN_START] = start
    i32[DIRECTORY + register.OUT_START] = start + IN_BYTES
    i32[DIRECTORY + register.OUT_END] = start + IN_BYTES + OUT_BYTES
    i32[DIRECTORY + register.LISTS_START] = start + IN_BYTES + OUT_BYTES
  }

  private bind(): void {
    const { shared } = this.state.memory
    const { exports } = new wasm.Instance(compiled!, { env: { memory: shared } })
    this.run = exports['run']!
    this.lookAhead = exports['lookAhead']!
    this.bound = shared
  }
}

/** Whether there is a kernel: a page's content security policy may forbid it, and then all commands go one by one. */
function mayRun(): boolean {
  if (compiled === undefined) {
    try {
      compiled = new wasm.Module(bytesOf(KERNEL_CODE))
    } catch {
      compiled = null
    }
  }
  return compiled !== null
}

function unbound(): never {
  throw new Error('The kernel has no memory.')
}

function bytesOf(base64: string): Uint8Array {
  const { atob } = globalThis as unknown as { atob(text: string): string }
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
