/** The desk: widgets that are dragged, resized, stacked as tabs and closed. */
import { DockviewReact, type DockviewReadyEvent, type DockviewTheme, type IDockviewPanelHeaderProps } from 'dockview-react'
import 'dockview-react/dist/styles/dockview.css'
import { useEffect, type FunctionComponent, type ReactNode } from 'react'
import { useText } from '../../i18n/texts.js'
import { Icon } from '../../interface/icons.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import { browserStorage } from '../../stores/browser-storage.js'
import { Balances } from '../../widgets/balances/Balances.js'
import { ChartWidget } from '../../widgets/chart/ChartWidget.js'
import { DepthChart } from '../../widgets/depth-chart/DepthChart.js'
import { FillHistory } from '../../widgets/fill-history/FillHistory.js'
import { OpenOrders } from '../../widgets/open-orders/OpenOrders.js'
import { OrderBook } from '../../widgets/order-book/OrderBook.js'
import { OrderHistory } from '../../widgets/order-history/OrderHistory.js'
import { OrderTicket } from '../../widgets/order-ticket/OrderTicket.js'
import { TradeTape } from '../../widgets/trade-tape/TradeTape.js'
import { deskControl } from './desk-control.js'
import { isWidget, keepArrangement, restoreArrangement, widgetTitle, type WidgetName } from './desk-layout.js'
import './desk.css'

const COMPONENTS: Record<WidgetName, FunctionComponent> = {
  'chart': () => <Frame><ChartWidget /></Frame>,
  'depth': () => <Frame><DepthChart /></Frame>,
  'book': () => <Frame><OrderBook /></Frame>,
  'trades': () => <Frame><TradeTape /></Frame>,
  'ticket': () => <Frame><OrderTicket /></Frame>,
  'balances': () => <Frame><Balances /></Frame>,
  'open-orders': () => <Frame><OpenOrders /></Frame>,
  'order-history': () => <Frame><OrderHistory /></Frame>,
  'fills': () => <Frame><FillHistory /></Frame>,
}

const THEME: DockviewTheme = { name: 'bourse', className: 'dockview-theme-bourse', gap: 4, dndOverlayMounting: 'absolute', dndPanelOverlay: 'group' }

function Frame({ children }: { children: ReactNode }) {
  return <section className="widget">{children}</section>
}

function WidgetTab({ api }: IDockviewPanelHeaderProps) {
  const text = useText()
  const { account } = useTerminal()
  const openOrders = useSelect(account.store, (state) => state.openOrders.length)
  const title = isWidget(api.id) ? text(widgetTitle(api.id)) : api.id
  return (
    <div className="desk-tab" data-testid={`widget-tab-${api.id}`}>
      <span>{title}</span>
      {api.id === 'open-orders' && openOrders > 0 && <span className="desk-tab__count">{openOrders}</span>}
      <button type="button" className="desk-tab__close" tabIndex={-1} aria-label={text('layout.close', { widget: title })} onPointerDown={(event) => event.stopPropagation()} onClick={() => api.close()}>
        <Icon name="close" size={10} />
      </button>
    </div>
  )
}

function EmptyDesk() {
  const text = useText()
  return <p className="desk-empty">{text('layout.empty')}</p>
}

export default function Desk() {
  useEffect(() => () => deskControl.setState({ api: null, open: [] }), [])
  const onReady = ({ api }: DockviewReadyEvent): void => {
    restoreArrangement(api, browserStorage())
    const tell = (): void => deskControl.setState({ api, open: api.panels.map((panel) => panel.id) })
    tell()
    api.onDidLayoutChange(() => {
      tell()
      keepArrangement(api, browserStorage())
    })
  }
  return (
    <div className="desk">
      <DockviewReact components={COMPONENTS} defaultTabComponent={WidgetTab} watermarkComponent={EmptyDesk} theme={THEME} onReady={onReady} defaultRenderer="onlyWhenVisible" disableFloatingGroups />
    </div>
  )
}
