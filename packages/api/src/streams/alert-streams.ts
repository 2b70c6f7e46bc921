/** The private stream `alerts`: price alerts of those who listen, as they fire. */
import type { PriceAlert } from '@bourse/client'
import type { Alerts } from '../alerts/alerts.js'
import { alertView } from '../routes/alert-routes.js'
import type { Rooms } from './rooms.js'

export class AlertStreams {
  private readonly stop: () => void

  constructor(
    private readonly alerts: Alerts,
    rooms: Rooms,
  ) {
    this.stop = alerts.onFired((alert) => {
      const room = alertRoom(alert.userId)
      if (rooms.has(room)) rooms.send(room, { channel: 'alerts', data: alertView(alert) })
    })
  }

  /** All alerts of a person; whoever listens must join the room in the turn in which this resolves. */
  async snapshot(userId: string): Promise<PriceAlert[]> {
    return (await this.alerts.list(userId)).map(alertView)
  }

  close(): void {
    this.stop()
  }
}

/** One for each person. */
export function alertRoom(userId: string): string {
  return `alerts ${userId}`
}
