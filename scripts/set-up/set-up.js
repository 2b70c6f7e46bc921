/** Brings a clone into a state in which everything runs: packages installed, TypeScript compiled, terminal built. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestOf, readStamp, writeStamp } from './build-stamp.js'
import { installationNeeded, lockedVersion } from './installed-packages.js'
import { ADDON, addonLoads, addonLoadsAfresh, addonProblem, headersDir } from './native-addon.js'
import { nodeVersionProblem } from './node-version.js'
import { npmCommand } from './run-command.js'
import { runStage } from './stage.js'

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

/** Something that the person at the keyboard has to do first. */
export class SetUpProblem extends Error {}

/**
 * Does what is still to be done, and nothing when all of it is.
 *
 * @throws SetUpProblem with what to install; StageFailed when a stage fails
 */
export async function setUp() {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem !== undefined) throw new SetUpProblem(problem)
  await installPackages()
  await build()
}

async function installPackages() {
  const reason = installationNeeded(ROOT)
  const loads = addonLoads(ROOT)
  if (reason === undefined && loads) return
  const version = lockedVersion(ROOT, ADDON)
  const problem = version === undefined || loads ? undefined : await addonProblem(version)
  if (problem !== undefined) throw new SetUpProblem(problem)

  const npm = npmCommand()
  const nodedir = headersDir()
  // Several cores compile at once; the headers that are there need no download.
  const env = { JOBS: process.env['JOBS'] ?? 'max', ...(nodedir !== undefined && { npm_config_nodedir: nodedir }) }
  if (reason === undefined) {
    await runStage({ title: `Building ${ADDON} for Node ${process.versions.node}`, hint: 'up to two minutes', command: npm.command, args: [...npm.args, 'rebuild', ADDON], cwd: ROOT, env })
  } else {
    await runStage({ title: 'Installing packages', hint: `${reason}; up to three minutes`, command: npm.command, args: [...npm.args, 'ci', '--no-progress'], cwd: ROOT, env })
  }
  if (!addonLoadsAfresh(ROOT)) {
    throw new SetUpProblem(`${ADDON} was installed but does not load in Node ${process.versions.node}. Its install script may have been switched off: check "npm config get ignore-scripts", then run "npm rebuild ${ADDON}".`)
  }
}

async function build() {
  await buildPart({
    part: 'typescript',
    title: 'Compiling TypeScript',
    sources: ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json', ...compiledFolders().flatMap((folder) => ['src', 'tsconfig.json', 'package.json'].map((name) => path.join(folder, name)))],
    results: compiledFolders().map((folder) => path.join(folder, 'dist')),
    script: path.join('node_modules', 'typescript', 'bin', 'tsc'),
    args: ['-b'],
    cwd: '.',
  })
  const terminal = path.join('packages', 'terminal')
  await buildPart({
    part: 'terminal',
    title: 'Building the terminal',
    sources: [terminal, 'tsconfig.base.json', 'package-lock.json', ...['core', 'plugin', 'client'].map((name) => path.join('packages', name, 'src'))],
    results: [path.join(terminal, 'dist', 'index.html')],
    script: path.join('node_modules', 'vite', 'bin', 'vite.js'),
    args: ['build', '--logLevel', 'warn'],
    cwd: terminal,
  })
}

/**
 * @param {{ part: string, title: string, sources: string[], results: string[], script: string, args: string[], cwd: string }} options
 */
async function buildPart({ part, title, sources, results, script, args, cwd }) {
  const digest = digestOf(ROOT, sources)
  const present = results.every((result) => existsSync(path.join(ROOT, result)))
  if (present && readStamp(ROOT)[part] === digest) return
  await runStage({ title, command: process.execPath, args: [path.join(ROOT, script), ...args], cwd: path.join(ROOT, cwd) })
  writeStamp(ROOT, part, digest)
}

/** Folders of the projects that `tsc -b` compiles, as tsconfig.json at the root names them. */
function compiledFolders() {
  /** @type {{ references: { path: string }[] }} */
  const config = JSON.parse(readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8'))
  return config.references.map((reference) => path.normalize(reference.path)).filter((folder) => readdirSync(path.join(ROOT, folder)).includes('src'))
}
