/** What a list shows while it has nothing to show: why, and what to do about it. */
import type { ReactNode } from 'react'
import { useText } from '../i18n/texts.js'
import { Button } from './Button.js'
import { Icon, type IconName } from './icons.js'
import './empty-state.css'

export function EmptyState({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty-state">
      <Icon name={icon} size={26} />
      <p className="empty-state__title">{title}</p>
      {children !== undefined && <div className="empty-state__action">{children}</div>}
    </div>
  )
}

export function FailedState({ onRetry }: { onRetry(): void }) {
  const text = useText()
  return (
    <EmptyState icon="warning" title={text('list.failed')}>
      <Button size="small" onClick={onRetry}>{text('list.retry')}</Button>
    </EmptyState>
  )
}

/** Grey bars where rows will be. */
export function Skeleton({ rows }: { rows: number }) {
  const text = useText()
  return (
    <div className="skeleton" role="status" aria-label={text('list.loading')}>
      {Array.from({ length: rows }, (_, row) => <span key={row} className="skeleton__bar" />)}
    </div>
  )
}
