/** Which languages there are, how their texts are found, and what a brand changes in them. */
import type { Brand } from '@bourse/client'
import { en } from './en.js'
import type { Texts } from './text-keys.js'

/** Loaded when they are chosen. English is always there: what another language lacks is read from it. */
const TRANSLATIONS: Readonly<Record<string, () => Promise<Texts>>> = {
  en: () => Promise.resolve(en),
  de: async () => (await import('./de.js')).de,
  es: async () => (await import('./es.js')).es,
}

export const BUILT_IN_LANGUAGES: readonly string[] = Object.keys(TRANSLATIONS)

/** The languages to offer: the built-in ones and those that the brand brings along. */
export function offeredLanguages(brand: Brand): string[] {
  return [...new Set([...BUILT_IN_LANGUAGES, ...Object.keys(brand.texts)])]
}

/** The language to show: the chosen one, else the brand's, else English. */
export function pickLanguage(brand: Brand, chosen: string | undefined): string {
  const offered = offeredLanguages(brand)
  for (const language of [chosen, brand.defaultLanguage]) if (language !== undefined && offered.includes(language)) return language
  return 'en'
}

/** All texts of a language, the brand's own over the built-in ones. */
export async function loadTexts(brand: Brand, language: string): Promise<Record<string, string>> {
  const builtIn = await TRANSLATIONS[language]?.()
  return { ...builtIn, ...brand.texts[language] }
}

/** `de` -> `Deutsch` */
export function languageName(language: string): string {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1)
}
