/** Says that the connection is lost, once it has been for a moment. */
import { useEffect, useState } from 'react'
import { useText } from '../i18n/texts.js'
import { useSelect, useTerminal } from './terminal-context.js'
import './connection-banner.css'

/** A reload of the server's socket, as at log-in, is not worth a word. */
const WORTH_SAYING_MS = 1200

export function ConnectionBanner() {
  const text = useText()
  const { connection } = useTerminal()
  const lost = useSelect(connection, ({ state }) => state === 'connecting')
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!lost) return setShown(false)
    const timer = setTimeout(() => setShown(true), WORTH_SAYING_MS)
    return () => clearTimeout(timer)
  }, [lost])
  return (
    <div role="status" aria-live="polite">
      {shown && (
        <div className="connection-banner" data-testid="connection-banner">
          <span className="spinner" />
          {text('connection.lost')}
        </div>
      )}
    </div>
  )
}
