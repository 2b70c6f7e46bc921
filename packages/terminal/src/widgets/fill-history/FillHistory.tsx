/** All trades of one's own, newest first; more are loaded at the end of the list. */
import { useText } from '../../i18n/texts.js'
import { CardLines, DataTable, type Column } from '../../interface/DataTable.js'
import { DownloadLink } from '../../interface/DownloadLink.js'
import { EmptyState, FailedState, Skeleton } from '../../interface/EmptyState.js'
import { Moment } from '../../interface/Moment.js'
import { useTerminal } from '../../shell/terminal-context.js'
import type { Fill } from '../../stores/wire.js'
import { AccountList } from '../orders/AccountList.js'
import { useHistoryList } from '../orders/history-list.js'
import { amountCell, MarketCell, moneyCell, SideCell } from '../orders/order-cells.js'

export function FillHistory() {
  const text = useText()
  const list = useTerminal().account.histories.fills
  const { shown, status, loadingMore, market } = useHistoryList(list)

  const columns: Column<Fill>[] = [
    { name: 'time', header: text('orders.time'), width: 'minmax(104px, 1fr)', cell: (fill) => <Moment timestampMs={fill.timestampMs} /> },
    { name: 'market', header: text('orders.market'), width: 'minmax(78px, 0.8fr)', cell: (fill) => <MarketCell symbol={fill.market} /> },
    { name: 'side', header: text('orders.side'), width: '70px', cell: (fill) => <SideCell side={fill.side} /> },
    { name: 'price', header: text('orders.price'), width: 'minmax(82px, 1fr)', align: 'end', cell: (fill) => amountCell(fill.price) },
    { name: 'quantity', header: text('orders.quantity'), width: 'minmax(76px, 1fr)', align: 'end', cell: (fill) => amountCell(fill.quantity) },
    { name: 'total', header: text('orders.total'), width: 'minmax(96px, 1.1fr)', align: 'end', fromWidth: 776, cell: (fill) => moneyCell(fill.quoteAmount) },
    { name: 'fee', header: text('orders.fee'), width: 'minmax(104px, 1.2fr)', align: 'end', cell: (fill) => moneyCell(fill.fee, fill.feeAsset) },
    { name: 'liquidity', header: text('orders.liquidity'), width: '58px', align: 'end', fromWidth: 668, cell: (fill) => <span className="muted">{text(`orders.liquidity.${fill.liquidity}`)}</span> },
  ]
  return (
    <AccountList invitation="orders.logInFills" icon="list" actions={<DownloadLink list="fills" market={market} />}>
      <DataTable
        label={text('widget.fills')}
        testId="fills"
        items={shown}
        columns={columns}
        rowKey={(fill) => `${fill.market} ${fill.tradeId} ${fill.side}`}
        onEnd={() => void list.loadMore()}
        loadingMore={loadingMore}
        empty={status === 'failed' ? <FailedState onRetry={() => void list.load()} /> : status === 'ready' ? <EmptyState icon="list" title={text('orders.noFills')} /> : <Skeleton rows={5} />}
        card={(fill) => (
          <>
            <div className="card-head"><MarketCell symbol={fill.market} /><SideCell side={fill.side} /><Moment timestampMs={fill.timestampMs} /></div>
            <CardLines lines={[{ label: text('orders.price'), value: amountCell(fill.price) }, { label: text('orders.quantity'), value: amountCell(fill.quantity) }, { label: text('orders.total'), value: moneyCell(fill.quoteAmount) }, { label: text('orders.fee'), value: moneyCell(fill.fee, fill.feeAsset) }]} />
          </>
        )}
      />
    </AccountList>
  )
}
