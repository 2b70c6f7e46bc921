/** The desk's widgets, where they stand at first, and how a person's own arrangement is kept. */
import type { DockviewApi, SerializedDockview } from 'dockview-react'
import type { TextKey } from '../../i18n/text-keys.js'

export const WIDGETS = ['chart', 'depth', 'book', 'trades', 'ticket', 'balances', 'open-orders', 'order-history', 'fills'] as const
export type WidgetName = (typeof WIDGETS)[number]

export function widgetTitle(widget: WidgetName): TextKey {
  return `widget.${widget}`
}

export function isWidget(name: string): name is WidgetName {
  return WIDGETS.some((widget) => widget === name)
}

const KEY = 'bourse.desk'
/** Raised when the default arrangement changes so much that kept ones no longer fit. */
const VERSION = 1

const BOOK_WIDTH = 290
const TICKET_WIDTH = 312
const LOWER_HEIGHT = 268

/** Chart and orders on the left, book and trades in the middle, ticket and balances on the right. */
export function arrangeByDefault(api: DockviewApi): void {
  api.clear()
  const { width, height } = api
  const lower = Math.min(LOWER_HEIGHT, Math.round(height * 0.36))
  api.addPanel({ id: 'chart', component: 'chart' })
  api.addPanel({ id: 'depth', component: 'depth', inactive: true, position: { referencePanel: 'chart', direction: 'within' } })
  api.addPanel({ id: 'ticket', component: 'ticket', initialWidth: TICKET_WIDTH, position: { direction: 'right' } })
  api.addPanel({ id: 'book', component: 'book', initialWidth: BOOK_WIDTH, position: { referencePanel: 'chart', direction: 'right' } })
  api.addPanel({ id: 'open-orders', component: 'open-orders', initialHeight: lower, position: { referencePanel: 'chart', direction: 'below' } })
  api.addPanel({ id: 'order-history', component: 'order-history', inactive: true, position: { referencePanel: 'open-orders', direction: 'within' } })
  api.addPanel({ id: 'fills', component: 'fills', inactive: true, position: { referencePanel: 'open-orders', direction: 'within' } })
  api.addPanel({ id: 'trades', component: 'trades', initialHeight: lower, position: { referencePanel: 'book', direction: 'below' } })
  api.addPanel({ id: 'balances', component: 'balances', initialHeight: Math.round(height * 0.24), position: { referencePanel: 'ticket', direction: 'below' } })
  api.getPanel('ticket')?.group.api.setSize({ width: TICKET_WIDTH })
  api.getPanel('book')?.group.api.setSize({ width: Math.min(BOOK_WIDTH, Math.round(width * 0.24)), height: height - lower })
}

/** Puts a closed widget back: beside its like where that is open, else in a group of its own. */
export function openWidget(api: DockviewApi, widget: WidgetName): void {
  const open = api.getPanel(widget)
  if (open !== undefined) return open.api.setActive()
  const like = LIKE[widget].find((other) => api.getPanel(other) !== undefined)
  api.addPanel({ id: widget, component: widget, position: like === undefined ? { direction: 'right' } : { referencePanel: like, direction: 'within' } })
}

const LIKE: Record<WidgetName, readonly WidgetName[]> = {
  'chart': ['depth'],
  'depth': ['chart'],
  'book': ['trades'],
  'trades': ['book'],
  'ticket': ['balances'],
  'balances': ['open-orders', 'order-history', 'fills'],
  'open-orders': ['order-history', 'fills', 'balances'],
  'order-history': ['open-orders', 'fills', 'balances'],
  'fills': ['order-history', 'open-orders', 'balances'],
}

/** Shows the kept arrangement, or the default where there is none that can be used. */
export function restoreArrangement(api: DockviewApi, storage: Pick<Storage, 'getItem'> | null): void {
  const kept = readArrangement(storage)
  if (kept !== null) {
    try {
      api.fromJSON(kept)
      if (api.panels.length > 0 && api.panels.every((panel) => isWidget(panel.id))) return
    } catch {
      // Kept by another version: the default takes its place.
    }
  }
  arrangeByDefault(api)
}

function readArrangement(storage: Pick<Storage, 'getItem'> | null): SerializedDockview | null {
  try {
    const kept = JSON.parse(storage?.getItem(KEY) ?? 'null') as { version?: unknown; layout?: SerializedDockview } | null
    return kept?.version === VERSION ? (kept.layout ?? null) : null
  } catch {
    return null
  }
}

export function keepArrangement(api: DockviewApi, storage: Pick<Storage, 'setItem'> | null): void {
  try {
    storage?.setItem(KEY, JSON.stringify({ version: VERSION, layout: api.toJSON() }))
  } catch {
    // Storage is full or forbidden: the arrangement then lasts as long as the page.
  }
}
