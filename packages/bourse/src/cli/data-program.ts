/** The commands about what an exchange keeps: its database, backups, and the doctor that looks at all of it. */
import type { Command } from 'commander'
import { backupCommand, restoreCommand } from './backup-commands.js'
import { doctorCommand } from './doctor-command.js'
import { migrateCommand, migrateDownCommand, migrateStatusCommand } from './migrate-commands.js'
import { jsonOption, withPlace } from './options.js'

export function addDataCommands(program: Command): void {
  withPlace(program.command('doctor').description('look at everything that an exchange needs, and say what to do').addOption(jsonOption())).action(doctorCommand)
  const migrate = program.command('migrate').description('the schema of the database')
  withPlace(migrate.command('up', { isDefault: true }).description('bring it up to date, as a start does')).action(migrateCommand)
  withPlace(migrate.command('status').description('tell which steps the database has been through').addOption(jsonOption())).action(migrateStatusCommand)
  withPlace(migrate.command('down').description('take steps back with all that they hold, in development').requiredOption('--to <name>', 'the last step that stays; none takes back all')).action(migrateDownCommand)
  withPlace(program.command('backup').description('copy journal, snapshots and records into a folder, while the exchange runs or rests').requiredOption('--to <dir>', 'an empty or new folder').option('--include-key', 'take the master key in that lies beside the data').addOption(jsonOption())).action(backupCommand)
  withPlace(program.command('restore').description('put a backup back as the data of an exchange').requiredOption('--from <dir>', 'folder of the backup').addOption(jsonOption())).action(restoreCommand)
}
