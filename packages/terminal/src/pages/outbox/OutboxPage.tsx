/** Mails as they would have been sent: shown in development, where there is no mail server. */
import { useEffect, useState } from 'react'
import type { OutboxMail } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { EmptyState, FailedState, Skeleton } from '../../interface/EmptyState.js'
import { IconButton } from '../../interface/Button.js'
import { classes } from '../../interface/classes.js'
import { Moment } from '../../interface/Moment.js'
import { useTerminal } from '../../shell/terminal-context.js'
import './outbox-page.css'

export default function OutboxPage() {
  const text = useText()
  const { client } = useTerminal()
  const [mails, setMails] = useState<readonly OutboxMail[] | 'failed'>()
  const [chosen, setChosen] = useState<string>()
  const load = (): void => void client.security.outbox().then(setMails, () => setMails('failed'))
  useEffect(load, [client])
  if (mails === undefined) return <Skeleton rows={6} />
  if (mails === 'failed') return <FailedState onRetry={load} />
  const shown = mails.find(({ mailId }) => mailId === chosen) ?? mails[0]
  return (
    <div className="outbox">
      <div className="outbox__head">
        <div>
          <h1>{text('outbox.title')}</h1>
          <p className="muted">{text('outbox.about')}</p>
        </div>
        <IconButton icon="now" label={text('outbox.reload')} onClick={load} testId="outbox-reload" />
      </div>
      {shown === undefined ? (
        <EmptyState icon="mail" title={text('outbox.empty')} />
      ) : (
        <div className="outbox__parts">
          <ul className="outbox__list" aria-label={text('outbox.title')}>
            {mails.map((mail) => (
              <li key={mail.mailId}>
                <button type="button" className={classes('outbox__mail', mail === shown && 'outbox__mail--shown')} aria-pressed={mail === shown} data-testid="outbox-mail" onClick={() => setChosen(mail.mailId)}>
                  <b>{mail.subject}</b>
                  <span className="muted">{mail.recipient}</span>
                  <Moment timestampMs={mail.createdMs} />
                </button>
              </li>
            ))}
          </ul>
          <article className="outbox__content" aria-label={shown.subject}>
            <ul className="outbox__links">
              {linksOf(shown.text).map(({ label, url }) => (
                <li key={url}>
                  <a href={url} className="button button--plain" data-testid={`outbox-link-${new URL(url).pathname.slice(1)}`}>{label}</a>
                </li>
              ))}
            </ul>
            <iframe className="outbox__page" title={shown.subject} sandbox="" srcDoc={shown.html} />
          </article>
        </div>
      )}
    </div>
  )
}

/** The links of a mail with the words before them; its picture beside is sealed off and follows none. */
function linksOf(mail: string): { label: string; url: string }[] {
  return [...mail.matchAll(/^(.+):\n(https?:\/\/\S+)$/gm)].map(([, label = '', url = '']) => ({ label, url }))
}
