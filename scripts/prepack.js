/**
 * Runs before npm packs a package, in the folder of the package: builds what is published and adds the licence,
 * for create-exchange the templates as well. `postpack.js` takes the additions away again.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './set-up/set-up.js'

const folder = process.cwd()
/** @type {{ name: string, scripts?: Record<string, string> }} */
const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
const run = (/** @type {string[]} */ ...args) => execFileSync(process.execPath, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })

if (manifest.name === '@bourse/terminal') run(path.join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn')
else run(path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', '.')
if (!existsSync(path.join(folder, 'dist'))) throw new Error(`${manifest.name}: the build left no dist folder; there is nothing to publish.`)

cpSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'))
if (manifest.name === 'create-exchange') cpSync(path.join(ROOT, 'templates'), path.join(folder, 'templates'), { recursive: true })
