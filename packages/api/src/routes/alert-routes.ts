/** Price alerts of the one who is logged in. */
import { ROUTES, type PriceAlert } from '@bourse/client'
import { parseDecimal } from '@bourse/core'
import type { PriceAlertRow } from '@bourse/store'
import type { Alerts } from '../alerts/alerts.js'
import { ApiFailure, notFound } from '../http/failures.js'
import { serveRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'
import { marketScale } from '../views/amounts.js'
import { marketNamed } from './names.js'

const MAX_ALERTS = 200

export function alertRoutes({ exchange, records, now, randomId }: GatewayServices, alerts: Alerts): Route[] {
  const { catalog } = exchange
  return [
    serveRoute(ROUTES.alerts, async ({ caller }) => (await records.priceAlerts.list(caller.user.userId)).map(alertView)),
    serveRoute(ROUTES.createAlert, async ({ caller, body }) => {
      const { userId } = caller.user
      const scale = marketScale(catalog, marketNamed(catalog, body.market).id)
      if ((await records.priceAlerts.list(userId)).length >= MAX_ALERTS) throw new ApiFailure({ status: 409, code: 'too_many_alerts', message: `One person has at most ${MAX_ALERTS} price alerts, those that have fired included. Remove some.` })
      const row: PriceAlertRow = { alertId: randomId(), userId, ...body, price: scale.price(priceUnits(body.price, scale.market.priceScale)), createdMs: now(), firedMs: null, firedPrice: null }
      await alerts.create(row)
      return alertView(row)
    }),
    serveRoute(ROUTES.removeAlert, async ({ caller, params }) => {
      if (!(await alerts.remove(caller.user.userId, params.alertId))) throw notFound('You have no such price alert. GET /api/v1/alerts lists yours.', 'alertId')
    }),
  ]
}

function priceUnits(price: string, scale: number): bigint {
  const units = parseDecimal(price, scale)
  if (typeof units !== 'bigint' || units <= 0n) throw new ApiFailure({ status: 422, code: 'price_out_of_bounds', message: `The price ${price} must be above zero, with at most ${scale} decimals.`, field: 'price' })
  return units
}

export function alertView({ userId: _userId, ...shown }: PriceAlertRow): PriceAlert {
  return { ...shown }
}
