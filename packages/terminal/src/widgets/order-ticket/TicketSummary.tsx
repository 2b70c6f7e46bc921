/** Fee and what would be received, as an estimate. */
import { formatDecimal } from '@bourse/core'
import { groupThousands, ratePercent, trimZeros } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { useMarket } from '../../shell/terminal-context.js'
import type { TicketForm } from './ticket-form.js'
import type { TicketPreview } from './ticket-preview.js'

export function TicketSummary({ form, preview }: { form: TicketForm; preview: TicketPreview }) {
  const text = useText()
  const { market, units } = useMarket()
  const received = form.side === 'buy' ? market.base : market.quote
  const scale = form.side === 'buy' ? units.baseScale : units.quoteScale
  const write = (amount: bigint | null, ofScale: number, asset: string): string => (amount === null || amount === 0n ? '–' : `≈ ${groupThousands(trimZeros(formatDecimal(amount, ofScale), 2))} ${asset}`)
  const rate = ratePercent(preview.liquidity === 'maker' ? market.makerFee : market.takerFee)
  return (
    <dl className="ticket__summary">
      {form.orderType === 'market' && form.given === 'quantity' && (
        <div>
          <dt>{text('ticket.total')}</dt>
          <dd className="number">{write(preview.total, units.quoteScale, market.quote)}</dd>
        </div>
      )}
      <div>
        <dt>{text(preview.liquidity === 'maker' ? 'ticket.makerFee' : 'ticket.takerFee', { rate })}</dt>
        <dd className="number" data-testid="ticket-fee">{write(preview.fee, scale, received)}</dd>
      </div>
      <div>
        <dt>{text('ticket.receive')}</dt>
        <dd className="number" data-testid="ticket-receive">{write(preview.receive, scale, received)}</dd>
      </div>
      {preview.farPrice && <p className="warning" role="status">{text(form.side === 'buy' ? 'ticket.farAbove' : 'ticket.farBelow')}</p>}
      {preview.thinBook && <p className="warning" role="status">{text('ticket.thinBook')}</p>}
    </dl>
  )
}
