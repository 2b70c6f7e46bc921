/** Watches the space that is left on the disk of the journal, so that trading stops before it runs out. */
import { ExchangeLowSpaceError } from './exchange-errors.js'
import type { Timers } from './timers.js'

export interface SpaceOptions {
  /** Bytes that can still be written where journal and snapshots are. */
  readonly free: () => Promise<number>
  /** Below this the operator is warned. */
  readonly warnBelowBytes: number
  /** Below this commands are refused: what is left belongs to what was accepted before. More than a journal segment. */
  readonly readOnlyBelowBytes: number
  /** Pause between two looks. Default 5,000. */
  readonly checkEveryMs?: number
}

export type SpaceLevel = 'plenty' | 'low' | 'read-only'

export interface SpaceStatus {
  readonly freeBytes: number
  readonly level: SpaceLevel
}

export interface SpaceListeners {
  readonly log: (message: string) => void
  readonly onReadOnly: (error: ExchangeLowSpaceError) => void
  readonly timers: Timers
}

/** A level is left upwards only when there is this much more than its bound, so that it does not come and go. */
const HYSTERESIS = 1.1
const DEFAULT_CHECK_MS = 5000

export class SpaceWatch {
  /** Why nothing is taken; undefined while there is room. */
  refusal: ExchangeLowSpaceError | undefined
  private current: SpaceStatus = { freeBytes: Infinity, level: 'plenty' }
  private failed = false
  private closed = false
  private cancel: () => void = () => undefined

  constructor(
    private readonly options: SpaceOptions,
    private readonly listeners: SpaceListeners,
  ) {}

  get status(): SpaceStatus {
    return this.current
  }

  /** Looks once, then again and again until it is closed. */
  async start(): Promise<void> {
    await this.look()
    if (this.closed) return
    this.cancel = this.listeners.timers.after(this.options.checkEveryMs ?? DEFAULT_CHECK_MS, () => void this.start(), false)
  }

  close(): void {
    this.closed = true
    this.cancel()
  }

  private async look(): Promise<void> {
    let freeBytes: number
    try {
      freeBytes = await this.options.free()
    } catch (error) {
      // Trading does not stop for that: a full disk is met by the journal, too.
      if (!this.failed) this.listeners.log(`The space that is left on the disk cannot be told: ${error instanceof Error ? error.message : String(error)}.`)
      this.failed = true
      return
    }
    this.failed = false
    const { level: before } = this.current
    const level = this.levelOf(freeBytes, before)
    this.current = { freeBytes, level }
    this.refusal = level === 'read-only' ? new ExchangeLowSpaceError(freeBytes, this.options.readOnlyBelowBytes) : undefined
    if (level === before) return
    if (this.refusal !== undefined) {
      this.listeners.log(this.refusal.message)
      this.listeners.onReadOnly(this.refusal)
    } else if (before === 'read-only') {
      this.listeners.log(`There is room again on the disk (${megabytes(freeBytes)}): commands are taken.`)
    }
    if (level === 'low') this.listeners.log(`Only ${megabytes(freeBytes)} are left on the disk of the journal. Below ${megabytes(this.options.readOnlyBelowBytes)} the exchange becomes read-only: free space.`)
  }

  private levelOf(freeBytes: number, before: SpaceLevel): SpaceLevel {
    const { warnBelowBytes, readOnlyBelowBytes } = this.options
    if (freeBytes < readOnlyBelowBytes * (before === 'read-only' ? HYSTERESIS : 1)) return 'read-only'
    return freeBytes < warnBelowBytes * (before === 'plenty' ? 1 : HYSTERESIS) ? 'low' : 'plenty'
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`
}
