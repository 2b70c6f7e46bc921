/** The trading page on a phone: chart, book, ticket or orders, one at a time; buying and selling always at hand. */
import { useState } from 'react'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { Tabs } from '../../interface/Tabs.js'
import { navigate, useHash } from '../../shell/navigation.js'
import { phoneTab } from '../../shell/phone-tabs.js'
import { useMarket, useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { Side } from '../../stores/wire.js'
import { ChartWidget } from '../../widgets/chart/ChartWidget.js'
import { DepthChart } from '../../widgets/depth-chart/DepthChart.js'
import { FillHistory } from '../../widgets/fill-history/FillHistory.js'
import { OpenOrders } from '../../widgets/open-orders/OpenOrders.js'
import { OrderBook } from '../../widgets/order-book/OrderBook.js'
import { OrderHistory } from '../../widgets/order-history/OrderHistory.js'
import { OrderTicket } from '../../widgets/order-ticket/OrderTicket.js'
import { TradeTape } from '../../widgets/trade-tape/TradeTape.js'
import './phone-desk.css'

export function PhoneDesk() {
  const tab = phoneTab(useHash())
  return (
    <div className="phone-desk">
      {tab === 'chart' && <ChartPart />}
      {tab === 'book' && <BookPart />}
      {tab === 'trade' && <TradePart />}
      {tab === 'orders' && <OrdersPart />}
      {(tab === 'chart' || tab === 'book') && <BuyOrSell />}
    </div>
  )
}

function ChartPart() {
  const text = useText()
  const [shown, setShown] = useState<'chart' | 'depth'>('chart')
  return (
    <>
      <Tabs className="phone-desk__tabs" label={text('widget.chart')} selected={shown} onSelect={setShown} tabs={[{ name: 'chart', label: text('widget.chart') }, { name: 'depth', label: text('widget.depth') }]} />
      <div className="phone-desk__part">{shown === 'chart' ? <ChartWidget /> : <DepthChart />}</div>
    </>
  )
}

function BookPart() {
  const text = useText()
  const { market } = useMarket()
  const [shown, setShown] = useState<'book' | 'trades'>('book')
  return (
    <>
      <Tabs className="phone-desk__tabs" label={text('widget.book')} selected={shown} onSelect={setShown} tabs={[{ name: 'book', label: text('widget.book') }, { name: 'trades', label: text('widget.trades') }]} />
      <div className="phone-desk__part">{shown === 'book' ? <OrderBook rowHeight={24} onPrice={() => openTicket(market.symbol)} /> : <TradeTape />}</div>
    </>
  )
}

function TradePart() {
  return (
    <div className="phone-desk__trade">
      <div className="phone-desk__book"><OrderBook compact rowHeight={22} /></div>
      <div className="phone-desk__ticket"><OrderTicket /></div>
    </div>
  )
}

function OrdersPart() {
  const text = useText()
  const { account } = useTerminal()
  const open = useSelect(account.store, (state) => state.openOrders.length)
  const [shown, setShown] = useState<'open' | 'history' | 'fills'>('open')
  return (
    <>
      <Tabs
        className="phone-desk__tabs"
        label={text('phone.orders')}
        selected={shown}
        onSelect={setShown}
        tabs={[{ name: 'open', label: open > 0 ? `${text('widget.open-orders')} (${open})` : text('widget.open-orders') }, { name: 'history', label: text('widget.order-history') }, { name: 'fills', label: text('widget.fills') }]}
      />
      <div className="phone-desk__part">{shown === 'open' ? <OpenOrders /> : shown === 'history' ? <OrderHistory /> : <FillHistory />}</div>
    </>
  )
}

function openTicket(market: string): void {
  navigate({ page: 'trade', market }, { hash: 'trade' })
}

function BuyOrSell() {
  const text = useText()
  const { market, ticket } = useMarket()
  const start = (side: Side): void => {
    ticket.dispatch({ type: 'side', side })
    openTicket(market.symbol)
  }
  return (
    <div className="phone-desk__sides">
      <Button look="buy" size="large" testId="phone-buy" onClick={() => start('buy')}>{text('ticket.buy')}</Button>
      <Button look="sell" size="large" testId="phone-sell" onClick={() => start('sell')}>{text('ticket.sell')}</Button>
    </div>
  )
}
