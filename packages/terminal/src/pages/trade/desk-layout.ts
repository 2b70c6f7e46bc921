/** The desk's widgets, where they stand at first, and how a person's own arrangement is kept. */
import { Orientation, type DockviewApi, type SerializedDockview } from 'dockview-react'
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

/** Columns and rows of the default arrangement, in pixels of a desk of the usual size; it grows and shrinks with the window. */
const BOOK_WIDTH = 284
const TICKET_WIDTH = 316
const LOWER_HEIGHT = 266
const TICKET_HEIGHT = 540
/** Of the balances: what a low window leaves for them, so that the ticket's button stays in sight. */
const LEAST_BALANCES_HEIGHT = 112

interface Group {
  readonly widgets: readonly WidgetName[]
  readonly size: number
}

/** Chart and orders on the left, book and trades in the middle, ticket and balances on the right. */
export function defaultArrangement(width: number, height: number): SerializedDockview {
  const lower = Math.min(LOWER_HEIGHT, Math.round(height * 0.38))
  const ticket = Math.min(TICKET_HEIGHT, Math.max(Math.round(height * 0.72), height - LEAST_BALANCES_HEIGHT))
  const columns: { size: number; groups: Group[] }[] = [
    { size: Math.max(width - BOOK_WIDTH - TICKET_WIDTH, 320), groups: [{ widgets: ['chart', 'depth'], size: height - lower }, { widgets: ['open-orders', 'order-history', 'fills'], size: lower }] },
    { size: BOOK_WIDTH, groups: [{ widgets: ['book'], size: height - lower }, { widgets: ['trades'], size: lower }] },
    { size: TICKET_WIDTH, groups: [{ widgets: ['ticket'], size: ticket }, { widgets: ['balances'], size: height - ticket }] },
  ]
  return {
    grid: {
      width,
      height,
      orientation: Orientation.HORIZONTAL,
      root: {
        type: 'branch',
        size: height,
        data: columns.map((column) => ({
          type: 'branch',
          size: column.size,
          data: column.groups.map(({ widgets, size }) => ({ type: 'leaf', size, data: { id: `group-${widgets[0]!}`, views: [...widgets], activeView: widgets[0]! } })),
        })),
      },
    },
    panels: Object.fromEntries(WIDGETS.map((widget) => [widget, { id: widget, contentComponent: widget, ...LEAST[widget] }])),
    activeGroup: 'group-chart',
  }
}

/** Below these a widget could not be used. */
const LEAST: Partial<Record<WidgetName, { minimumWidth: number }>> = { ticket: { minimumWidth: 270 }, book: { minimumWidth: 220 }, chart: { minimumWidth: 280 } }

export function arrangeByDefault(api: DockviewApi): void {
  api.fromJSON(defaultArrangement(api.width, api.height))
}

/** Puts a closed widget back: beside its like where that is open, else in a group of its own. */
export function openWidget(api: DockviewApi, widget: WidgetName): void {
  const open = api.getPanel(widget)
  if (open !== undefined) return open.api.setActive()
  const like = LIKE[widget].find((other) => api.getPanel(other) !== undefined)
  api.addPanel({ id: widget, component: widget, ...LEAST[widget], position: like === undefined ? { direction: 'right' } : { referencePanel: like, direction: 'within' } })
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
