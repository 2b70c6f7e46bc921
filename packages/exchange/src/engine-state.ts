/** Where a replay starts: the state of engine and market data at a snapshot, or at the birth of the exchange. */
import { createEngine, MarketData, restoreEngine, type Engine } from '@bourse/core'
import type { Balance, SnapshotStore } from '@bourse/plugin'

/** Makes engines; another than the core's own is for tests. */
export interface EngineFactory {
  create(): Engine
  restore(parts: readonly Uint8Array[]): Engine
}

/** Larger memory, when it is needed, pauses the exchange for some milliseconds: this much is there from the start, for some 30,000 orders. */
const ROOM_BYTES = 7 << 20

export const coreEngines: EngineFactory = { create: () => createEngine({}, ROOM_BYTES), restore: restoreEngine }

/** The engine to read from; only the writer applies. */
export type ReadableEngine = Omit<Engine, 'apply'>

export interface EngineState {
  readonly engine: Engine
  readonly marketData: MarketData
}

const FORMAT_VERSION = 1

/** The parts of one snapshot: how many belong to the engine, then its parts, then those of market data. */
export function packState(engineParts: readonly Uint8Array[], marketDataParts: readonly Uint8Array[]): Uint8Array[] {
  const header = new Uint8Array(Float64Array.of(FORMAT_VERSION, engineParts.length).buffer)
  return [header, ...engineParts, ...marketDataParts]
}

/** @throws Error when the parts are of another format or not whole. */
export function unpackState(parts: readonly Uint8Array[], engines: EngineFactory): EngineState {
  const [version, engineCount] = new Float64Array(Uint8Array.from(parts[0] ?? []).buffer)
  if (version !== FORMAT_VERSION || engineCount === undefined) throw new Error(`the snapshot has format ${version}, this program reads ${FORMAT_VERSION}`)
  return { engine: engines.restore(parts.slice(1, 1 + engineCount)), marketData: MarketData.restore(parts.slice(1 + engineCount)) }
}

export interface NearestStateOptions {
  readonly snapshots: SnapshotStore
  readonly engines: EngineFactory
  /** The state may not be newer than this sequence. */
  readonly atMost: number
  readonly log: (message: string) => void
  /** Told the sequence of every readable snapshot, newest first. */
  readonly onSnapshot?: (sequence: number) => void
}

/** The newest usable snapshot at or below a sequence, else the state before the first command. Unusable ones are told and skipped. */
export async function nearestState(options: NearestStateOptions): Promise<EngineState> {
  const { engines, log } = options
  for await (const { sequence, parts } of options.snapshots.read((file, reason) => log(`The snapshot ${file} is damaged and was skipped: ${reason}.`))) {
    options.onSnapshot?.(sequence)
    if (sequence > options.atMost) continue
    try {
      const state = unpackState(parts, engines)
      if (state.engine.sequence === sequence) return state
      log(`The snapshot at sequence ${sequence} was skipped: its engine stands at ${state.engine.sequence}.`)
    } catch (error) {
      log(`The snapshot at sequence ${sequence} was skipped: ${error instanceof Error ? error.message : String(error)}. The journal is replayed instead.`)
    }
  }
  return { engine: engines.create(), marketData: new MarketData() }
}

/** What an account has of an asset; nothing where there is no such account or asset. */
export function balanceOf(engine: ReadableEngine, account: string, asset: string): Balance {
  const accountId = engine.catalog.accountByName(account)
  const assetSpec = engine.catalog.assetByCode(asset)
  if (accountId === undefined || assetSpec === undefined) return { available: 0n, held: 0n }
  return engine.balance(accountId, assetSpec.id)
}
