/** Deposits, newest first, with their confirmations as they arrive. */
import { useEffect } from 'react'
import { useText } from '../../i18n/texts.js'
import { CardLines, DataTable, type Column } from '../../interface/DataTable.js'
import { EmptyState, FailedState, Skeleton } from '../../interface/EmptyState.js'
import { Moment } from '../../interface/Moment.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { Deposit } from '../../stores/wire.js'
import { moneyCell } from '../../widgets/orders/order-cells.js'
import { DepositStatus } from './DepositStatus.js'
import { ShortText } from './ShortText.js'

export function DepositList() {
  const text = useText()
  const list = useTerminal().account.histories.deposits
  const { items, status, loadingMore } = useSelect(list.store, (state) => state)
  useEffect(() => {
    if (status === 'idle') void list.load()
  }, [list, status])
  const columns: Column<Deposit>[] = [
    { name: 'time', header: text('orders.time'), width: 'minmax(130px, 1fr)', cell: (deposit) => <Moment timestampMs={deposit.createdMs} /> },
    { name: 'amount', header: text('wallet.amount'), width: 'minmax(140px, 1fr)', align: 'end', cell: (deposit) => <b>{moneyCell(deposit.amount, deposit.asset)}</b> },
    { name: 'address', header: text('wallet.address'), width: 'minmax(120px, 1.4fr)', cell: (deposit) => <ShortText value={deposit.address} /> },
    { name: 'txid', header: text('wallet.transaction'), width: 'minmax(120px, 1.4fr)', cell: (deposit) => <ShortText value={deposit.txid} /> },
    { name: 'status', header: text('orders.status'), width: 'minmax(150px, 1fr)', align: 'end', cell: (deposit) => <DepositStatus deposit={deposit} /> },
  ]
  return (
    <DataTable
      label={text('wallet.deposits')}
      testId="deposits"
      items={items}
      columns={columns}
      rowHeight={38}
      rowKey={(deposit) => deposit.depositId}
      onEnd={() => void list.loadMore()}
      loadingMore={loadingMore}
      empty={status === 'failed' ? <FailedState onRetry={() => void list.load()} /> : status === 'ready' ? <EmptyState icon="deposit" title={text('wallet.noDeposits')} /> : <Skeleton rows={6} />}
      card={(deposit) => (
        <>
          <div className="card-head"><b>{moneyCell(deposit.amount, deposit.asset)}</b><DepositStatus deposit={deposit} /></div>
          <CardLines lines={[{ label: text('orders.time'), value: <Moment timestampMs={deposit.createdMs} /> }, { label: text('wallet.transactionShort'), value: <ShortText value={deposit.txid} /> }]} />
        </>
      )}
    />
  )
}
