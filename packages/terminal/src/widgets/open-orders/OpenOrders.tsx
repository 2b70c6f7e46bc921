/** Live orders: cancelled one by one or all at once, changed in place. */
import { useState } from 'react'
import { groupThousands } from '../../format/amounts.js'
import { errorText } from '../../interface/error-text.js'
import { useText } from '../../i18n/texts.js'
import { Button, IconButton } from '../../interface/Button.js'
import { CardLines, DataTable, type Column } from '../../interface/DataTable.js'
import { EmptyState, Skeleton } from '../../interface/EmptyState.js'
import { Moment } from '../../interface/Moment.js'
import { useMarket, useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { Order } from '../../stores/wire.js'
import { AccountList, useMarketFilter } from '../orders/AccountList.js'
import { amountCell, filledPercent, MarketCell, PriceCell, SideCell, TypeCell } from '../orders/order-cells.js'
import { orderTotal } from './change-order.js'
import { OrderEditor } from './OrderEditor.js'
import './open-orders.css'

export function OpenOrders() {
  const text = useText()
  const { client, account, notices, exchange, preferences } = useTerminal()
  const { market } = useMarket()
  const { openOrders, ready } = useSelect(account.store, (state) => state)
  const allMarkets = useSelect(preferences, (state) => state.allMarkets)
  const [edited, setEdited] = useState<number | null>(null)
  const [cancelling, setCancelling] = useState<ReadonlySet<number>>(new Set())
  const [cancellingAll, setCancellingAll] = useState(false)
  const shown = openOrders.filter(useMarketFilter(market.symbol))

  const cancel = async (order: Order): Promise<void> => {
    setCancelling((now) => new Set(now).add(order.orderId))
    try {
      account.applyOrder(await client.cancelOrder({ market: order.market, orderId: order.orderId }))
    } catch (error) {
      notices.show({ kind: 'error', title: text('notice.cancelFailed'), detail: errorText(error) })
    } finally {
      setCancelling((now) => new Set([...now].filter((id) => id !== order.orderId)))
    }
  }
  const cancelAll = async (): Promise<void> => {
    setCancellingAll(true)
    try {
      const { cancelled } = await client.cancelAll(allMarkets ? {} : { market: market.symbol })
      notices.show({ kind: 'info', title: text('notice.cancelled', { count: cancelled }) })
    } catch (error) {
      notices.show({ kind: 'error', title: text('notice.cancelFailed'), detail: errorText(error) })
    } finally {
      setCancellingAll(false)
    }
  }

  const actions = (order: Order) => (
    <span className="row-actions">
      {order.orderType === 'limit' && <IconButton icon="edit" label={text('orders.change')} testId="order-change" onClick={() => setEdited(order.orderId)} />}
      <IconButton icon="close" label={text('orders.cancel')} testId="order-cancel" disabled={cancelling.has(order.orderId)} onClick={() => void cancel(order)} />
    </span>
  )
  const total = (order: Order): string => orderTotal(order, exchange)
  const columns: Column<Order>[] = [
    { name: 'time', header: text('orders.time'), width: 'minmax(104px, 1fr)', cell: (order) => <Moment timestampMs={order.createdMs} /> },
    { name: 'market', header: text('orders.market'), width: 'minmax(78px, 0.8fr)', cell: (order) => <MarketCell symbol={order.market} /> },
    { name: 'side', header: text('orders.side'), width: '70px', cell: (order) => <SideCell side={order.side} /> },
    { name: 'type', header: text('orders.type'), width: 'minmax(64px, 0.6fr)', cell: (order) => <TypeCell order={order} /> },
    { name: 'price', header: text('orders.price'), width: 'minmax(106px, 1.2fr)', align: 'end', cell: (order) => <PriceCell order={order} /> },
    { name: 'quantity', header: text('orders.quantity'), width: 'minmax(72px, 1fr)', align: 'end', cell: (order) => amountCell(order.quantity) },
    { name: 'filled', header: text('orders.filled'), width: 'minmax(76px, 0.7fr)', align: 'end', fromWidth: 738, cell: (order) => <Filled order={order} /> },
    { name: 'total', header: text('orders.total'), width: 'minmax(90px, 1fr)', align: 'end', fromWidth: 838, cell: total },
    { name: 'actions', header: '', width: '58px', align: 'end', cell: actions },
  ]
  const editor = (order: Order) => <OrderEditor order={order} onDone={() => setEdited(null)} />

  return (
    <AccountList
      invitation="orders.logInOpen"
      icon="list"
      actions={shown.length > 0 && <Button size="small" look="quiet" busy={cancellingAll} testId="cancel-all" onClick={() => void cancelAll()}>{text('orders.cancelAll')}</Button>}
    >
      <DataTable
        label={text('widget.open-orders')}
        testId="open-orders"
        items={shown}
        columns={columns}
        cardsBelow={650}
        rowKey={(order) => order.orderId}
        row={(order) => (order.orderId === edited ? editor(order) : null)}
        empty={ready ? <EmptyState icon="list" title={text('orders.noneOpen')} /> : <Skeleton rows={4} />}
        card={(order) =>
          order.orderId === edited ? editor(order) : (
            <>
              <div className="card-head"><MarketCell symbol={order.market} /><SideCell side={order.side} /><span className="muted"><TypeCell order={order} /></span>{actions(order)}</div>
              <CardLines lines={[{ label: text('orders.price'), value: <PriceCell order={order} /> }, { label: text('orders.quantity'), value: amountCell(order.quantity) }, { label: text('orders.filled'), value: <Filled order={order} /> }, { label: text('orders.total'), value: total(order) }]} />
            </>
          )
        }
      />
    </AccountList>
  )
}

function Filled({ order }: { order: Order }) {
  const percent = filledPercent(order)
  return (
    <span title={groupThousands(order.filledQuantity)}>
      {percent}%<span className="filled-bar" style={{ '--share': `${percent}%` } as Record<string, string>} />
    </span>
  )
}
