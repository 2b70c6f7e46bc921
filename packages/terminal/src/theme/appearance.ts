/** Light or dark: as the person chose, else as the brand says, else as the device does. */
import type { StoreApi } from 'zustand/vanilla'
import type { Brand } from '@bourse/client'
import type { AppearanceChoice, Preferences } from '../stores/preferences.js'
import { showAppearance, type Appearance } from './brand-theme.js'

export function resolveAppearance(choice: AppearanceChoice | undefined, brand: Pick<Brand, 'defaultAppearance'>, deviceIsLight: boolean): Appearance {
  const wanted = choice ?? brand.defaultAppearance
  if (wanted === 'system') return deviceIsLight ? 'light' : 'dark'
  return wanted
}

/** Sent to the window after the appearance changed: what is drawn on a canvas has to be drawn again. */
export const APPEARANCE_CHANGED = 'bourse:appearance'

/** Shows the appearance now and whenever the choice or the device changes. */
export function followAppearance(brand: Brand, preferences: StoreApi<Preferences>): void {
  const device = matchMedia('(prefers-color-scheme: light)')
  const show = (): void => {
    showAppearance(document.documentElement, brand.theme, resolveAppearance(preferences.getState().appearance, brand, device.matches))
    dispatchEvent(new Event(APPEARANCE_CHANGED))
  }
  device.addEventListener('change', show)
  preferences.subscribe((now, before) => {
    if (now.appearance !== before.appearance) show()
  })
  show()
}
