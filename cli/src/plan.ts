/** Plans a project: turns answers into the files to write, without touching the disk. */
import type { Answers } from './answers.js'
import { DEFAULT_SCALE, knownAsset, roughPrice } from './known-assets.js'
import { themeOf } from './looks.js'
import { marketSteps, writePrice } from './market-steps.js'
import { runBinary, runScript } from './package-manager.js'
import { packageNameFrom } from './package-name.js'
import { renderTemplate } from './template-engine.js'
import type { Template } from './template-folder.js'

/** What a project gets besides the answers: everything that is random or depends on the kit's version arrives here. */
export interface PlanInput {
  readonly template: Template
  /** Version of the kit, such as `0.1.0`. */
  readonly kitVersion: string
  /** Seed of the simulated market, a whole number below 2^32. */
  readonly simulatorSeed: number
  /** 32 random bytes in base64: seals the secrets in the project's database. */
  readonly secretKey: string
}

/** Relative path with `/` -> content. */
export type ProjectFiles = ReadonlyMap<string, string>

/** Pure: the same answers and input give the same files. */
export function planProject(answers: Answers, input: PlanInput): ProjectFiles {
  const view = viewOf(answers, input)
  const files = input.template.files.filter((file) => file.packageManager === undefined || file.packageManager === answers.packageManager)
  return new Map(files.map((file) => [file.target, renderTemplate(file.target, file.source, view)]))
}

/** What the templates can name. Everything optional is there as null: a missing name is an error in a template. */
function viewOf(answers: Answers, { kitVersion, simulatorSeed, secretKey }: PlanInput): Readonly<Record<string, unknown>> {
  const { packageManager, database } = answers
  const theme = themeOf(answers.look, answers.accent)
  return {
    name: answers.name,
    initial: initialOf(answers.name),
    packageName: packageNameFrom(answers.directory),
    description: `The exchange ${answers.name}`,
    kitRange: `^${kitVersion}`,
    appearance: answers.appearance,
    language: answers.language,
    assets: answers.assets,
    // The simulated chain counts in the unit of the ledger.
    chainAssets: answers.assets.map(({ code, scale }) => (scale === DEFAULT_SCALE ? code : { asset: code, decimals: scale })),
    markets: answers.markets.map((market) => marketView(market, answers)),
    theme,
    texts: { [answers.language]: {} },
    logo: { fill: theme.dark['--color-accent'] ?? '', text: readableOn(theme.dark['--color-accent'] ?? '') },
    secretKey,
    databaseUrl: database.kind === 'postgresql' ? database.url : '',
    simulator: answers.simulator ? { seed: simulatorSeed } : null,
    npm: packageManager === 'npm',
    yarn: packageManager === 'yarn',
    bun: packageManager === 'bun',
    commands: {
      install: `${packageManager} install`,
      start: runScript(packageManager, 'start'),
      check: runScript(packageManager, 'check'),
      status: runBinary(packageManager, 'exchange status'),
      simulatorOff: runBinary(packageManager, 'exchange simulator off'),
      help: runBinary(packageManager, 'exchange --help'),
    },
  }
}

function marketView({ base, quote, startPrice }: Answers['markets'][number], { assets, simulator }: Answers): Readonly<Record<string, unknown>> {
  const scale = (code: string): number => assets.find((asset) => asset.code === code)?.scale ?? 0
  const price = startPrice ?? roughPrice(base, quote)
  const { typicalQuantity, ...steps } = marketSteps({ price, baseScale: scale(base), quote, quoteScale: scale(quote) })
  return { base, quote, ...steps, simulation: simulator ? { startPrice: writePrice(price, steps.tickSize), typicalQuantity } : null, assumedPrice: simulator && startPrice === undefined && !(knownAsset(base) && knownAsset(quote)) }
}

/** The first character that a person sees, in upper case. */
function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim())
  return (first?.segment ?? '').toUpperCase()
}

/** Black or white, whichever stands out more on a `#rrggbb` colour (WCAG relative luminance). */
function readableOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16) / 255).map((share) => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#0b0e14' : '#ffffff'
}
