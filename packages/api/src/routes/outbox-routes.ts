/** Mails that would have been sent, shown in development. */
import { ROUTES, type OutboxMail } from '@bourse/client'
import { notFound } from '../http/failures.js'
import { serveRoute, type Route } from '../http/route.js'
import type { GatewayServices } from '../services.js'

export function outboxRoutes({ accounts: { outbox } }: GatewayServices): Route[] {
  return [
    serveRoute(ROUTES.outbox, async ({ caller }): Promise<OutboxMail[]> => {
      // Whoever reads these mails can log in as anybody: nobody from outside may, nor through a proxy.
      if (!caller.isLocal) throw notFound('Mails are shown to programs of this machine only.')
      return (await outbox.list()).map(({ mailId, recipient, template, subject, text, html, createdMs }) => ({ mailId, recipient, template, subject, text, html, createdMs }))
    }),
  ]
}
