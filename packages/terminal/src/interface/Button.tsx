/** Buttons: with words, or with an icon and a name for screen readers. */
import type { ButtonHTMLAttributes, Ref } from 'react'
import { classes } from './classes.js'
import { Icon, type IconName } from './icons.js'
import './button.css'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'primary' | 'plain' | 'quiet' | 'buy' | 'sell' | 'danger'
  size?: 'small' | 'normal' | 'large'
  /** Shows that the request is under way and takes no clicks. */
  busy?: boolean
  testId?: string
  ref?: Ref<HTMLButtonElement>
}

export function Button({ look = 'plain', size = 'normal', busy = false, testId, className, children, disabled, type = 'button', ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} data-testid={testId} className={classes('button', `button--${look}`, `button--${size}`, busy && 'button--busy', className)} disabled={disabled} aria-busy={busy || undefined} onClick={busy ? undefined : rest.onClick}>
      {children}
    </button>
  )
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName
  label: string
  filled?: boolean
  testId?: string
  ref?: Ref<HTMLButtonElement>
}

export function IconButton({ icon, label, filled = false, testId, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button {...rest} type={type} data-testid={testId} className={classes('icon-button', className)} aria-label={label} title={label}>
      <Icon name={icon} filled={filled} />
    </button>
  )
}
