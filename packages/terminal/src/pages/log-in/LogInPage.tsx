/** Logging in and signing up: the same two fields, different words. */
import { useEffect, useState, type FormEvent } from 'react'
import { ApiRequestError } from '@bourse/client'
import { errorText } from '../../interface/error-text.js'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { TextField } from '../../interface/TextField.js'
import { leaveEntrance, Link } from '../../shell/navigation.js'
import { useTerminal, useUser } from '../../shell/terminal-context.js'
import { checkCredentials, fieldOfError, SHORTEST_PASSWORD, type CredentialField } from './credentials.js'
import './log-in-page.css'

export default function LogInPage({ signUp }: { signUp: boolean }) {
  const text = useText()
  const user = useUser()
  const { exchange, session } = useTerminal()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ field: CredentialField | null; message: string } | null>(null)

  useEffect(() => {
    if (user !== null) leaveEntrance()
  }, [user])

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wrong = checkCredentials({ email, password }, signUp)
    if (wrong !== null) return setProblem({ field: wrong.field, message: text(wrong.text, { length: SHORTEST_PASSWORD }) })
    setBusy(true)
    setProblem(null)
    try {
      await (signUp ? session.signUp(email.trim(), password) : session.logIn(email.trim(), password))
    } catch (error) {
      setProblem({ field: error instanceof ApiRequestError ? fieldOfError(error) : null, message: errorText(error) })
      setBusy(false)
    }
  }
  const edit = (set: (value: string) => void) => (value: string): void => {
    setProblem(null)
    set(value)
  }
  const errorOf = (field: CredentialField): string | undefined => (problem?.field === field ? problem.message : undefined)

  return (
    <div className="log-in">
      <form className="log-in__card" onSubmit={(event) => void submit(event)} noValidate>
        <img className="log-in__logo" src={exchange.brand.logoUrl} alt="" width={44} height={44} />
        <h1>{text(signUp ? 'logIn.signUpTitle' : 'logIn.logInTitle', { name: exchange.brand.name })}</h1>
        {exchange.brand.tagline !== '' && <p className="log-in__tagline">{exchange.brand.tagline}</p>}
        <TextField label={text('logIn.email')} type="email" name="email" autoComplete="username" inputMode="email" autoFocus value={email} error={errorOf('email')} testId="log-in-email" onChange={edit(setEmail)} />
        <TextField label={text('logIn.password')} type="password" name="password" autoComplete={signUp ? 'new-password' : 'current-password'} value={password} hint={signUp ? text('logIn.passwordHint', { length: SHORTEST_PASSWORD }) : undefined} error={errorOf('password')} testId="log-in-password" onChange={edit(setPassword)} />
        {problem !== null && problem.field === null && <p className="ticket__problem" role="alert" data-testid="log-in-error">{problem.message}</p>}
        <Button type="submit" look="primary" size="large" busy={busy} testId="log-in-submit">{text(signUp ? 'header.signUp' : 'header.logIn')}</Button>
        <p className="log-in__other">
          {text(signUp ? 'logIn.haveAccount' : 'logIn.noAccount')} <Link to={{ page: signUp ? 'log-in' : 'sign-up' }} testId="log-in-other">{text(signUp ? 'header.logIn' : 'header.signUp')}</Link>
        </p>
      </form>
    </div>
  )
}
