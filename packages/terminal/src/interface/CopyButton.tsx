/** Copies a text and says so. */
import { useState } from 'react'
import { useText } from '../i18n/texts.js'
import { IconButton } from './Button.js'

const SAYS_SO_MS = 1600

export function CopyButton({ value, label }: { value: string; label: string }) {
  const text = useText()
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await writeClipboard(value)
    setCopied(true)
    setTimeout(() => setCopied(false), SAYS_SO_MS)
  }
  return (
    <>
      <IconButton icon={copied ? 'check' : 'copy'} label={label} className={copied ? 'buy' : ''} onClick={() => void copy()} />
      <span className="visually-hidden" role="status">{copied ? text('copy.done') : ''}</span>
    </>
  )
}

/** The clipboard is closed to pages on plain HTTP: there the old way still works. */
async function writeClipboard(value: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(value)
  const area = document.createElement('textarea')
  area.value = value
  const holder = document.querySelector('dialog[open]') ?? document.body
  holder.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
