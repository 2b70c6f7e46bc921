/** Switches codes of an authenticator app on, by QR code and a first code, and off. */
import { useState, type FormEvent } from 'react'
import type { SecurityView, TotpSetup } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { CopyButton } from '../../interface/CopyButton.js'
import { Dialog } from '../../interface/Dialog.js'
import { QrCode } from '../../interface/QrCode.js'
import { TextField } from '../../interface/TextField.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { Card } from './Card.js'
import { RecoveryCodesDialog } from './RecoveryCodesCard.js'
import { useChange } from './use-change.js'

export function AuthenticatorCard({ view, onChanged }: { view: SecurityView; onChanged(): void }) {
  const text = useText()
  const { client } = useTerminal()
  const change = useChange()
  const [setup, setSetup] = useState<TotpSetup>()
  const [codes, setCodes] = useState<readonly string[]>()
  const begin = (): Promise<void> => change.run(async () => setSetup(await client.security.beginTotp()))
  const switchOff = (): Promise<void> =>
    change.run(async () => {
      await client.security.disableTotp()
      onChanged()
    })
  return (
    <Card icon="shield" title={text('totp.title')} about={text('totp.about')} status={{ label: text(view.totp ? 'security.on' : 'security.off'), good: view.totp }} testId="card-totp">
      {view.totp ? <Button busy={change.busy} testId="totp-off" onClick={() => void switchOff()}>{text('totp.off')}</Button> : <Button look="primary" busy={change.busy} testId="totp-on" onClick={() => void begin()}>{text('totp.on')}</Button>}
      {change.problem !== undefined && <p className="ticket__problem" role="alert">{change.problem}</p>}
      {setup !== undefined && (
        <SetupDialog
          setup={setup}
          onClose={() => setSetup(undefined)}
          onDone={(made) => {
            setSetup(undefined)
            setCodes(made)
            onChanged()
          }}
        />
      )}
      {codes !== undefined && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
    </Card>
  )
}

function SetupDialog({ setup, onClose, onDone }: { setup: TotpSetup; onClose(): void; onDone(codes: readonly string[]): void }) {
  const text = useText()
  const { client } = useTerminal()
  const change = useChange()
  const [code, setCode] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!/^\d{6}$/.test(code.trim())) return change.say(text('totp.sixDigits'))
    void change.run(async () => onDone((await client.security.confirmTotp(code.trim())).codes))
  }
  return (
    <Dialog title={text('totp.title')} onClose={onClose} tall testId="totp-dialog">
      <p>{text('totp.scan')}</p>
      <div className="security-qr"><QrCode value={setup.uri} label={text('totp.qr')} /></div>
      <div className="secret-line">
        <code data-testid="totp-secret">{setup.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        <CopyButton value={setup.secret} label={text('totp.copy')} />
      </div>
      <form className="form-lines" onSubmit={submit} noValidate>
        <TextField label={text('totp.code')} inputMode="numeric" autoComplete="one-time-code" autoFocus value={code} error={change.problem} testId="totp-code" onChange={(value) => (change.say(undefined), setCode(value))} />
        <Button type="submit" look="primary" size="large" busy={change.busy} testId="totp-confirm">{text('totp.confirm')}</Button>
      </form>
    </Dialog>
  )
}
