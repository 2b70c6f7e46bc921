/** Lets one market follow a captured venue, whether or not the exchange serves people at the same time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { replayBinance, type BinanceProgress, type BinanceReplayReport } from '../replay/replay-binance.js'
import type { ReplayRequest } from './control-protocol.js'
import type { OpenExchange } from './open-exchange.js'
import type { SimulatorHost } from './simulator-host.js'

const PROGRESS_EVERY_MS = 200

export interface FollowVenueOptions {
  readonly open: OpenExchange
  readonly request: ReplayRequest
  /** Absent where nothing is served: nobody simulates then. */
  readonly simulator?: SimulatorHost
  readonly onProgress: (progress: BinanceProgress) => void
  readonly signal?: AbortSignal
}

/** The market simulator leaves the market before the replay and comes back after it. */
export async function followVenue({ open, request, simulator, onProgress, signal }: FollowVenueOptions): Promise<BinanceReplayReport> {
  const { exchange, clock } = open
  const comeBack = await simulator?.leave(request.market)
  let toldMs = 0
  try {
    return await replayBinance({
      door: exchange,
      market: request.market,
      files: request.files,
      speed: request.speed === 'max' ? null : request.speed,
      clock: { nowMs: clock.nowMs, sleep },
      onProgress: (progress) => {
        const nowMs = clock.nowMs()
        if (nowMs - toldMs < PROGRESS_EVERY_MS && progress.done < 1) return
        toldMs = nowMs
        onProgress(progress)
      },
      ...(signal !== undefined && { signal }),
    })
  } finally {
    await comeBack?.()
  }
}
