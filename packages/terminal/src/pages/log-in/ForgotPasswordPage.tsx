/** Has a link for a new password mailed; says the same whoever the address belongs to. */
import { useState, type FormEvent } from 'react'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { errorText } from '../../interface/error-text.js'
import { TextField } from '../../interface/TextField.js'
import { Link } from '../../shell/navigation.js'
import { useTerminal } from '../../shell/terminal-context.js'
import './log-in-page.css'

export default function ForgotPasswordPage() {
  const text = useText()
  const { client, exchange } = useTerminal()
  const [email, setEmail] = useState('')
  const [state, setState] = useState<'asking' | 'busy' | 'sent'>('asking')
  const [problem, setProblem] = useState<string>()
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())) return setProblem(text('logIn.problem.email'))
    setState('busy')
    try {
      await client.security.forgotPassword(email.trim())
      setState('sent')
    } catch (error) {
      setProblem(errorText(error))
      setState('asking')
    }
  }
  return (
    <div className="log-in">
      <form className="log-in__card" onSubmit={(event) => void submit(event)} noValidate>
        <img className="log-in__logo" src={exchange.brand.logoUrl} alt="" width={44} height={44} />
        <h1>{text('forgot.title')}</h1>
        {state === 'sent' ? (
          <p className="log-in__tagline" role="status" data-testid="forgot-sent">{text('forgot.sent', { email: email.trim() })}</p>
        ) : (
          <>
            <p className="log-in__tagline">{text('forgot.about')}</p>
            <TextField label={text('logIn.email')} type="email" name="email" autoComplete="username" inputMode="email" autoFocus value={email} error={problem} testId="forgot-email" onChange={(value) => (setProblem(undefined), setEmail(value))} />
            <Button type="submit" look="primary" size="large" busy={state === 'busy'} testId="forgot-submit">{text('forgot.send')}</Button>
          </>
        )}
        <p className="log-in__other">
          {state === 'sent' && exchange.outbox === true ? <Link to={{ page: 'outbox' }} testId="forgot-outbox">{text('outbox.open')}</Link> : <Link to={{ page: 'log-in' }}>{text('forgot.back')}</Link>}
        </p>
      </form>
    </div>
  )
}
