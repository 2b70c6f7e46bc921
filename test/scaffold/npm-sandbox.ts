/** npm with a home, cache and configuration of its own, talking to one registry only. */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { headersDir, prebuiltName } from '../../scripts/set-up/native-addon.js'
import { lockedVersion } from '../../scripts/set-up/installed-packages.js'
import { npmCommand } from '../../scripts/set-up/run-command.js'
import { ROOT, run, type Program } from './child-process.js'

export interface NpmSandbox {
  /** `npm ARGS` as a program to run in a folder. */
  npm(cwd: string, ...args: string[]): Program
}

/** @param dir empty folder for home, cache and configuration */
export async function npmSandbox(dir: string, registryUrl: string): Promise<NpmSandbox> {
  const userConfig = path.join(dir, 'npmrc')
  const prebuilds = path.join(dir, 'prebuilds')
  // npm publishes only with a token; the registry takes any.
  await writeFile(userConfig, `registry=${registryUrl}\n${registryUrl.replace('http:', '')}:_authToken=anyone\nfund=false\naudit=false\nupdate-notifier=false\n`)
  await keepCompiledAddon(prebuilds)
  const nodedir = headersDir()
  const env = {
    HOME: dir,
    npm_config_userconfig: userConfig,
    npm_config_cache: path.join(dir, 'cache'),
    npm_config_registry: registryUrl,
    npm_config_better_sqlite3_local_prebuilds: prebuilds,
    JOBS: 'max',
    ...(nodedir !== undefined && { npm_config_nodedir: nodedir }),
  }
  const npm = npmCommand()
  return { npm: (cwd, ...args) => ({ command: npm.command, args: [...npm.args, ...args], cwd, env }) }
}

/**
 * Offers the addon that this clone has compiled, or downloaded, to the installer of the same version: the place
 * for it is part of prebuild-install. Another version is compiled as everywhere.
 */
async function keepCompiledAddon(prebuilds: string): Promise<void> {
  const version = lockedVersion(ROOT, 'better-sqlite3')
  if (version === undefined) throw new Error('package-lock.json does not name better-sqlite3.')
  const layout = path.join(prebuilds, 'layout')
  await mkdir(path.join(layout, 'build/Release'), { recursive: true })
  await cp(path.join(ROOT, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'), path.join(layout, 'build/Release/better_sqlite3.node'))
  await run({ command: 'tar', args: ['-czf', path.join(prebuilds, prebuiltName(version)), 'build'], cwd: layout })
}
