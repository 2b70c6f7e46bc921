/** What the links of mails open: proving an address, choosing a new password, freezing an account. */
import { useEffect, useEffectEvent, useState, type FormEvent } from 'react'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { errorText } from '../../interface/error-text.js'
import { TextField } from '../../interface/TextField.js'
import { navigate } from '../../shell/navigation.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { SHORTEST_PASSWORD } from '../log-in/credentials.js'
import '../log-in/log-in-page.css'

export type LinkPurpose = 'verify-email' | 'reset-password' | 'freeze-account'

export default function MailLinkPage({ purpose }: { purpose: LinkPurpose }) {
  const text = useText()
  const { client, exchange, session } = useTerminal()
  // Read once: the secret leaves the address bar at once, so that nobody reads or shares it there.
  const [secret] = useState(() => location.hash.slice(1))
  const [password, setPassword] = useState('')
  const [state, setState] = useState<'asking' | 'busy' | 'done'>('asking')
  const [problem, setProblem] = useState<string>()

  const use = async (): Promise<void> => {
    setState('busy')
    setProblem(undefined)
    try {
      if (purpose === 'verify-email') await client.security.verifyEmail(secret)
      else if (purpose === 'reset-password') await client.security.resetPassword({ token: secret, password })
      else await client.security.freezeAccount(secret)
      setState('done')
      await session.restore()
    } catch (error) {
      setProblem(errorText(error))
      setState('asking')
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (purpose === 'reset-password' && password.length < SHORTEST_PASSWORD) return setProblem(text('logIn.problem.short', { length: SHORTEST_PASSWORD }))
    void use()
  }
  const begin = useEffectEvent(() => {
    history.replaceState(history.state, '', location.pathname)
    if (purpose === 'verify-email') void use()
  })
  useEffect(() => begin(), [])

  return (
    <div className="log-in">
      <form className="log-in__card" onSubmit={submit} noValidate data-testid={`link-${purpose}`}>
        <img className="log-in__logo" src={exchange.brand.logoUrl} alt="" width={44} height={44} />
        <h1>{text(`link.${purpose}.title`)}</h1>
        {state === 'done' ? (
          <>
            <p className="log-in__tagline" role="status" data-testid="link-done">{text(`link.${purpose}.done`)}</p>
            <Button look="primary" size="large" onClick={() => navigate(purpose === 'reset-password' ? { page: 'log-in' } : { page: 'trade', market: null })}>{text(purpose === 'reset-password' ? 'header.logIn' : 'link.continue')}</Button>
          </>
        ) : (
          <>
            <p className="log-in__tagline">{text(`link.${purpose}.about`)}</p>
            {purpose === 'reset-password' && (
              <TextField label={text('password.new')} type="password" autoComplete="new-password" autoFocus value={password} hint={text('logIn.passwordHint', { length: SHORTEST_PASSWORD })} error={problem} testId="link-password" onChange={(value) => (setProblem(undefined), setPassword(value))} />
            )}
            {purpose !== 'reset-password' && problem !== undefined && <p className="ticket__problem" role="alert" data-testid="link-problem">{problem}</p>}
            {(purpose !== 'verify-email' || problem === undefined) && <Button type="submit" look={purpose === 'freeze-account' ? 'danger' : 'primary'} size="large" busy={state === 'busy'} testId="link-submit">{text(`link.${purpose}.submit`)}</Button>}
          </>
        )}
      </form>
    </div>
  )
}
