/** A labelled text field with an error below it. */
import { useId, useState, type InputHTMLAttributes } from 'react'
import { useText } from '../i18n/texts.js'
import { classes } from './classes.js'
import { IconButton } from './Button.js'
import './field.css'

export interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  label: string
  value: string
  onChange(text: string): void
  hint?: string | undefined
  error?: string | undefined
  testId?: string
}

export function TextField({ label, value, onChange, hint, error, testId, type = 'text', ...rest }: TextFieldProps) {
  const text = useText()
  const id = useId()
  const [shown, setShown] = useState(false)
  const note = error ?? hint
  return (
    <div className={classes('field', error !== undefined && 'field--wrong')}>
      <label className="field__label" htmlFor={id}>{label}</label>
      <div className="field__box">
        <input
          {...rest}
          id={id}
          data-testid={testId}
          className="field__input"
          type={type === 'password' && shown ? 'text' : type}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
        />
        {type === 'password' && <IconButton icon={shown ? 'eyeOff' : 'eye'} label={text(shown ? 'field.hidePassword' : 'field.showPassword')} onClick={() => setShown(!shown)} />}
      </div>
      {note !== undefined && <p id={`${id}-note`} className="field__note" role={error === undefined ? undefined : 'alert'}>{note}</p>}
    </div>
  )
}
