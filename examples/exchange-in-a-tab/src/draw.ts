/** Draws the chart and the book on canvases, sharp on every screen. */
import type { Bar, View } from './messages.js'

interface Colours {
  readonly ink: string
  readonly quiet: string
  readonly buy: string
  readonly sell: string
}

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string): string => style.getPropertyValue(name).trim()
  return { ink: read('--ink'), quiet: read('--quiet'), buy: read('--buy'), sell: read('--sell') }
}

export function drawChart(canvas: HTMLCanvasElement, bars: readonly Bar[], palette: Colours): void {
  const { context, width, height } = surface(canvas)
  if (bars.length === 0) return
  const high = Math.max(...bars.map((bar) => bar.high))
  const low = Math.min(...bars.map((bar) => bar.low))
  const span = Math.max(high - low, high * 1e-6)
  const right = width - 76
  const y = (price: number): number => 8 + ((high - price) / span) * (height - 16)
  const step = right / Math.max(bars.length, 60)
  context.font = '12px system-ui, sans-serif'
  for (const [index, bar] of bars.entries()) {
    const x = right - (bars.length - index - 0.5) * step
    context.fillStyle = context.strokeStyle = bar.close >= bar.open ? palette.buy : palette.sell
    context.fillRect(x - 0.5, y(bar.high), 1, Math.max(1, y(bar.low) - y(bar.high)))
    const top = y(Math.max(bar.open, bar.close))
    context.fillRect(x - step * 0.35, top, step * 0.7, Math.max(1, y(Math.min(bar.open, bar.close)) - top))
  }
  context.fillStyle = palette.quiet
  context.textAlign = 'right'
  for (let line = 0; line <= 4; line++) {
    const price = low + (span * line) / 4
    context.fillText(price.toFixed(2), width - 2, Math.min(height - 3, Math.max(12, y(price) + 4)))
  }
}

export function drawBook(canvas: HTMLCanvasElement, { bids, asks }: View, palette: Colours): void {
  const { context, width, height } = surface(canvas)
  const rows = [...asks.map((level) => ({ level, colour: palette.sell })).reverse(), ...bids.map((level) => ({ level, colour: palette.buy }))]
  if (rows.length === 0) return
  const most = Math.max(...rows.map(({ level }) => Number(level[1])))
  const line = height / rows.length
  context.font = `${Math.min(13, Math.floor(line * 0.8))}px system-ui, sans-serif`
  context.textBaseline = 'middle'
  for (const [index, { level, colour }] of rows.entries()) {
    const bar = (Number(level[1]) / most) * width
    context.globalAlpha = 0.18
    context.fillStyle = colour
    context.fillRect(width - bar, index * line, bar, line - 1)
    context.globalAlpha = 1
    context.textAlign = 'left'
    context.fillText(level[0], 2, (index + 0.5) * line)
    context.fillStyle = palette.ink
    context.textAlign = 'right'
    context.fillText(level[1], width - 4, (index + 0.5) * line)
  }
}

/** Clears a canvas at the size and resolution that it is shown in. */
function surface(canvas: HTMLCanvasElement): { context: CanvasRenderingContext2D; width: number; height: number } {
  const { clientWidth: width, clientHeight: height } = canvas
  const ratio = devicePixelRatio
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('The browser gives no canvas to draw on.')
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  return { context, width, height }
}
