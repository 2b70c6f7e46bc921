/** The safety of one's account: how one logs in, keys for programs, sessions and devices, and what happened. */
import { useCallback, useEffect, useState } from 'react'
import type { SecurityView } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { EmptyState, FailedState, Skeleton } from '../../interface/EmptyState.js'
import { Tabs } from '../../interface/Tabs.js'
import { navigate, useHash } from '../../shell/navigation.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import { HoldNotice } from '../../shell/HoldNotice.js'
import { ActivityList } from './ActivityList.js'
import { AntiPhishingCard } from './AntiPhishingCard.js'
import { ApiKeysPart } from './ApiKeysPart.js'
import { AuthenticatorCard } from './AuthenticatorCard.js'
import { PasskeysCard } from './PasskeysCard.js'
import { PasswordCard } from './PasswordCard.js'
import { RecoveryCodesCard } from './RecoveryCodesCard.js'
import { SessionsPart } from './SessionsPart.js'
import './security-page.css'

const PARTS = ['protection', 'api-keys', 'sessions', 'activity'] as const
type Part = (typeof PARTS)[number]

export default function SecurityPage() {
  const text = useText()
  const { session } = useTerminal()
  const { known, user } = useSelect(session.store, (state) => state)
  const hash = useHash()
  const part = PARTS.find((name) => name === hash) ?? 'protection'
  if (!known) return null
  if (user === null) {
    return (
      <EmptyState icon="shield" title={text('security.logIn')}>
        <Button look="primary" onClick={() => navigate({ page: 'log-in' })}>{text('header.logIn')}</Button>
      </EmptyState>
    )
  }
  return (
    <div className="security">
      <h1>{text('security.title')}</h1>
      <HoldNotice user={user} />
      <Tabs<Part>
        className="security__tabs"
        label={text('security.title')}
        selected={part}
        onSelect={(name) => navigate({ page: 'security' }, { replace: true, hash: name })}
        tabs={PARTS.map((name) => ({ name, label: text(`security.part.${name}`), testId: `security-${name}` }))}
      />
      {part === 'protection' && <Protection />}
      {part === 'api-keys' && <ApiKeysPart />}
      {part === 'sessions' && <SessionsPart />}
      {part === 'activity' && <ActivityList />}
    </div>
  )
}

function Protection() {
  const { client, session } = useTerminal()
  const [view, setView] = useState<SecurityView | 'failed'>()
  const load = useCallback(() => {
    client.security.overview().then(setView, () => setView('failed'))
  }, [client])
  useEffect(load, [load])
  const changed = (): void => {
    load()
    // Holds of withdrawals stand in the session.
    void session.restore()
  }
  if (view === undefined) return <Skeleton rows={8} />
  if (view === 'failed') return <FailedState onRetry={load} />
  return (
    <div className="security__cards">
      <PasswordCard onChanged={changed} />
      <AuthenticatorCard view={view} onChanged={changed} />
      <PasskeysCard view={view} onChanged={changed} />
      {(view.totp || view.passkeys.length > 0) && <RecoveryCodesCard view={view} onChanged={changed} />}
      <AntiPhishingCard view={view} onChanged={changed} />
    </div>
  )
}
