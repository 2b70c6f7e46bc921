/** The price alerts of the one who is logged in: kept by their stream while there is somebody. */
import type { BourseClient, NewPriceAlert, PriceAlert } from '@bourse/client'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { keepStream, type KeptStream } from './stream-keeper.js'

export interface PriceAlerts {
  /** Newest first. */
  readonly store: StoreApi<{ readonly alerts: readonly PriceAlert[] }>
  open(): void
  close(): void
  create(alert: NewPriceAlert): Promise<void>
  remove(alertId: string): Promise<void>
}

export function createPriceAlerts(client: BourseClient, onFired: (alert: PriceAlert) => void): PriceAlerts {
  const store = createStore<{ readonly alerts: readonly PriceAlert[] }>(() => ({ alerts: [] }))
  let stream: KeptStream | undefined
  return {
    store,
    open() {
      stream ??= keepStream(client, { channel: 'alerts' }, {
        onSnapshot: (alerts) => store.setState({ alerts }),
        onMessage({ data }) {
          // One that was made elsewhere is told here for the first time.
          store.setState(({ alerts }) => ({ alerts: alerts.some(({ alertId }) => alertId === data.alertId) ? alerts.map((alert) => (alert.alertId === data.alertId ? data : alert)) : [data, ...alerts] }))
          onFired(data)
        },
        // The account's own stream tells that the log-in has ended.
        onEnd: () => undefined,
      })
    },
    close() {
      stream?.stop()
      stream = undefined
      store.setState({ alerts: [] })
    },
    async create(wanted) {
      const alert = await client.createAlert(wanted)
      // Its stream may have told that it fired before the answer came.
      store.setState(({ alerts }) => (alerts.some(({ alertId }) => alertId === alert.alertId) ? { alerts } : { alerts: [alert, ...alerts] }))
    },
    async remove(alertId) {
      await client.removeAlert(alertId)
      store.setState(({ alerts }) => ({ alerts: alerts.filter((alert) => alert.alertId !== alertId) }))
    },
  }
}
