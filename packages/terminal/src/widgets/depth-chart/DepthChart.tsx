/** The depth curve: how much could be bought and sold up to each price. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { groupThousands, shorten } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { useSize } from '../../interface/use-size.js'
import { useMarket, useSelect } from '../../shell/terminal-context.js'
import { APPEARANCE_CHANGED } from '../../theme/appearance.js'
import { curveAround, drawDepth } from './draw-depth.js'
import './depth-chart.css'

export function DepthChart() {
  const text = useText()
  const { market, feed } = useMarket()
  const { bids, asks } = useSelect(feed.bookStore, (state) => state)
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height } = useSize(box)
  const [pointerX, setPointerX] = useState<number | null>(null)
  const [appearance, setAppearance] = useState(0)
  const curve = useMemo(() => curveAround(bids, asks), [bids, asks])

  useEffect(() => {
    const changed = (): void => setAppearance((count) => count + 1)
    addEventListener(APPEARANCE_CHANGED, changed)
    return () => removeEventListener(APPEARANCE_CHANGED, changed)
  }, [])
  useEffect(() => {
    if (canvas.current === null || width === 0) return
    drawDepth(canvas.current, { width, height, curve, pointerX })
  }, [width, height, curve, pointerX, appearance])

  const point = curve !== null && pointerX !== null ? curve.at(pointerX / width) : null
  return (
    <div className="depth" ref={box} onPointerMove={(event) => setPointerX(event.clientX - (box.current?.getBoundingClientRect().left ?? 0))} onPointerLeave={() => setPointerX(null)}>
      <canvas ref={canvas} role="img" aria-label={text('depth.label', { market: market.symbol })} />
      {curve === null && <p className="depth__empty">{text('depth.empty')}</p>}
      {point !== null && (
        <p className={`depth__point ${point.side}`}>
          {groupThousands(point.price.toFixed(market.priceScale))} {market.quote}
          <span className="muted"> · {shorten(point.quantity.toFixed(market.quantityScale))} {market.base}</span>
        </p>
      )}
    </div>
  )
}
