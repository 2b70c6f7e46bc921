/** The order ticket: says what is to be bought or sold, what it would cost, and sends it. */
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { formatDecimal } from '@bourse/core'
import { errorText } from '../../interface/error-text.js'
import { groupThousands, trimZeros } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { DecimalField } from '../../interface/DecimalField.js'
import { PercentSlider } from '../../interface/PercentSlider.js'
import { Tabs } from '../../interface/Tabs.js'
import { navigate } from '../../shell/navigation.js'
import { useMarket, useSelect, useTerminal, useUser } from '../../shell/terminal-context.js'
import { checkTicket, type TicketField } from './ticket-check.js'
import { previewTicket } from './ticket-preview.js'
import { QuickPrices } from './QuickPrices.js'
import { TicketOptions } from './TicketOptions.js'
import { TicketSummary } from './TicketSummary.js'
import { useOrderEntry } from './use-order-entry.js'
import { useTicketContext } from './use-ticket-context.js'
import './order-ticket.css'

interface Problem {
  readonly field: TicketField | null
  readonly message: string
}

export function OrderTicket() {
  const text = useText()
  const user = useUser()
  const { exchange } = useTerminal()
  const { market, units, ticket } = useMarket()
  const form = useSelect(ticket.store, (state) => state)
  const context = useTicketContext(form.side)
  const preview = previewTicket(form, context)
  const { place, busy } = useOrderEntry()
  const [problem, setProblem] = useState<Problem | null>(null)
  const quantityInput = useRef<HTMLInputElement>(null)

  useEffect(() => setProblem(null), [form])
  const [bid, ask] = [context.bids[0]?.[0], context.asks[0]?.[0]]
  const offered = form.priced ? undefined : form.side === 'buy' ? (ask ?? bid) : (bid ?? ask)
  useEffect(() => {
    if (offered !== undefined) ticket.dispatch({ type: 'price', text: offered })
  }, [ticket, offered])

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const check = checkTicket(form, market, context)
    if (!check.ok) return setProblem({ field: check.problem.field, message: text(check.problem.text, check.problem.values) })
    try {
      await place(check.order)
      ticket.dispatch({ type: 'sent' })
      quantityInput.current?.focus()
    } catch (error) {
      const field = (error as { field?: string }).field
      setProblem({ field: field === 'stopPrice' || field === 'price' || field === 'quantity' ? field : field === 'quoteQuantity' ? 'total' : null, message: errorText(error) })
    }
  }

  const errorOf = (field: TicketField): string | undefined => (problem?.field === field ? problem.message : undefined)
  const spends = form.side === 'buy' ? market.quote : market.base
  const spendScale = form.side === 'buy' ? units.quoteScale : units.baseScale
  const byTotal = form.orderType === 'market' && form.given === 'total'
  const networked = exchange.assets.find((asset) => asset.code === spends)?.network?.deposit === true

  return (
    <form className="ticket" onSubmit={(event) => void submit(event)} data-testid="order-ticket" noValidate>
      <Tabs look="segments" label={text('ticket.side')} selected={form.side} onSelect={(side) => ticket.dispatch({ type: 'side', side })} tabs={[{ name: 'buy', label: text('ticket.buy'), testId: 'ticket-buy' }, { name: 'sell', label: text('ticket.sell'), testId: 'ticket-sell' }]} />
      <div className="ticket__line">
        <Tabs look="underline" label={text('ticket.orderType')} selected={form.orderType} onSelect={(orderType) => ticket.dispatch({ type: 'order-type', orderType })} tabs={[{ name: 'limit', label: text('ticket.limit'), testId: 'ticket-limit' }, { name: 'market', label: text('ticket.market'), testId: 'ticket-market' }, { name: 'stop', label: text('ticket.stop'), testId: 'ticket-stop' }]} />
        {form.orderType === 'limit' && <TicketOptions />}
        {form.orderType === 'market' && (
          <Tabs look="pills" label={text('ticket.marketBy')} selected={form.given} onSelect={(given) => ticket.dispatch({ type: 'given', given })} tabs={[{ name: 'quantity', label: market.base, testId: 'ticket-by-quantity' }, { name: 'total', label: market.quote, testId: 'ticket-by-total' }]} />
        )}
      </div>
      <div className="ticket__available">
        <span>{text('ticket.available')}</span>
        <span className="number" data-testid="ticket-available">{context.available === null ? '–' : groupThousands(trimZeros(formatDecimal(context.available, spendScale), 2))} {spends}</span>
        {user !== null && networked && (
          <button type="button" className="link-button" onClick={() => navigate({ page: 'wallet' }, { hash: `deposit-${spends}` })}>{text('wallet.deposit')}</button>
        )}
      </div>

      {form.orderType === 'stop' && (
        <DecimalField label={text('ticket.stopPrice')} unit={market.quote} value={form.stopPrice} scale={units.priceScale} error={errorOf('stopPrice')} testId="ticket-stop-price" onChange={(value) => ticket.dispatch({ type: 'stop-price', text: value })} onStep={(steps) => ticket.dispatch({ type: 'step-stop-price', steps })} />
      )}
      {form.orderType !== 'market' ? (
        <>
          <DecimalField label={text('ticket.price')} unit={market.quote} value={form.price} scale={units.priceScale} error={errorOf('price')} testId="ticket-price" onChange={(value) => ticket.dispatch({ type: 'price', text: value })} onStep={(steps) => ticket.dispatch({ type: 'step-price', steps })} />
          {form.orderType === 'limit' && <QuickPrices bids={context.bids} asks={context.asks} />}
        </>
      ) : (
        <div className="ticket__market-price">
          <span>{text('ticket.price')}</span>
          <span>{text('ticket.bestPrice')}</span>
        </div>
      )}
      {!byTotal && <DecimalField inputRef={quantityInput} label={text('ticket.quantity')} unit={market.base} value={form.quantity} scale={units.quantityScale} error={errorOf('quantity')} testId="ticket-quantity" onChange={(value) => ticket.dispatch({ type: 'quantity', text: value })} onStep={(steps) => ticket.dispatch({ type: 'step-quantity', steps })} />}
      <PercentSlider label={text('ticket.share')} percent={preview.percent} disabled={context.available === null || context.available === 0n} testId="ticket-percent" onChange={(percent) => ticket.dispatch({ type: 'percent', percent, available: context.available ?? 0n })} />
      {(form.orderType !== 'market' || byTotal) && (
        <DecimalField label={text('ticket.total')} unit={market.quote} value={form.total} scale={units.quoteScale} error={errorOf('total')} testId="ticket-total" onChange={(value) => ticket.dispatch({ type: 'total', text: value })} onStep={(steps) => ticket.dispatch({ type: 'step-total', steps })} />
      )}

      {form.orderType === 'stop' && <p className="ticket__note">{text('ticket.stopLong')}</p>}
      <TicketSummary form={form} preview={preview} />
      {problem?.field === null && <p className="ticket__problem" role="alert" data-testid="ticket-error">{problem.message}</p>}
      {market.state !== 'open' && <p className="ticket__state">{text(`market.stateLong.${market.state}`)}</p>}
      {user === null ? (
        <div className="ticket__enter">
          <Button look="primary" size="large" testId="ticket-log-in" onClick={() => navigate({ page: 'log-in' })}>{text('ticket.logIn')}</Button>
          <p className="muted">{text('ticket.noAccount')} <button type="button" className="link-button" onClick={() => navigate({ page: 'sign-up' })}>{text('header.signUp')}</button></p>
        </div>
      ) : (
        <Button type="submit" look={form.side} size="large" busy={busy} testId="ticket-submit">{text(form.side === 'buy' ? 'ticket.buyAsset' : 'ticket.sellAsset', { asset: market.base })}</Button>
      )}
    </form>
  )
}
