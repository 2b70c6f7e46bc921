/** A link that saves one's whole history as a file: the exchange writes it, whatever its length. */
import type { HistoryList } from '@bourse/client'
import { useText } from '../i18n/texts.js'
import './button.css'

export interface DownloadLinkProps {
  list: HistoryList
  /** Only of this market. */
  market?: string | undefined
}

export function DownloadLink({ list, market }: DownloadLinkProps) {
  const text = useText()
  const search = new URLSearchParams({ format: 'csv', ...(market === undefined ? {} : { market }) })
  return (
    <a className="button button--quiet button--small" href={`/api/v1/${list}?${search.toString()}`} download={`${list}.csv`} title={text('orders.downloadAll')} data-testid={`download-${list}`}>
      {text('orders.download')}
    </a>
  )
}
