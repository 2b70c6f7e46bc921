/** The notices in the corner. */
import { useText } from '../i18n/texts.js'
import { IconButton } from '../interface/Button.js'
import { Icon } from '../interface/icons.js'
import { useSelect, useTerminal } from './terminal-context.js'
import './notice-list.css'

const ICONS = { success: 'check', info: 'info', error: 'warning' } as const

export function NoticeList() {
  const text = useText()
  const { notices } = useTerminal()
  const shown = useSelect(notices.store, (state) => state.notices)
  return (
    <ol className="notices" aria-live="polite" aria-label={text('notice.list')}>
      {shown.map((notice) => (
        <li key={notice.id} className={`notice notice--${notice.kind}`} data-testid={`notice-${notice.kind}`}>
          <Icon name={ICONS[notice.kind]} />
          <div>
            <p className="notice__title">{notice.title}</p>
            {notice.detail !== undefined && <p className="notice__detail">{notice.detail}</p>}
          </div>
          <IconButton icon="close" label={text('dialog.close')} onClick={() => notices.dismiss(notice.id)} />
        </li>
      ))}
    </ol>
  )
}
