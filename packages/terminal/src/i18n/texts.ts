/** The texts of the terminal in the language that is shown. */
import i18next, { type i18n } from 'i18next'
import { useCallback } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Brand } from '@bourse/client'
import { loadTexts } from './languages.js'
import type { TextKey, TextValues } from './text-keys.js'

const NAMESPACE = 'terminal'

/** Finds a text and puts values in where it says `{{name}}`. */
export type TextOf = (key: TextKey, values?: TextValues) => string

export async function startTexts(brand: Brand, language: string): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    ns: [NAMESPACE],
    defaultNS: NAMESPACE,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { en: { [NAMESPACE]: await loadTexts(brand, 'en') } },
  })
  await showLanguage(brand, language)
}

export async function showLanguage(brand: Brand, language: string): Promise<void> {
  if (!i18next.hasResourceBundle(language, NAMESPACE)) i18next.addResourceBundle(language, NAMESPACE, await loadTexts(brand, language))
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

/** The texts, for components: they are drawn again when the language changes. */
export function useText(): TextOf {
  const { t } = useTranslation(NAMESPACE)
  return useCallback((key: TextKey, values?: TextValues) => t(key, values ?? {}), [t])
}

/** The texts, for what is not a component. */
export function textOf(key: TextKey, values?: TextValues): string {
  return i18next.t(key, values ?? {})
}

/** A text whose key is put together at run time; undefined where there is none. */
export function findText(key: string): string | undefined {
  return i18next.exists(key) ? i18next.t(key) : undefined
}

export function currentLanguage(instance: i18n = i18next): string {
  return instance.language
}
