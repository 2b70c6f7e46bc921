/** All orders of the past, newest first; more are loaded at the end of the list. */
import { findText, useText } from '../../i18n/texts.js'
import { CardLines, DataTable, type Column } from '../../interface/DataTable.js'
import { DownloadLink } from '../../interface/DownloadLink.js'
import { EmptyState, FailedState, Skeleton } from '../../interface/EmptyState.js'
import { Moment } from '../../interface/Moment.js'
import { useTerminal } from '../../shell/terminal-context.js'
import type { Order } from '../../stores/wire.js'
import { AccountList } from '../orders/AccountList.js'
import { useHistoryList } from '../orders/history-list.js'
import { amountCell, filledPercent, MarketCell, PriceCell, SideCell, TypeCell } from '../orders/order-cells.js'

export function OrderHistory() {
  const text = useText()
  const list = useTerminal().account.histories.orders
  const { shown, status, loadingMore, market } = useHistoryList(list)

  const columns: Column<Order>[] = [
    { name: 'time', header: text('orders.time'), width: 'minmax(104px, 1fr)', cell: (order) => <Moment timestampMs={order.createdMs} /> },
    { name: 'market', header: text('orders.market'), width: 'minmax(78px, 0.8fr)', cell: (order) => <MarketCell symbol={order.market} /> },
    { name: 'side', header: text('orders.side'), width: '70px', cell: (order) => <SideCell side={order.side} /> },
    { name: 'type', header: text('orders.type'), width: 'minmax(64px, 0.6fr)', fromWidth: 738, cell: (order) => <TypeCell order={order} /> },
    { name: 'price', header: text('orders.price'), width: 'minmax(106px, 1.2fr)', align: 'end', cell: (order) => <PriceCell order={order} /> },
    { name: 'average', header: text('orders.average'), width: 'minmax(82px, 1fr)', align: 'end', fromWidth: 832, cell: (order) => amountCell(order.averagePrice) },
    { name: 'filled', header: text('orders.filledOf'), width: 'minmax(130px, 1.3fr)', align: 'end', cell: filledOf },
    { name: 'status', header: text('orders.status'), width: 'minmax(90px, 0.9fr)', align: 'end', cell: (order) => <Status order={order} /> },
  ]
  return (
    <AccountList invitation="orders.logInHistory" icon="list" actions={<DownloadLink list="orders" market={market} />}>
      <DataTable
        label={text('widget.order-history')}
        testId="order-history"
        items={shown}
        columns={columns}
        cardsBelow={662}
        rowKey={(order) => order.orderId}
        onEnd={() => void list.loadMore()}
        loadingMore={loadingMore}
        empty={status === 'failed' ? <FailedState onRetry={() => void list.load()} /> : status === 'ready' ? <EmptyState icon="list" title={text('orders.noneEver')} /> : <Skeleton rows={5} />}
        card={(order) => (
          <>
            <div className="card-head"><MarketCell symbol={order.market} /><SideCell side={order.side} /><span className="muted"><TypeCell order={order} /></span><Status order={order} /></div>
            <CardLines lines={[{ label: text('orders.price'), value: <PriceCell order={order} /> }, { label: text('orders.average'), value: amountCell(order.averagePrice) }, { label: text('orders.filled'), value: filledOf(order) }, { label: text('orders.time'), value: <Moment timestampMs={order.createdMs} /> }]} />
          </>
        )}
      />
    </AccountList>
  )
}

function filledOf(order: Order) {
  return order.quantity === null ? amountCell(order.filledQuantity) : <>{amountCell(order.filledQuantity)}<span className="muted"> / {amountCell(order.quantity)}</span></>
}

function Status({ order }: { order: Order }) {
  const text = useText()
  const ended = order.status === 'cancelled' || order.status === 'expired'
  const partly = ended && filledPercent(order) > 0
  const reason = order.reason === null ? undefined : (findText(`reason.${order.reason}`) ?? order.reason)
  return (
    <span title={reason} className={order.status === 'filled' ? 'buy' : ended && !partly ? 'muted' : ''}>
      {partly && order.status === 'cancelled' ? text('orders.status.partlyCancelled') : text(`orders.status.${order.status}`)}
    </span>
  )
}
