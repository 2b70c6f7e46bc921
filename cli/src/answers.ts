/** What create-exchange asks: the shape of the answers and the answer to each question that nobody was asked. */
import type { LookName } from './looks.js'
import type { PackageManager } from './package-manager.js'

export const APPEARANCES = ['dark', 'light', 'system'] as const
export type Appearance = (typeof APPEARANCES)[number]

export const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español' } as const
export type Language = keyof typeof LANGUAGES

export interface AssetAnswer {
  readonly code: string
  /** For people. */
  readonly name: string
  /** Decimals of the ledger. */
  readonly scale: number
}

export interface MarketAnswer {
  readonly base: string
  readonly quote: string
  /** In quote; undefined where the built-in reference prices tell it. */
  readonly startPrice: number | undefined
}

export type DatabaseAnswer = { readonly kind: 'sqlite' } | { readonly kind: 'postgresql'; readonly url: string }

export interface Answers {
  /** Folder of the project, as typed. */
  readonly directory: string
  /** The exchange as people read it. */
  readonly name: string
  readonly assets: readonly AssetAnswer[]
  readonly markets: readonly MarketAnswer[]
  readonly look: LookName
  /** `#rrggbb`; undefined for the accent of the look. */
  readonly accent: string | undefined
  readonly appearance: Appearance
  readonly language: Language
  readonly database: DatabaseAnswer
  /** Whether a market that simulated traders keep alive comes with it. */
  readonly simulator: boolean
  readonly packageManager: PackageManager
}

/** What has been answered by flags: the rest is asked, or taken from {@link defaultAnswers}. */
export type GivenAnswers = { readonly [Question in keyof Answers]?: Answers[Question] | undefined }

export const DEFAULT_DIRECTORY = 'my-exchange'
export const DEFAULT_ASSETS = 'BTC, ETH, SOL, USDT'

/** `acme-exchange` -> `Acme Exchange`. */
export function nameFromDirectory(directory: string): string {
  const last = directory.replace(/[\\/]+$/, '').split(/[\\/]/).at(-1) ?? ''
  const words = last.split(/[-_.\s]+/).filter((word) => word !== '')
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
  return name === '' ? 'My Exchange' : name.slice(0, 60).trim()
}
