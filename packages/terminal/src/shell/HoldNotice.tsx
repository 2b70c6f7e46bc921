/** Says until when nothing can be withdrawn, after a change of the security settings. */
import { dateTime } from '../format/times.js'
import { useText } from '../i18n/texts.js'
import { Icon } from '../interface/icons.js'
import type { User } from '../stores/wire.js'
import './hold-notice.css'

export function HoldNotice({ user }: { user: User }) {
  const text = useText()
  const untilMs = user.withdrawalsHeldUntilMs
  if (untilMs === null || untilMs <= Date.now()) return null
  return (
    <p className="hold-notice" role="status" data-testid="security-held">
      <Icon name="warning" />
      {text('security.held', { until: dateTime(untilMs) })}
    </p>
  )
}
