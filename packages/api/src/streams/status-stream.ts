/** The stream `status`: whether the exchange and its markets trade, told when it changes. */
import type { SystemStatus } from '@bourse/client'
import type { TradingService } from '../services.js'
import { statusView } from '../views/status-view.js'
import type { Rooms } from './rooms.js'

export const STATUS_ROOM = 'status'
/** A writer that has stopped commits nothing that would tell. */
const LOOK_MS = 1_000

export class StatusStream {
  private shown: string
  private readonly timer: NodeJS.Timeout

  constructor(
    private readonly exchange: TradingService,
    private readonly rooms: Rooms,
    private readonly now: () => number,
  ) {
    this.shown = essence(this.snapshot())
    this.timer = setInterval(() => this.look(), LOOK_MS)
    this.timer.unref()
  }

  snapshot(): SystemStatus {
    return statusView(this.exchange, this.now())
  }

  /** Something may have changed. */
  look(): void {
    const status = this.snapshot()
    const text = essence(status)
    if (text === this.shown) return
    this.shown = text
    if (this.rooms.has(STATUS_ROOM)) this.rooms.send(STATUS_ROOM, { channel: 'status', data: status })
  }

  close(): void {
    clearInterval(this.timer)
  }
}

/** What a change of is worth telling. */
function essence({ status, markets }: SystemStatus): string {
  return JSON.stringify([status, markets])
}
