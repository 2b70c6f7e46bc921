/** Changes the password; the session goes on under a new token, all others end. */
import { useState, type FormEvent } from 'react'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { Dialog } from '../../interface/Dialog.js'
import { TextField } from '../../interface/TextField.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { SHORTEST_PASSWORD } from '../log-in/credentials.js'
import { Card } from './Card.js'
import { useChange } from './use-change.js'

export function PasswordCard({ onChanged }: { onChanged(): void }) {
  const text = useText()
  const [open, setOpen] = useState(false)
  return (
    <Card icon="user" title={text('password.title')} about={text('password.about')} testId="card-password">
      <Button testId="password-change" onClick={() => setOpen(true)}>{text('password.change')}</Button>
      {open && <PasswordDialog onClose={() => setOpen(false)} onChanged={onChanged} />}
    </Card>
  )
}

function PasswordDialog({ onClose, onChanged }: { onClose(): void; onChanged(): void }) {
  const text = useText()
  const { client, notices } = useTerminal()
  const [password, setPassword] = useState('')
  const change = useChange()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (password.length < SHORTEST_PASSWORD) return change.say(text('logIn.problem.short', { length: SHORTEST_PASSWORD }))
    void change.run(async () => {
      await client.changePassword(password)
      notices.show({ kind: 'success', title: text('password.changed') })
      onChanged()
      onClose()
    })
  }
  return (
    <Dialog title={text('password.change')} onClose={onClose} testId="password-dialog">
      <form className="form-lines" onSubmit={submit} noValidate>
        <TextField label={text('password.new')} type="password" autoComplete="new-password" autoFocus value={password} hint={text('logIn.passwordHint', { length: SHORTEST_PASSWORD })} error={change.problem} testId="password-new" onChange={(value) => (change.say(undefined), setPassword(value))} />
        <Button type="submit" look="primary" size="large" busy={change.busy} testId="password-submit">{text('password.change')}</Button>
      </form>
    </Dialog>
  )
}
