/**
 * `npm run kernel`: compiles the engine's kernel (packages/core/kernel) to WebAssembly, and writes it into
 * `packages/core/src/engine/kernel-code.ts`, to be committed with its sources. To be run when the sources of the kernel
 * or a layout have changed; a test says so.
 *
 * The compiler is installed at the first use, apart from the workspace: nothing else needs it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { kernelSources, stampOf } from './sources.js'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const CODE = path.resolve(HERE, '../../packages/core/src/engine/kernel-code.ts')
const COMPILER = path.join(HERE, 'node_modules/assemblyscript/bin/asc.js')
const OPTIONS = ['--runtime', 'stub', '--importMemory', '--noAssert', '--optimizeLevel', '3', '--converge', '--disableWarning', '201']

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync(COMPILER)) run('npm', ['ci', '--no-audit', '--no-fund'], HERE)
const dir = mkdtempSync(path.join(os.tmpdir(), 'bourse-kernel-'))
try {
  const sources = kernelSources()
  for (const [name, text] of sources) writeFileSync(path.join(dir, name), text)
  run(process.execPath, [COMPILER, 'kernel.ts', '--outFile', 'kernel.wasm', '--textFile', 'kernel.wat', ...OPTIONS], dir)
  if (process.argv.includes('--text')) process.stdout.write(readFileSync(path.join(dir, 'kernel.wat')))
  const code = readFileSync(path.join(dir, 'kernel.wasm'))
  writeFileSync(
    CODE,
    `/** The kernel, compiled by \`npm run kernel\` from packages/core/kernel; not to be changed by hand. */\n\n/** Of the sources that it was compiled from. */\nexport const SOURCES_SHA256 = '${stampOf(sources)}'\n\n/** WebAssembly, in base64. */\nexport const KERNEL_CODE =\n  '${code.toString('base64')}'\n`,
  )
  console.error(`${path.relative(process.cwd(), CODE)}: ${code.length} bytes of WebAssembly.`)
} finally {
  rmSync(dir, { recursive: true })
}
