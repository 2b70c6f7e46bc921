/** The passkeys of an account: added under a name, listed, removed. */
import { useState, type FormEvent } from 'react'
import type { SecurityView } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { Dialog } from '../../interface/Dialog.js'
import { Moment } from '../../interface/Moment.js'
import { makePasskey, offersPasskeys } from '../../interface/passkeys.js'
import { TextField } from '../../interface/TextField.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { Card } from './Card.js'
import { RecoveryCodesDialog } from './RecoveryCodesCard.js'
import { useChange } from './use-change.js'

export function PasskeysCard({ view, onChanged }: { view: SecurityView; onChanged(): void }) {
  const text = useText()
  const { client } = useTerminal()
  const change = useChange()
  const [naming, setNaming] = useState(false)
  const [codes, setCodes] = useState<readonly string[]>()
  const remove = (passkeyId: string): Promise<void> =>
    change.run(async () => {
      await client.security.removePasskey(passkeyId)
      onChanged()
    })
  return (
    <Card icon="key" title={text('passkey.title')} about={text('passkey.about')} status={{ label: view.passkeys.length === 0 ? text('security.none') : String(view.passkeys.length), good: view.passkeys.length > 0 }} testId="card-passkeys">
      {view.passkeys.length > 0 && (
        <ul className="security-list">
          {view.passkeys.map((passkey) => (
            <li key={passkey.passkeyId} className="security-row" data-testid="passkey-row">
              <span><b>{passkey.label}</b> <small className="muted">{text('passkey.made')} <Moment timestampMs={passkey.createdMs} /></small></span>
              <Button size="small" busy={change.busy} testId="passkey-remove" onClick={() => void remove(passkey.passkeyId)}>{text('passkey.remove')}</Button>
            </li>
          ))}
        </ul>
      )}
      {offersPasskeys() ? <Button look={view.passkeys.length === 0 ? 'primary' : 'plain'} testId="passkey-add" onClick={() => setNaming(true)}>{text('passkey.add')}</Button> : <p className="muted">{text('passkey.unsupported')}</p>}
      {change.problem !== undefined && <p className="ticket__problem" role="alert">{change.problem}</p>}
      {naming && <AddDialog needsCodes={view.recoveryCodesLeft === 0} onClose={() => setNaming(false)} onCodes={setCodes} onChanged={onChanged} />}
      {codes !== undefined && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />}
    </Card>
  )
}

interface AddDialogProps {
  /** There is no other way in yet for the day when the passkey is lost. */
  needsCodes: boolean
  onClose(): void
  onCodes(codes: readonly string[]): void
  onChanged(): void
}

function AddDialog({ needsCodes, onClose, onCodes, onChanged }: AddDialogProps) {
  const text = useText()
  const { client } = useTerminal()
  const change = useChange()
  const [label, setLabel] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (label.trim() === '') return change.say(text('passkey.nameMissing'))
    void change.run(async () => {
      const { ticket, response } = await makePasskey(await client.security.beginPasskey())
      await client.security.addPasskey({ ticket, response, label: label.trim() })
      if (needsCodes) onCodes((await client.security.makeRecoveryCodes()).codes)
      onChanged()
      onClose()
    })
  }
  return (
    <Dialog title={text('passkey.add')} onClose={onClose} testId="passkey-dialog">
      <p className="muted">{text('passkey.naming')}</p>
      <form className="form-lines" onSubmit={submit} noValidate>
        <TextField label={text('passkey.name')} placeholder={text('passkey.nameExample')} maxLength={60} autoComplete="off" autoFocus value={label} error={change.problem} testId="passkey-label" onChange={(value) => (change.say(undefined), setLabel(value))} />
        <Button type="submit" look="primary" size="large" busy={change.busy} testId="passkey-submit">{text('passkey.add')}</Button>
      </form>
    </Dialog>
  )
}
