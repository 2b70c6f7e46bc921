/** The keys of programs: made, listed, revoked. */
import { useCallback, useState } from 'react'
import type { ApiKeyView, CreatedApiKey } from '@bourse/client'
import { dateTime } from '../../format/times.js'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { CopyButton } from '../../interface/CopyButton.js'
import { Dialog } from '../../interface/Dialog.js'
import { EmptyState, FailedState, Skeleton } from '../../interface/EmptyState.js'
import { Moment } from '../../interface/Moment.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { ApiKeyForm } from './ApiKeyForm.js'
import { useChange } from './use-change.js'
import { useList } from './use-list.js'

export function ApiKeysPart() {
  const text = useText()
  const { client } = useTerminal()
  const { items, failed, reload } = useList(useCallback(() => client.apiKeys(), [client]))
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<CreatedApiKey>()
  const [ending, setEnding] = useState<ApiKeyView>()
  if (failed) return <FailedState onRetry={reload} />
  if (items === undefined) return <Skeleton rows={6} />
  return (
    <section className="security__list-card" aria-label={text('security.part.api-keys')}>
      <header className="security-row">
        <p className="muted">{text('apiKeys.about')}</p>
        <Button look="primary" testId="api-key-new" onClick={() => setMaking(true)}>{text('apiKeys.new')}</Button>
      </header>
      {items.length === 0 ? (
        <EmptyState icon="key" title={text('apiKeys.none')} />
      ) : (
        <ul className="security-list">
          {items.map((key) => (
            <li key={key.key} className="security-row" data-testid="api-key-row">
              <span>
                <b>{key.label}</b> {key.scopes.map((scope) => <span key={scope} className="security-card__status">{text(`apiKeys.scope.${scope}`)}</span>)}
                <small className="muted"><code>{key.key.slice(0, 10)}…</code> · {key.kind === 'hmac' ? 'HMAC' : 'Ed25519'} · {key.allowedAddresses.length === 0 ? text('apiKeys.anywhere') : key.allowedAddresses.join(', ')} · {key.expiresMs === null ? text('apiKeys.noEnd') : text('apiKeys.until', { time: dateTime(key.expiresMs) })} · <Moment timestampMs={key.createdMs} /></small>
              </span>
              <Button size="small" testId="api-key-revoke" onClick={() => setEnding(key)}>{text('apiKeys.revoke')}</Button>
            </li>
          ))}
        </ul>
      )}
      {making && (
        <ApiKeyForm
          onClose={() => setMaking(false)}
          onMade={(created) => {
            setMaking(false)
            setMade(created)
            reload()
          }}
        />
      )}
      {made !== undefined && <MadeDialog made={made} onClose={() => setMade(undefined)} />}
      {ending !== undefined && <RevokeDialog apiKey={ending} onClose={() => setEnding(undefined)} onRevoked={reload} />}
    </section>
  )
}

/** The only time that the secret is on a screen. */
function MadeDialog({ made: { apiKey, secret }, onClose }: { made: CreatedApiKey; onClose(): void }) {
  const text = useText()
  return (
    <Dialog title={text('apiKeys.made')} onClose={onClose} testId="api-key-made">
      {secret !== null && <p className="security-warning">{text('apiKeys.once')}</p>}
      <SecretLine label={text('apiKeys.key')} value={apiKey.key} testId="api-key-key" />
      {secret !== null && <SecretLine label={text('apiKeys.secret')} value={secret} testId="api-key-secret" />}
      <Button look="primary" size="large" testId="api-key-done" onClick={onClose}>{text('apiKeys.kept')}</Button>
    </Dialog>
  )
}

function SecretLine({ label, value, testId }: { label: string; value: string; testId: string }) {
  const text = useText()
  return (
    <div>
      <p className="security-label">{label}</p>
      <div className="secret-line">
        <code data-testid={testId}>{value}</code>
        <CopyButton value={value} label={`${text('apiKeys.copy')}: ${label}`} />
      </div>
    </div>
  )
}

function RevokeDialog({ apiKey, onClose, onRevoked }: { apiKey: ApiKeyView; onClose(): void; onRevoked(): void }) {
  const text = useText()
  const { client } = useTerminal()
  const change = useChange()
  const revoke = (): Promise<void> =>
    change.run(async () => {
      await client.revokeApiKey(apiKey.key)
      onRevoked()
      onClose()
    })
  return (
    <Dialog title={text('apiKeys.revoke')} onClose={onClose} testId="api-key-revoke-dialog">
      <p>{text('apiKeys.revokeAbout', { label: apiKey.label })}</p>
      {change.problem !== undefined && <p className="ticket__problem" role="alert">{change.problem}</p>}
      <Button look="danger" size="large" autoFocus busy={change.busy} testId="api-key-revoke-confirm" onClick={() => void revoke()}>{text('apiKeys.revoke')}</Button>
    </Dialog>
  )
}
