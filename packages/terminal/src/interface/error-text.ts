/** Says an error in the reader's language: the exchange's own words in English, the translated code elsewhere. */
import { ApiRequestError } from '@bourse/client'
import { currentLanguage, findText, textOf } from '../i18n/texts.js'

export function errorText(error: unknown): string {
  if (!(error instanceof ApiRequestError)) return textOf('error.internal')
  const translated = findText(`error.${error.code}`)
  if (error.code === 'unavailable' && error.status === 0 && translated !== undefined) return translated
  if (currentLanguage() === 'en' && error.message !== '') return error.message
  return translated ?? error.message
}
