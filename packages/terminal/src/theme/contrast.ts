/** Contrast between two colours, as WCAG 2 defines it. */

/** Red, green, blue from 0 to 255; null for what is not `#rgb` or `#rrggbb`. */
export function parseHexColor(text: string): readonly [number, number, number] | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text.trim())
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim())
  const parts = short ? short.slice(1).map((digit) => digit + digit) : long?.slice(1)
  if (!parts) return null
  const [red, green, blue] = parts.map((part) => Number.parseInt(part, 16))
  return [red!, green!, blue!]
}

function luminance(color: readonly [number, number, number]): number {
  const [red, green, blue] = color.map((channel) => {
    const share = channel / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** From 1 (the same) to 21 (black on white); null when one is not a hexadecimal colour. Text needs 4.5. */
export function contrastRatio(first: string, second: string): number | null {
  const one = parseHexColor(first)
  const other = parseHexColor(second)
  if (!one || !other) return null
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light! + 0.05) / (dark! + 0.05)
}

/** Black or white, whichever is read better on the colour; null when it is not a hexadecimal colour. */
export function readableOn(color: string): '#ffffff' | '#0b0e14' | null {
  const onWhite = contrastRatio(color, '#ffffff')
  const onBlack = contrastRatio(color, '#0b0e14')
  if (onWhite === null || onBlack === null) return null
  return onWhite >= onBlack ? '#ffffff' : '#0b0e14'
}
