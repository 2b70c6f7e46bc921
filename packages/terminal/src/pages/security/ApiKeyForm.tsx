/** What a new key may do, from where and for how long. */
import { useState, type FormEvent } from 'react'
import { ApiRequestError, type ApiScope, type CreatedApiKey } from '@bourse/client'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { Dialog } from '../../interface/Dialog.js'
import { errorText } from '../../interface/error-text.js'
import { Select } from '../../interface/Select.js'
import { TextField } from '../../interface/TextField.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { useChange } from './use-change.js'

const DAY_MS = 24 * 3_600_000
const ENDS = ['never', '30', '90', '365'] as const
type End = (typeof ENDS)[number]
type Field = 'label' | 'allowedAddresses' | 'publicKey'

export function ApiKeyForm({ onClose, onMade }: { onClose(): void; onMade(created: CreatedApiKey): void }) {
  const text = useText()
  const { client } = useTerminal()
  const change = useChange()
  const [label, setLabel] = useState('')
  const [scopes, setScopes] = useState<readonly ApiScope[]>([])
  const [addresses, setAddresses] = useState('')
  const [end, setEnd] = useState<End>('90')
  const [publicKey, setPublicKey] = useState('')
  const [wrong, setWrong] = useState<{ field: Field; message: string }>()
  const edit = (set: (value: string) => void) => (value: string): void => {
    setWrong(undefined)
    set(value)
  }
  const errorOf = (field: Field): string | undefined => (wrong?.field === field ? wrong.message : undefined)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const allowedAddresses = addresses.split(/[\s,;]+/).filter((address) => address !== '')
    if (label.trim() === '') return setWrong({ field: 'label', message: text('apiKeys.labelMissing') })
    if (scopes.includes('withdraw') && allowedAddresses.length === 0) return setWrong({ field: 'allowedAddresses', message: text('apiKeys.addressesMissing') })
    void change.run(async () => {
      try {
        onMade(await client.createApiKey({ label: label.trim(), scopes: [...scopes], allowedAddresses, ...(end !== 'never' && { expiresMs: Date.now() + Number(end) * DAY_MS }), ...(publicKey.trim() !== '' && { publicKey: publicKey.trim() }) }))
      } catch (error) {
        const field = error instanceof ApiRequestError ? (['label', 'allowedAddresses', 'publicKey'] as const).find((name) => name === error.field) : undefined
        if (field === undefined) throw error
        setWrong({ field, message: errorText(error) })
      }
    })
  }
  return (
    <Dialog title={text('apiKeys.new')} onClose={onClose} tall testId="api-key-dialog">
      <form className="form-lines" onSubmit={submit} noValidate>
        <TextField label={text('apiKeys.label')} maxLength={60} autoComplete="off" autoFocus value={label} error={errorOf('label')} testId="api-key-label" onChange={edit(setLabel)} />
        <fieldset className="choices">
          <legend>{text('apiKeys.may')}</legend>
          <label><input type="checkbox" checked disabled readOnly /> {text('apiKeys.scope.read')}</label>
          {(['trade', 'withdraw'] as const).map((scope) => (
            <label key={scope}>
              <input type="checkbox" data-testid={`api-key-${scope}`} checked={scopes.includes(scope)} onChange={(event) => setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))} /> {text(`apiKeys.scope.${scope}`)}
            </label>
          ))}
        </fieldset>
        <TextField label={text('apiKeys.addresses')} placeholder="192.0.2.7, 198.51.100.0/24" autoComplete="off" spellCheck={false} value={addresses} hint={text('apiKeys.addressesHint')} error={errorOf('allowedAddresses')} testId="api-key-addresses" onChange={edit(setAddresses)} />
        <div className="security-row">
          <span className="field__label">{text('apiKeys.end')}</span>
          <Select<End> label={text('apiKeys.end')} value={end} onChange={setEnd} testId="api-key-end" options={ENDS.map((value) => ({ value, label: value === 'never' ? text('apiKeys.noEnd') : text('apiKeys.days', { count: value }) }))} />
        </div>
        <TextField label={text('apiKeys.publicKey')} autoComplete="off" spellCheck={false} value={publicKey} hint={text('apiKeys.publicKeyHint')} error={errorOf('publicKey')} testId="api-key-public" onChange={edit(setPublicKey)} />
        {change.problem !== undefined && <p className="ticket__problem" role="alert" data-testid="api-key-problem">{change.problem}</p>}
        <Button type="submit" look="primary" size="large" busy={change.busy} testId="api-key-submit">{text('apiKeys.make')}</Button>
      </form>
    </Dialog>
  )
}
