/** Every change of every balance, newest first. */
import { useEffect } from 'react'
import { groupThousands, signOf, trimZeros, withSign } from '../../format/amounts.js'
import { dateTime } from '../../format/times.js'
import { useText } from '../../i18n/texts.js'
import { classes, directionClass } from '../../interface/classes.js'
import { CardLines, DataTable, type Column } from '../../interface/DataTable.js'
import { EmptyState, FailedState, Skeleton } from '../../interface/EmptyState.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { LedgerEntry } from '../../stores/wire.js'
import { ShortText } from './ShortText.js'

export function LedgerList() {
  const text = useText()
  const { account } = useTerminal()
  const list = account.histories.ledger
  const { items, status, loadingMore } = useSelect(list.store, (state) => state)
  const balances = useSelect(account.store, (state) => state.balances)
  useEffect(() => {
    void list.load()
  }, [list, balances])
  const amount = (entry: LedgerEntry) => <b className={classes('number', directionClass(signOf(entry.amount)))}>{withSign(groupThousands(trimZeros(entry.amount, 2)))} {entry.asset}</b>
  const columns: Column<LedgerEntry>[] = [
    { name: 'time', header: text('orders.time'), width: 'minmax(130px, 1fr)', cell: (entry) => <span className="muted">{dateTime(entry.timestampMs)}</span> },
    { name: 'kind', header: text('ledger.kind'), width: 'minmax(90px, 0.8fr)', cell: (entry) => text(`ledger.kind.${entry.kind}`) },
    { name: 'amount', header: text('wallet.amount'), width: 'minmax(160px, 1.2fr)', align: 'end', cell: amount },
    { name: 'reference', header: text('ledger.reference'), width: 'minmax(120px, 1.6fr)', align: 'end', cell: (entry) => <ShortText value={entry.reference} /> },
  ]
  return (
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
          <CardLines lines={[{ label: text('orders.time'), value: dateTime(entry.timestampMs).slice(5, 16) }, { label: text('ledger.reference'), value: <ShortText value={entry.reference} /> }]} />
        </>
      )}
    />
  )
}
