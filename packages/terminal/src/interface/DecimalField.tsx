/** A field for an exact amount: its label and unit inside, arrow keys and buttons step it. */
import { useId, type KeyboardEvent, type Ref } from 'react'
import { editDecimal } from '../format/decimal-input.js'
import { useText } from '../i18n/texts.js'
import { classes } from './classes.js'
import { Icon } from './icons.js'
import './field.css'

export interface DecimalFieldProps {
  label: string
  unit: string
  value: string
  scale: number
  onChange(text: string): void
  /** Steps up or down by the field's own step; without it the field has no steppers. */
  onStep?(steps: number): void
  error?: string | undefined
  placeholder?: string
  disabled?: boolean
  testId?: string
  inputRef?: Ref<HTMLInputElement>
}

const STEPS: Record<string, number> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }

export function DecimalField({ label, unit, value, scale, onChange, onStep, error, placeholder = '', disabled = false, testId, inputRef }: DecimalFieldProps) {
  const text = useText()
  const id = useId()
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps = STEPS[event.key]
    if (steps === undefined || onStep === undefined) return
    event.preventDefault()
    onStep(event.shiftKey ? steps * 10 : steps)
  }
  return (
    <div className={classes('field', error !== undefined && 'field--wrong')}>
      <div className="field__box field__box--decimal">
        <label className="field__inner-label" htmlFor={id}>{label}<span className="field__label-unit" aria-hidden="true">{unit}</span></label>
        <input
          id={id}
          ref={inputRef}
          data-testid={testId}
          className="field__input field__input--decimal"
          type="text"
          inputMode="decimal"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="done"
          value={value}
          placeholder={placeholder}
          disabled={disabled}
          onChange={(event) => onChange(editDecimal(value, event.target.value, scale))}
          onKeyDown={onKeyDown}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={error === undefined ? undefined : `${id}-note`}
        />
        <span className="field__unit">{unit}</span>
        {onStep !== undefined && (
          <span className="field__steppers">
            <button type="button" className="field__step-up" tabIndex={-1} aria-label={text('field.stepUp', { field: label })} disabled={disabled} onClick={() => onStep(1)}><Icon name="chevronUp" size={12} /></button>
            <button type="button" className="field__step-down" tabIndex={-1} aria-label={text('field.stepDown', { field: label })} disabled={disabled} onClick={() => onStep(-1)}><Icon name="chevronDown" size={12} /></button>
          </span>
        )}
      </div>
      {error !== undefined && <p id={`${id}-note`} className="field__note" role="alert">{error}</p>}
    </div>
  )
}
