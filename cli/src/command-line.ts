/** The command line of create-exchange: a flag for every question. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { APPEARANCES, DEFAULT_ASSETS, DEFAULT_DIRECTORY, LANGUAGES, type Appearance, type AssetAnswer, type DatabaseAnswer, type Language } from './answers.js'
import { DEFAULT_LOOK, LOOK_NAMES, type LookName } from './looks.js'
import { PACKAGE_MANAGERS, type PackageManager } from './package-manager.js'
import { InvalidAnswer, parseAccent, parseAssets, parseDatabase, parseDirectory, parseName } from './parse-answers.js'
import { DEFAULT_TEMPLATE, templateNames } from './template-folder.js'

export interface Flags {
  readonly directory?: string
  readonly name?: string
  readonly assets?: readonly AssetAnswer[]
  /** Read once the assets are known. */
  readonly markets?: string
  readonly look?: LookName
  readonly accent?: string
  readonly appearance?: Appearance
  readonly language?: Language
  readonly database?: DatabaseAnswer
  readonly simulator?: boolean
  readonly packageManager?: PackageManager
  readonly template: string
  readonly install: boolean
  readonly git: boolean
  readonly yes: boolean
}

/** Reads the arguments; prints the help or what is wrong, and ends the process, where commander does. */
export function readCommandLine(argv: readonly string[], version: string): Flags {
  const program = new Command('create-exchange')
    .description('Creates a branded exchange, ready to run. What no flag answers is asked.')
    .version(version)
    .argument('[directory]', 'folder to create', checked(parseDirectory))
    .option('--name <text>', 'name of the exchange as people read it', checked(parseName))
    .option('--assets <codes>', `assets, for example "${DEFAULT_ASSETS}"; CODE:DECIMALS for others`, checked(parseAssets))
    .option('--markets <pairs>', 'markets, for example "BTC-USDT, ACME-USDT@2.50" (with a starting price)')
    .addOption(new Option('--look <look>', `colours (default: ${DEFAULT_LOOK})`).choices(LOOK_NAMES))
    .option('--accent <colour>', 'accent colour over that of the look, for example #f0b90b', checked(parseAccent))
    .addOption(new Option('--appearance <appearance>', 'what a new visitor sees (default: dark)').choices(APPEARANCES))
    .addOption(new Option('--language <language>', 'default language (default: en)').choices(Object.keys(LANGUAGES)))
    .option('--database <database>', 'sqlite, or the URL of a PostgreSQL database (default: sqlite)', checked(parseDatabase))
    .option('--simulator', 'begin with a market that simulated traders keep alive (default)')
    .option('--no-simulator', 'begin with empty order books')
    .addOption(new Option('--package-manager <name>', 'default: the one that runs this command').choices(PACKAGE_MANAGERS))
    .addOption(new Option('--template <name>', 'what to render').choices(templateNames()).default(DEFAULT_TEMPLATE))
    .option('--install', 'install the packages, too', false)
    .option('--no-git', 'do not initialise a git repository')
    .option('-y, --yes', 'ask nothing: take the default for what no flag answers', false)
    .showHelpAfterError('Run "create-exchange --help" to see every flag.')
    .addHelpText('after', `\nExample:\n  npx create-exchange acme --name "Acme Exchange" --look ocean --yes   (folder ${DEFAULT_DIRECTORY} when none is named)`)
  program.parse(argv, { from: 'user' })
  const [directory] = program.processedArgs as [string | undefined]
  return { ...program.opts<Flags>(), ...(directory !== undefined && { directory }) }
}

/** A parser of ours as commander wants it. */
function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      if (error instanceof InvalidAnswer) throw new InvalidArgumentError(error.message)
      throw error
    }
  }
}
