/** Starts the terminal: asks the exchange who it is, puts its brand on, then draws the page. */
import './schemas-without-eval.js'
import { createRoot } from 'react-dom/client'
import { createClient } from '@bourse/client'
import { pickLanguage } from './i18n/languages.js'
import { startTexts, textOf } from './i18n/texts.js'
import { App } from './shell/App.js'
import { showStarting, showUnreachable } from './shell/starting.js'
import { browserStorage } from './stores/browser-storage.js'
import { createPreferences } from './stores/preferences.js'
import { openTerminal } from './stores/terminal.js'
import { followAppearance } from './theme/appearance.js'
import './theme/tokens.css'
import './theme/base.css'

const root = document.getElementById('root')!
const preferences = createPreferences(browserStorage())
const client = createClient({ baseUrl: '' })

async function start(): Promise<void> {
  showStarting(root)
  const exchange = await client.exchange()
  const { brand } = exchange
  followAppearance(brand, preferences)
  document.title = brand.name
  document.querySelector<HTMLLinkElement>('link[rel=icon]')?.setAttribute('href', brand.logoUrl)
  await startTexts(brand, pickLanguage(brand, preferences.getState().language))
  const terminal = openTerminal({ client, exchange, preferences, text: textOf })
  createRoot(root).render(<App terminal={terminal} />)
}

function startOrExplain(): void {
  start().catch((error: unknown) => {
    console.error(error)
    showUnreachable(root, startOrExplain)
  })
}

startOrExplain()
