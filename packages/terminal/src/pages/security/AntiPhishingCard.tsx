/** The word by which one recognises the exchange's mails. */
import { useState, type FormEvent } from 'react'
import type { SecurityView } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { Dialog } from '../../interface/Dialog.js'
import { TextField } from '../../interface/TextField.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { Card } from './Card.js'
import { useChange } from './use-change.js'

const SHORTEST = 4

export function AntiPhishingCard({ view, onChanged }: { view: SecurityView; onChanged(): void }) {
  const text = useText()
  const [open, setOpen] = useState(false)
  return (
    <Card icon="mail" title={text('antiPhishing.title')} about={text('antiPhishing.about')} status={{ label: view.antiPhishingCode ?? text('security.none'), good: view.antiPhishingCode !== null }} testId="card-anti-phishing">
      <Button testId="anti-phishing-change" onClick={() => setOpen(true)}>{text(view.antiPhishingCode === null ? 'antiPhishing.set' : 'antiPhishing.change')}</Button>
      {open && <CodeDialog present={view.antiPhishingCode ?? ''} onClose={() => setOpen(false)} onChanged={onChanged} />}
    </Card>
  )
}

function CodeDialog({ present, onClose, onChanged }: { present: string; onClose(): void; onChanged(): void }) {
  const text = useText()
  const { client } = useTerminal()
  const change = useChange()
  const [code, setCode] = useState(present)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (code.trim().length < SHORTEST) return change.say(text('antiPhishing.short', { length: SHORTEST }))
    void change.run(async () => {
      await client.security.setAntiPhishingCode(code.trim())
      onChanged()
      onClose()
    })
  }
  return (
    <Dialog title={text('antiPhishing.title')} onClose={onClose} testId="anti-phishing-dialog">
      <form className="form-lines" onSubmit={submit} noValidate>
        <TextField label={text('antiPhishing.word')} maxLength={40} autoComplete="off" autoFocus value={code} hint={text('antiPhishing.hint')} error={change.problem} testId="anti-phishing-code" onChange={(value) => (change.say(undefined), setCode(value))} />
        <Button type="submit" look="primary" size="large" busy={change.busy} testId="anti-phishing-submit">{text('antiPhishing.save')}</Button>
      </form>
    </Dialog>
  )
}
