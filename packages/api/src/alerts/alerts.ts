/** Price alerts as routes and streams know them, whichever process watches the prices. */
import type { PriceAlertRow } from '@bourse/store'

export interface Alerts {
  /** Newest first; one that fires while the list is read is in it as it is now. */
  list(userId: string): Promise<readonly PriceAlertRow[]>
  create(row: PriceAlertRow): Promise<void>
  /** False where there is none of this person. */
  remove(userId: string, alertId: string): Promise<boolean>
  /** Calls with each alert that has fired, once; returns the function that ends that. */
  onFired(listener: (alert: PriceAlertRow) => void): () => void
  /** Resolves when every alert that was reached so far has been kept as fired. */
  settled(): Promise<void>
  close(): void
}

/** A list of alerts with what fires while it is read. */
export async function firedDuring(alerts: Pick<Alerts, 'onFired'>, read: () => Promise<readonly PriceAlertRow[]>): Promise<readonly PriceAlertRow[]> {
  const fired = new Map<string, PriceAlertRow>()
  const stop = alerts.onFired((alert) => fired.set(alert.alertId, alert))
  try {
    return (await read()).map((row) => fired.get(row.alertId) ?? row)
  } finally {
    stop()
  }
}
