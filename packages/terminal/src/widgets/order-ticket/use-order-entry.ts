/** Sends orders: one at a time, and never twice when an answer was lost. */
import { useRef, useState } from 'react'
import { ApiRequestError, type PlacedOrder } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { placedNotice } from '../../stores/announcements.js'
import type { PlaceOrder } from '../../stores/wire.js'

type OrderToSend = Omit<PlaceOrder, 'clientOrderId'>

export interface OrderEntry {
  readonly busy: boolean
  /** Rejects when the exchange refuses. The same order after a lost answer goes out under the same id, so that it cannot stand there twice. */
  place(order: OrderToSend): Promise<void>
}

function freshOrderId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2))
  return `t-${Date.now().toString(36)}-${random[0]!.toString(36)}${random[1]!.toString(36)}`
}

export function useOrderEntry(): OrderEntry {
  const text = useText()
  const { client, account, notices, exchange } = useTerminal()
  const [busy, setBusy] = useState(false)
  const unanswered = useRef<{ order: string; clientOrderId: string } | null>(null)

  function announce({ order }: PlacedOrder): void {
    account.applyOrder(order)
    const notice = placedNotice(order, exchange.markets.find(({ symbol }) => symbol === order.market), text)
    if (notice !== null) notices.show(notice)
  }

  return {
    busy,
    async place(order) {
      const content = JSON.stringify(order)
      const clientOrderId = unanswered.current?.order === content ? unanswered.current.clientOrderId : freshOrderId()
      unanswered.current = null
      setBusy(true)
      try {
        announce(await client.placeOrder({ ...order, clientOrderId }))
      } catch (error) {
        if (error instanceof ApiRequestError && error.code === 'unavailable') unanswered.current = { order: content, clientOrderId }
        throw error
      } finally {
        setBusy(false)
      }
    },
  }
}
