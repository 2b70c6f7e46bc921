/** What the kernel is compiled from. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { layoutsFor } from './layouts.js'

const KERNEL = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../packages/core/kernel')

/** @returns {[name: string, text: string][]} the files, `layouts.ts` included, which is made up */
export function kernelSources() {
  /** @type {[string, string][]} */
  const files = readdirSync(KERNEL)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => [name, readFileSync(path.join(KERNEL, name), 'utf8')])
  return [...files, ['layouts.ts', layoutsFor(files.map(([, text]) => text))]]
}

/** @param {readonly [name: string, text: string][]} sources */
export function stampOf(sources) {
  const hash = createHash('sha256')
  for (const [name, text] of sources) hash.update(`${name}\n${text}\n`)
  return hash.digest('hex')
}
