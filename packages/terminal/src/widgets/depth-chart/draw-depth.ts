/** Draws the depth curve on a canvas. Its numbers are for the eye only. */
import type { BookLevel, Side } from '../../stores/wire.js'

/** Widest look to either side of the middle, as a share of the price. */
const WIDEST = 0.05
/** The curve reaches as far as this share of a side's orders, and a little further: single orders far away do not flatten it. */
const SHARE_SHOWN = 0.92
const FURTHER = 1.15

interface Step {
  readonly price: number
  readonly cumulative: number
}

export interface DepthCurve {
  readonly low: number
  readonly high: number
  readonly deepest: number
  /** From the middle outwards. */
  readonly bids: readonly Step[]
  readonly asks: readonly Step[]
  /** What stands at a share of the width, 0 to 1. */
  at(share: number): { readonly side: Side; readonly price: number; readonly quantity: number }
}

function steps(levels: readonly BookLevel[], within: (price: number) => boolean): Step[] {
  const found: Step[] = []
  let cumulative = 0
  for (const [price, quantity] of levels) {
    if (!within(Number(price))) break
    cumulative += Number(quantity)
    found.push({ price: Number(price), cumulative })
  }
  return found
}

/** How far from the middle the bulk of a side's orders reaches. */
function distance(levels: readonly BookLevel[], middle: number): number {
  const whole = levels.reduce((sum, [, quantity]) => sum + Number(quantity), 0)
  let seen = 0
  const last = levels.find(([, quantity]) => (seen += Number(quantity)) >= whole * SHARE_SHOWN) ?? levels.at(-1)!
  return Math.abs(Number(last[0]) - middle)
}

/** The curve around the middle, equally wide to both sides; null while a side is empty. */
export function curveAround(bidLevels: readonly BookLevel[], askLevels: readonly BookLevel[]): DepthCurve | null {
  const [bestBid, bestAsk] = [bidLevels[0], askLevels[0]]
  if (bestBid === undefined || bestAsk === undefined) return null
  const middle = (Number(bestBid[0]) + Number(bestAsk[0])) / 2
  const reach = Math.min(WIDEST * middle, FURTHER * Math.max(distance(bidLevels, middle), distance(askLevels, middle)))
  const [low, high] = [middle - reach, middle + reach]
  const bids = steps(bidLevels, (price) => price >= low)
  const asks = steps(askLevels, (price) => price <= high)
  return {
    low,
    high,
    deepest: Math.max(bids.at(-1)?.cumulative ?? 0, asks.at(-1)?.cumulative ?? 0, Number.MIN_VALUE),
    bids,
    asks,
    at(share) {
      const price = low + share * (high - low)
      const side = price < middle ? 'buy' : 'sell'
      const reached = (side === 'buy' ? bids : asks).findLast((step) => (side === 'buy' ? step.price >= price : step.price <= price))
      return { side, price, quantity: reached?.cumulative ?? 0 }
    },
  }
}

export interface DepthDrawing {
  width: number
  height: number
  curve: DepthCurve | null
  pointerX: number | null
}

export function drawDepth(canvas: HTMLCanvasElement, { width, height, curve, pointerX }: DepthDrawing): void {
  const ratio = devicePixelRatio
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const context = canvas.getContext('2d')
  if (context === null || curve === null) return
  context.scale(ratio, ratio)
  const style = getComputedStyle(canvas)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  const [top, bottom] = [34, height - 22]
  const x = (price: number): number => ((price - curve.low) / (curve.high - curve.low)) * width
  const y = (quantity: number): number => bottom - (quantity / curve.deepest) * (bottom - top)

  for (const [side, color, edge] of [[curve.bids, token('--color-chart-up'), 0], [curve.asks, token('--color-chart-down'), width]] as const) {
    if (side.length === 0) continue
    context.beginPath()
    context.moveTo(x(side[0]!.price), bottom)
    let before = bottom
    for (const step of side) {
      context.lineTo(x(step.price), before)
      before = y(step.cumulative)
      context.lineTo(x(step.price), before)
    }
    context.lineTo(edge, before)
    context.strokeStyle = color
    context.lineWidth = 1.5
    context.stroke()
    context.lineTo(edge, bottom)
    context.closePath()
    context.globalAlpha = 0.16
    context.fillStyle = color
    context.fill()
    context.globalAlpha = 1
  }

  context.font = `11px ${token('--font-family')}`
  context.fillStyle = token('--color-muted')
  for (const [share, align] of [[0, 'left'], [0.25, 'center'], [0.5, 'center'], [0.75, 'center'], [1, 'right']] as const) {
    context.textAlign = align
    const inset = align === 'left' ? 8 : align === 'right' ? -8 : 0
    context.fillText((curve.low + share * (curve.high - curve.low)).toPrecision(6), share * width + inset, height - 7)
  }
  if (pointerX === null) return
  context.strokeStyle = token('--color-muted')
  context.setLineDash([3, 3])
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(pointerX, top)
  context.lineTo(pointerX, bottom)
  context.stroke()
}
