/** A window over the page; on phones it rises from the lower edge. */
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useText } from '../i18n/texts.js'
import { classes } from './classes.js'
import { IconButton } from './Button.js'
import './dialog.css'

export interface DialogProps {
  title: string
  onClose(): void
  children: ReactNode
  /** Fills the screen of a phone. */
  tall?: boolean
  testId?: string
}

export function Dialog({ title, onClose, children, tall = false, testId }: DialogProps) {
  const text = useText()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      className={classes('dialog', tall && 'dialog--tall')}
      aria-labelledby={id}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className="dialog__box">
        <header className="dialog__head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={text('dialog.close')} onClick={onClose} />
        </header>
        <div className="dialog__body">{children}</div>
      </div>
    </dialog>
  )
}
