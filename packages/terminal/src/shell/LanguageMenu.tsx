/** Chooses the language. */
import { languageName, offeredLanguages, pickLanguage } from '../i18n/languages.js'
import { showLanguage, useText } from '../i18n/texts.js'
import { IconButton } from '../interface/Button.js'
import { MenuItem, Popover } from '../interface/Popover.js'
import { useSelect, useTerminal } from './terminal-context.js'

export function LanguageMenu() {
  const text = useText()
  const { preferences, exchange } = useTerminal()
  const shown = pickLanguage(exchange.brand, useSelect(preferences, (state) => state.language))
  return (
    <Popover align="end" label={text('language.title')} trigger={(properties) => <IconButton {...properties} icon="globe" label={text('language.title')} testId="language-menu" />}>
      {(close) =>
        offeredLanguages(exchange.brand).map((language) => (
          <MenuItem
            key={language}
            exclusive
            checked={language === shown}
            testId={`language-${language}`}
            onSelect={() => {
              preferences.setState({ language })
              void showLanguage(exchange.brand, language)
              close()
            }}
          >
            <span lang={language}>{languageName(language)}</span>
          </MenuItem>
        ))
      }
    </Popover>
  )
}
