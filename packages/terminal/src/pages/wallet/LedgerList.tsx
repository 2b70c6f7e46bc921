/** Every change of every balance, newest first. */
import { useEffect } from 'react'
import { groupThousands, signOf, trimZeros, withSign } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { classes, directionClass } from '../../interface/classes.js'
import { CardLines, DataTable, type Column } from '../../interface/DataTable.js'
import { DownloadLink } from '../../interface/DownloadLink.js'
import { EmptyState, FailedState, Skeleton } from '../../interface/EmptyState.js'
import { Moment } from '../../interface/Moment.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { LedgerEntry } from '../../stores/wire.js'
import '../../widgets/orders/account-list.css'
import { ShortText } from './ShortText.js'

/** After a change of a balance the list is loaded anew, once it has been quiet for so long. */
const SETTLES_MS = 1500

export function LedgerList() {
  const text = useText()
  const { account } = useTerminal()
  const list = account.histories.ledger
  const { items, status, loadingMore } = useSelect(list.store, (state) => state)
  const balances = useSelect(account.store, (state) => state.balances)
  useEffect(() => {
    if (list.store.getState().status === 'idle') return void list.load()
    const timer = setTimeout(() => void list.load(), SETTLES_MS)
    return () => clearTimeout(timer)
  }, [list, balances])
  const amount = (entry: LedgerEntry) => <b className={classes('number', directionClass(signOf(entry.amount)))}>{withSign(groupThousands(trimZeros(entry.amount, 2)))} {entry.asset}</b>
  const columns: Column<LedgerEntry>[] = [
    { name: 'time', header: text('orders.time'), width: 'minmax(130px, 1fr)', cell: (entry) => <Moment timestampMs={entry.timestampMs} /> },
    { name: 'kind', header: text('ledger.kind'), width: 'minmax(90px, 0.8fr)', cell: (entry) => text(`ledger.kind.${entry.kind}`) },
    { name: 'amount', header: text('wallet.amount'), width: 'minmax(160px, 1.2fr)', align: 'end', cell: amount },
    { name: 'reference', header: text('ledger.reference'), width: 'minmax(120px, 1.6fr)', align: 'end', cell: (entry) => <ShortText value={entry.reference} /> },
  ]
  return (
    <div className="account-list">
      <div className="account-list__bar"><span className="account-list__actions"><DownloadLink list="ledger" /></span></div>
      <div className="account-list__body">
        <DataTable
          label={text('wallet.ledger')}
          testId="ledger"
          items={items}
          columns={columns}
          rowHeight={34}
          rowKey={(entry) => entry.entryId}
          onEnd={() => void list.loadMore()}
          loadingMore={loadingMore}
          empty={status === 'failed' ? <FailedState onRetry={() => void list.load()} /> : status === 'ready' ? <EmptyState icon="list" title={text('ledger.empty')} /> : <Skeleton rows={6} />}
          card={(entry) => (
            <>
              <div className="card-head"><span>{text(`ledger.kind.${entry.kind}`)}</span>{amount(entry)}</div>
              <CardLines lines={[{ label: text('orders.time'), value: <Moment timestampMs={entry.timestampMs} /> }, { label: text('ledger.reference'), value: <ShortText value={entry.reference} /> }]} />
            </>
          )}
        />
      </div>
    </div>
  )
}
