/** Routes for price alerts. */
import { z } from 'zod'
import { NewPriceAlert, PriceAlert } from '../schemas/index.js'
import { Nothing, route } from './route-contract.js'

export const alertRoutes = {
  alerts: route({ name: 'alerts', method: 'GET', path: '/alerts', access: 'read', budget: 'read', tag: 'alerts', summary: 'Price alerts, newest first, those that have fired included.', answer: z.array(PriceAlert) }),
  createAlert: route({ name: 'createAlert', method: 'POST', path: '/alerts', access: 'trade', budget: 'read', tag: 'alerts', summary: 'Wants to be told once when a trade reaches a price.', body: NewPriceAlert, answer: PriceAlert, status: 201 }),
  removeAlert: route({ name: 'removeAlert', method: 'DELETE', path: '/alerts/:alertId', access: 'trade', budget: 'read', tag: 'alerts', summary: 'Removes a price alert.', params: z.strictObject({ alertId: z.string().max(64) }), answer: Nothing }),
} as const
