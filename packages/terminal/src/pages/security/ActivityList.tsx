/** What was done to the account lately, from the audit log. */
import { useCallback } from 'react'
import type { ActivityEntry } from '@bourse/client'
import { findText, useText } from '../../i18n/texts.js'
import { FailedState, Skeleton } from '../../interface/EmptyState.js'
import { Moment } from '../../interface/Moment.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { useList } from './use-list.js'

export function ActivityList() {
  const text = useText()
  const { client } = useTerminal()
  const { items, failed, reload } = useList(useCallback(() => client.security.activity(), [client]))
  if (failed) return <FailedState onRetry={reload} />
  if (items === undefined) return <Skeleton rows={8} />
  return (
    <section className="security__list-card" aria-label={text('security.part.activity')}>
      <ul className="security-list">
        {items.map((entry) => (
          <li key={entry.sequence} className="security-row" data-testid="activity-row">
            <span>
              <b>{findText(`activity.${entry.action}`) ?? entry.action}</b> {!entry.byOwner && <span className="security-card__status">{text('activity.byOperator')}</span>}
              <small className="muted">{factsOf(entry)}</small>
            </span>
            <Moment timestampMs={entry.timestampMs} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What an entry says of where it came from and what it was about; as text, whatever somebody wrote there. */
function factsOf({ details }: ActivityEntry): string {
  return ['label', 'amount', 'asset', 'device', 'address'].flatMap((name) => (typeof details[name] === 'string' ? [details[name]] : [])).join(' · ')
}
