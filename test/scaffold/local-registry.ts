/** A package registry on loopback that keeps what the workspace publishes and passes everything else on to the registry npm uses. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { npmCommand } from '../../scripts/set-up/run-command.js'
import { ROOT, run, start } from './child-process.js'
import { freePort } from './free-port.js'

export interface LocalRegistry {
  readonly url: string
  stop(): Promise<void>
}

/** @param dir empty folder for what it stores */
export async function startLocalRegistry(dir: string): Promise<LocalRegistry> {
  const npm = npmCommand()
  const uplink = (await run({ command: npm.command, args: [...npm.args, 'config', 'get', 'registry', '--loglevel=error'], cwd: ROOT })).trim()
  const port = await freePort()
  const config = path.join(dir, 'verdaccio.yaml')
  await writeFile(config, configuration(dir, uplink))
  const registry = start({ command: process.execPath, args: [path.join(ROOT, 'node_modules/verdaccio/bin/verdaccio'), '--config', config, '--listen', `127.0.0.1:${port}`], cwd: dir })
  await registry.printed(/http address/)
  return { url: `http://127.0.0.1:${port}/`, stop: () => registry.kill() }
}

function configuration(dir: string, uplink: string): string {
  const own = { access: '$all', publish: '$all', unpublish: '$all' }
  // YAML contains JSON.
  return JSON.stringify({
    storage: path.join(dir, 'storage'),
    auth: { htpasswd: { file: path.join(dir, 'htpasswd'), max_users: -1 } },
    uplinks: { outside: { url: uplink, cache: true, maxage: '1h', timeout: '60s' } },
    packages: { '@bourse/*': own, 'create-exchange': own, '**': { access: '$all', proxy: 'outside' } },
    web: { enable: false },
    max_body_size: '100mb',
    log: { type: 'stdout', format: 'pretty', level: 'warn' },
  })
}
