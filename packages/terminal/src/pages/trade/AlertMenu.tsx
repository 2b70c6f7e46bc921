/** Price alerts of the market that is traded: those that wait, those that fired, and a new one. */
import { useState, type FormEvent } from 'react'
import type { PriceAlert } from '@bourse/client'
import { groupThousands } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { Button, IconButton } from '../../interface/Button.js'
import { DecimalField } from '../../interface/DecimalField.js'
import { errorText } from '../../interface/error-text.js'
import { Moment } from '../../interface/Moment.js'
import { Popover } from '../../interface/Popover.js'
import { useMarket, useSelect, useTerminal, useTicker } from '../../shell/terminal-context.js'
import './alert-menu.css'

export function AlertMenu() {
  const text = useText()
  const { alerts } = useTerminal()
  const { market } = useMarket()
  const own = useSelect(alerts.store, (state) => state.alerts).filter((alert) => alert.market === market.symbol)
  const waiting = own.some(({ firedMs }) => firedMs === null)
  return (
    <Popover kind="dialog" align="end" className="alert-menu" label={text('alerts.title')} trigger={(properties) => <IconButton {...properties} icon="bell" filled={waiting} label={text('alerts.title')} testId="alert-menu" />}>
      {() => (
        <>
          <h2>{text('alerts.title')}</h2>
          <NewAlert />
          {own.length > 0 && <ul className="alert-menu__list">{own.map((alert) => <AlertRow key={alert.alertId} alert={alert} />)}</ul>}
        </>
      )}
    </Popover>
  )
}

function NewAlert() {
  const text = useText()
  const { alerts } = useTerminal()
  const { market } = useMarket()
  const last = useTicker(market.symbol)?.lastPrice ?? null
  const [price, setPrice] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const direction = last !== null && Number(price) < Number(last) ? 'below' : 'above'
  const create = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      await alerts.create({ market: market.symbol, direction, price })
      setPrice('')
    } catch (refusal) {
      setError(errorText(refusal))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="alert-menu__form" onSubmit={(event) => void create(event)}>
      <DecimalField label={text('orders.price')} unit={market.quote} value={price} scale={market.priceScale} onChange={setPrice} error={error} testId="alert-price" />
      <Button look="primary" type="submit" busy={busy} disabled={Number(price) === 0} testId="alert-create">{text(price === '' ? 'alerts.create' : `alerts.create.${direction}`)}</Button>
    </form>
  )
}

function AlertRow({ alert }: { alert: PriceAlert }) {
  const text = useText()
  const { alerts, notices } = useTerminal()
  const remove = (): void => {
    alerts.remove(alert.alertId).catch((refusal: unknown) => notices.show({ kind: 'error', title: errorText(refusal) }))
  }
  return (
    <li className={alert.firedMs === null ? '' : 'muted'} data-testid="alert-row">
      <span className="number">{text(`alerts.${alert.direction}`, { price: groupThousands(alert.price) })}</span>
      {alert.firedMs === null ? <span className="muted">{text('alerts.waiting')}</span> : <Moment timestampMs={alert.firedMs} />}
      <IconButton icon="close" label={text('alerts.remove')} onClick={remove} testId="alert-remove" />
    </li>
  )
}
