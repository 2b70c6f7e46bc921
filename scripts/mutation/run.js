/**
 * `npm run mutation`: makes small faults in matching and ledger, one at a time, and counts those that the tests of core
 * notice. `npm run mutation -- --mutate packages/core/src/ledger/fees.ts` tries one file. Takes an hour or more.
 *
 * Its tools are installed at the first use, apart from the workspace: nothing else needs them.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const ROOT = path.resolve(HERE, '../..')
const STRYKER = path.join(HERE, 'node_modules/@stryker-mutator/core/bin/stryker.js')

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const env = { BOURSE_TEST_SEED: '1', ...process.env }
  const { status } = spawnSync(command, args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync(STRYKER)) run('npm', ['ci', '--no-audit', '--no-fund'], HERE)
run(process.execPath, [STRYKER, 'run', 'scripts/mutation/stryker.conf.json', ...process.argv.slice(2)], ROOT)
