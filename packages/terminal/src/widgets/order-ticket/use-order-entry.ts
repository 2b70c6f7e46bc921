/** Sends orders: one at a time, and never twice when an answer was lost. */
import { useRef, useState } from 'react'
import { ApiRequestError, type PlacedOrder } from '@bourse/client'
import { groupThousands, trimZeros } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { useTerminal } from '../../shell/terminal-context.js'
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
    const market = exchange.markets.find(({ symbol }) => symbol === order.market)
    const amount = order.quantity ?? (order.filledQuantity === '0' ? null : order.filledQuantity)
    const asset = order.quantity === null && Number(order.filledQuantity) === 0 ? market?.quote : market?.base
    const quantity = `${groupThousands(trimZeros(amount ?? order.quoteQuantity ?? '0', 2))} ${asset ?? ''}`
    const detail = order.price === null ? quantity : text('notice.orderAt', { quantity, price: groupThousands(order.price) })
    if (order.status === 'cancelled' && Number(order.filledQuantity) === 0) notices.show({ kind: 'info', title: text('notice.orderNotFilled'), detail })
    else if (order.status === 'open' || order.status === 'partially_filled') notices.show({ kind: 'success', title: text(order.side === 'buy' ? 'notice.buyPlaced' : 'notice.sellPlaced'), detail })
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
