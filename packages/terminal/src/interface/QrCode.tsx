/** A QR code, drawn as one SVG path: black on white in either appearance, so that every camera reads it. */
import qrcode from 'qrcode-generator'
import { useMemo } from 'react'

const QUIET_ZONE = 3

export function QrCode({ value, label, size = 168 }: { value: string; label: string; size?: number }) {
  const { path, modules } = useMemo(() => drawQrCode(value), [value])
  const side = modules + QUIET_ZONE * 2
  return (
    <svg role="img" aria-label={label} width={size} height={size} viewBox={`0 0 ${side} ${side}`} shapeRendering="crispEdges" className="qr-code">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

function drawQrCode(value: string): { path: string; modules: number } {
  const code = qrcode(0, 'M')
  code.addData(value)
  code.make()
  const modules = code.getModuleCount()
  let path = ''
  for (let row = 0; row < modules; row++) {
    for (let column = 0; column < modules; column++) {
      if (code.isDark(row, column)) path += `M${column + QUIET_ZONE} ${row + QUIET_ZONE}h1v1h-1z`
    }
  }
  return { path, modules }
}
