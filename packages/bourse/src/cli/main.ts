/** The `exchange` command: what an operator types. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { replayCommand, type ReplayFlags } from './replay-command.js'
import { createApiKeyCommand, createUserCommand, creditBalanceCommand, freezeUserCommand, listAuditCommand, removeSecondFactorsCommand, verifyAuditCommand } from './manage-commands.js'
import { addDataCommands } from './data-program.js'
import { addMarketCommands } from './market-program.js'
import { dataOption, jsonOption, port, projectOption } from './options.js'
import { checkCommand, rebuildCommand, simulatorCommand, statusCommand } from './operate-commands.js'
import { ROLES, startCommand, type StartFlags } from './start-command.js'

function speed(text: string): number | 'max' {
  if (text === 'max') return 'max'
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a positive number such as 10, or max.')
  return value
}

const program = new Command('exchange').description('Runs and operates an exchange.').showHelpAfterError('Run "exchange --help" to see every command.')

program
  .command('start')
  .description('start the exchange and serve it')
  .addOption(projectOption())
  .addOption(dataOption())
  .option('--port <number>', 'port to listen on (default: that of the configuration, 3000)', port)
  .option('--host <address>', 'address to listen on (default: that of the configuration, 127.0.0.1)')
  .option('--reset', 'remove all data of the exchange first')
  .addOption(new Option('--role <role>', 'run this part of the exchange alone, on one host with the others: one engine, any number of gateways').choices(ROLES))
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

const user = program.command('user').description('people of the exchange')
user
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
user
  .command('freeze')
  .description('end all sessions and API keys of a person, stop their trading and withdrawals')
  .addOption(emailOption())
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action((flags: Parameters<typeof freezeUserCommand>[1]) => freezeUserCommand('user.freeze', flags))
user
  .command('unfreeze')
  .description('open a frozen account again')
  .addOption(emailOption())
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action((flags: Parameters<typeof freezeUserCommand>[1]) => freezeUserCommand('user.unfreeze', flags))

user
  .command('remove-second-factors')
  .description('for somebody who has lost phone, passkeys and recovery codes; make sure who asks')
  .addOption(emailOption())
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action(removeSecondFactorsCommand)

const audit = program.command('audit').description('the log of everything sensitive that was done')
audit
  .command('verify')
  .description('check that no entry was altered, removed or put in')
  .option('--head <hash>', 'a head that an earlier check printed: finds entries that were cut off')
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action(verifyAuditCommand)
audit
  .command('list')
  .description('show the newest entries')
  .option('--email <address>', 'only what was done to this person')
  .option('--limit <count>', 'how many', '50')
  .addOption(jsonOption())
  .addOption(projectOption())
  .addOption(dataOption())
  .action(listAuditCommand)

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

addMarketCommands(program)
addDataCommands(program)

program.parseAsync().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`)
  if (process.env['BOURSE_DEBUG'] !== undefined && error instanceof Error) console.error(error.stack)
  process.exitCode = 1
})
