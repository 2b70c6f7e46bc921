/** What a person chose about the look of the terminal; kept in the browser. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { CANDLE_INTERVALS, type CandleInterval } from '@bourse/client'

export type AppearanceChoice = 'light' | 'dark' | 'system'

export interface Preferences {
  /** Undefined: as the brand says. */
  readonly appearance: AppearanceChoice | undefined
  readonly language: string | undefined
  /** Where `/` leads. */
  readonly lastMarket: string | undefined
  readonly favourites: readonly string[]
  readonly interval: CandleInterval
  readonly indicators: readonly string[]
  /** Price step of the order book by market, as a multiple of the tick. */
  readonly bookSteps: Readonly<Record<string, number>>
  /** Shows orders of all markets in the tables, not only of the one on the screen. */
  readonly allMarkets: boolean
}

export interface PreferencesStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KEY = 'bourse.preferences'

export const DEFAULT_PREFERENCES: Preferences = {
  appearance: undefined,
  language: undefined,
  lastMarket: undefined,
  favourites: [],
  interval: '15m',
  indicators: ['MA', 'VOL'],
  bookSteps: {},
  allMarkets: true,
}

const isText = (value: unknown): value is string => typeof value === 'string'
const texts = (value: unknown, fallback: readonly string[]): readonly string[] => (Array.isArray(value) ? value.filter(isText) : fallback)

/** Takes from stored text whatever is usable, and defaults for the rest. */
export function readPreferences(text: string | null): Preferences {
  let stored: Record<string, unknown> = {}
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value === 'object' && value !== null) stored = value as Record<string, unknown>
  } catch {
    return DEFAULT_PREFERENCES
  }
  const { appearance, language, lastMarket, interval, bookSteps, allMarkets } = stored
  const steps = typeof bookSteps === 'object' && bookSteps !== null ? Object.entries(bookSteps) : []
  return {
    appearance: appearance === 'light' || appearance === 'dark' || appearance === 'system' ? appearance : undefined,
    language: isText(language) ? language : undefined,
    lastMarket: isText(lastMarket) ? lastMarket : undefined,
    favourites: texts(stored['favourites'], []),
    interval: CANDLE_INTERVALS.find((known) => known === interval) ?? DEFAULT_PREFERENCES.interval,
    indicators: texts(stored['indicators'], DEFAULT_PREFERENCES.indicators),
    bookSteps: Object.fromEntries(steps.filter((step): step is [string, number] => Number.isSafeInteger(step[1]) && Number(step[1]) > 0)),
    allMarkets: typeof allMarkets === 'boolean' ? allMarkets : DEFAULT_PREFERENCES.allMarkets,
  }
}

export function createPreferences(storage: PreferencesStorage | null): StoreApi<Preferences> {
  const store = createStore<Preferences>(() => readPreferences(readItem(storage)))
  store.subscribe((preferences) => {
    try {
      storage?.setItem(KEY, JSON.stringify(preferences))
    } catch {
      // Storage is full or forbidden: the choice then lasts as long as the page.
    }
  })
  return store
}

function readItem(storage: PreferencesStorage | null): string | null {
  try {
    return storage?.getItem(KEY) ?? null
  } catch {
    return null
  }
}
