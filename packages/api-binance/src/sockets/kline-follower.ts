/** Follows one candle and tells when it is closed: the exchange tells changes only, clients wait for the end. */
import type { Candle } from '@bourse/client'
import { candleCloseTimeUs, candleOpenTimeUs, type CandleInterval } from '@bourse/core'

/** The last trades of a candle are published this long after its end at the latest. */
const GRACE_MS = 250
/** More intervals without a trade are not told one by one. */
const MAX_FLAT = 60

export class KlineFollower {
  constructor(
    private readonly interval: CandleInterval,
    private current: Candle | undefined,
    private readonly tell: (candle: Candle, closed: boolean) => void,
  ) {}

  /** The candle as it is now, a flat one where its interval has begun without a trade; undefined before the first trade ever. */
  present(nowMs: number): Candle | undefined {
    if (this.current === undefined || this.current.openTimeMs >= openMs(this.interval, nowMs)) return this.current
    return flat(this.current, openMs(this.interval, nowMs))
  }

  changed(candle: Candle, nowMs: number): void {
    this.closeBefore(candle.openTimeMs)
    if (this.current !== undefined && candle.openTimeMs < this.current.openTimeMs) return this.tell(candle, true)
    this.current = candle
    this.tell(candle, this.endMs(candle) + GRACE_MS <= nowMs)
  }

  /** Closes what is over. */
  tick(nowMs: number): void {
    this.closeBefore(openMs(this.interval, nowMs - GRACE_MS))
  }

  private closeBefore(openTimeMs: number): void {
    for (let told = 0; this.current !== undefined && this.current.openTimeMs < openTimeMs; told++) {
      if (told < MAX_FLAT) this.tell(this.current, true)
      this.current = flat(this.current, told < MAX_FLAT ? this.endMs(this.current) : openTimeMs)
    }
  }

  private endMs({ openTimeMs }: Candle): number {
    return candleCloseTimeUs(this.interval, openTimeMs * 1_000) / 1_000
  }
}

function openMs(interval: CandleInterval, timeMs: number): number {
  return candleOpenTimeUs(interval, timeMs * 1_000) / 1_000
}

function flat({ close, volume, quoteVolume }: Candle, openTimeMs: number): Candle {
  const none = (amount: string): string => amount.replace(/^\d+/, '0').replace(/[1-9]/g, '0')
  return { openTimeMs, open: close, high: close, low: close, close, volume: none(volume), quoteVolume: none(quoteVolume), trades: 0 }
}
