/** How long a limit order stands, and whether it may trade at once. */
import { useText } from '../../i18n/texts.js'
import { Select } from '../../interface/Select.js'
import { useMarket, useSelect } from '../../shell/terminal-context.js'
import type { TimeInForce } from '../../stores/wire.js'

const CHOICES: readonly TimeInForce[] = ['gtc', 'ioc', 'fok']

export function TicketOptions() {
  const text = useText()
  const { ticket } = useMarket()
  const { timeInForce, postOnly } = useSelect(ticket.store, (state) => state)
  return (
    <div className="ticket__options">
      <label className="check" title={text('ticket.postOnlyLong')}>
        <input type="checkbox" checked={postOnly} data-testid="ticket-post-only" onChange={(event) => ticket.dispatch({ type: 'post-only', postOnly: event.target.checked })} />
        {text('ticket.postOnly')}
      </label>
      <Select label={text('ticket.timeInForce')} testId="ticket-time-in-force" value={timeInForce} options={CHOICES.map((value) => ({ value, label: value.toUpperCase() }))} onChange={(value) => ticket.dispatch({ type: 'time-in-force', timeInForce: value })} />
    </div>
  )
}
