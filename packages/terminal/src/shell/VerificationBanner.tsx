/** Reminds whoever has not proved their e-mail address yet. */
import { useState } from 'react'
import { useText } from '../i18n/texts.js'
import { errorText } from '../interface/error-text.js'
import { Link } from './navigation.js'
import { useTerminal, useUser } from './terminal-context.js'
import './verification-banner.css'

export function VerificationBanner() {
  const text = useText()
  const { client, exchange, notices } = useTerminal()
  const user = useUser()
  const [sent, setSent] = useState(false)
  if (user === null || user.emailVerified) return null
  const send = async (): Promise<void> => {
    try {
      await client.security.sendVerification()
      setSent(true)
      notices.show({ kind: 'info', title: text('verification.sent', { email: user.email }) })
    } catch (error) {
      notices.show({ kind: 'error', title: errorText(error) })
    }
  }
  return (
    <div className="verification-banner" role="status" data-testid="verification-banner">
      <span>{text('verification.ask', { email: user.email })}</span>
      {!sent && <button type="button" className="link-button" data-testid="verification-send" onClick={() => void send()}>{text('verification.again')}</button>}
      {exchange.outbox === true && <Link to={{ page: 'outbox' }} testId="verification-outbox">{text('outbox.open')}</Link>}
    </div>
  )
}
