/** A panel that opens below a button and closes by Escape, by a click beside it, or when it has been used. */
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { classes } from './classes.js'
import './popover.css'

export interface PopoverProps {
  /** Draws the button; it must pass the properties on to it. */
  trigger(properties: { onClick(): void; 'aria-expanded': boolean; 'aria-haspopup': 'menu' | 'dialog' }): ReactNode
  children(close: () => void): ReactNode
  kind?: 'menu' | 'dialog'
  align?: 'start' | 'end'
  label: string
  className?: string
}

export function Popover({ trigger, children, kind = 'menu', align = 'start', label, className }: PopoverProps) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const panel = useRef<HTMLDivElement>(null)

  const close = (): void => {
    setOpen(false)
    box.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus()
  }

  useLayoutEffect(() => {
    if (open && panel.current !== null && box.current !== null) place(panel.current, box.current, align)
  }, [open, align])

  useEffect(() => {
    if (!open) return
    const outside = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    const escape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') close()
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('keydown', escape)
    if (kind === 'menu') items(panel.current)[0]?.focus()
    else panel.current?.querySelector('input')?.focus()
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('keydown', escape)
    }
  }, [open, kind])

  return (
    <div className="popover" ref={box}>
      {trigger({ onClick: () => setOpen(!open), 'aria-expanded': open, 'aria-haspopup': kind })}
      {open && (
        <div
          ref={panel}
          popover="manual"
          className={classes('popover__panel', className)}
          role={kind}
          aria-label={label}
          onKeyDown={(event) => {
            if (kind !== 'menu' || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
            event.preventDefault()
            const all = items(panel.current)
            const index = all.indexOf(document.activeElement as HTMLElement)
            all[(index + (event.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length]?.focus()
          }}
        >
          {children(close)}
        </div>
      )}
    </div>
  )
}

const GAP = 6
const EDGE = 8

/** Shows the panel above everything, below its button or, where there is no room, above it. */
function place(panel: HTMLElement, button: HTMLElement, align: 'start' | 'end'): void {
  panel.showPopover()
  const at = button.getBoundingClientRect()
  const { width, height } = panel.getBoundingClientRect()
  const left = align === 'start' ? at.left : at.right - width
  const below = at.bottom + GAP
  const top = below + height <= innerHeight - EDGE ? below : Math.max(EDGE, at.top - GAP - height)
  panel.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`
  panel.style.top = `${top}px`
  panel.style.maxHeight = `${innerHeight - top - EDGE}px`
}

function items(panel: HTMLElement | null): HTMLElement[] {
  return [...(panel?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
}

export interface MenuItemProps {
  /** Shown with a check mark; leave it out for items that just do something. */
  checked?: boolean
  /** Of several only one is checked. */
  exclusive?: boolean
  onSelect(): void
  children: ReactNode
  testId?: string
}

export function MenuItem({ checked, exclusive = false, onSelect, children, testId }: MenuItemProps) {
  const role = checked === undefined ? 'menuitem' : exclusive ? 'menuitemradio' : 'menuitemcheckbox'
  return (
    <button type="button" className={classes('menu-item', checked && 'menu-item--checked')} role={role} aria-checked={checked} tabIndex={-1} onClick={onSelect} data-testid={testId}>
      {children}
    </button>
  )
}
