/** A second brand, as different from the demo's as brands are: light, German, round, teal and orange. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'

export const HARBOUR = {
  name: 'Harbour Markets',
  tagline: 'Trade with the tide',
  light: { '--color-accent': '#0f6f78', '--color-buy': '#0b6e99', '--color-sell': '#b4491a', '--color-buy-fill': '#0b6e99', '--color-sell-fill': '#b4491a', '--color-bg': '#e8eef0', '--radius': '10px', '--radius-large': '16px' },
  dark: { '--color-accent': '#4fc3c9', '--color-buy': '#5ab4f0', '--color-sell': '#ff8f5a', '--color-buy-fill': '#1c6fa5', '--color-sell-fill': '#b4491a' },
} as const

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="32" fill="#0f6f78"/><path d="M12 36c5 0 5-5 10-5s5 5 10 5 5-5 10-5 5 5 10 5M12 47c5 0 5-5 10-5s5 5 10 5 5-5 10-5 5 5 10 5" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/><path d="M32 10v14M26 16h12" stroke="#ffb454" stroke-width="4" stroke-linecap="round"/></svg>\n`

/** Changes the configuration of a copy of the demo; `defaults` are what a visitor meets who has chosen nothing. */
export const asHarbour = (config: string, { language }: { language: string }): string =>
  config.replace("'Bourse Demo'", `'${HARBOUR.name}'`).replace(/tagline: '[^']*'/, `tagline: '${HARBOUR.tagline}'`).replace("defaultAppearance: 'dark'", "defaultAppearance: 'light'").replace("defaultLanguage: 'en'", `defaultLanguage: '${language}'`)

/** Writes logo, colours and words beside the configuration. */
export async function wearHarbour(projectDir: string, texts: Readonly<Record<string, Readonly<Record<string, string>>>> = {}): Promise<void> {
  const brand = (file: string): string => path.join(projectDir, 'brand', file)
  await writeFile(brand('logo.svg'), LOGO)
  await writeFile(brand('theme.json'), JSON.stringify({ light: HARBOUR.light, dark: HARBOUR.dark }))
  await writeFile(brand('texts.json'), JSON.stringify(texts))
}
