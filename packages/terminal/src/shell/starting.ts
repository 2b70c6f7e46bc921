/** What is on the screen before the exchange has answered: no texts, brand or language are known yet. */
import './starting.css'

const RETRY_MS = 4000

export function showStarting(root: HTMLElement): void {
  const mark = document.createElement('div')
  mark.className = 'starting'
  mark.setAttribute('role', 'status')
  mark.setAttribute('aria-label', 'Loading')
  for (let bar = 0; bar < 3; bar++) mark.append(document.createElement('span'))
  root.replaceChildren(mark)
}

/** Says that the exchange does not answer, and tries again by itself. */
export function showUnreachable(root: HTMLElement, retry: () => void): void {
  const note = document.createElement('div')
  note.className = 'starting starting--failed'
  note.setAttribute('role', 'alert')
  const text = document.createElement('p')
  text.textContent = 'The exchange does not answer. This page tries again every few seconds.'
  note.append(text)
  root.replaceChildren(note)
  setTimeout(retry, RETRY_MS)
}
