/** Where one is logged in, from which devices, and the way to end it. */
import { useCallback } from 'react'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { FailedState, Skeleton } from '../../interface/EmptyState.js'
import { Moment } from '../../interface/Moment.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { useChange } from './use-change.js'
import { useList } from './use-list.js'

export function SessionsPart() {
  const text = useText()
  const { client } = useTerminal()
  const change = useChange()
  const sessions = useList(useCallback(() => client.security.sessions(), [client]))
  const devices = useList(useCallback(() => client.security.devices(), [client]))
  const end = (action: () => Promise<void>): Promise<void> =>
    change.run(async () => {
      await action()
      sessions.reload()
      devices.reload()
    })
  if (sessions.failed || devices.failed) return <FailedState onRetry={() => (sessions.reload(), devices.reload())} />
  if (sessions.items === undefined || devices.items === undefined) return <Skeleton rows={6} />
  return (
    <>
      <section className="security__list-card" aria-label={text('sessions.title')}>
        <header className="security-row">
          <h2>{text('sessions.title')}</h2>
          {sessions.items.length > 1 && <Button size="small" busy={change.busy} testId="sessions-end-others" onClick={() => void end(() => client.security.endOtherSessions())}>{text('sessions.endOthers')}</Button>}
        </header>
        <ul className="security-list">
          {sessions.items.map((session) => (
            <li key={session.sessionId} className="security-row" data-testid="session-row">
              <span>
                <b>{session.device ?? text('sessions.unknown')}</b> {session.current && <span className="security-card__status security-card__status--good">{text('sessions.current')}</span>}
                <small className="muted">{session.address ?? ''} · <Moment timestampMs={session.createdMs} /></small>
              </span>
              {!session.current && <Button size="small" busy={change.busy} testId="session-end" onClick={() => void end(() => client.security.endSession(session.sessionId))}>{text('sessions.end')}</Button>}
            </li>
          ))}
        </ul>
        {change.problem !== undefined && <p className="ticket__problem" role="alert">{change.problem}</p>}
      </section>
      <section className="security__list-card" aria-label={text('devices.title')}>
        <header className="security-row"><h2>{text('devices.title')}</h2></header>
        <p className="muted security__note">{text('devices.about')}</p>
        <ul className="security-list">
          {devices.items.map((device) => (
            <li key={device.deviceId} className="security-row" data-testid="device-row">
              <span>
                <b>{device.label}</b>
                <small className="muted">{device.lastAddress} · {text('devices.lastSeen')} <Moment timestampMs={device.lastSeenMs} /></small>
              </span>
              <Button size="small" busy={change.busy} testId="device-forget" onClick={() => void end(() => client.security.forgetDevice(device.deviceId))}>{text('devices.forget')}</Button>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}
