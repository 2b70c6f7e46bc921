/** Asks what no flag has answered. */
import type { Readable, Writable } from 'node:stream'
import { confirm, isCancel, multiselect, select, text, type CANCEL_SYMBOL } from '@clack/prompts'
import { APPEARANCES, DEFAULT_ASSETS, DEFAULT_DIRECTORY, LANGUAGES, nameFromDirectory, type Answers, type Appearance, type AssetAnswer, type DatabaseAnswer, type GivenAnswers, type Language } from './answers.js'
import { KNOWN_ASSETS, usualMarkets } from './known-assets.js'
import { DEFAULT_LOOK, LOOK_NAMES, LOOKS, type LookName } from './looks.js'
import { InvalidAnswer, parseAccent, parseAssets, parseDatabase, parseDirectory, parseMarkets, parseName } from './parse-answers.js'
import type { PackageManager } from './package-manager.js'

/** The person pressed Ctrl-C or Escape. */
export class Cancelled extends Error {
  constructor() {
    super('Cancelled; nothing was written.')
  }
}

export interface AskOptions {
  readonly given: GivenAnswers & { readonly marketsText?: string | undefined }
  readonly packageManager: PackageManager
  /** Tells at once why a folder cannot be used. */
  readonly folderProblem: (directory: string) => Promise<string | undefined>
  /** Instead of the terminal. */
  readonly streams?: { readonly input: Readable; readonly output: Writable }
}

/** Every question without a flag, with the answer that `--yes` would take as the suggestion. */
export async function askAnswers({ given, packageManager, folderProblem, streams = { input: process.stdin, output: process.stdout } }: AskOptions): Promise<Answers> {
  const ask = new Questions(streams)
  const directory = given.directory ?? (await ask.text('In which folder?', DEFAULT_DIRECTORY, parseDirectory))
  const problem = await folderProblem(directory)
  if (problem !== undefined) throw new InvalidAnswer(problem)
  const name = given.name ?? (await ask.text('What is the exchange called?', nameFromDirectory(directory), parseName))
  const assets = given.assets ?? (await askAssets(ask))
  const markets = parseMarkets(given.marketsText ?? (await askMarkets(ask, assets)), assets)
  const look = given.look ?? (await ask.choice<LookName>('How shall it look?', LOOK_NAMES.map((value) => ({ value, label: LOOKS[value].title })), DEFAULT_LOOK))
  const accent = given.accent ?? (given.look === undefined ? await ask.text('Accent colour? (empty: that of the look)', '', (answer) => (answer.trim() === '' ? undefined : parseAccent(answer))) : undefined)
  const appearance = given.appearance ?? (await ask.choice<Appearance>('What does a new visitor see?', APPEARANCES.map((value) => ({ value, label: APPEARANCE_LABELS[value] })), 'dark'))
  const language = given.language ?? (await ask.choice<Language>('Default language?', languageOptions(), 'en'))
  const database = given.database ?? (await askDatabase(ask))
  const simulator = given.simulator ?? (await ask.yesNo('Begin with a market that simulated traders keep alive? (can be switched off at any time)', true))
  return { directory, name, assets, markets, look, accent, appearance, language, database, simulator, packageManager: given.packageManager ?? packageManager }
}

/** The answers of `--yes`: defaults for everything that is not given. */
export function defaultAnswers({ given, packageManager }: Pick<AskOptions, 'given' | 'packageManager'>): Answers {
  const directory = given.directory ?? DEFAULT_DIRECTORY
  const assets = given.assets ?? parseAssets(DEFAULT_ASSETS)
  return {
    directory,
    name: given.name ?? nameFromDirectory(directory),
    assets,
    markets: parseMarkets(given.marketsText ?? usualMarkets(assets.map((asset) => asset.code)).join(' '), assets),
    look: given.look ?? DEFAULT_LOOK,
    accent: given.accent,
    appearance: given.appearance ?? 'dark',
    language: given.language ?? 'en',
    database: given.database ?? { kind: 'sqlite' },
    simulator: given.simulator ?? true,
    packageManager: given.packageManager ?? packageManager,
  }
}

/** Flags of the questions that are still open, in the order in which they would be asked. */
export function openQuestions(given: AskOptions['given']): string[] {
  const open: [string, unknown][] = [
    ['a folder', given.directory],
    ['--name', given.name],
    ['--assets', given.assets],
    ['--markets', given.marketsText],
    ['--look', given.look],
    ['--appearance', given.appearance],
    ['--language', given.language],
    ['--database', given.database],
    ['--simulator or --no-simulator', given.simulator],
  ]
  return open.filter(([, value]) => value === undefined).map(([flag]) => flag)
}

const APPEARANCE_LABELS: Readonly<Record<Appearance, string>> = { dark: 'dark', light: 'light', system: 'what the device prefers' }

function languageOptions(): { value: Language; label: string }[] {
  return (Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))
}

async function askAssets(ask: Questions): Promise<AssetAnswer[]> {
  const usual = parseAssets(DEFAULT_ASSETS).map((asset) => asset.code)
  const known = await ask.choices('Which assets are traded?', KNOWN_ASSETS.map(({ code, name }) => ({ value: code, label: code, hint: name })), usual)
  const parse = (others: string): AssetAnswer[] => parseAssets([...known, others].join(' '))
  return ask.text('Others, by code? (separated by commas; CODE:DECIMALS where it is not 8; empty for none)', '', parse)
}

async function askMarkets(ask: Questions, assets: readonly AssetAnswer[]): Promise<string> {
  const usual = usualMarkets(assets.map((asset) => asset.code)).join(', ')
  return ask.text('Which markets? (BASE-QUOTE, with @PRICE to start from where it is a new asset)', usual, (answer) => {
    parseMarkets(answer, assets)
    return answer
  })
}

async function askDatabase(ask: Questions): Promise<DatabaseAnswer> {
  const kind = await ask.choice('Where does the history go?', [
    { value: 'sqlite', label: 'SQLite: a file, nothing to install' },
    { value: 'postgresql', label: 'PostgreSQL: a server of yours' },
  ], 'sqlite')
  return kind === 'sqlite' ? { kind } : ask.text('URL of the PostgreSQL database?', 'postgres://postgres@127.0.0.1:5432/exchange', parseDatabase)
}

/** The prompts, each ending with an answer or with {@link Cancelled}. */
class Questions {
  constructor(private readonly streams: { readonly input: Readable; readonly output: Writable }) {}

  async text<T>(message: string, suggestion: string, parse: (text: string) => T): Promise<T> {
    const answer = await text({
      ...this.streams,
      message,
      ...(suggestion !== '' && { placeholder: suggestion }),
      defaultValue: suggestion,
      validate: (value) => {
        try {
          parse(value === undefined || value === '' ? suggestion : value)
          return undefined
        } catch (error) {
          if (error instanceof InvalidAnswer) return error.message
          throw error
        }
      },
    })
    return parse(settled(answer))
  }

  async choice<T extends string>(message: string, options: { value: T; label: string }[], suggestion: T): Promise<T> {
    const values = options.map(({ value, label }) => ({ value: value as string, label }))
    const answer = settled(await select({ ...this.streams, message, options: values, initialValue: suggestion as string }))
    return options.find(({ value }) => value === answer)?.value ?? suggestion
  }

  async choices(message: string, options: { value: string; label: string; hint: string }[], suggestion: string[]): Promise<string[]> {
    return settled(await multiselect({ ...this.streams, message, options, initialValues: suggestion, required: false }))
  }

  async yesNo(message: string, suggestion: boolean): Promise<boolean> {
    return settled(await confirm({ ...this.streams, message, initialValue: suggestion }))
  }
}

function settled<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (isCancel(answer)) throw new Cancelled()
  return answer
}
