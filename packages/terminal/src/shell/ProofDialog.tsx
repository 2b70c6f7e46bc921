/** Asks again who one is before a sensitive change: by password, or where there is a second factor by that. */
import { useEffect, useState, type FormEvent } from 'react'
import { ApiRequestError, type IdentityProof, type SecurityView } from '@bourse/client'
import { useText } from '../i18n/texts.js'
import { Button } from '../interface/Button.js'
import { Dialog } from '../interface/Dialog.js'
import { errorText } from '../interface/error-text.js'
import { askPasskey, isPasskeyCancelled, offersPasskeys } from '../interface/passkeys.js'
import { TextField } from '../interface/TextField.js'
import { useSelect, useTerminal } from './terminal-context.js'

export function ProofDialog() {
  const { proof } = useTerminal()
  return useSelect(proof.store, ({ asking }) => asking) ? <OpenProofDialog /> : null
}

function OpenProofDialog() {
  const text = useText()
  const { client, proof } = useTerminal()
  const [known, setKnown] = useState<SecurityView>()
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    client.security.overview().then(setKnown, (error: unknown) => setProblem(errorText(error)))
  }, [client])

  const prove = async (make: () => Promise<IdentityProof>): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      await client.security.prove(await make())
      proof.given()
    } catch (error) {
      if (!isPasskeyCancelled(error)) setProblem(error instanceof ApiRequestError ? errorText(error) : text('error.passkey_refused'))
      setBusy(false)
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (typed.trim() === '') return setProblem(text('proof.missing'))
    void prove(async () => (byCode ? { code: typed.trim() } : { password: typed }))
  }
  const hasPasskey = (known?.passkeys.length ?? 0) > 0
  const byCode = known !== undefined && (known.totp || hasPasskey)
  const edit = (value: string): void => {
    setProblem(undefined)
    setTyped(value)
  }

  return (
    <Dialog title={text('proof.title')} onClose={() => proof.cancelled()} testId="proof-dialog">
      <p className="muted">{text('proof.about')}</p>
      {known !== undefined && hasPasskey && offersPasskeys() && (
        <Button look="primary" size="large" busy={busy} testId="proof-passkey" onClick={() => void prove(async () => { const { ticket, response } = await askPasskey(await client.security.beginPasskeyProof()); return { ticket, response: { ...response } } })}>{text('passkey.use')}</Button>
      )}
      {known !== undefined && (
        <form className="form-lines" onSubmit={submit} noValidate>
          {byCode ? (
            <TextField key="code" label={text('proof.code')} autoComplete="one-time-code" autoFocus={!hasPasskey} spellCheck={false} value={typed} error={problem} testId="proof-code" onChange={edit} />
          ) : (
            <TextField key="password" label={text('logIn.password')} type="password" autoComplete="current-password" autoFocus value={typed} error={problem} testId="proof-password" onChange={edit} />
          )}
          <Button type="submit" look={hasPasskey ? 'plain' : 'primary'} size="large" busy={busy} testId="proof-submit">{text('proof.confirm')}</Button>
        </form>
      )}
      {known === undefined && problem !== undefined && <p className="ticket__problem" role="alert">{problem}</p>}
    </Dialog>
  )
}
