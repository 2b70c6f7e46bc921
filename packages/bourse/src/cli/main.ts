/** The `exchange` command: what an operator types. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { replayCommand, type ReplayFlags } from './replay-command.js'
import { auctionCommand, createApiKeyCommand, createUserCommand, creditBalanceCommand, referenceCommand } from './manage-commands.js'
import { checkCommand, rebuildCommand, simulatorCommand, statusCommand } from './operate-commands.js'
import { startCommand, type StartFlags } from './start-command.js'

const DEFAULT_DATA = '.bourse'

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('It must be a whole number from 0 (any free port) to 65535.')
  return value
}

function speed(text: string): number | 'max' {
  if (text === 'max') return 'max'
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a positive number such as 10, or max.')
  return value
}

const projectOption = (): Option => new Option('--project <dir>', 'folder of exchange.config.ts').default('.', 'this folder')
const dataOption = (): Option => new Option('--data <dir>', 'folder of the exchange\'s data').default(undefined, `${DEFAULT_DATA} in the project`)

const program = new Command('exchange').description('Runs and operates an exchange.').showHelpAfterError('Run "exchange --help" to see every command.')

program
  .command('start')
  .description('start the exchange and serve it')
  .addOption(projectOption())
  .addOption(dataOption())
  .option('--port <number>', 'port to listen on (default: that of the configuration, 3000)', port)
  .option('--host <address>', 'address to listen on (default: that of the configuration, 127.0.0.1)')
  .option('--reset', 'remove all data of the exchange first')
  .option('--cancel-breaking-orders', 'cancel resting orders that break a changed market rule')
  .action((flags: StartFlags) => startCommand(flags))

program
  .command('replay')
  .description('drive the engine from recorded files')
  .argument('<files...>', 'files to replay, in order; .gz is read as it is')
  .addOption(new Option('--format <format>', 'what the files are').choices(['commands', 'flash1', 'binance']).makeOptionMandatory())
  .addOption(projectOption())
  .addOption(dataOption())
  .option('--fills <file>', 'commands: write every fill')
  .option('--book5 <file>', 'commands: write the five best levels after each command')
  .option('--reports <file>', 'flash1: write the report stream')
  .option('--market <symbol>', 'binance: market that follows the capture', 'BTC-USDT')
  .option('--speed <times>', 'binance: 1 is the recorded speed; max is as fast as possible', speed, 1)
  .option('--report <file>', 'binance: write what was compared')
  .action((files: string[], flags: ReplayFlags) => replayCommand(files, flags))

program
  .command('simulator')
  .description('switch the built-in market on or off, now and at every start')
  .argument('<state>', 'on or off')
  .addOption(projectOption())
  .addOption(dataOption())
  .action((state: string, flags: { project: string; data?: string }) => simulatorCommand(state, flags))

program
  .command('status')
  .description('tell how a running exchange is')
  .addOption(projectOption())
  .addOption(dataOption())
  .action((flags: { project: string; data?: string }) => statusCommand(flags))

program
  .command('check')
  .description('check every byte of the journal and the configuration, and show what the next start would change')
  .addOption(projectOption())
  .addOption(dataOption())
  .action((flags: { project: string; data?: string }) => checkCommand(flags))

program
  .command('rebuild-history')
  .description('drop the SQL history and build it again from the journal (the exchange must be stopped)')
  .addOption(projectOption())
  .addOption(dataOption())
  .action((flags: { project: string; data?: string }) => rebuildCommand(flags))

const emailOption = (): Option => new Option('--email <address>', 'whom it is for').makeOptionMandatory()
const jsonOption = (): Option => new Option('--json', 'print one line of JSON')

program
  .command('user')
  .description('people of the exchange')
  .command('create')
  .description('make a log-in')
  .addOption(emailOption())
  .option('--password <text>', 'the password; other programs of this machine can see it, so prefer --password-stdin')
  .option('--password-stdin', 'read the password from standard input')
  .addOption(new Option('--role <role>', 'customer, or what the person does for the operator').choices(['customer', 'viewer', 'support', 'compliance', 'finance', 'admin']).default('customer'))
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action(createUserCommand)

program
  .command('api-key')
  .description('keys with which programs act for a person')
  .command('create')
  .description('make a key; its secret is printed once')
  .addOption(emailOption())
  .option('--scopes <list>', 'read, trade, withdraw, separated by commas', 'read')
  .option('--ip <range>', 'an address or range that it may be used from; repeat for more', (range: string, ranges: string[]) => [...ranges, range], [] as string[])
  .option('--label <text>', 'what the key is for', 'made on the command line')
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action(createApiKeyCommand)

program
  .command('balance')
  .description('balances of people, in development')
  .command('credit')
  .description('give a person test money')
  .addOption(emailOption())
  .requiredOption('--asset <code>', 'for example BTC')
  .requiredOption('--amount <decimal>', 'for example 1.5')
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action(creditBalanceCommand)

const market = program.command('market').description('markets, beside their rules in the configuration')
market
  .command('auction')
  .argument('<market>', 'for example BTC-USDT')
  .description('collect orders without trading, then open the market at one price')
  .option('--seconds <count>', 'how long orders are collected', '120')
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action(auctionCommand)
market
  .command('reference')
  .argument('<market>', 'for example BTC-USDT')
  .argument('<price>', 'for example 64000')
  .description('measure the price band from this price until the next trade')
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action(referenceCommand)

program.parseAsync().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`)
  if (process.env['BOURSE_DEBUG'] !== undefined && error instanceof Error) console.error(error.stack)
  process.exitCode = 1
})
