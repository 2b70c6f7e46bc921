/** Options that several commands of `exchange` share. */
import { InvalidArgumentError, Option, type Command } from 'commander'

const DEFAULT_DATA = '.bourse'

/** Adds where the project and its data are. */
export function withPlace(command: Command): Command {
  return command.addOption(projectOption()).addOption(dataOption())
}

export const projectOption = (): Option => new Option('--project <dir>', 'folder of exchange.config.ts').default('.', 'this folder')
export const dataOption = (): Option => new Option('--data <dir>', 'folder of the exchange\'s data').default(undefined, `${DEFAULT_DATA} in the project`)
export const jsonOption = (): Option => new Option('--json', 'print one line of JSON')

export function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('It must be a whole number from 0 (any free port) to 65535.')
  return value
}
