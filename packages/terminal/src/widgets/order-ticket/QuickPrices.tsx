/** Takes a price of the book into the ticket: also by keyboard. */
import { formatDecimal } from '@bourse/core'
import { useText } from '../../i18n/texts.js'
import { useMarket } from '../../shell/terminal-context.js'
import { floorTo, readAmount } from '../../stores/market-units.js'
import type { BookLevel } from '../../stores/wire.js'

export function QuickPrices({ bids, asks }: { bids: readonly BookLevel[]; asks: readonly BookLevel[] }) {
  const text = useText()
  const { units, ticket } = useMarket()
  const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]]
  const use = (price: string | undefined): void => {
    if (price !== undefined) ticket.dispatch({ type: 'price', text: price })
  }
  const middle = (): string | undefined => {
    if (bid === undefined || ask === undefined) return undefined
    const sum = readAmount(bid, units.priceScale)! + readAmount(ask, units.priceScale)!
    return formatDecimal(floorTo(sum / 2n, units.tick), units.priceScale)
  }
  return (
    <div className="ticket__quick" role="group" aria-label={text('ticket.quickPrices')}>
      <button type="button" disabled={bid === undefined} onClick={() => use(bid)}>{text('ticket.bid')}</button>
      <button type="button" disabled={bid === undefined || ask === undefined} onClick={() => use(middle())}>{text('ticket.middle')}</button>
      <button type="button" disabled={ask === undefined} onClick={() => use(ask)}>{text('ticket.ask')}</button>
    </div>
  )
}
