/** Logging in and signing up: the same two fields, different words. */
import { useEffect, useState, type FormEvent } from 'react'
import { ApiRequestError } from '@bourse/client'
import { errorText } from '../../interface/error-text.js'
import { currentLanguage, useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { Icon } from '../../interface/icons.js'
import { askPasskey, isPasskeyCancelled, offersPasskeys } from '../../interface/passkeys.js'
import { TextField } from '../../interface/TextField.js'
import { leaveEntrance, Link } from '../../shell/navigation.js'
import { useTerminal, useUser } from '../../shell/terminal-context.js'
import { checkCredentials, fieldOfError, SHORTEST_PASSWORD, type CredentialField } from './credentials.js'
import './log-in-page.css'

export default function LogInPage({ signUp }: { signUp: boolean }) {
  const text = useText()
  const user = useUser()
  const { client, exchange, session } = useTerminal()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  /** The account has a second factor, whose code is asked for. */
  const [needsCode, setNeedsCode] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ field: CredentialField | null; message: string } | null>(null)

  useEffect(() => {
    if (user !== null) leaveEntrance()
  }, [user])

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wrong = checkCredentials({ email, password }, signUp)
    if (wrong !== null) return setProblem({ field: wrong.field, message: text(wrong.text, { length: SHORTEST_PASSWORD }) })
    if (needsCode && code.trim() === '') return setProblem({ field: 'code', message: text('logIn.problem.code') })
    await enter(() => (signUp ? session.signUp(email.trim(), password, currentLanguage()) : session.logIn(email.trim(), password, needsCode ? code.trim() : undefined)))
  }
  const enter = async (way: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      await way()
    } catch (error) {
      const asksForCode = error instanceof ApiRequestError && error.code === 'second_factor_required'
      if (asksForCode) setNeedsCode(true)
      else if (!isPasskeyCancelled(error)) setProblem({ field: error instanceof ApiRequestError ? fieldOfError(error) : null, message: error instanceof ApiRequestError ? errorText(error) : text('error.passkey_refused') })
      setBusy(false)
    }
  }
  const usePasskey = (): Promise<void> => enter(async () => session.logInByPasskey(await askPasskey(await client.security.beginPasskeyLogIn())))
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
        {needsCode && <TextField label={text('proof.code')} name="code" autoComplete="one-time-code" autoFocus spellCheck={false} value={code} hint={text('logIn.codeHint')} error={errorOf('code')} testId="log-in-code" onChange={edit(setCode)} />}
        {problem !== null && problem.field === null && <p className="ticket__problem" role="alert" data-testid="log-in-error">{problem.message}</p>}
        <Button type="submit" look="primary" size="large" busy={busy} testId="log-in-submit">{text(signUp ? 'header.signUp' : 'header.logIn')}</Button>
        {!signUp && offersPasskeys() && <Button size="large" busy={busy} testId="log-in-passkey" onClick={() => void usePasskey()}><Icon name="key" />{text('passkey.logIn')}</Button>}
        {!signUp && <p className="log-in__other"><Link to={{ page: 'forgot-password' }} testId="log-in-forgot">{text('forgot.link')}</Link></p>}
        <p className="log-in__other">
          {text(signUp ? 'logIn.haveAccount' : 'logIn.noAccount')} <Link to={{ page: signUp ? 'log-in' : 'sign-up' }} testId="log-in-other">{text(signUp ? 'header.logIn' : 'header.signUp')}</Link>
        </p>
      </form>
    </div>
  )
}
