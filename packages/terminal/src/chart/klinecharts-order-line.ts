/** Draws one's own open orders into the chart: a dashed line at the price, with a label at its right end. */
import { registerOverlay, type OverlayTemplate } from 'klinecharts'

export const ORDER_LINE = 'bourse-order-line'

export interface OrderLineData {
  readonly label: string
  readonly color: string
  readonly textColor: string
  readonly family: string
}

/** So high up the candle's numbers stand on the left: the line stays beside its label there instead of striking them through. */
const NUMBERS_HEIGHT = 62
const SHORT_LINE = 130

const template: OverlayTemplate<OrderLineData> = {
  name: ORDER_LINE,
  totalStep: 2,
  lock: true,
  needDefaultPointFigure: false,
  needDefaultXAxisFigure: false,
  needDefaultYAxisFigure: false,
  createPointFigures: ({ coordinates, bounding, overlay }) => {
    const y = coordinates[0]?.y
    if (y === undefined) return []
    const { label, color, textColor, family } = overlay.extendData
    const left = y < NUMBERS_HEIGHT ? Math.max(0, bounding.width - SHORT_LINE) : 0
    return [
      { type: 'line', attrs: { coordinates: [{ x: left, y }, { x: bounding.width, y }] }, styles: { style: 'dashed', dashedValue: [5, 4], size: 1, color }, ignoreEvent: true },
      {
        type: 'text',
        attrs: { x: bounding.width - 4, y, text: label, align: 'right', baseline: 'middle' },
        styles: { style: 'fill', color: textColor, size: 10, family, weight: '600', backgroundColor: color, borderRadius: 3, paddingLeft: 5, paddingRight: 5, paddingTop: 2, paddingBottom: 2 },
        ignoreEvent: true,
      },
    ]
  },
}

/** Makes the line known to the library; doing it again changes nothing. */
export function registerOrderLine(): void {
  registerOverlay(template)
}
