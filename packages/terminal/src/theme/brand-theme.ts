/** Works out which theme tokens a brand sets for an appearance, and sets them on the page. */
import type { Theme } from '@bourse/client'
import { contrastRatio, readableOn } from './contrast.js'

export type Appearance = 'light' | 'dark'

/** A brand's own tokens and what follows from them: the chart from buy and sell; text on the accent, links and focus ring from the accent. */
export function brandTokens(theme: Theme, appearance: Appearance, surface: string): Record<string, string> {
  const own = theme[appearance]
  const tokens: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) if (name.startsWith('--')) tokens[name] = value
  if (tokens['--color-buy'] !== undefined) tokens['--color-chart-up'] ??= tokens['--color-buy']
  if (tokens['--color-sell'] !== undefined) tokens['--color-chart-down'] ??= tokens['--color-sell']
  const accent = tokens['--color-accent']
  if (accent === undefined) return tokens
  const onAccent = readableOn(accent)
  if (onAccent !== null) tokens['--color-on-accent'] ??= onAccent
  const readable = (contrastRatio(accent, tokens['--color-surface'] ?? surface) ?? 4.5) >= 4.5
  if (readable) tokens['--color-accent-text'] ??= accent
  else tokens['--color-accent-text'] ??= `color-mix(in oklab, ${accent}, ${appearance === 'dark' ? 'white' : 'black'} 40%)`
  tokens['--color-focus'] ??= tokens['--color-accent-text']
  return tokens
}

/** Shows an appearance: the attribute chooses the built-in values, the brand's own lie over them. */
export function showAppearance(root: HTMLElement, theme: Theme, appearance: Appearance): void {
  for (const name of [...root.style]) if (name.startsWith('--')) root.style.removeProperty(name)
  root.dataset['appearance'] = appearance
  const surface = getComputedStyle(root).getPropertyValue('--color-surface').trim()
  for (const [name, value] of Object.entries(brandTokens(theme, appearance, surface))) root.style.setProperty(name, value)
  const themeColor = getComputedStyle(root).getPropertyValue('--color-surface').trim()
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', themeColor)
}
