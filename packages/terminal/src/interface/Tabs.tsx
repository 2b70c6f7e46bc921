/** A row of tabs that arrow keys move through. */
import type { KeyboardEvent } from 'react'
import { classes } from './classes.js'
import './tabs.css'

export interface TabsProps<Name extends string> {
  label: string
  tabs: readonly { name: Name; label: string; testId?: string }[]
  selected: NoInfer<Name>
  onSelect(name: NoInfer<Name>): void
  look?: 'underline' | 'segments' | 'pills'
  className?: string
}

export function Tabs<const Name extends string>({ label, tabs, selected, onSelect, look = 'underline', className }: TabsProps<Name>) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (move === 0) return
    event.preventDefault()
    const index = (tabs.findIndex((tab) => tab.name === selected) + move + tabs.length) % tabs.length
    onSelect(tabs[index]!.name)
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus()
  }
  return (
    <div className={classes('tabs', `tabs--${look}`, className)} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button key={tab.name} type="button" role="tab" data-testid={tab.testId} className={classes('tabs__tab', `tabs__tab--${tab.name}`)} aria-selected={tab.name === selected} tabIndex={tab.name === selected ? 0 : -1} onClick={() => onSelect(tab.name)}>
          {tab.label}
        </button>
      ))}
    </div>
  )
}
