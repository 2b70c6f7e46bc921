/** Withdrawals, newest first, with their state as it changes. */
import { useEffect } from 'react'
import { useText } from '../../i18n/texts.js'
import { CardLines, DataTable, type Column } from '../../interface/DataTable.js'
import { EmptyState, FailedState, Skeleton } from '../../interface/EmptyState.js'
import { Moment } from '../../interface/Moment.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { Withdrawal } from '../../stores/wire.js'
import { moneyCell } from '../../widgets/orders/order-cells.js'
import { WithdrawalStatus } from './DepositStatus.js'
import { ShortText } from './ShortText.js'

export function WithdrawalList() {
  const text = useText()
  const list = useTerminal().account.histories.withdrawals
  const { items, status, loadingMore } = useSelect(list.store, (state) => state)
  useEffect(() => {
    if (status === 'idle') void list.load()
  }, [list, status])
  const columns: Column<Withdrawal>[] = [
    { name: 'time', header: text('orders.time'), width: 'minmax(130px, 1fr)', cell: (withdrawal) => <Moment timestampMs={withdrawal.createdMs} /> },
    { name: 'amount', header: text('wallet.amount'), width: 'minmax(130px, 1fr)', align: 'end', cell: (withdrawal) => <b>{moneyCell(withdrawal.amount, withdrawal.asset)}</b> },
    { name: 'fee', header: text('orders.fee'), width: 'minmax(90px, 0.7fr)', align: 'end', cell: (withdrawal) => moneyCell(withdrawal.fee) },
    { name: 'address', header: text('wallet.address'), width: 'minmax(120px, 1.3fr)', cell: (withdrawal) => <ShortText value={withdrawal.address} /> },
    { name: 'txid', header: text('wallet.transaction'), width: 'minmax(110px, 1.3fr)', cell: (withdrawal) => (withdrawal.txid === null ? '–' : <ShortText value={withdrawal.txid} />) },
    { name: 'status', header: text('orders.status'), width: 'minmax(90px, 0.8fr)', align: 'end', cell: (withdrawal) => <WithdrawalStatus withdrawal={withdrawal} /> },
  ]
  return (
    <DataTable
      label={text('wallet.withdrawals')}
      testId="withdrawals"
      items={items}
      columns={columns}
      rowHeight={38}
      rowKey={(withdrawal) => withdrawal.withdrawalId}
      onEnd={() => void list.loadMore()}
      loadingMore={loadingMore}
      empty={status === 'failed' ? <FailedState onRetry={() => void list.load()} /> : status === 'ready' ? <EmptyState icon="withdraw" title={text('wallet.noWithdrawals')} /> : <Skeleton rows={6} />}
      card={(withdrawal) => (
        <>
          <div className="card-head"><b>{moneyCell(withdrawal.amount, withdrawal.asset)}</b><WithdrawalStatus withdrawal={withdrawal} /></div>
          <CardLines lines={[{ label: text('orders.time'), value: <Moment timestampMs={withdrawal.createdMs} /> }, { label: text('wallet.address'), value: <ShortText value={withdrawal.address} /> }]} />
        </>
      )}
    />
  )
}
