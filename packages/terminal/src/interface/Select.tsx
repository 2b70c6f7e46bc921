/** A small native choice. */
import { Icon } from './icons.js'
import './field.css'

export interface SelectProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange(value: Value): void
  testId?: string
}

export function Select<Value extends string>({ label, value, options, onChange, testId }: SelectProps<Value>) {
  return (
    <span className="select-box">
      <select className="select" aria-label={label} title={label} data-testid={testId} value={value} onChange={(event) => onChange(options.find((option) => option.value === event.target.value)?.value ?? value)}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
      <Icon name="chevronDown" size={12} />
    </span>
  )
}
